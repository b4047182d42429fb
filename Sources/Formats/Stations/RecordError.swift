public import Quantities

/// A recorded file that cannot be used.
public enum RecordError: Fault, Equatable {
    case noSuchFile(path: String)
    case unreadable(path: String)
    /// `place` names the line, or the key of the network file.
    case invalid(path: String, place: String, problem: String, remedy: String = "")

    public var exitStatus: ExitStatus {
        switch self {
        case .noSuchFile: .missingInput
        case .unreadable: .inputOutput
        case .invalid: .badData
        }
    }

    public var what: String {
        switch self {
        case .noSuchFile: "no such file"
        case .unreadable: "cannot read the file"
        case .invalid(_, _, let problem, _): problem
        }
    }

    public var place: String {
        switch self {
        case .noSuchFile(let path), .unreadable(let path): path
        case .invalid(let path, let place, _, _): place.isEmpty ? path : "\(path), \(place)"
        }
    }

    public var remedy: String {
        switch self {
        case .noSuchFile: "check the path"
        case .unreadable: "check the permissions"
        case .invalid(_, _, _, let remedy): remedy
        }
    }
}
