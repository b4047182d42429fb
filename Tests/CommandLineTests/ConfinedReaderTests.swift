import Concurrent
import Foundation
import TestSupport
import Testing

@Suite struct ConfinedReaderTests {
    /// Nobody reads what the child prints, so that it stands still as soon as the pipe is full.
    @Test func aReaderEndsWithTheProgramThatStartedIt() async throws {
        let name = "acos_LtCO2_090901_v205205_B9213A_200310212449s.nc4"
        let file = Places.deploy.appending(path: "soundings/\(name)")
        let output = Pipe()
        let process = Process()
        process.executableURL = Places.crosswind
        process.arguments = ["grid", "--inspect"] + [String](repeating: file.path, count: 2000)
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try await onOwnThread(named: "program") { try process.run() }
        defer { process.terminate() }
        let parent = process.processIdentifier
        #expect(await becomes { child(of: parent) != nil })
        let reader = try #require(child(of: parent))
        defer { kill(reader, SIGKILL) }
        let printed = output.fileHandleForReading
        let start = try await onOwnThread(named: "output") { try printed.read(upToCount: 1) }
        #expect(start?.count == 1)
        #expect(isRunning(reader))
        kill(parent, SIGKILL)
        #expect(await becomes { !isRunning(reader) })
    }

    private func child(of parent: Int32) -> Int32? {
        let path = "/proc/\(parent)/task/\(parent)/children"
        let children = try? String(contentsOf: URL(filePath: path), encoding: .utf8)
        return children?.split(separator: " ").first.flatMap { Int32($0) }
    }

    /// Not so for one that has ended and that nobody has asked for its status.
    private func isRunning(_ number: Int32) -> Bool {
        let path = "/proc/\(number)/stat"
        guard let status = try? String(contentsOf: URL(filePath: path), encoding: .utf8),
            let name = status.lastIndex(of: ")")
        else { return false }
        return !status[name...].hasPrefix(") Z")
    }
}
