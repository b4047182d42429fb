import Concurrent
public import Foundation

/// A finished run of a program.
public struct ProgramRun: Sendable {
    public let status: Int32
    public let standardOutput: String
    public let standardError: String

    /// Runs a program to its end on a thread of its own, so that tests do not block the cooperative pool.
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
            try process.run()
            process.waitUntilExit()
            return ProgramRun(
                status: process.terminationStatus,
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
