import Archive
import Concurrent
import Formats
import Foundation
import Ingest
import MQTT
import Observations
import Quantities
import TestSupport
import Testing

private let topic = "co2/v1/hamburg-vehicle/car/obs"
private let hamburg = Places.repository.appending(path: "stations/hamburg-vehicle.json").path

/// A reading with a remark that hardly gets smaller by compression.
private func message(_ time: String, remark count: Int, seed: UInt64) -> String {
    var random = SeededGenerator(seed: seed)
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    let remark = String((0..<count).map { _ in letters[Int(random.next() % 64)] })
    return #"{"ts":"\#(time)","co2":420,"remark":"\#(remark)"}"#
}

/// The program with a store that is nearly as large as it may be.
@Suite(.enabled(if: PrivateBroker.program != nil))
struct RoomProgramTests {
    let folder: TemporaryFolder
    let store: String

    init() throws {
        folder = try TemporaryFolder()
        store = folder.file("store.sqlite").path
    }

    private func fill() async throws {
        let knowledge = try NetworkKnowledge(files: [NetworkFile(path: hamburg)])
        var batch = MessageBatch()
        batch.append(
            topic: topic.utf8,
            payload: message("2020-03-01T00:00:00Z", remark: 800_000, seed: 1).utf8
        )
        try await onOwnThread(named: "fill") { [store, batch] in
            var writer = try MessageStore(path: store, knowledge: knowledge)
            _ = try writer.store(batch, received: Instant(CivilTime(year: 2020, month: 3, day: 1)))
        }
    }

    private func ingest(_ broker: PrivateBroker, _ more: String...) async throws -> RunningProgram {
        let common = ["ingest", "--broker", broker.url, "--network", hamburg, "--store", store]
        return try await RunningProgram.crosswind(common + ["--max-store-megabytes", "1"] + more)
    }

    /// What the error advises helps: the message that was refused comes again and finds room.
    @Test func oldMessagesMakeRoomForNewOnes() async throws {
        try await fill()
        let broker = try await PrivateBroker.start()
        let full = try await ingest(broker)
        #expect(await full.waitForError("subscribed"))
        let address = try #require(BrokerAddress(broker.url))
        try await publishOnOwnThread(
            to: address,
            [(topic, message("2020-03-02T00:00:00Z", remark: 400_000, seed: 2))]
        )
        let refused = try await full.finish()
        #expect(refused.status == ExitStatus.inputOutput.rawValue)
        #expect(refused.standardError.contains("--keep-raw-days"))
        let run = try await ingest(broker, "--keep-raw-days", "1", "--count", "1").finish()
        #expect(run.status == 0, "\(run.standardError)")
        #expect(!run.standardError.contains("nothing acknowledged"))
        #expect(run.standardOutput.contains("received 1 = stored 1"))
        #expect(try await readArchive(at: store) { try $0.readings(ReadingQuery()).count } == 2)
    }

    /// The lines of the stations and the line of what belongs to none add up to the totals.
    @Test func whatBelongsToNoStationHasALine() async throws {
        let broker = try await PrivateBroker.start()
        let running = try await ingest(broker, "--count", "2")
        #expect(await running.waitForError("subscribed"))
        let address = try #require(BrokerAddress(broker.url))
        try await publishOnOwnThread(
            to: address,
            [
                ("co2/v1/hamburg-vehicle/bus/obs", #"{"ts":"2018-10-24T08:00:00Z","co2":410}"#),
                (topic, #"{"ts":"2018-10-24T08:00:00Z","co2":410}"#),
            ]
        )
        let text = try await running.finish().standardOutput
        #expect(text.contains("received 2 = stored 1 + revised 0 + duplicated 0 + rejected 1"))
        #expect(text.contains("hamburg-vehicle/car: stored 1, revised 0, duplicated 0, rejected 0;"))
        #expect(text.contains("of no station: stored 0, revised 0, duplicated 0, rejected 1"))
        let replay = try await ProgramRun.crosswind(
            "ingest",
            "--replay-dead-letters",
            "--network",
            hamburg,
            "--store",
            store
        )
        #expect(
            replay.standardOutput.contains(
                "dead letters: 1 tried, 0 recovered\nstill refused 1: unknown_station"
            )
        )
    }
}
