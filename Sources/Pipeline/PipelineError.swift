public import Quantities
public import Verification

/// A case whose inputs do not fit together.
public enum PipelineError: Fault, Equatable {
    /// The case needs readings and no store was named.
    case noStore(caseFile: String)
    /// Nothing is left to invert.
    case noObservations(caseFile: String, reasons: String)
    /// A name in the case is not in the file it refers to.
    case unknownName(kind: String, name: String, file: String, nearest: String?)
    /// An inventory that cannot be set beside the regions of the case.
    case unfitInventory(file: String, reason: String)
    /// Figures of a quantity that the steps of the case do not bring to one scope.
    case unaligned(quantity: String, file: String, ScopeError)
    /// A database without a row of the year that is compared.
    case noYear(Int, database: String, file: String, known: [Int])
    /// Tiles of points that are too many for a page.
    case badStep(Double, file: String)
    /// An output cannot be written.
    case cannotWrite(path: String, reason: String)
    /// The output would replace a history of review cases.
    case isHistory(path: String)
    /// The case has no output folder and none was given.
    case noOutput(caseFile: String)

    public var exitStatus: ExitStatus {
        switch self {
        case .noStore, .noOutput, .isHistory: .usage
        case .cannotWrite: .inputOutput
        default: .badData
        }
    }

    public var what: String {
        switch self {
        case .noStore: "the case needs readings from a store"
        case .noObservations: "no observation can be used"
        case .unknownName(let kind, let name, _, _): "no \(kind) `\(name)`"
        case .unfitInventory(_, let reason): reason
        case .unaligned(let quantity, _, let error): "`\(quantity)`: \(error.what)"
        case .noYear(let year, let database, _, _): "no row of \(year) in the database `\(database)`"
        case .badStep(let step, _): "a step of \(step) degrees gives no map, or one of more than 250000 cells"
        case .cannotWrite(_, let reason): "cannot write (\(reason))"
        case .isHistory: "the output is a history of review cases, which is never written over"
        case .noOutput: "no output folder"
        }
    }

    public var place: String {
        switch self {
        case .noStore(let file), .noOutput(let file): file
        case .noObservations(let file, let reasons): "\(file) (\(reasons))"
        case .unknownName(_, _, let file, _), .unfitInventory(let file, _): file
        case .noYear(_, _, let file, _), .badStep(_, let file): file
        case .unaligned(_, let file, let error):
            error.place.isEmpty ? "\(file), alignment" : "\(file), \(error.place)"
        case .cannotWrite(let path, _), .isHistory(let path): path
        }
    }

    public var remedy: String {
        switch self {
        case .noStore: "give `--store FILE`, filled by `crosswind ingest`"
        case .noObservations: "check the period, the flags and whether the store was filled"
        case .unknownName(_, _, _, let nearest): nearest.map { "did you mean `\($0)`?" } ?? ""
        case .unfitInventory: "give an inventory of the case's gas on the grid of its regions"
        case .unaligned(_, _, let error): error.remedy
        case .badStep: "give `points.step` in degrees that fits the box of the map"
        case .noYear(_, _, _, let known):
            known.isEmpty
                ? "no row passes the filter `only`, or none has a value"
                : "correct `year` of the database; the table has \(known.map(String.init).joined(separator: ", "))"
        case .cannotWrite: "check space and permissions"
        case .isHistory: "give the name of another file"
        case .noOutput: "give `--output DIR`"
        }
    }
}
