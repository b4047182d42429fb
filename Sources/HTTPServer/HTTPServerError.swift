public import Quantities

/// A server that cannot listen.
public struct HTTPServerError: Fault, Equatable {
    public let host: String
    public let port: UInt16
    /// Reason of the system.
    public let reason: String

    public var exitStatus: ExitStatus { .unavailable }
    public var what: String { "cannot listen (\(reason))" }
    public var place: String { "\(host):\(port)" }
    public var remedy: String { "choose a free port and an address of this machine" }
}
