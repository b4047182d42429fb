import Archive
import Foundation
import Ingest
import MQTT
import Quantities
import SQLite
import TestSupport
import Testing

private let hamburg = Places.repository.appending(path: "stations/hamburg-vehicle.json").path
private let drive = Places.deploy.appending(path: "records/hamburg-drive.csv").path

@Suite struct IngestFaultTests {
    let folder: TemporaryFolder
    let store: String

    init() throws {
        folder = try TemporaryFolder()
        store = folder.file("store.sqlite").path
    }

    private func ingest(
        _ broker: String,
        network: String = hamburg
    ) async throws -> (status: Int32, error: String) {
        let run = try await ProgramRun.crosswind(
            "ingest",
            "--broker",
            broker,
            "--network",
            network,
            "--store",
            store,
            "--until-idle",
            "0.2"
        )
        return (run.status, run.standardError)
    }

    @Test func anUnreachableBrokerIsStatus69() async throws {
        let address = "mqtt://127.0.0.1:\(try freePort())"
        let (status, error) = try await ingest(address)
        #expect(status == 69)
        #expect(error.split(separator: "\n").count == 1)
        #expect(error.contains(address))
        let run = try await ProgramRun.crosswind("replay", drive, "--network", hamburg, "--broker", address)
        #expect(run.status == 69)
    }

    @Test func storesThatCannotBeWrittenAreRefusedBeforeAnythingIsTaken() async throws {
        let broker = "mqtt://127.0.0.1:\(try freePort())"
        _ = try ArchiveWriter(path: store)
        try markReadOnly(store)
        let readOnly = try await ingest(broker)
        #expect(readOnly.status == 74)
        #expect(readOnly.error.contains("the store may not be written: \(store)"))

        try Data(String(repeating: "text ", count: 1000).utf8).write(to: URL(filePath: store))
        let foreign = try await ingest(broker)
        #expect(foreign.status == 65)
        #expect(foreign.error.contains("not an SQLite file"))
    }

    @Test func wrongUseIsStatus64() async throws {
        let bad = try await ingest("127.0.0.1:1883")
        #expect(bad.status == 64)
        let missing = try await ProgramRun.crosswind("ingest", "--broker", "mqtt://127.0.0.1")
        #expect(missing.status == 64)
    }

    @Test func networkAndRecordFaultsHaveTheirStatus() async throws {
        let absent = try await ingest("mqtt://127.0.0.1", network: folder.file("absent.json").path)
        #expect(absent.status == 66)
        let record = folder.file("record.csv")
        try Data("time_utc\n".utf8).write(to: record)
        let replay = try await ProgramRun.crosswind(
            "replay",
            record.path,
            "--network",
            hamburg,
            "--broker",
            "mqtt://127.0.0.1"
        )
        #expect(replay.status == 65)
        #expect(replay.standardError.contains("no column"))
    }

    /// A damaged page is found when it is needed, and nothing is acknowledged then.
    @Test(.enabled(if: PrivateBroker.program != nil))
    func aStoreThatTurnsOutDamagedIsStatus65() async throws {
        let broker = try await PrivateBroker.start()
        _ = try ArchiveWriter(path: store)
        let size = try Int(#require(FileManager.default.attributesOfItem(atPath: store)[.size] as? UInt64))
        let handle = try FileHandle(forUpdating: URL(filePath: store))
        try handle.seek(toOffset: 4096)
        try handle.write(contentsOf: Data(repeating: 0x5A, count: size - 4096))
        try handle.close()
        let running = try await RunningProgram.crosswind(
            "ingest",
            "--broker",
            broker.url,
            "--network",
            hamburg,
            "--store",
            store
        )
        _ = await running.waitForError("subscribed")
        _ = try await ProgramRun.crosswind(
            "replay",
            drive,
            "--network",
            hamburg,
            "--broker",
            broker.url,
            "--limit",
            "10"
        )
        let run = try await running.finish()
        #expect(run.status == 65, "\(run.standardError)")
        #expect(run.standardError.contains("the store is damaged"))
    }

    @Test(.enabled(if: PrivateBroker.program != nil))
    func whatCannotBeUsedIsKeptWithItsReason() async throws {
        let broker = try await PrivateBroker.start()
        let running = try await RunningProgram.crosswind(
            "ingest",
            "--broker",
            broker.url,
            "--network",
            hamburg,
            "--store",
            store,
            "--count",
            "4",
            "--json"
        )
        #expect(await running.waitForError("subscribed"))
        let address = try #require(BrokerAddress(broker.url))
        try await publishOnOwnThread(
            to: address,
            [
                ("co2/v1/hamburg-vehicle/car/obs", "{not json"),
                ("co2/v1/hamburg-vehicle/bus/obs", #"{"ts":"2018-10-24T08:00:00Z","co2":410}"#),
                ("co2/v1/hamburg-vehicle/car/obs", #"{"ts":"2018-10-24T08:00:00Z","co2":410}"#),
                (
                    "co2/v1/hamburg-vehicle/car/obs",
                    #"[{"ts":"2018-10-24T08:00:00Z","co2":411},{"ts":"2018-10-24T08:00:01","co2":411}]"#
                ),
            ]
        )
        let run = try await running.finish()
        let counts = try JSONDecoder().decode(IngestSummary.self, from: Data(run.standardOutput.utf8))
        #expect(counts.messages == 4 && counts.received == 5 && counts.isClosed)
        #expect(counts.stored == 1 && counts.revised == 1 && counts.rejected == 3)
        #expect(
            counts.rejectedByReason == ["not_json": 1, "unknown_station": 1, "time_without_zone": 1]
        )
        let letters = try await readArchive(at: store) { try $0.deadLetters() }
        #expect(letters.map(\.payload.count) == [9, 39, letters[2].payload.count])
        #expect(letters[2].rejection.item == 1)
        let export = try await ProgramRun.crosswind("export", "dead-letters", "--store", store)
        #expect(export.status == 0)
        #expect(export.standardOutput.split(separator: "\n").count == 4)
    }
}
