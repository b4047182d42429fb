import Archive
import Foundation
import Ingest
import Observations
import Quantities
import TestSupport
import Testing

/// The three real networks with their records.
private let records = [
    (network: "hamburg-vehicle", record: "records/hamburg-drive.csv"),
    (network: "park-releases", record: "records/park-readings.csv"),
    (network: "tacolneston", record: "cases/uk-methane/standard_rhime_outs.nc"),
]

private func network(_ name: String) -> String {
    Places.repository.appending(path: "stations/\(name).json").path
}

private func record(_ path: String) -> String { Places.deploy.appending(path: path).path }

private func summary(_ run: ProgramRun) throws -> IngestSummary {
    try JSONDecoder().decode(IngestSummary.self, from: Data(run.standardOutput.utf8))
}

private func startIngest(
    _ broker: PrivateBroker,
    _ store: String,
    idle: String = "60",
    network name: String = "hamburg-vehicle"
) async throws -> RunningProgram {
    try await RunningProgram.crosswind(
        "ingest",
        "--broker",
        broker.url,
        "--network",
        network(name),
        "--store",
        store,
        "--until-idle",
        idle,
        "--json"
    )
}

private func replay(_ broker: PrivateBroker, limit: Int = 100_000) async throws -> ReplaySummary {
    let run = try await ProgramRun.crosswind(
        "replay",
        record("records/hamburg-drive.csv"),
        "--network",
        network("hamburg-vehicle"),
        "--broker",
        broker.url,
        "--limit",
        "\(limit)",
        "--json"
    )
    #expect(run.status == 0, "\(run.standardError)")
    return try JSONDecoder().decode(ReplaySummary.self, from: Data(run.standardOutput.utf8))
}

private func storedReadings(_ store: String) async throws -> [StoredReading] {
    try await readArchive(at: store) { try $0.storedReadings(ReadingQuery()) }
}

@Suite(.enabled(if: PrivateBroker.program != nil), .serialized)
struct IngestProgramTests {
    let folder: TemporaryFolder
    let store: String

    init() throws {
        folder = try TemporaryFolder()
        store = folder.file("store.sqlite").path
    }

    @Test func realRecordsArriveWholeAndFlagged() async throws {
        let broker = try await PrivateBroker.start()
        var arguments = ["ingest", "--broker", broker.url, "--store", store, "--count", "30164", "--json"]
        for name in records.map(\.network) { arguments += ["--network", network(name)] }
        let ingest = try await RunningProgram.crosswind(arguments)
        #expect(await ingest.waitForError("subscribed"))
        for (name, path) in records {
            let run = try await ProgramRun.crosswind(
                "replay",
                record(path),
                "--network",
                network(name),
                "--broker",
                broker.url
            )
            #expect(run.status == 0, "\(run.standardError)")
        }
        let run = try await ingest.finish()
        #expect(run.status == 0, "\(run.standardError)")
        let summary = try summary(run)
        #expect(summary.isClosed)
        #expect(summary.stored == 18_620 + 11_520 + 24 && summary.rejected == 0)
        #expect(summary.stations["tacolneston/TAC"]?.flags.good == 24)
        #expect(summary.flags.missing == 37)
        let car = try #require(summary.stations["hamburg-vehicle/car"]?.flags)
        // Warm-up rows fail; 327 more have no position, and 3 lie above 1500 ppm.
        #expect(car.fail == 7 && car.suspect == 330 && car.good == 18_283)
        let all = try await storedReadings(store)
        #expect(all.filter { $0.reading.tests.contains(.location) }.count == 334)
        #expect(all.filter { $0.reading.tests.contains(.instrumentState) }.count == 7)
        let first = try #require(all.last { $0.reading.station == "TAC" })
        #expect(abs((first.reading.valuePartsPerMillion ?? 0) - 1.94527342105) < 1e-9)
    }

    /// The promise: whatever moment the process is killed at, nothing is lost and nothing is there twice.
    @Test(arguments: [UInt64(1), 2])
    func killingLosesNothingAndStoresNothingTwice(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let broker = try await PrivateBroker.start()
        let first = try await startIngest(broker, store)
        #expect(await first.waitForError("subscribed"))
        async let sending = replay(broker)
        var current = first
        for _ in 0..<5 {
            try await Task.sleep(for: .milliseconds(Int.random(in: 20...350, using: &random)))
            current.signal(SIGKILL)
            _ = try await current.finish()
            current = try await startIngest(broker, store, idle: "1")
        }
        let sent = try await sending
        #expect(sent.sent == 18_620 && sent.acknowledged == 18_620)
        let run = try await current.finish()
        #expect(run.status == 0, "\(run.standardError)")
        #expect(try summary(run).isClosed)
        // On a busy machine the last of them may have found nothing sent yet and ended.
        #expect(try await startIngest(broker, store, idle: "2").finish().status == 0)
        let stored = try await storedReadings(store)
        #expect(stored.count == 18_620)
        #expect(Set(stored.map(\.reading.time)).count == 18_620)
        #expect(stored.allSatisfy { $0.revision == 0 })
        // Each reading leads to the one message that it came from.
        #expect(Set(stored.map(\.rawMessage)).count == 18_620)
    }

    @Test func aStopIsGracefulAndTheSessionStays() async throws {
        let broker = try await PrivateBroker.start()
        let first = try await startIngest(broker, store)
        #expect(await first.waitForError("subscribed"))
        _ = try await replay(broker, limit: 300)
        try await waitForRows(300)
        first.signal(SIGTERM)
        let run = try await first.finish()
        #expect(run.status == 0, "\(run.standardError)")
        #expect(try summary(run).stored == 300)
        // Sent while nobody listens; the first 300 are the same again.
        _ = try await replay(broker, limit: 400)
        let second = try await startIngest(broker, store, idle: "1").finish()
        let counts = try summary(second)
        #expect(counts.duplicated == 300 && counts.stored == 100 && counts.isClosed)
    }

    @Test func aFullStoreAcknowledgesNothingAndTheRestComesLater() async throws {
        let broker = try await PrivateBroker.start()
        let full = try await RunningProgram.crosswind(
            "ingest",
            "--broker",
            broker.url,
            "--network",
            network("hamburg-vehicle"),
            "--store",
            store,
            "--max-store-megabytes",
            "1"
        )
        #expect(await full.waitForError("subscribed"))
        #expect(try await replay(broker, limit: 6000).acknowledged == 6000)
        let run = try await full.finish()
        #expect(run.status == ExitStatus.inputOutput.rawValue)
        #expect(run.standardError.contains("nothing acknowledged: the store is full (it would come to 1."))
        #expect(run.standardError.contains("and 1.0 MB are allowed): \(store); raise --max-store-megabytes"))
        let kept = try await storedReadings(store).count
        #expect(kept > 0 && kept < 6000)
        let later = try await startIngest(broker, store, idle: "1").finish()
        let counts = try summary(later)
        #expect(counts.stored == 6000 - kept && counts.duplicated == 0)
        #expect(try await storedReadings(store).count == 6000)
    }

    private func waitForRows(_ count: Int) async throws {
        #expect(try await becomes { try await storedReadings(store).count >= count })
    }
}
