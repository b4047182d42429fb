public import Quantities

/// An ensemble that cannot be made or used.
public enum EnsembleError: Fault, Equatable {
    /// The problem itself is at fault.
    case problem(InversionError)
    /// With fewer members the sample covariance cannot be what is asked for.
    case tooFewMembers(needed: Int, actual: Int)
    /// An inflation, radius or weight is outside the range in which it has a meaning.
    case badOption(String, value: Double)

    public var exitStatus: ExitStatus {
        switch self {
        case .problem(let error): error.exitStatus
        case .tooFewMembers, .badOption: .usage
        }
    }

    public var what: String {
        switch self {
        case .problem(let error): error.what
        case .tooFewMembers(let needed, let actual): "\(actual) members where \(needed) are needed"
        case .badOption(let name, let value): "\(name) cannot be \(value)"
        }
    }

    public var place: String {
        switch self {
        case .problem(let error): error.place
        case .tooFewMembers, .badOption: "ensemble"
        }
    }

    public var remedy: String {
        switch self {
        case .problem(let error): error.remedy
        case .tooFewMembers: "take more members than the state has elements, or a random ensemble"
        case .badOption: "see the description of the option"
        }
    }
}
