import Foundation

/// Where a broker listens: `mqtt://[user[:password]@]host[:port]`, or `mqtts://` for TLS.
public struct BrokerAddress: Equatable, Sendable {
    public let host: String
    public let port: Int32
    public let user: String?
    public let password: String?
    /// Whether the connection is encrypted and the broker has to prove who it is.
    public let usesTLS: Bool

    public init(
        host: String,
        port: Int32,
        user: String? = nil,
        password: String? = nil,
        usesTLS: Bool = false
    ) {
        self.host = host
        self.port = port
        self.user = user
        self.password = password
        self.usesTLS = usesTLS
    }

    /// Nil unless the text is an `mqtt://` or `mqtts://` address without a path. Where no port is given it is
    /// 1883, with TLS 8883.
    public init?(_ text: String) {
        guard let parts = URLComponents(string: text), let usesTLS = Self.schemes[parts.scheme ?? ""],
            let host = parts.host, !host.isEmpty, parts.path.isEmpty || parts.path == "/",
            parts.query == nil, parts.fragment == nil,
            let port = UInt16(exactly: parts.port ?? (usesTLS ? 8883 : 1883)), port > 0
        else { return nil }
        // URLComponents keeps the brackets of an IPv6 address; the resolver wants it without.
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        self.init(
            host: bare,
            port: Int32(port),
            user: parts.user,
            password: parts.password,
            usesTLS: usesTLS
        )
    }

    private static let schemes = ["mqtt": false, "mqtts": true]
}

extension BrokerAddress: CustomStringConvertible {
    /// Without user and password: this goes into messages and logs.
    public var description: String {
        let bracketed = host.contains(":") ? "[\(host)]" : host
        return "\(usesTLS ? "mqtts" : "mqtt")://\(bracketed):\(port)"
    }
}

extension BrokerAddress: CustomReflectable {
    /// What `dump` and failing tests show: the password stays out.
    public var customMirror: Mirror { Mirror(self, children: ["address": description]) }
}
