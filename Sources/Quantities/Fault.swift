/// How a failure ends the process, by sysexits(3).
public enum ExitStatus: Int32, Sendable {
    case success = 0
    case usage = 64
    case badData = 65
    case missingInput = 66
    case unavailable = 69
    case internalError = 70
    case inputOutput = 74
    /// Ended by a signal that asks for it, as shells tell it: 128 and the number of the signal.
    case hungUp = 129
    case interrupted = 130
    case terminated = 143
}

/// An error that can be told to an operator in one line: what happened, where, and what to do.
public protocol Fault: Error, Sendable {
    /// The sysexits class of the failure.
    var exitStatus: ExitStatus { get }
    /// What went wrong, in a few words without a full stop.
    var what: String { get }
    /// File, variable, row, station or message id; empty when there is no place.
    var place: String { get }
    /// What the operator can do; empty when nothing can be advised.
    var remedy: String { get }
}

extension Fault {
    /// The single line printed to standard error: `what: place; remedy`.
    public var line: String {
        var text = what
        if !place.isEmpty { text += ": \(place)" }
        if !remedy.isEmpty { text += "; \(remedy)" }
        return text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
