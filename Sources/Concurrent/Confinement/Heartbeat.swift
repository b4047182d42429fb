import Foundation

/// The child's side of a ``ConfinedProcess``: says which file it is reading.
public struct Heartbeat: Sendable {
    /// Set in the environment of a confined child, to its limit of address space in bytes.
    static let variable = "CROSSWIND_CONFINED"
    /// Where the child finds the pipe.
    static let descriptor: Int32 = 3

    private let isConnected: Bool

    /// Whether this process is such a child.
    public static var isConfined: Bool { limit != nil }

    private static var limit: UInt64? { ProcessInfo.processInfo.environment[variable].flatMap { UInt64($0) } }

    /// In a confined child the pipe to its parent, elsewhere nothing.
    public static var inherited: Heartbeat { Heartbeat(isConnected: isConfined) }

    /// Takes up the limits that the parent set and ends with the parent. To be called once, at the start.
    public static func enterConfinement() {
        guard let limit else { return }
        var space = rlimit(rlim_cur: rlim_t(limit), rlim_max: rlim_t(limit))
        setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &space)
        var core = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &core)
        startThread(named: "parent", stackBytes: 1 << 16) {
            var descriptor = pollfd(fd: descriptor, events: 0, revents: 0)
            // The reading end closes when the parent is gone, however it went.
            while poll(&descriptor, 1, -1) < 0, errno == EINTR {}
            _exit(ConfinedEnd.orphaned)
        }
    }

    /// Says that a file is being read, or still is; the parent's patience starts anew.
    public func reading(_ path: String) {
        write(path.split(whereSeparator: \.isNewline).joined(separator: " "))
    }

    /// Says that no file is being read.
    public func doneReading() { write("") }

    private func write(_ line: String) {
        guard isConnected else { return }
        let bytes = Array((line + "\n").utf8.suffix(1024))
        _ = Glibc.write(Self.descriptor, bytes, bytes.count)
    }
}

extension ConfinedEnd {
    /// Exit status of a child whose parent is gone; nobody is left to see it.
    static let orphaned: Int32 = 70
}
