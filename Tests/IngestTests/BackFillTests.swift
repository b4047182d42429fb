import Archive
import Formats
import Foundation
import Ingest
import Observations
import Quantities
import Synchronization
import TestSupport
import Testing

/// A network of two stations whose record is described by the text given.
func backFillNetwork(_ record: String, in folder: TemporaryFolder) throws -> NetworkFile {
    let instruments = """
        [{ "id": "i", "gas": "co2", "unit": "ppm", "scale": "unstated", "standard_uncertainty": 1,
           "gross_range": { "fail": [300, 3000], "suspect": [370, 1000] } },
         { "id": "j", "gas": "ch4", "unit": "ppb", "scale": "unstated", "standard_uncertainty": 2,
           "gross_range": { "fail": [1000, 9000], "suspect": [1700, 5000] } }]
        """
    let place = #""kind": "fixed", "position": { "longitude": 11.6, "latitude": 48.1 }"#
    let text = """
        { "id": "net", "names": "Net", "credit": "none", "record": \(record), "stations": [
          { "id": "a", "names": "A", \(place), "instruments": \(instruments) },
          { "id": "b", "names": "B", \(place), "instruments": \(instruments) } ] }
        """
    let file = folder.file("network-\(UUID().uuidString).json")
    try Data(text.utf8).write(to: file)
    return try NetworkFile(path: file.path)
}

let plainRecord = """
    { "format": "csv", "time": "time", "station_column": "station",
      "values": [{ "gas": "co2", "column": "co2" }], "conditions": [{ "name": "t", "column": "t", "unit": "K" }] }
    """

/// Stores files and returns what became of them.
func filled(_ paths: [String], _ network: NetworkFile, _ store: URL, perTransaction: Int = 50_000)
    async throws
    -> BackFillSummary
{
    var settings = BackFillSettings(paths: paths, networkFile: network, storePath: store.path)
    settings.rowsPerTransaction = perTransaction
    return try await backFill(settings, until: StopRequest()) { _ in }
}

@Suite struct BackFillTests {
    private let folder: TemporaryFolder
    private let store: URL

    init() throws {
        folder = try TemporaryFolder()
        store = folder.file("store.sqlite")
    }

    private func write(_ text: String, _ name: String = "rows.csv") throws -> String {
        let file = folder.file(name)
        try Data(text.utf8).write(to: file)
        return file.path
    }

    private let mixed = """
        time,station,co2,t
        2025-03-01T00:00:00Z,a,421.5,280.15
        2025-03-01T00:00:00Z,b,5000,
        2025-03-01T00:01:00Z,a,,281.15
        2025-03-01 00:02:00,a,422,281.15
        2025-03-01T00:02:00Z,a,many,281.15
        2025-03-01T00:03:00Z,c,422,281.15
        2025-03-01T00:04:00Z,a,42"2,281.15
        2025-03-01T00:05:00Z,a,422
        2125-03-01T00:05:00Z,a,422,281.15
        2025-03-01T00:06:00Z,a,422.25,281.15
        """

