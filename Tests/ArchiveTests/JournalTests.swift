import Archive
import Foundation
import Observations
import Quantities
import SQLite
import TestSupport
import Testing

@Suite struct JournalTests {
    let folder: TemporaryFolder
    let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("store.sqlite").path
    }

    private func receive(
        _ writer: inout ArchiveWriter,
        _ numbers: [Int64],
        boot: String = "a"
    ) throws -> [ReceiptState] {
        let station = writer.station("car", network: "n")
        try writer.transact { writer in
            for number in numbers { try writer.receive(number, boot: boot, of: station) }
        }
        return writer.changedReceipts
    }

    @Test func receiptsTellWhatIsMissing() throws {
        var writer = try ArchiveWriter(path: path)
        let first = try receive(&writer, [1, 2, 5, 4, 9])
        #expect(first.map(\.ranges) == [[1...2, 4...5, 9...9]])
        #expect(first.map(\.gaps) == [[3...3, 6...8]])
        #expect(try receive(&writer, [2, 9]).map(\.ranges) == first.map(\.ranges))
        #expect(try receive(&writer, [3], boot: "b").map(\.boot) == ["b"])
        #expect(try receive(&writer, [3, 6, 7, 8]).map(\.ranges) == [[1...9]])
        let stored = try ArchiveReader(path: path).receipts()
        #expect(stored.map(\.boot) == ["a", "b"])
        #expect(stored.map(\.ranges) == [[1...9], [3...3]])
    }

    @Test func anUndoneTransactionReceivedNothing() throws {
        var writer = try ArchiveWriter(path: path)
        _ = try receive(&writer, [1])
        let station = writer.station("car", network: "n")
        try writer.begin(received: seconds(2))
        try writer.receive(2, boot: "a", of: station)
        try writer.receive(1, boot: "new", of: station)
        writer.rollBack()
        #expect(writer.changedReceipts == [])
        #expect(try receive(&writer, [3]).map(\.ranges) == [[1...1, 3...3]])
        #expect(try ArchiveReader(path: path).receipts().map(\.ranges) == [[1...1, 3...3]])
    }

    @Test func twoWritersOfOneStoreSeeEachOther() throws {
        var one = try ArchiveWriter(path: path)
        var other = try ArchiveWriter(path: path)
        for number in 0..<Int64(20) {
            if number % 2 == 0 {
                _ = try receive(&one, [number])
                try one.keep(reading(410, at: number), payload: "\(number)")
            } else {
                _ = try receive(&other, [number])
                try other.keep(reading(410, at: number), payload: "\(number)")
                #expect(try other.keep(reading(410, at: number - 1), payload: "again") == [.duplicated])
            }
        }
        let reader = try ArchiveReader(path: path)
        #expect(try reader.receipts().map(\.ranges) == [[0...19]])
        let stored = try reader.storedReadings(ReadingQuery())
        let payloads = try stored.map { try reader.rawMessage($0.rawMessage)?.payload }
        #expect(payloads == (0..<20).map { Array("\($0)".utf8) })
    }

    /// More starts than are kept in memory.
    @Test func anyNumberOfStartsIsRemembered() throws {
        var writer = try ArchiveWriter(path: path)
        for round in 0..<Int64(2) {
            for boot in 0..<30 { _ = try receive(&writer, [round], boot: "\(boot)") }
        }
        #expect(
            try ArchiveReader(path: path).receipts().map(\.ranges) == Array(repeating: [0...1], count: 30)
        )
    }

    @Test func configurationsAreKeptWhenTheyChange() throws {
        var writer = try ArchiveWriter(path: path)
        var times: [Instant] = []
        for (text, isNew) in [("one", true), ("one", false), ("two", true), ("one", true)] {
            let recorded = try writer.transact(at: seconds(5)) {
                try $0.recordConfiguration(kind: "network", network: "n", text: text)
            }
            #expect(recorded == isNew)
            times.append(writer.transactionTime)
        }
        let reader = try ArchiveReader(path: path)
        func text(_ moment: Instant?) throws -> String? {
            try reader.configuration(network: "n", kind: "network", asOf: moment)?.text
        }
        #expect(try text(seconds(4)) == nil)
        #expect(try times.map(text) == ["one", "one", "two", "one"])
        #expect(try text(nil) == "one")
        #expect(try reader.configuration(network: "n", kind: "edits") == nil)
    }

    @Test func deadLettersAreWorkedOffInOrder() throws {
        var writer = try ArchiveWriter(path: path)
        let bytes = Array("[]".utf8)
        try writer.transact { writer in
            for item in 0..<5 {
                let rejection = Rejection(reason: "not_json", detail: "", item: item)
                try writer.reject(
                    rejection,
                    topic: bytes.span.bytes,
                    payload: bytes.span.bytes,
                    decoder: "native-1"
                )
            }
        }
        let reader = try ArchiveReader(path: path)
        let first = try reader.deadLettersToReplay(limit: 2)
        #expect(first.map(\.rejection.item) == [0, 1])
        try writer.transact(at: seconds(9)) { for letter in first { try $0.markReplayed(letter.id) } }
        #expect(try reader.deadLettersToReplay(limit: 9).map(\.rejection.item) == [2, 3, 4])
        let last = try #require(first.last)
        #expect(try reader.deadLettersToReplay(after: last.id + 1, limit: 9).map(\.rejection.item) == [3, 4])
        #expect(try reader.deadLetters().map { $0.replayed != nil } == [true, true, false, false, false])
    }

    @Test func damagedMessagesAreErrors() throws {
        var writer = try ArchiveWriter(path: path)
        try writer.keep(reading(410), payload: "a")
        try Connection(path: path).execute("UPDATE raw_batches SET payloads = x'28B52FFD2001'")
        let error = #expect(throws: ArchiveError.self) { try ArchiveReader(path: path).rawMessage(65_536) }
        #expect(error?.exitStatus == .badData)
        #expect(error?.place == path)
    }
}
