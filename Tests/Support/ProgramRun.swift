import Concurrent
public import Foundation

/// A finished run of a program.
public struct ProgramRun: Sendable {
    public let status: Int32
    public let standardOutput: String
    public let standardError: String

    /// Runs a program to its end on a thread of its own, so that tests do not block the cooperative pool.
    /// One that has not ended after ten minutes is killed; its status is -1 then.
    public static func run(
        _ program: URL,
        _ arguments: [String],
        environment: [String: String] = [:],
        directory: URL? = nil
    ) async throws -> ProgramRun {
        try await onOwnThread(named: "program") {
            let process = Process()
            process.executableURL = program
            process.arguments = arguments
            process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
            if let directory { process.currentDirectoryURL = directory }
            let folder = try TemporaryFolder()
            let output = folder.file("output")
            let errors = folder.file("errors")
            for file in [output, errors] { try Data().write(to: file) }
            process.standardOutput = try FileHandle(forWritingTo: output)
            process.standardError = try FileHandle(forWritingTo: errors)
            process.standardInput = FileHandle.nullDevice
            unblockSignals()
            try process.run()
            let isLate = !ended(process, within: .seconds(600))
            return ProgramRun(
                status: isLate ? -1 : process.terminationStatus,
                standardOutput: try String(contentsOf: output, encoding: .utf8),
                standardError: try String(contentsOf: errors, encoding: .utf8)
            )
        }
    }

    /// Runs the `crosswind` program.
    public static func crosswind(_ arguments: String..., directory: URL? = nil) async throws -> ProgramRun {
        try await run(Places.crosswind, arguments, directory: directory)
    }
}

/// Waits for the end of a process; kills it and answers false when it is late.
private func ended(_ process: Process, within limit: Duration) -> Bool {
    let deadline = ContinuousClock.now + limit
    while process.isRunning, ContinuousClock.now < deadline { Thread.sleep(forTimeInterval: 0.005) }
    guard process.isRunning else { return true }
    kill(process.processIdentifier, SIGKILL)
    return false
}
