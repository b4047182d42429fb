public import Quantities

/// Where a number stands: file, line and column, for messages and lineage.
public struct TablePlace: Hashable, Codable, Sendable, CustomStringConvertible {
    public let file: String
    /// From 1; the header is line 1. Nil for something said of the whole file.
    public let line: Int?
    /// The name of the column in the header.
    public let column: String?

    public init(file: String, line: Int? = nil, column: String? = nil) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// The same line in another column.
    public func at(_ column: String?) -> TablePlace { TablePlace(file: file, line: line, column: column) }

    public var description: String {
        var text = file
        if let line { text += ", line \(line)" }
        if let column { text += ", column `\(column)`" }
        return text
    }
}

/// An account that cannot be made, with the place in the table and the reason.
public struct AccountingError: Fault, Equatable {
    public enum Kind: Equatable, Sendable {
        case noSuchFile
        case unreadable(String)
        case missingValue
        case badNumber(String, reason: String)
        case unknownWord(String, nearest: String?, known: [String])
        /// A unit that measures no activity, such as money.
        case unusableUnit(String, reason: String)
        case unknownCarrier(String, nearest: String?)
        case basisMismatch(carrier: String, activity: BasisUnit, factor: BasisUnit, set: String)
        /// Outside what the carbon of the fuel allows.
        case implausibleFactor(carrier: String, value: Double, basis: BasisUnit, reason: String)
        case partsDisagree(carrier: String, printed: Double, computed: Double)
        case missingFactor(carrier: String, sets: [String])
        case noGridFactor(region: String, year: Int, known: [Int])
        case mixedScopes(first: StatisticalScope, at: TablePlace, second: StatisticalScope)
        case unusable(String, remedy: String)
    }

    public let kind: Kind
    public let at: TablePlace

    public init(_ kind: Kind, at: TablePlace) {
        self.kind = kind
        self.at = at
    }

    public var exitStatus: ExitStatus {
        switch kind {
        case .noSuchFile: .missingInput
        case .unreadable: .inputOutput
        default: .badData
        }
    }

    public var place: String { at.description }

    public var what: String {
        switch kind {
        case .noSuchFile: "no such file"
        case .unreadable(let problem): problem
        case .missingValue: "a value is missing"
        case .badNumber(let text, let reason): "`\(text)` is not a usable number: \(reason)"
        case .unknownWord(let word, _, _): "`\(word)` is not known here"
        case .unusableUnit(let unit, let reason): "the unit `\(unit)` cannot be used: \(reason)"
        case .unknownCarrier(let name, _): "unknown fuel or carrier `\(name)`"
        case .basisMismatch(let carrier, let activity, let factor, let set):
            "the activity of `\(carrier)` is in \(activity.words)s and the factor of `\(set)` is per "
                + factor.words
        case .implausibleFactor(let carrier, let value, let basis, let reason):
            "\(shortNumber(value)) t per \(basis.words) cannot be the factor of `\(carrier)`: \(reason)"
        case .partsDisagree(let carrier, let printed, let computed):
            "the factor of `\(carrier)` is given as \(shortNumber(printed)) and its parts give "
                + shortNumber(computed)
        case .missingFactor(let carrier, let sets):
            "no factor for `\(carrier)` in \(sets.joined(separator: ", "))"
        case .noGridFactor(let region, let year, _): "no electricity factor of \(region) for \(year)"
        case .mixedScopes(let first, let place, let second):
            "statistical scopes are mixed: `\(second.names.chinese)` here and `\(first.names.chinese)` in \(place)"
        case .unusable(let problem, _): problem
        }
    }

    public var remedy: String {
        switch kind {
        case .noSuchFile: "check the path"
        case .unreadable: "check the file and its permissions"
        case .missingValue: "give it; it is never guessed"
        case .badNumber: "write it with digits and a decimal point, with 万 or 亿 where needed"
        case .unknownWord(_, let nearest?, _): "did you mean `\(nearest)`?"
        case .unknownWord(_, nil, let known): "one of \(known.joined(separator: ", "))"
        case .unusableUnit: "give the amount of fuel, electricity or heat"
        case .unknownCarrier(_, let nearest):
            nearest.map { "did you mean `\($0)`?" } ?? "see fuels.csv for the names"
        case .basisMismatch(_, let activity, _, _): "choose a factor set per \(activity.words)"
        case .implausibleFactor: "state the basis of the factor as its source means it"
        case .partsDisagree: "correct the one that is wrong, or give only one of them"
        case .missingFactor: "add a factor set that has it"
        case .noGridFactor(_, _, let known):
            known.isEmpty
                ? "no table has this region: name the one whose grid it is on, or a factor with its source"
                : "known years: \(known.map(String.init).joined(separator: ", ")); or name a factor with its source"
        case .mixedScopes: "make one account per scope; their totals must not be added"
        case .unusable(_, let remedy): remedy
        }
    }
}

/// A number for a message, with at most six significant digits.
func shortNumber(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return "\(value)" }
    var scale = 1.0
    while abs(value) * scale < 100_000, scale < 1e12 { scale *= 10 }
    let rounded = (value * scale).rounded() / scale
    let text = "\(rounded)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