    @Test func goodRowsAreStoredAndBadOnesKeptWithTheirLine() async throws {
        let network = try backFillNetwork(plainRecord, in: folder)
        let summary = try await filled([try write(mixed)], network, store)
        #expect(summary.rows == 10 && summary.isComplete && summary.files == 1)
        #expect(summary.ingest.isClosed && summary.ingest.stored == 4 && summary.ingest.rejected == 6)
        #expect(summary.ingest.flags.good == 2 && summary.ingest.flags.fail == 1)
        #expect(summary.ingest.flags.missing == 1)
        let (readings, letters) = try await readArchive(at: store.path) { archive in
            (try archive.storedReadings(ReadingQuery()), try archive.deadLetters())
        }
        #expect(readings.map(\.reading.valuePartsPerMillion) == [421.5, 5000, nil, 422.25])
        #expect(letters.map(\.rejection.item) == [5, 6, 7, 8, 9, 10])
        let reasons = letters.map(\.rejection.reason)
        #expect(
            reasons == [
                "unreadable_time", "not_a_number", "unknown_station", "malformed", "malformed",
                "time_in_future",
            ]
        )
        #expect(String(decoding: letters[1].payload, as: UTF8.self) == "2025-03-01T00:02:00Z,a,many,281.15")
        #expect(letters.allSatisfy { $0.topic.hasPrefix("file:rows.csv#") && $0.topic.count == 30 })
    }

    @Test func theSameFileAgainIsAllDuplicates() async throws {
        let network = try backFillNetwork(plainRecord, in: folder)
        let path = try write(mixed)
        _ = try await filled([path], network, store)
        let again = try await filled([path], network, store, perTransaction: 3)
        #expect(again.ingest.duplicated == 10 && again.ingest.received == 10 && again.ingest.isClosed)
        let letters = try await readArchive(at: store.path) { try $0.deadLetters().count }
        #expect(letters == 6)
        // A file of another content is another source, even under the same name.
        let changed = try await filled([try write(mixed + "\n")], network, store)
        #expect(changed.ingest.duplicated == 4 && changed.ingest.rejected == 6)
    }

    @Test func stoppingKeepsWhatHasComeAndTheRestFollows() async throws {
        let network = try backFillNetwork(plainRecord, in: folder)
        let start = Instant(iso8601: "2025-03-01T00:00:00Z")!
        let rows = (0..<60_000).map { "\(start.advanced(bySeconds: Double($0))),a,\(400 + $0 % 90),280" }
        let path = try write("time,station,co2,t\n" + rows.joined(separator: "\n"))
        let stop = StopRequest()
        var settings = BackFillSettings(paths: [path], networkFile: network, storePath: store.path)
        settings.rowsPerTransaction = 2000
        let reports = Mutex<[BackFillProgress]>([])
        let first = try await backFill(settings, until: stop) { progress in
            reports.withLock { $0.append(progress) }
            if progress.rows >= 10_000 { stop.stop() }
        }
        #expect(!first.isComplete && first.rows < 60_000)
        let stored = try await readArchive(at: store.path) { try $0.readings(ReadingQuery()).count }
        #expect(stored == first.rows && first.ingest.stored == first.rows)
        let fractions = reports.withLock { $0.map(\.fraction) }
        #expect(fractions == fractions.sorted() && fractions.allSatisfy { $0 > 0 && $0 < 1 })
        let second = try await filled([path], network, store)
        #expect(second.ingest.duplicated == first.rows && second.ingest.stored == 60_000 - first.rows)
    }

    @Test func aFileThatCannotBeReadTakesNothingFromThoseBefore() async throws {
        let network = try backFillNetwork(plainRecord, in: folder)
        let good = try write(mixed)
        let bad = try write("time,station,t\n", "bad.csv")
        let error = await #expect(throws: RecordError.self) { try await filled([good, bad], network, store) }
        #expect(error?.line.contains("no column `co2`") == true)
        let stored = try await readArchive(at: store.path) { try $0.readings(ReadingQuery()).count }
        #expect(stored == 4)
    }

    @Test func aFullStoreLeavesWhatWasDurable() async throws {
        let network = try backFillNetwork(plainRecord, in: folder)
        let start = Instant(iso8601: "2025-03-01T00:00:00Z")!
        let rows = (0..<30_000).map { "\(start.advanced(bySeconds: Double($0))),a,\(400 + $0 % 90),280" }
        let path = try write("time,station,co2,t\n" + rows.joined(separator: "\n"))
        var settings = BackFillSettings(paths: [path], networkFile: network, storePath: store.path)
        settings.rowsPerTransaction = 1000
        settings.maximumStoreBytes = 1 << 20
        await #expect(throws: ArchiveError.self) {
            try await backFill(settings, until: StopRequest()) { _ in }
        }
        let stored = try await readArchive(at: store.path) { try $0.readings(ReadingQuery()).count }
        #expect(stored > 0 && stored < 30_000 && stored % 1000 < 1024)
        let rest = try await filled([path], network, store)
        #expect(rest.ingest.stored == 30_000 - stored && rest.ingest.duplicated == stored)
    }

    @Test func theDriveComesInAsItWouldHaveBeenSent() async throws {
        let network = try NetworkFile(
            path: Places.repository.appending(path: "stations/hamburg-vehicle.json").path
        )
        let drive = Places.deploy.appending(path: "records/hamburg-drive.csv").path
        let summary = try await filled([drive], network, store)
        #expect(summary.ingest.stored == 18_620 && summary.ingest.rejected == 0)
        #expect(summary.ingest.flags.fail == 7)
        let rows = try await readRecord(at: drive, for: network)
        let encoder = PayloadEncoder(boot: "x")
        let decoder = PayloadDecoder(networks: [network.network])
        let topic = observationTopic(network: "hamburg-vehicle", station: "car")
        var sent: [Reading] = []
        for (index, row) in rows.enumerated() where index % 7 == 0 {
            let bytes = Array(topic.utf8) + encoder.encode(row, sequence: index)
            let cut = topic.utf8.count
            let items = decoder.decode(bytes, topic: 0..<cut, payload: cut..<bytes.count, received: .now())
                .flatMap(\.items)
            for case .readings(let readings) in items { sent += readings }
        }
        let stored = try await readArchive(at: store.path) { try $0.readings(ReadingQuery()) }
        let byTime = Dictionary(stored.map { ($0.time, $0) }, uniquingKeysWith: { first, _ in first })
        for reading in sent {
            let other = try #require(byTime[reading.time])
            #expect(other.valuePartsPerMillion == reading.valuePartsPerMillion && other.flag == reading.flag)
            #expect(other.position == reading.position && other.tests == reading.tests)
        }
    }

    @Test func netCDFRecordsComeInToo() async throws {
        let network = try NetworkFile(
            path: Places.repository.appending(path: "stations/tacolneston.json").path
        )
        let file = Places.deploy.appending(path: "cases/uk-methane/standard_rhime_outs.nc").path
        let summary = try await filled([file], network, store)
        #expect(summary.ingest.stored == 24 && summary.isComplete)
        #expect(try await filled([file], network, store).ingest.duplicated == 24)
    }
}
