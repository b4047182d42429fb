import Concurrent
import Foundation
import TestSupport
import Testing

private let hamburg = Places.repository.appending(path: "stations/hamburg-vehicle.json").path

/// Where systemd would listen.
private final class NotifySocket: Sendable {
    let path: String
    private let descriptor: Int32

    init(path: String) throws {
        self.path = path
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        try #require(isBound)
    }

    deinit { close(descriptor) }

    /// Datagrams up to the first that begins so; also when none does in time.
    func receive(until beginning: String) async throws -> [String] {
        try await onOwnThread(named: "manager") { [self] in
            var texts: [String] = []
            var buffer = [UInt8](repeating: 0, count: 4096)
            while texts.last?.hasPrefix(beginning) != true {
                let count = recv(descriptor, &buffer, buffer.count, 0)
                guard count > 0 else { break }
                texts.append(String(decoding: buffer[..<count], as: UTF8.self))
            }
            return texts
        }
    }
}

@Suite(.enabled(if: PrivateBroker.program != nil))
struct ServiceManagerTests {
    @Test func aServiceManagerHearsOfReadinessLifeAndEnd() async throws {
        let folder = try TemporaryFolder()
        let manager = try NotifySocket(path: folder.file("notify").path)
        let broker = try await PrivateBroker.start()
        let ingest = try await RunningProgram.crosswind(
            [
                "ingest", "--broker", broker.url, "--network", hamburg,
                "--store", folder.file("store.sqlite").path,
            ],
            environment: ["NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "400000"]
        )
        let start = try await manager.receive(until: "READY=1")
        #expect(start.last?.hasPrefix("READY=1\nSTATUS=subscribed at \(broker.url)") == true)
        for _ in 0..<3 { #expect(try await manager.receive(until: "WATCHDOG=1").last == "WATCHDOG=1") }
        ingest.signal(SIGTERM)
        #expect(try await manager.receive(until: "STOPPING=1").last?.hasPrefix("STOPPING=1") == true)
        #expect(try await ingest.finish().status == 0)
    }
}
