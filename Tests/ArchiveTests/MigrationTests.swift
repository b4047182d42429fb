import Foundation
import Geo
import Observations
import Quantities
import SQLite
import TestSupport
import Testing

@testable import Archive

/// A store as version 1 left it: three messages, the clock stepping back before the last, and one revision.
private func makeVersion1(_ path: String, fillers: Int = 0) throws {
    let connection = try Connection(path: path)
    try connection.useDurableWriteAheadLog()
    try connection.transaction { () throws(SQLiteError) in
        try connection.execute(Schema.version1)
        try connection.execute("PRAGMA application_id = \(Schema.applicationID); PRAGMA user_version = 1")
        try connection.execute(
            """
            INSERT INTO raw_messages VALUES(1, 100, 'a', x'31'), (2, 200, 'b', x'32'), (3, 150, 'c', x'33');
            INSERT INTO series VALUES(7, 'n', 'car', 'g2301', 'co2'), (9, 'n', 'car', 'g2301', 'ch4');
            INSERT INTO scales VALUES(4, 'WMO-CO2-X2007');
            INSERT INTO readings VALUES(7, 5000000, 411, 0.1, 4, 9.9, 53.5, 12, 1, 0, 1, 2);
            INSERT INTO readings VALUES(7, 6000000, NULL, NULL, 4, NULL, NULL, NULL, 9, 1, 0, 3);
            INSERT INTO revisions VALUES(7, 5000000, 0, 410, 0.1, 4, 9.9, 53.5, 12, 1, 0, 1, 200);
            INSERT INTO dead_letters VALUES(1, 100, 't', x'FF', 2, 'not_json', 'byte 0', 'native-1');
            """
        )
        for id in 4..<4 + fillers {
            try connection.execute("INSERT INTO raw_messages VALUES(\(id), 300, 'x', zeroblob(2000))")
            try connection.execute(
                "INSERT INTO readings VALUES(9, \(id), 1, 1, 4, 1, 1, 1, 1, 0, 0, \(id))"
            )
        }
    }
}

@Suite struct MigrationTests {
    let folder: TemporaryFolder
    let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("store.sqlite").path
    }

    @Test func aReaderSaysThatTheStoreIsOlder() throws {
        try makeVersion1(path)
        #expect(throws: ArchiveError.older(path: path, version: 1)) { _ = try ArchiveReader(path: path) }
    }

    @Test func everythingOfVersion1IsStillThere() throws {
        try makeVersion1(path)
        _ = try ArchiveWriter(path: path)
        let reader = try ArchiveReader(path: path)
        let stored = try reader.storedReadings(ReadingQuery())
        #expect(stored.map(\.reading.valuePartsPerMillion) == [411, nil])
        #expect(stored.map(\.reading.flag) == [.good, .missing])
        #expect(stored.map(\.revision) == [1, 0])
        #expect(stored.map(\.rawMessage) == [2, 3])
        #expect(stored[0].reading.position?.altitudeMetres == 12)
        #expect(try reader.rawMessage(3)?.payload == [0x33])
        #expect(try reader.rawMessage(3)?.received == Instant(microseconds: 150))
        #expect(try reader.deadLetters().map(\.rejection.item) == [2])
        #expect(try reader.deadLetters().map(\.lastReceived) == [Instant(microseconds: 100)])
        #expect(try reader.revisionCount() == 1)
        #expect(try reader.allSeries().map(\.gas) == [.ch4, .co2])
    }

    /// The last message counts as come when the clock had stood before.
    @Test func whatWasKnownCanBeAskedOfOldRowsToo() throws {
        try makeVersion1(path)
        _ = try ArchiveWriter(path: path)
        let reader = try ArchiveReader(path: path)
        func known(_ moment: Int64) throws -> [Double?] {
            var query = ReadingQuery()
            query.asOf = Instant(microseconds: moment)
            return try reader.readings(query).map(\.valuePartsPerMillion)
        }
        #expect(try known(99) == [])
        #expect(try known(100) == [410])
        #expect(try known(199) == [410])
        #expect(try known(200) == [411, nil])
    }

    @Test func anOldDeadLetterIsRecognised() throws {
        try makeVersion1(path)
        var writer = try ArchiveWriter(path: path)
        let outcome = try writer.transact { writer in
            try writer.reject(
                Rejection(reason: "not_json", detail: "byte 0", item: 2),
                topic: "t".utf8.span.bytes,
                payload: ([0xFF] as [UInt8]).span.bytes,
                decoder: "native-1"
            )
        }
        #expect(outcome == .duplicated)
        #expect(try ArchiveReader(path: path).deadLetters().map(\.repeats) == [1])
    }

    @Test func newMessagesHaveNumbersBehindTheOldOnesEvenWhenThoseAreGone() throws {
        try makeVersion1(path)
        var writer = try ArchiveWriter(path: path)
        #expect(try writer.discardRaw(before: Instant(microseconds: 1000)) == 3)
        try writer.keep(reading(412, at: 8), payload: "new", received: Instant(microseconds: 120))
        let reader = try ArchiveReader(path: path)
        let stored = try reader.storedReadings(ReadingQuery())
        #expect(stored.map(\.rawMessage) == [2, 3, 65_536])
        #expect(try reader.rawMessage(2)?.isDiscarded == true)
        #expect(try reader.rawMessage(2)?.received == Instant(microseconds: 200))
        #expect(try reader.rawMessage(65_536)?.payload == Array("new".utf8))
        #expect(try reader.rawMessage(65_536)?.received == Instant(microseconds: 201))
    }

    @Test func anInterruptedMigrationLeavesVersion1() throws {
        try makeVersion1(path, fillers: 400)
        let error = #expect(throws: ArchiveError.self) {
            _ = try ArchiveWriter(path: path, maximumBytes: 40_000)
        }
        #expect(error?.mayPass == true)
        #expect(throws: ArchiveError.older(path: path, version: 1)) { _ = try ArchiveReader(path: path) }
        _ = try ArchiveWriter(path: path)
        #expect(try ArchiveReader(path: path).readings(ReadingQuery()).count == 402)
    }

    @Test func aStoreOfTheNextVersionIsRefused() throws {
        _ = try ArchiveWriter(path: path)
        try Connection(path: path).execute("PRAGMA user_version = 5")
        #expect(throws: ArchiveError.newer(path: path, version: 5)) { _ = try ArchiveWriter(path: path) }
        #expect(throws: ArchiveError.newer(path: path, version: 5)) { _ = try ArchiveReader(path: path) }
    }
}
