import Foundation
import TestSupport
import Testing

@Suite(.enabled(if: PrivateBroker.program != nil))
struct ReplayFaultTests {
    private let network = Places.repository.appending(path: "stations/hamburg-vehicle.json").path
    private let drive = Places.deploy.appending(path: "records/hamburg-drive.csv").path

    /// A replay that takes hours, of which a message has arrived.
    private func replayUnderWay(_ broker: PrivateBroker) async throws -> RunningProgram {
        let folder = try TemporaryFolder()
        let common = ["--network", network, "--broker", broker.url]
        let store = ["--store", folder.file("store.sqlite").path, "--count", "1"]
        let ingest = try await RunningProgram.crosswind(["ingest"] + common + store)
        #expect(await ingest.waitForError("subscribed"))
        let replay = try await RunningProgram.crosswind(["replay", drive, "--speed", "2"] + common)
        #expect(try await ingest.finish().status == 0)
        return replay
    }

    @Test func aBrokerThatDiesLeavesTheCountOfTheWholeRecord() async throws {
        let broker = try await PrivateBroker.start()
        let program = try await replayUnderWay(broker)
        broker.stop()
        let run = try await program.finish()
        #expect(run.status == 69)
        #expect(run.standardError.contains("of 18620 messages acknowledged"))
        #expect(run.standardError.split(separator: "\n").count == 1)
    }

    @Test func aReplayThatIsStoppedSaysWhatItDidNotSend() async throws {
        let broker = try await PrivateBroker.start()
        let program = try await replayUnderWay(broker)
        program.signal(SIGTERM)
        let run = try await program.finish()
        #expect(run.status == 0)
        #expect(run.standardOutput.contains("stopped: sent"))
        #expect(run.standardOutput.contains("of 18620"))
        broker.stop()
    }
}
