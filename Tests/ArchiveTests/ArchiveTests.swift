import Archive
import Foundation
import Geo
import Observations
import Quantities
import SQLite
import TestSupport
import Testing

@Suite struct ArchiveTests {
    let folder: TemporaryFolder
    let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("store.sqlite").path
    }

    @Test func readingsComeBackAsTheyWereStored() throws {
        let readings = [reading(410.25), reading(nil, at: 1, flag: .missing)]
        var writer = try ArchiveWriter(path: path)
        try writer.keep(readings[0], readings[1], payload: "first")
        let stored = try ArchiveReader(path: path).storedReadings(ReadingQuery())
        #expect(stored.map(\.reading) == readings)
        #expect(stored.map(\.network) == ["n", "n"])
        let message = try ArchiveReader(path: path).rawMessage(stored[0].rawMessage)
        #expect(message?.payload == Array("first".utf8))
        #expect(message?.topic == "co2/v1/n/car/obs")
        #expect(message?.received == Instant(microseconds: 77))
    }

    @Test func theSameAgainIsADuplicateAndAnotherValueARevision() throws {
        var writer = try ArchiveWriter(path: path)
        #expect(try writer.keep(reading(410), payload: "a") == [.stored])
        #expect(try writer.keep(reading(410), payload: "a") == [.duplicated])
        #expect(try writer.keep(reading(411), payload: "b") == [.revised])
        #expect(try writer.keep(reading(nil), payload: "c") == [.revised])
        let reader = try ArchiveReader(path: path)
        let stored = try reader.storedReadings(ReadingQuery())
        #expect(stored.count == 1)
        #expect(stored.first?.reading.valuePartsPerMillion == nil)
        #expect(stored.first?.revision == 2)
        #expect(try reader.revisionCount() == 2)
    }

    /// Both messages were stored, the acknowledgements were lost, and both come again in their order.
    @Test func aLateRepetitionDoesNotUndoARevision() throws {
        var writer = try ArchiveWriter(path: path)
        try writer.keep(reading(410), payload: "wrong")
        try writer.keep(reading(411), payload: "corrected")
        #expect(try writer.keep(reading(410), payload: "wrong") == [.duplicated])
        #expect(try writer.keep(reading(411), payload: "corrected") == [.duplicated])
        let reader = try ArchiveReader(path: path)
        #expect(try reader.readings(ReadingQuery()).map(\.valuePartsPerMillion) == [411])
        #expect(try reader.revisionCount() == 1)
    }

    @Test func queriesSelectAndOrder() throws {
        var writer = try ArchiveWriter(path: path)
        try writer.keep(reading(412, at: 2), reading(411, at: 1, station: "van"), payload: "a")
        try writer.keep(reading(410, at: 0), reading(5, at: 3, flag: .fail), payload: "b")
        let reader = try ArchiveReader(path: path)
        func values(_ query: ReadingQuery) throws -> [Double?] {
            try reader.readings(query).map(\.valuePartsPerMillion)
        }
        #expect(try values(ReadingQuery()) == [410, 411, 412, 5])
        #expect(try values(ReadingQuery(stations: ["car"])) == [410, 412, 5])
        #expect(try values(ReadingQuery(stations: [])) == [])
        #expect(try values(ReadingQuery(network: "other")) == [])
        #expect(try values(ReadingQuery(gas: .ch4)) == [])
        #expect(try values(ReadingQuery(stations: ["car", "van"], flags: [.good])) == [410, 411, 412])
        let period = Period(
            start: Instant(microseconds: 1_000_000),
            end: Instant(microseconds: 3_000_000)
        )
        #expect(try values(ReadingQuery(period: period)) == [411, 412])
        let counts = try reader.flagCounts().map { "\($0.station) \($0.flag) \($0.count)" }
        #expect(counts == ["car good 2", "car fail 1", "van good 1"])
    }

    @Test func aRolledBackTransactionLeavesNothing() throws {
        var writer = try ArchiveWriter(path: path)
        try writer.begin(received: Instant(microseconds: 5))
        let bytes = Array("x".utf8)
        _ = try writer.store(
            [reading(410)],
            network: "n",
            topic: bytes.span.bytes,
            payload: bytes.span.bytes
        )
        writer.rollBack()
        try writer.keep(reading(410), payload: "again")
        let reader = try ArchiveReader(path: path)
        #expect(try reader.storedReadings(ReadingQuery()).map(\.rawMessage) == [65_536])
    }

    @Test func deadLettersKeepTheirBytesAndReason() throws {
        var writer = try ArchiveWriter(path: path)
        let topic = Array("a/b".utf8)
        let payload: [UInt8] = [0xFF, 0, 0x7B]
        let rejection = Rejection(reason: "not_json", detail: "byte 0", item: 3)
        try writer.begin(received: Instant(microseconds: 5))
        try writer.reject(
            rejection,
            topic: topic.span.bytes,
            payload: payload.span.bytes,
            decoder: "native-1"
        )
        try writer.commit()
        let letters = try ArchiveReader(path: path).deadLetters()
        #expect(letters.map(\.payload) == [payload])
        #expect(letters.map(\.rejection) == [rejection])
        #expect(letters.map(\.decoder) == ["native-1"])
    }
}

