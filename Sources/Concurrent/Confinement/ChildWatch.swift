import Foundation

/// A pipe from a child. Its ends are closed in other children, and stand above the descriptors a child expects.
struct ChildPipe {
    let reading: Int32
    let writing: Int32

    /// Nil, with `errno`, when there is none to be had.
    init?() {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        let raised = ends.map { fcntl($0, F_DUPFD_CLOEXEC, 10) }
        let code = errno
        for end in ends { close(end) }
        (reading, writing) = (raised[0], raised[1])
        guard raised.allSatisfy({ $0 >= 0 }) else {
            for end in raised where end >= 0 { close(end) }
            errno = code
            return nil
        }
    }

    func closeBoth() {
        close(reading)
        close(writing)
    }
}

/// Follows a child from its start to its end.
struct ChildWatch {
    private let child: pid_t
    private let heartbeat: Int32
    private let errors: Int32
    private let patience: Duration
    private var lines = HeartbeatLines()
    private var said: ChildErrors
    private var lastSign = ContinuousClock.now

    init(
        _ child: pid_t,
        _ heartbeat: ChildPipe,
        _ errors: ChildPipe,
        _ ownPrefix: String,
        patience: Duration
    ) {
        self.child = child
        self.heartbeat = heartbeat.reading
        self.errors = errors.reading
        self.patience = patience
        said = ChildErrors(ownPrefix: ownPrefix)
    }

    /// Waits for the end of both pipes and then of the child.
    mutating func outcome() -> ConfinedOutcome {
        var open = [heartbeat, errors]
        while !open.isEmpty {
            var descriptors = open.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            let ready = poll(&descriptors, nfds_t(descriptors.count), millisecondsLeft)
            if ready < 0, errno != EINTR { break }
            if ready == 0, millisecondsLeft == 0 { return silence() }
            for descriptor in descriptors where ready > 0 && descriptor.revents != 0 {
                if !take(descriptor.fd) { open.removeAll { $0 == descriptor.fd } }
            }
        }
        return ConfinedOutcome(end(status()), said: said.others())
    }

    /// -1 for any time: only reading has a limit, as a long computation of our own is not a damaged file.
    private var millisecondsLeft: Int32 {
        guard !lines.current.isEmpty else { return -1 }
        let left = patience - lastSign.duration(to: .now)
        let parts = left.components
        let milliseconds = parts.seconds * 1000 + parts.attoseconds / 1_000_000_000_000_000
        return Int32(clamping: max(0, milliseconds))
    }

    /// False at the end of the pipe.
    private mutating func take(_ descriptor: Int32) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = read(descriptor, &buffer, buffer.count)
        guard count > 0 else { return count < 0 && errno == EINTR }
        if descriptor == heartbeat {
            lastSign = .now
            lines.append(buffer.prefix(count))
        } else {
            said.append(buffer.prefix(count))
        }
        return true
    }

    private mutating func silence() -> ConfinedOutcome {
        kill(child, SIGKILL)
        _ = status()
        _ = fcntl(errors, F_SETFL, O_NONBLOCK)
        while take(errors) {}
        return ConfinedOutcome(.silent(reading: lines.current), said: said.others())
    }

    private func status() -> Int32 {
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        return status
    }

    /// WIFEXITED and its kin are macros, which Swift does not see: the low seven bits are the signal.
    private func end(_ status: Int32) -> ConfinedEnd {
        let signal = status & 0x7F
        return signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal: signal, reading: lines.current)
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

/// What a child writes to its standard error, parted into its own lines and those of others.
struct ChildErrors {
    private let ownPrefix: [UInt8]
    private var partial: [UInt8] = []
    private var foreign: [String] = []
    /// A library that says the same of every variable must not fill our memory.
    private static let most = 20
    private static let longest = 400

    init(ownPrefix: String) { self.ownPrefix = Array(ownPrefix.utf8) }

    mutating func append(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            if byte == UInt8(ascii: "\n") { endLine() } else { partial.append(byte) }
        }
    }

    private mutating func endLine() {
        defer { partial.removeAll(keepingCapacity: true) }
        if partial.starts(with: ownPrefix) {
            partial.append(UInt8(ascii: "\n"))
            _ = write(STDERR_FILENO, partial, partial.count)
        } else if !partial.isEmpty, foreign.count < Self.most {
            foreign.append(String(decoding: partial.prefix(Self.longest), as: UTF8.self))
        }
    }

    /// The lines that were not the child's own; to be called at the end.
    mutating func others() -> [String] {
        if !partial.isEmpty { endLine() }
        return foreign
    }
}
