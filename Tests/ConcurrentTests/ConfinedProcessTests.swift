import Concurrent
import Foundation
import Testing

@Suite struct ConfinedProcessTests {
    private func outcome(of script: String, silence: Duration = .seconds(60)) async throws -> ConfinedOutcome
    {
        let process = ConfinedProcess(
            program: "/bin/sh",
            arguments: ["-c", script],
            limits: ConfinementLimits(addressSpaceBytes: 4 << 30, silence: silence),
            ownPrefix: "ours: "
        )
        return try await onOwnThread(named: "confined") { process.run() }
    }

    private func end(of script: String, silence: Duration = .seconds(60)) async throws -> ConfinedEnd {
        try await outcome(of: script, silence: silence).end
    }

    /// What others say is kept, however the child ends, and also when more is said than a pipe holds.
    @Test func linesThatAreNotOursAreKeptForTheEnd() async throws {
        let said = try await outcome(of: "echo 'free(): invalid' >&2; echo a.nc >&3; kill -ABRT $$")
        #expect(said == ConfinedOutcome(.killed(signal: SIGABRT, reading: "a.nc"), said: ["free(): invalid"]))
        let loop =
            "i=0; while [ $i -lt 3000 ]; do echo 'a line of more than forty characters: '$i >&2; i=$((i+1)); done"
        let many = try await outcome(of: loop + "; printf end >&2; exit 3")
        #expect(many.end == .exited(3))
        #expect(many.said.first == "a line of more than forty characters: 0")
        #expect(many.said.count == 20)
        let silent = try await outcome(
            of: "echo last >&2; echo a.nc >&3; exec sleep 600",
            silence: .seconds(1)
        )
        #expect(silent == ConfinedOutcome(.silent(reading: "a.nc"), said: ["last"]))
    }

    @Test func theStatusOfTheChildComesThrough() async throws {
        #expect(try await end(of: "exit 0") == .exited(0))
        #expect(try await end(of: "exit 66") == .exited(66))
    }

    @Test func aCrashIsKnownWithTheFileThatWasRead() async throws {
        let crashed = try await end(of: "echo a.nc >&3; echo b.nc >&3; kill -SEGV $$")
        #expect(crashed == .killed(signal: SIGSEGV, reading: "b.nc"))
        let between = try await end(of: "echo a.nc >&3; echo >&3; kill -ABRT $$")
        #expect(between == .killed(signal: SIGABRT, reading: ""))
    }

    @Test func aSilentReaderIsEnded() async throws {
        #expect(
            try await end(of: "echo a.nc >&3; exec sleep 600", silence: .seconds(1))
                == .silent(reading: "a.nc")
        )
    }

    /// A pause longer than the patience, but between files.
    @Test func silenceBetweenFilesIsNotReading() async throws {
        let script = "echo a.nc >&3; echo >&3; read line < fifo; exit 7"
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let waiting = "cd \(folder) && mkfifo fifo && (sleep 2; echo go > fifo) & cd \(folder); "
        let end = try await end(
            of: waiting + "until test -p fifo; do :; done; " + script,
            silence: .seconds(1)
        )
        #expect(end == .exited(7))
    }

    @Test func theChildKnowsItsLimitAndAMissingProgramIsSaid() async throws {
        #expect(try await end(of: "test \"$CROSSWIND_CONFINED\" = 4294967296") == .exited(0))
        let limits = ConfinementLimits(addressSpaceBytes: 1 << 30, silence: .seconds(1))
        let process = ConfinedProcess(
            program: "/nowhere/program",
            arguments: [],
            limits: limits,
            ownPrefix: ""
        )
        #expect(try await onOwnThread(named: "confined") { process.run().end } == .notStarted(ENOENT))
    }
}
