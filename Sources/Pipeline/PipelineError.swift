public import Quantities

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
    /// An output cannot be written.
    case cannotWrite(path: String, reason: String)
    /// The case has no output folder and none was given.
    case noOutput(caseFile: String)

    public var exitStatus: ExitStatus {
        switch self {
        case .noStore, .noOutput: .usage
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
        case .cannotWrite(_, let reason): "cannot write (\(reason))"
        case .noOutput: "no output folder"
        }
    }

    public var place: String {
        switch self {
        case .noStore(let file), .noOutput(let file): file
        case .noObservations(let file, let reasons): "\(file) (\(reasons))"
        case .unknownName(_, _, let file, _), .unfitInventory(let file, _): file
        case .cannotWrite(let path, _): path
        }
    }

    public var remedy: String {
        switch self {
        case .noStore: "give `--store FILE`, filled by `crosswind ingest`"
        case .noObservations: "check the period, the flags and whether the store was filled"
        case .unknownName(_, _, _, let nearest): nearest.map { "did you mean `\($0)`?" } ?? ""
        case .unfitInventory: "give an inventory of the case's gas on the grid of its regions"
        case .cannotWrite: "check space and permissions"
        case .noOutput: "give `--output DIR`"
        }
    }
}
