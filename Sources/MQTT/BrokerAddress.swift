import Foundation

/// Where a broker listens: `mqtt://[user:password@]host[:port]`.
public struct BrokerAddress: Equatable, Sendable {
    public let host: String
    public let port: Int32
    public let user: String?
    public let password: String?

    public init(host: String, port: Int32, user: String? = nil, password: String? = nil) {
        self.host = host
        self.port = port
        self.user = user
        self.password = password
    }

    /// Nil unless the text is an `mqtt://` address without a path. The port is 1883 where none is given.
    public init?(_ text: String) {
        guard let parts = URLComponents(string: text), parts.scheme == "mqtt",
            let host = parts.host, !host.isEmpty, parts.path.isEmpty || parts.path == "/",
            parts.query == nil, parts.fragment == nil,
            let port = UInt16(exactly: parts.port ?? 1883), port > 0
        else { return nil }
        // URLComponents keeps the brackets of an IPv6 address; the resolver wants it without.
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        self.init(host: bare, port: Int32(port), user: parts.user, password: parts.password)
    }
}

extension BrokerAddress: CustomStringConvertible {
    /// Without the password: this goes into messages and logs.
    public var description: String { "mqtt://\(host):\(port)" }
}
