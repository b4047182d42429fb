import Foundation

/// A copy of this program that goes on as a child under limits, with the same standard input and output.
///
/// The child tells through a pipe which file it is reading (``Heartbeat``). Its end by a signal, or its silence,
/// is thus known together with the file to blame. Its standard error goes through a pipe too: its own lines are passed
/// on at once, and what C libraries put between them is kept for the end, as detail of what happened.
public struct ConfinedProcess: Sendable {
    public let limits: ConfinementLimits
    /// How the child's own lines on standard error begin.
    public let ownPrefix: String

    public init(limits: ConfinementLimits, ownPrefix: String) {
        self.limits = limits
        self.ownPrefix = ownPrefix
    }

    /// Parts the process in two. To be called before any thread is started: a child gets the calling one alone, and
    /// what others held would stay held. It spares the start of the program, which takes longer than many a file.
    ///
    /// - Returns: nil in the child, which is to do the work; elsewhere how the child ended, after it did. Signals that
    ///   ask this process to end are passed on to the child.
    public func split() -> ConfinedOutcome? {
        supervise { heartbeat, errors in
            switch fork() {
            case 0:
                enterChild(heartbeat, errors)
                return .child
            case -1: return .notStarted(errno)
            case let child: return .parent(of: child)
            }
        }
    }

    /// What this process is after it was to be parted.
    enum Side {
        case child
        case parent(of: pid_t)
        /// `errno`.
        case notStarted(Int32)
    }

    /// Starts a child and waits for its end; blocks the calling thread.
    ///
    /// - Parameter start: gets the ends that the child writes to, for its signs of life and for its standard error.
    func supervise(_ start: (_ heartbeat: Int32, _ errors: Int32) -> Side) -> ConfinedOutcome? {
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
        let side = start(heartbeat.writing, errors.writing)
        close(heartbeat.writing)
        close(errors.writing)
        switch side {
        case .child: return nil
        case .notStarted(let code): return ConfinedOutcome(.notStarted(code))
        case .parent(let child):
            let forwarding = SignalForwarding(to: child)
            defer { forwarding.end() }
            var watch = ChildWatch(child, heartbeat, errors, ownPrefix, patience: limits.silence)
            return watch.outcome()
        }
    }

    private func enterChild(_ heartbeat: Int32, _ errors: Int32) {
        resetSignals()
        dup2(errors, STDERR_FILENO)
        dup2(heartbeat, Heartbeat.descriptor)
        FreedMemory.keep(16 << 20, blocks: 4 << 20)
        Heartbeat.enterConfinement(limits)
    }
}

/// Whoever started this process may have blocked or ignored signals, and a crash is told in one line by the parent: the
/// backtrace of a handler beside it would hide that line.
private func resetSignals() {
    for number in 1..<Int32(32) where number != SIGPIPE { signal(number, SIG_DFL) }
    var none = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, nil)
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
