import Foundation
import Synchronization

/// The child's side of a ``ConfinedProcess``: says which file it is reading.
public struct Heartbeat: Sendable {
    /// Where the child finds the pipe.
    static let descriptor: Int32 = 3

    private let isConnected: Bool

    /// Whether this process is such a child.
    public static var isConfined: Bool { isChild.load(ordering: .relaxed) }

    /// Of the process as a whole, as are its limits.
    private static let isChild = Atomic(false)

    /// In a confined child the pipe to its parent, elsewhere nothing.
    public static var inherited: Heartbeat { Heartbeat(isConnected: isConfined) }

    /// Takes up the limits and ends with the parent. To be called once, at the start of a child.
    static func enterConfinement(_ limits: ConfinementLimits) {
        isChild.store(true, ordering: .relaxed)
        let bytes = rlim_t(limits.addressSpaceBytes)
        var space = rlimit(rlim_cur: bytes, rlim_max: bytes)
        setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &space)
        var core = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &core)
        // Of a smaller stack OpenBLAS, which keeps 60 KiB for each thread, would leave nothing to start with.
        startThread(named: "parent", stackBytes: 1 << 18) {
            var descriptor = pollfd(fd: descriptor, events: 0, revents: 0)
            // The reading end closes when the parent is gone, however it went.
            while poll(&descriptor, 1, -1) < 0, errno == EINTR {}
            _exit(ConfinedEnd.orphaned)
        }
    }

    /// Says that a file is being read, or still is; the parent's patience starts anew.
    public func reading(_ path: String) { say(path) }

    /// Says that no file is being read.
    public func doneReading() { say("") }

    private func say(_ path: String) {
        guard isConnected else { return }
        // Written under the lock, so that the last line the parent gets is the last that was said.
        Self.pace.withLock { pace in
            guard pace.isDue(path, at: .now) else { return }
            let line = path.split(whereSeparator: \.isNewline).joined(separator: " ")
            let bytes = Array((line + "\n").utf8.suffix(1024))
            _ = write(Self.descriptor, bytes, bytes.count)
        }
    }

    private static let pace = Mutex(HeartbeatPace())
}

/// Keeps the same sign of life from being given over and over: each wakes the parent.
struct HeartbeatPace {
    private var last: (path: String, moment: ContinuousClock.Instant)?
    /// Far below the patience of any parent.
    static let interval: Duration = .milliseconds(100)

    /// Whether a sign of life is to be given, which then is the last one.
    mutating func isDue(_ path: String, at moment: ContinuousClock.Instant) -> Bool {
        if let last, last.path == path, last.moment.duration(to: moment) < Self.interval { return false }
        last = (path, moment)
        return true
    }
}

extension ConfinedEnd {
    /// Exit status of a child whose parent is gone; nobody is left to see it.
    static let orphaned: Int32 = 70
}
