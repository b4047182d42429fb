import Foundation

/// This program run again as a child under limits, with the same standard input and output.
///
/// The child tells through a pipe which file it is reading (``Heartbeat``). Its end by a signal, or its silence,
/// is thus known together with the file to blame. Its standard error goes through a pipe too: its own lines are passed
/// on at once, and what C libraries put between them is kept for the end, as detail of what happened.
public struct ConfinedProcess: Sendable {
    public let program: String
    public let arguments: [String]
    public let limits: ConfinementLimits
    /// How the child's own lines on standard error begin.
    public let ownPrefix: String

    /// - Parameters:
    ///   - program: what to run, itself unless told.
    ///   - arguments: what follows the program's name.
    public init(
        program: String = "/proc/self/exe",
        arguments: [String],
        limits: ConfinementLimits,
        ownPrefix: String
    ) {
        self.program = program
        self.arguments = arguments
        self.limits = limits
        self.ownPrefix = ownPrefix
    }

    /// Starts the child and waits for its end; blocks the calling thread. Signals that ask this process to end
    /// are passed on to the child.
    public func run() -> ConfinedOutcome {
        guard let heartbeat = ChildPipe() else { return ConfinedOutcome(.notStarted(errno)) }
        guard let errors = ChildPipe() else {
            let code = errno
            heartbeat.closeBoth()
            return ConfinedOutcome(.notStarted(code))
        }
        defer {
            close(heartbeat.reading)
            close(errors.reading)
        }
        let child: Result<pid_t, SpawnError> = start(heartbeat: heartbeat.writing, errors: errors.writing)
        close(heartbeat.writing)
        close(errors.writing)
        switch child {
        case .failure(let error): return ConfinedOutcome(.notStarted(error.code))
        case .success(let child):
            let forwarding = SignalForwarding(to: child)
            defer { forwarding.end() }
            var watch = ChildWatch(child, heartbeat, errors, ownPrefix, patience: limits.silence)
            return watch.outcome()
        }
    }

    /// One that was closed meanwhile is no error to close again.
    private static var openDescriptors: [Int32] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        return (names ?? []).compactMap { Int32($0) }
    }

    private struct SpawnError: Error {
        let code: Int32
    }

    private func start(heartbeat: Int32, errors: Int32) -> Result<pid_t, SpawnError> {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)
        posix_spawn_file_actions_adddup2(&actions, heartbeat, Heartbeat.descriptor)
        // Files that libraries opened without close-on-exec would stay open, and locked, as long as the child lives.
        for descriptor in Self.openDescriptors where descriptor > Heartbeat.descriptor {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }
        let words = [CommandLine.arguments.first ?? program] + arguments
        // A crash is told in one line by the parent; a backtrace beside it would hide that line.
        let additions = [
            Heartbeat.variable: "\(limits.addressSpaceBytes)", "SWIFT_BACKTRACE": "enable=no",
            // Blocks of megabytes come and go by the hundred: given back to the kernel after each, their pages
            // would be cleared and mapped anew each time (mallopt(3)).
            "MALLOC_MMAP_THRESHOLD_": "4194304", "MALLOC_TRIM_THRESHOLD_": "16777216",
            // The program calls BLAS from its own threads; those that OpenBLAS starts when it is loaded would spin
            // beside them for a while.
            "OPENBLAS_NUM_THREADS": "1",
        ]
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
