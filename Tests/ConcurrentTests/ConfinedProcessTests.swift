import Foundation
import Testing

@testable import Concurrent

@Suite struct ConfinedProcessTests {
    /// Supervises a script in place of a copy of this program, which has many threads.
    private func outcome(of script: String, silence: Duration = .seconds(60)) async throws -> ConfinedOutcome
    {
        try #require(try await outcome(of: "/bin/sh", ["-c", script], silence: silence))
    }

    private func outcome(
        of program: String,
        _ arguments: [String],
        silence: Duration
    ) async throws -> ConfinedOutcome? {
        let limits = ConfinementLimits(addressSpaceBytes: 4 << 30, silence: silence)
        let process = ConfinedProcess(limits: limits, ownPrefix: "ours: ")
        return try await onOwnThread(named: "confined") {
            process.supervise { spawn(program, arguments, heartbeat: $0, errors: $1) }
        }
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

    @Test func aChildThatCannotBeStartedIsSaid() async throws {
        let outcome = try await outcome(of: "/nowhere/program", [], silence: .seconds(1))
        #expect(outcome == ConfinedOutcome(.notStarted(ENOENT)))
    }

    @Test func aSignOfLifeIsGivenAtOnceWhereItIsNewAndElseNowAndThen() {
        var pace = HeartbeatPace()
        let start = ContinuousClock.now
        let moments = [0, 1, 99, 100, 150, 151, 152, 200, 210, 252].map { start + .milliseconds($0) }
        let paths = ["a", "a", "a", "a", "a", "", "a", "a", "", "a"]
        let due = zip(paths, moments).map { pace.isDue($0, at: $1) }
        #expect(due == [true, false, false, true, false, true, true, false, true, true])
    }

    @Test func theSideOfTheChildGetsNoOutcome() {
        let process = ConfinedProcess(limits: .standard, ownPrefix: "")
        #expect(process.supervise { _, _ in .child } == nil)
        #expect(!Heartbeat.isConfined)
    }
}

private func spawn(
    _ program: String,
    _ arguments: [String],
    heartbeat: Int32,
    errors: Int32
) -> ConfinedProcess.Side {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)
    posix_spawn_file_actions_adddup2(&actions, heartbeat, Heartbeat.descriptor)
    // The test program may hold signals back, and a child would do so too.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    let words = ([program] + arguments).map { strdup($0) }
    defer { for word in words { free(word) } }
    var child: pid_t = 0
    let code = posix_spawn(&child, program, &actions, &attributes, words + [nil], environ)
    return code == 0 ? .parent(of: child) : .notStarted(code)
}
