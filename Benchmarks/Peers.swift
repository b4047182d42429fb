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

    /// Runs a python script to its end, or until shortly after it has printed a line.
    static func run(
        _ script: URL,
        _ arguments: [String],
        endAfterLine line: String? = nil
    ) async throws -> String {
        try await onOwnThread(named: "peer") {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["python3", script.path] + arguments
            let pipe = Pipe()
            process.standardOutput = pipe
            unblockSignals()
            try process.run()
            var output = ""
            while true {
                let data = pipe.fileHandleForReading.availableData
                if data.isEmpty { break }
                output += String(decoding: data, as: UTF8.self)
                if let line, output.contains(line) {
                    // The line is printed with the request to subscribe, not with its answer.
                    Thread.sleep(forTimeInterval: 0.5)
                    process.terminate()
                }
            }
            return output
        }
    }
}

/// A peer that did not say what was expected of it.
struct PeerFailure: Error {
    let output: String
}
