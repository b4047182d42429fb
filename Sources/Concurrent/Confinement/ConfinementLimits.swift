import Foundation

/// What a child process that reads foreign files may use.
///
/// A damaged file can make a C library overrun its buffers, ask for all memory or never return. None of that
/// can be prevented from inside the process, but a child can be given up.
public struct ConfinementLimits: Equatable, Sendable {
    /// Most address space in bytes; an allocation beyond it fails in the child alone.
    public let addressSpaceBytes: UInt64
    /// How long the child may be at one step of reading without a sign of life.
    public let silence: Duration

    public init(addressSpaceBytes: UInt64, silence: Duration) {
        self.addressSpaceBytes = addressSpaceBytes
        self.silence = silence
    }

    /// Three quarters of the machine's memory, at least 2 GiB, and a minute: a block of a file is read in less than a
    /// second.
    public static var standard: ConfinementLimits {
        let memory = ProcessInfo.processInfo.physicalMemory
        return ConfinementLimits(addressSpaceBytes: max(2 << 30, memory / 4 * 3), silence: .seconds(60))
    }
}

/// How a confined child ended.
public enum ConfinedEnd: Equatable, Sendable {
    /// With an exit status of its own.
    case exited(Int32)
    /// By a signal, while it was reading that file; empty between files.
    case killed(signal: Int32, reading: String)
    /// We ended it, as it gave no sign of life while reading that file.
    case silent(reading: String)
    /// It could not be started; `errno`.
    case notStarted(Int32)
}

/// How a confined child ended, and what it had to say.
public struct ConfinedOutcome: Equatable, Sendable {
    public let end: ConfinedEnd
    /// Lines on its standard error that were not its own: of C libraries and of the runtime.
    public let said: [String]

    public init(_ end: ConfinedEnd, said: [String] = []) {
        self.end = end
        self.said = said
    }
}
