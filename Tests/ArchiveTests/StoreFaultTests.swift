import Archive
import Foundation
import Observations
import Quantities
import SQLite
import TestSupport
import Testing

@Suite struct StoreFaultTests {
    let folder: TemporaryFolder
    let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("store.sqlite").path
    }

    @Test func aWriterThatIsLockedOutSaysSoAndMayTryAgain() throws {
        var first = try ArchiveWriter(path: path)
        var second = try ArchiveWriter(path: path, lockTimeoutMilliseconds: 1)
        try first.begin(received: seconds(1))
        try first.take([reading(410)], payload: "a")
        let error = #expect(throws: ArchiveError.self) { try second.begin(received: seconds(1)) }
        #expect(error?.mayPass == true && error?.exitStatus == .inputOutput)
        #expect(error?.line.contains("locked by another process") == true)
        try first.commit()
        #expect(try second.keep(reading(410), payload: "b") == [.duplicated])
    }

    @Test func aReadOnlyStoreIsNotOpenedForWriting() throws {
        _ = try ArchiveWriter(path: path)
        try markReadOnly(path)
        let error = #expect(throws: ArchiveError.self) { _ = try ArchiveWriter(path: path) }
        #expect(error?.mayPass == false && error?.line.contains("may not be written") == true)
    }

    @Test func aFullDiskAtTheFirstOpeningLeavesNoHalfStore() throws {
        let error = #expect(throws: ArchiveError.self) {
            _ = try ArchiveWriter(path: path, maximumBytes: 12_288)
        }
        #expect(error?.mayPass == true && error?.line.contains("full") == true)
        var writer = try ArchiveWriter(path: path)
        #expect(try writer.keep(reading(410), payload: "a") == [.stored])
    }

    /// A process that is killed leaves the file and any beginning of what it wrote to the log last.
    @Test func whereverTheLogBreaksOffTheStoreIsWhatWasCommitted() throws {
        var writer = try ArchiveWriter(path: path)
        var ends: [Int] = []
        for number in 0..<Int64(12) {
            try writer.keep(reading(400 + Double(number), at: number), payload: "\(number)")
            ends.append(try Data(contentsOf: URL(filePath: path + "-wal")).count)
        }
        let file = try Data(contentsOf: URL(filePath: path))
        let log = try Data(contentsOf: URL(filePath: path + "-wal"))
        var random = SeededGenerator(seed: 4)
        for _ in 0..<40 {
            let cut = Int.random(in: ends[0]...log.count, using: &random)
            let copy = folder.file("copy.sqlite")
            for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: copy.path + suffix) }
            try file.write(to: copy)
            try log.prefix(cut).write(to: URL(filePath: copy.path + "-wal"))
            var survivor = try ArchiveWriter(path: copy.path)
            let reader = try ArchiveReader(path: copy.path)
            let stored = try reader.storedReadings(ReadingQuery())
            #expect(stored.count == ends.count { $0 <= cut })
            for (number, row) in stored.enumerated() {
                #expect(try reader.rawMessage(row.rawMessage)?.payload == Array("\(number)".utf8))
            }
            let again = try survivor.keep(reading(411, at: 11), payload: "11")
            #expect(again == [stored.count == 12 ? .duplicated : .stored])
        }
    }

    @Test func discardedMessagesGiveTheirSpaceBack() throws {
        var writer = try ArchiveWriter(path: path)
        var random = SeededGenerator(seed: 9)
        for number in 0..<Int64(40) {
            let payload = (0..<20_000).map { _ in "\(random.next() % 10)" }.joined()
            try writer.keep(reading(410, at: number), payload: payload, received: seconds(number + 1))
        }
        func bytes() throws -> Int64 { try ArchiveReader(path: path).health().bytes }
        let full = try bytes()
        #expect(try writer.giveBackSpace() == 0)
        while try writer.discardRaw(before: seconds(100), batches: 7) > 0 {}
        #expect(try bytes() == full)
        var slices: [Int] = []
        while case let pages = try writer.giveBackSpace(pages: 16), pages > 0 { slices.append(pages) }
        #expect(slices.count > 2 && slices.allSatisfy { $0 <= 16 })
        #expect(try bytes() == full - Int64(slices.reduce(0, +)) * 4096)
        #expect(try bytes() < full / 2)
        #expect(try Connection(path: path).text("PRAGMA integrity_check") == "ok")
        #expect(try ArchiveReader(path: path).readings(ReadingQuery()).count == 40)
    }

    @Test func theListOfWhatIsToBeSettledStaysShort() throws {
        var writer = try ArchiveWriter(path: path)
        for number in 0..<Int64(50) { try writer.keep(reading(410, at: number * 60), payload: "\(number)") }
        try writer.keep(reading(410, at: 90_000), payload: "far")
        try writer.keep(reading(410, at: 90), payload: "between")
        #expect(try ArchiveReader(path: path).health().dirtySpans == 2)
        let spans = try writer.transact { try $0.dirtySpans(limit: 5) }
        #expect(spans.map(\.first) == [seconds(0), seconds(90_000)])
        #expect(spans.map(\.last) == [seconds(49 * 60), seconds(90_000)])
    }
}
