import Foundation

/// A password that does not show itself when what contains it is printed.
public struct Password: Equatable, Sendable {
    let text: String
    public init(_ text: String) { self.text = text }
}

extension Password: CustomStringConvertible, CustomReflectable {
    public var description: String { "(hidden)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// With what we prove to a broker who we are, and by what we recognise it.
public struct BrokerAccess: Equatable, Sendable {
    /// The certificates (PEM) of the authorities that may vouch for the broker; nil for those of the system.
    public var authorityPath: String?
    /// Our own certificate (PEM), where the broker demands one.
    public var certificatePath: String?
    /// The private key (PEM, not encrypted) of our certificate.
    public var keyPath: String?
    /// Goes before the user of the address.
    public var user: String?
    /// Goes before the password of the address.
    public var password: Password?

    public init(
        authorityPath: String? = nil,
        certificatePath: String? = nil,
        keyPath: String? = nil,
        user: String? = nil,
        password: Password? = nil
    ) {
        self.authorityPath = authorityPath
        self.certificatePath = certificatePath
        self.keyPath = keyPath
        self.user = user
        self.password = password
    }

    /// Where a service manager can leave the password when there is no file.
    public static let passwordVariable = "CROSSWIND_BROKER_PASSWORD"

    /// Takes the password from the first line of a file, or else from the environment: what stands on a
    /// command line is seen by every user of the machine.
    /// - Parameter environment: that of the process where nil.
    /// - Throws: ``MQTTError`` when the file cannot be read or begins with an empty line.
    public mutating func readPassword(
        file: String?,
        environment: [String: String]? = nil
    ) throws(MQTTError) {
        guard let file else {
            let environment = environment ?? ProcessInfo.processInfo.environment
            if let text = environment[Self.passwordVariable], !text.isEmpty { password = Password(text) }
            return
        }
        let text = try Self.contents(of: file, holding: "password")
        let line = text.prefix { !$0.isNewline }
        guard !line.isEmpty else {
            throw MQTTError(.access(.emptyPassword), broker: file)
        }
        password = Password(String(line))
    }

    /// That the files are there and belong together as far as can be seen without a broker.
    func check(for address: BrokerAddress) throws(MQTTError) {
        if address.usesTLS {
            guard (certificatePath == nil) == (keyPath == nil) else {
                throw MQTTError(.access(.halfOfPair), broker: certificatePath ?? keyPath ?? "")
            }
        } else if let path = authorityPath ?? certificatePath ?? keyPath {
            throw MQTTError(.access(.notEncrypted(file: path)), broker: address.description)
        }
        let files = [
            (authorityPath, "CA certificates"), (certificatePath, "client certificate"),
            (keyPath, "private key"),
        ]
        for (path, content) in files {
            if let path { _ = try Self.contents(of: path, holding: content) }
        }
    }

    private static func contents(of path: String, holding content: String) throws(MQTTError) -> String {
        do {
            return String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        } catch let error as CocoaError where error.code == .fileReadNoSuchFile {
            throw MQTTError(.access(.unreadable(holding: content, reason: "no such file")), broker: path)
        } catch {
            throw MQTTError(.access(.unreadable(holding: content, reason: "no permission")), broker: path)
        }
    }
}
