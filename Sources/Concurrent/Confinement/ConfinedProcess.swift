import Foundation

/// This program run again as a child under limits, with the same standard streams.
///
/// The child tells through a pipe which file it is reading (``Heartbeat``). Its end by a signal, or its silence,
/// is thus known together with the file to blame.
public struct ConfinedProcess: Sendable {
    public let program: String
    public let arguments: [String]
    public let limits: ConfinementLimits

    /// - Parameters:
    ///   - program: what to run, itself unless told.
    ///   - arguments: what follows the program's name.
    public init(program: String = "/proc/self/exe", arguments: [String], limits: ConfinementLimits) {
        self.program = program
        self.arguments = arguments
        self.limits = limits
    }

    /// Starts the child and waits for its end; blocks the calling thread. Signals that ask this process to end
    /// are passed on to the child.
    public func run() -> ConfinedEnd {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return .notStarted(errno) }
        let (reading, writing) = (ends[0], ends[1])
        defer { close(reading) }
        _ = fcntl(reading, F_SETFD, FD_CLOEXEC)
        let child: Result<pid_t, SpawnError> = start(heartbeat: writing)
        close(writing)
        switch child {
        case .failure(let error): return .notStarted(error.code)
        case .success(let child):
            let forwarding = SignalForwarding(to: child)
            defer { forwarding.end() }
            return wait(for: child, heartbeat: reading)
        }
    }

    private struct SpawnError: Error {
        let code: Int32
    }

    private func start(heartbeat: Int32) -> Result<pid_t, SpawnError> {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // dup2 onto itself would keep close-on-exec, but the pipe was made without.
        posix_spawn_file_actions_adddup2(&actions, heartbeat, Heartbeat.descriptor)
        if heartbeat != Heartbeat.descriptor { posix_spawn_file_actions_addclose(&actions, heartbeat) }
        let words = [CommandLine.arguments.first ?? program] + arguments
        // A crash is told in one line by the parent; a backtrace beside it would hide that line.
        let additions = [Heartbeat.variable: "\(limits.addressSpaceBytes)", "SWIFT_BACKTRACE": "enable=no"]
        let environment = ProcessInfo.processInfo.environment.merging(additions) { $1 }
            .map { "\($0.key)=\($0.value)" }
        var attributes = ordinarySignals()
        defer { posix_spawnattr_destroy(&attributes) }
        var child: pid_t = 0
        let code = withCStrings(words) { words in
            withCStrings(environment) { environment in
                posix_spawn(&child, program, &actions, &attributes, words, environment)
            }
        }
        return code == 0 ? .success(child) : .failure(SpawnError(code: code))
    }

    /// A thread may have signals blocked, and a child would inherit that.
    private func ordinarySignals() -> posix_spawnattr_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        return attributes
    }

    private func wait(for child: pid_t, heartbeat: Int32) -> ConfinedEnd {
        var lines = HeartbeatLines()
        let patience = Int32(clamping: limits.silence.components.seconds * 1000)
        while true {
            var descriptor = pollfd(fd: heartbeat, events: Int16(POLLIN), revents: 0)
            // Only reading has a limit: a long computation of our own is not a damaged file.
            let ready = poll(&descriptor, 1, lines.current.isEmpty ? -1 : patience)
            if ready == 0 {
                kill(child, SIGKILL)
                _ = status(of: child)
                return .silent(reading: lines.current)
            }
            if ready < 0 {
                if errno == EINTR { continue }
                break
            }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = read(heartbeat, &buffer, buffer.count)
            if count == 0 { break }
            if count > 0 { lines.append(buffer.prefix(count)) }
        }
        return end(status(of: child), reading: lines.current)
    }

    private func status(of child: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        return status
    }

    /// WIFEXITED and its kin are macros, which Swift does not see: the low seven bits are the signal.
    private func end(_ status: Int32, reading: String) -> ConfinedEnd {
        let signal = status & 0x7F
        return signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal: signal, reading: reading)
    }
}

/// The last line of a stream of lines.
struct HeartbeatLines {
    private(set) var current = ""
    private var partial: [UInt8] = []

    mutating func append(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                current = String(decoding: partial, as: UTF8.self)
                partial.removeAll(keepingCapacity: true)
            } else {
                partial.append(byte)
            }
        }
    }
}

/// Calls a body with a NULL-ended array of C strings that live as long as the call.
private func withCStrings<Value>(
    _ strings: [String],
    _ body: ([UnsafeMutablePointer<CChar>?]) -> Value
) -> Value {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
}

/// Passes SIGTERM, SIGINT and SIGHUP on to a child for as long as it runs.
private struct SignalForwarding {
    private let sources: [any DispatchSourceSignal]
    private static let signals = [SIGTERM, SIGINT, SIGHUP]

    init(to child: pid_t) {
        sources = Self.signals.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { kill(child, number) }
            source.resume()
            return source
        }
    }

    func end() {
        for source in sources { source.cancel() }
        for number in Self.signals { signal(number, SIG_DFL) }
    }
}