@Suite struct ArchiveFaultTests {
    let folder: TemporaryFolder
    let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("store.sqlite").path
    }

    @Test func aFullStoreKeepsWhatItHadAndTakesNothing() throws {
        var writer = try ArchiveWriter(path: path, maximumBytes: 150_000)
        var kept = 0
        let payload = String(repeating: "x", count: 2000)
        let error = #expect(throws: ArchiveError.self) {
            for second in 0..<1000 {
                do {
                    try writer.keep(reading(410, at: Int64(second)), payload: payload)
                } catch {
                    writer.rollBack()
                    throw error
                }
                kept += 1
            }
        }
        #expect(error?.exitStatus == .inputOutput)
        #expect(error?.mayPass == true)
        #expect(kept > 5)
        #expect(try ArchiveReader(path: path).readings(ReadingQuery()).count == kept)
    }

    @Test func aStoreMarkedReadOnlyIsRefused() throws {
        _ = try ArchiveWriter(path: path)
        try markReadOnly(path)
        let error = #expect(throws: ArchiveError.self) { _ = try ArchiveWriter(path: path) }
        #expect(error?.exitStatus == .inputOutput)
        #expect(error?.mayPass == false)
    }

    @Test func damagedAndForeignFilesAreRefused() throws {
        let text = folder.file("text")
        try Data(String(repeating: "not a store ", count: 100).utf8).write(to: text)
        let damaged = #expect(throws: ArchiveError.self) { _ = try ArchiveWriter(path: text.path) }
        #expect(damaged?.exitStatus == .badData)

        let foreign = folder.file("foreign.sqlite").path
        try Connection(path: foreign).execute("CREATE TABLE songs(title)")
        #expect(throws: ArchiveError.foreign(path: foreign)) { _ = try ArchiveWriter(path: foreign) }
        #expect(throws: ArchiveError.foreign(path: foreign)) { _ = try ArchiveReader(path: foreign) }

        _ = try ArchiveWriter(path: path)
        try Connection(path: path).execute("PRAGMA user_version = 999")
        #expect(throws: ArchiveError.newer(path: path, version: 999)) { _ = try ArchiveWriter(path: path) }

        let absent = #expect(throws: ArchiveError.self) { _ = try ArchiveReader(path: path + "x") }
        #expect(absent?.exitStatus == .missingInput)
    }

    @Test(arguments: [
        ("UPDATE series SET gas = 'xe'", "unknown gas `xe`"),
        ("UPDATE readings SET flag = 7 WHERE time > 0", "unknown flag 7"),
        ("UPDATE readings SET flag = 257 WHERE time > 0", "unknown flag 257"),
    ])
    func aRowThatMakesNoSenseIsAnErrorAndNoReading(change: String, problem: String) throws {
        var writer = try ArchiveWriter(path: path)
        try writer.keep(reading(410, at: 1_540_368_000), payload: "a")
        try Connection(path: path).execute(change)
        let reader = try ArchiveReader(path: path)
        for attempt in [{ _ = try reader.storedReadings(ReadingQuery()) }, { _ = try reader.flagCounts() }] {
            let error = #expect(throws: ArchiveError.self) { try attempt() }
            #expect(error?.exitStatus == .badData)
            #expect(error?.mayPass == false)
            #expect(error?.what.hasSuffix(problem) == true)
            #expect(error?.place.hasPrefix("\(path), n/car") == true)
            #expect(error?.place.hasSuffix("at 2018-10-24T08:00:00Z") == true)
        }
    }

    @Test(arguments: [
        "latitude = NULL", "latitude = 91", "longitude = 361", "tests = -1", "conditions = x'07'",
    ])
    func impossiblePlacesAndTestsAreErrorsToo(change: String) throws {
        var writer = try ArchiveWriter(path: path)
        try writer.keep(reading(410), payload: "a")
        try Connection(path: path).execute("UPDATE readings SET \(change)")
        let error = #expect(throws: ArchiveError.self) {
            try ArchiveReader(path: path).readings(ReadingQuery())
        }
        #expect(error?.place == "\(path), n/car/g2301 at 1970-01-01T00:00:00Z")
    }
}
