import Foundation
import Ingest
import Synchronization

/// The service manager that started us, told by datagrams (sd_notify(3)); no library is needed for that.
final class ServiceManager: Sendable {
    private let path: String
    /// How long we may be silent; nil where nobody watches.
    private let watchdog: Duration?
    private let lastLifeSign = Mutex<ContinuousClock.Instant?>(nil)

    /// - Returns: nil when no service manager waits for a word.
    init?(environment: [String: String] = ProcessInfo.processInfo.environment) {
        guard let path = environment["NOTIFY_SOCKET"], path.hasPrefix("/") || path.hasPrefix("@"),
            path.utf8.count < 108
        else { return nil }
        self.path = path
        let isMeant = environment["WATCHDOG_PID"].map { Int32($0) == getpid() } ?? true
        let interval = environment["WATCHDOG_USEC"].flatMap { Int64($0) }.map { Duration.microseconds($0) }
        watchdog = isMeant ? interval : nil
    }

    func tell(_ sign: RunSign) {
        switch sign {
        case .ready(let words): send("READY=1\nSTATUS=\(words.replacing("\n", with: " "))")
        case .alive: if isLifeSignDue() { send("WATCHDOG=1") }
        case .stopping: send("STOPPING=1\nSTATUS=finishing what has begun")
        }
    }

    /// Four times in the interval; twice would do.
    private func isLifeSignDue() -> Bool {
        guard let watchdog else { return false }
        return lastLifeSign.withLock { last in
            let now = ContinuousClock.now
            if let last, now - last < watchdog / 4 { return false }
            last = now
            return true
        }
    }

    /// A service manager that does not listen is no reason to stop.
    private func send(_ text: String) {
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var name = Array(path.utf8)
        // A name outside the file system begins with a zero byte.
        if name.first == UInt8(ascii: "@") { name[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let length = MemoryLayout<sa_family_t>.size + name.count
        let bytes = Array(text.utf8)
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, socklen_t(length))
            }
        }
    }
}
