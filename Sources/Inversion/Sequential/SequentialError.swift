public import Quantities

/// What a sequential inversion cannot take.
public enum SequentialError: Fault, Equatable {
    /// A block, a prior or the configuration is at fault.
    case problem(InversionError)
    /// Observations under this key were taken before.
    case alreadyTaken(key: String)
    /// Observations of a period that was retired; `oldest` is the oldest that still learns.
    case retired(key: String, period: Int, oldest: Int)
    /// Observations of an open period that see one that was retired, or one before the first.
    case reachesBehindWindow(key: String, period: Int, oldest: Int)
    /// Observations of a period that did not begin yet.
    case notBegun(key: String, period: Int, newest: Int)
    /// Periods begin one after the other.
    case outOfOrder(expected: Int, actual: Int)
    /// An option is outside the range in which it has a meaning.
    case badOption(String, value: Double)
    /// Two elements with different persistence are correlated, for which no stationary prior exists in general.
    case mixedPersistence(row: Int, column: Int)
    /// A saved smoother does not fit together.
    case damaged(String)

    public var exitStatus: ExitStatus {
        switch self {
        case .problem(let error): error.exitStatus
        case .badOption, .mixedPersistence: .usage
        default: .badData
        }
    }

    public var what: String {
        switch self {
        case .problem(let error): error.what
        case .alreadyTaken: "these observations were taken before"
        case .retired(_, let period, _): "period \(period) is retired and learns nothing more"
        case .reachesBehindWindow(_, let period, let oldest):
            "the observations see period \(period), and the window begins with \(oldest)"
        case .notBegun(_, let period, let newest): "period \(period) has not begun; the newest is \(newest)"
        case .outOfOrder(let expected, let actual): "period \(actual) follows where \(expected) is due"
        case .badOption(let name, let value): "\(name) cannot be \(value)"
        case .mixedPersistence: "elements with different persistence are correlated"
        case .damaged(let part): "the saved \(part) does not fit the rest"
        }
    }

    public var place: String {
        switch self {
        case .problem(let error): error.place
        case .alreadyTaken(let key), .retired(let key, _, _), .reachesBehindWindow(let key, _, _),
            .notBegun(let key, _, _):
            key
        case .mixedPersistence(let row, let column): "prior covariance[\(row), \(column)]"
        case .outOfOrder, .badOption, .damaged: "sequential inversion"
        }
    }

    public var remedy: String {
        switch self {
        case .problem(let error): error.remedy
        case .alreadyTaken: "leave them out"
        case .retired, .reachesBehindWindow: "take a longer window, or solve the whole time in one batch"
        case .notBegun, .outOfOrder: "begin each period in turn, also one without observations"
        case .badOption: "see the description of the option"
        case .mixedPersistence: "give elements that are correlated one persistence"
        case .damaged: "begin anew from the stored observations"
        }
    }
}
