import Concurrent
import Foundation

/// A program that runs while the test goes on.
public final class RunningProgram: Sendable {
    private let process: Process
    private let folder: TemporaryFolder

    /// Starts the `crosswind` program.
    public static func crosswind(_ arguments: String...) async throws -> RunningProgram {
        try await crosswind(arguments)
    }

    /// - Parameters:
    ///   - environment: on top of our own.
    ///   - onceStarted: gets its number at once, on its own thread: tasks of a test may have to wait for all others.
    public static func crosswind(
        _ arguments: [String],
        environment: [String: String] = [:],
        onceStarted: @escaping @Sendable (Int32) -> Void = { _ in }
    ) async throws -> RunningProgram {
        try await onOwnThread(named: "program") {
            let program = try RunningProgram(Places.crosswind, arguments, environment)
            onceStarted(program.processIdentifier)
            return program
        }
    }

    private init(_ program: URL, _ arguments: [String], _ environment: [String: String]) throws {
        folder = try TemporaryFolder()
        for name in ["output", "errors"] { try Data().write(to: folder.file(name)) }
        process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = try FileHandle(forWritingTo: folder.file("output"))
        process.standardError = try FileHandle(forWritingTo: folder.file("errors"))
        process.standardInput = FileHandle.nullDevice
        unblockSignals()
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    public var processIdentifier: Int32 { process.processIdentifier }

    public var isRunning: Bool { process.isRunning }

    public func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// What it has written to standard error so far.
    public var standardError: String {
        (try? String(contentsOf: folder.file("errors"), encoding: .utf8)) ?? ""
    }

    /// Waits until a text appears on standard error, or the program ends.
    public func waitForError(_ text: String) async -> Bool {
        _ = await becomes { standardError.contains(text) || !process.isRunning }
        return standardError.contains(text)
    }

    /// Waits for its end; the status is -1 when it had to be killed then.
    public func finish() async throws -> ProgramRun {
        let isLate = await !becomes { !process.isRunning }
        if isLate { kill(process.processIdentifier, SIGKILL) }
        return ProgramRun(
            status: isLate ? -1 : process.terminationStatus,
            standardOutput: try String(contentsOf: folder.file("output"), encoding: .utf8),
            standardError: standardError
        )
    }
}
