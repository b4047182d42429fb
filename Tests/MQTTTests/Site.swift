import Foundation
import MQTT
import TestSupport

/// The certificates of a site, made by the script that operators use.
final class Site: Sendable {
    /// Whether the broker and openssl are installed.
    static let canBeMade =
        PrivateBroker.program != nil && FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")

    let folder: TemporaryFolder

    init() async throws {
        folder = try TemporaryFolder()
        try await make("authority")
    }

    /// - Parameter days: how long the certificate is good for; 0 for one that has expired.
    func make(_ what: String..., days: Int = 2) async throws {
        let run = try await ProgramRun.run(
            Places.deploy.appending(path: "make-certificates"),
            [folder.url.path] + what,
            environment: ["DAYS": "\(days)"]
        )
        guard run.status == 0 else { throw BrokerFailure(reason: run.standardError) }
    }

    func path(_ name: String) -> String { folder.file(name).path }

    func access(_ user: String?) -> BrokerAccess {
        BrokerAccess(
            authorityPath: path("ca.pem"),
            certificatePath: user.map { path("\($0).pem") },
            keyPath: user.map { path("\($0).key") }
        )
    }

    /// The broker of `deploy/mosquitto-tls.conf` with this site's files, free ports and its state in the folder.
    func startBroker() async throws -> (broker: PrivateBroker, port: Int, passwordPort: Int) {
        let (port, passwordPort) = (try freePort(), try freePort())
        let made = try await ProgramRun.run(
            URL(filePath: "/usr/bin/env"),
            ["mosquitto_passwd", "-b", "-c", path("passwords"), "L2", "correct horse"]
        )
        guard made.status == 0 else { throw BrokerFailure(reason: made.standardError) }
        let acl = Places.deploy.appending(path: "mosquitto.acl").path
        let text = try String(
            contentsOf: Places.deploy.appending(path: "mosquitto-tls.conf"),
            encoding: .utf8
        )
        .replacing("listener 8883", with: "listener \(port) 127.0.0.1")
        .replacing("listener 8884", with: "listener \(passwordPort) 127.0.0.1")
        .replacing("/etc/mosquitto/certs/", with: folder.url.path + "/")
        .replacing("/etc/mosquitto/crosswind.acl", with: acl)
        .replacing("/etc/mosquitto/crosswind.passwords", with: path("passwords"))
        .replacing("/var/lib/mosquitto/", with: folder.url.path + "/")
        // The listener that opens last tells that the broker is ready.
        let broker = try await PrivateBroker.start(port: passwordPort, configuration: text)
        return (broker, port, passwordPort)
    }
}
