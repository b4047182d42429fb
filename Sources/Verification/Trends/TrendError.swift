public import Quantities

/// A series that no trend can be judged from.
public enum TrendError: Fault, Equatable {
    case tooShort(count: Int, least: Int)
    case tooLong(count: Int, greatest: Int)
    case notFinite(index: Int)
    case timesNotAscending(index: Int)
    case lengthsDiffer(Int, Int)
    /// A factor, a level or a total that must not be negative is, or the totals do not belong together.
    case impossible(String)

    public var exitStatus: ExitStatus { .badData }

    public var what: String {
        switch self {
        case .tooShort(let count, let least): "\(count) values are too few for a trend, \(least) are needed"
        case .tooLong(let count, let greatest):
            "\(count) values are too many for pairwise slopes (\(greatest))"
        case .notFinite: "a value is infinite"
        case .timesNotAscending: "the times do not ascend"
        case .lengthsDiffer(let first, let second): "\(first) values stand beside \(second)"
        case .impossible(let problem): problem
        }
    }

    public var place: String {
        switch self {
        case .notFinite(let index), .timesNotAscending(let index): "value \(index + 1)"
        default: ""
        }
    }

    public var remedy: String {
        switch self {
        case .tooLong: "form means over longer periods first"
        case .tooShort: "give a longer series"
        default: ""
        }
    }
}
