import Concurrent
import Foundation
import TestSupport

/// The alternatives that we race against, where they are installed.
enum Peers {
    /// A script of the peers folder: where `CROSSWIND_PEERS` says, or beside the repository.
    static func script(_ path: String) -> URL? {
        let folder =
            ProcessInfo.processInfo.environment["CROSSWIND_PEERS"].map { URL(filePath: $0) }
            ?? Places.repository.deletingLastPathComponent().appending(path: "shared/peers")
        let url = folder.appending(path: path)
        return FileManager.default.fileExists(atPath: url.path) ? url : nil
    }

    static func hasPython(module: String) async throws -> Bool {
        let env = URL(filePath: "/usr/bin/env")
        return try await ProgramRun.run(env, ["python3", "-c", "import \(module)"]).status == 0
    }

    /// Runs a python script to its end on the calling thread, and tells when it has printed a line.
    static func run(
        _ script: URL,
        _ arguments: [String],
        onLine line: String,
        _ body: () -> Void
    ) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", script.path] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        var output = ""
        var isTold = false
        while true {
            let data = pipe.fileHandleForReading.availableData
            if data.isEmpty { break }
            output += String(decoding: data, as: UTF8.self)
            if !isTold, output.contains(line) {
                isTold = true
                body()
            }
        }
        // A peer that ends before it is ready must not leave us waiting.
        if !isTold { body() }
        return output
    }
}
