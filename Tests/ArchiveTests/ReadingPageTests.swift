import Archive
import Foundation
import Observations
import Quantities
import TestSupport
import Testing

@Suite struct ReadingPageTests {
    let folder: TemporaryFolder
    let path: String
    private let topic = "file:rows.csv#0123456789abcdef"

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("store.sqlite").path
    }

    /// A reading a line, with text that names it; lines are numbered in steps of two.
    private func page(_ readings: [Reading], firstLine: Int = 2) -> ReadingPage {
        var page = ReadingPage()
        for (place, reading) in readings.enumerated() {
            page.appendLine(firstLine + 2 * place, Array("\(reading.time),\(place)".utf8)[...])
            page.append(reading)
        }
        return page
    }

    private func store(_ pages: ReadingPage..., in writer: inout ArchiveWriter) throws -> [StoreOutcome] {
        try writer.transact { writer in
            try pages.flatMap {
                try writer.store($0, network: "n", topic: topic.utf8.span.bytes)
            }
        }
    }

    @Test func aPageIsStoredAsItsReadingsWouldBe() throws {
        var random = SeededGenerator(seed: 5)
        let readings = (0..<300).map { number -> Reading in
            let value = 400 + Double(random.next() % 1000) / 64
            let conditions: Conditions = ["t": 12.5, "x\(number % 4)": -1e300]
            return reading(
                number % 17 == 0 ? nil : value,
                at: Int64(number / 3),
                station: "s\(number % 3)",
                flag: number % 5 == 0 ? .suspect : .good,
                conditions: number % 2 == 0 ? conditions : [:],
                bottle: number % 7 == 0 ? "b\(number)" : nil
            )
        }
        var paged = try ArchiveWriter(path: path)
        #expect(try store(page(readings), in: &paged) == Array(repeating: .stored, count: 300))
        #expect(try store(page(readings), in: &paged) == Array(repeating: .duplicated, count: 300))
        let other = folder.file("other.sqlite").path
        var single = try ArchiveWriter(path: other)
        try single.transact { writer in for reading in readings { try writer.take([reading], payload: "") } }
        let stored = try ArchiveReader(path: path).readings(ReadingQuery())
        #expect(stored == (try ArchiveReader(path: other).readings(ReadingQuery())))
        #expect(stored.count == 300)
        let spans = try paged.transact { try $0.dirtySpans(limit: 9) }
        #expect(try spans == single.transact { try $0.dirtySpans(limit: 9) })
    }

    /// Repetitions and revisions within a page and against the store, in any order of time, in groups and beyond them.
    @Test(arguments: 0..<8 as Range<UInt64>)
    func aPageBecomesWhatItsReadingsWouldOneByOne(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var paged = try ArchiveWriter(path: path)
        let other = folder.file("other.sqlite").path
        var single = try ArchiveWriter(path: other)
        for round in 0..<4 {
            let moments = UInt64(40 * (round + 2))
            let readings = (0..<Int(random.next() % 400)).map { _ in
                reading(
                    random.next() % 9 == 0 ? nil : 400 + Double(random.next() % 2),
                    at: Int64(random.next() % moments),
                    station: "s\(random.next() % 3)",
                    conditions: ["x\(random.next() % 2)": 1.5],
                    bottle: random.next() % 20 == 0 ? "b" : nil
                )
            }
            let outcomes = try store(page(readings), in: &paged)
            let expected = try single.transact { writer in
                try readings.flatMap { try writer.take([$0], payload: "") }
            }
            #expect(outcomes == expected)
        }
        let stored = try ArchiveReader(path: path)
        let wanted = try ArchiveReader(path: other)
        let query = ReadingQuery()
        #expect(try stored.readings(query) == wanted.readings(query))
        #expect(
            try stored.storedReadings(query).map(\.revision) == wanted.storedReadings(query).map(\.revision)
        )
        let spans = try paged.transact { try $0.dirtySpans(limit: 99) }
        #expect(try spans == single.transact { try $0.dirtySpans(limit: 99) })
    }

    @Test func twoReadingsOfALineForOneMomentAreARevision() throws {
        var writer = try ArchiveWriter(path: path)
        var page = page((1..<100).map { reading(410, at: Int64($0)) })
        page.appendLine(1, Array("twice".utf8)[...])
        page.append(reading(410, at: 0))
        page.append(reading(411, at: 0))
        page.append(reading(410, at: 0))
        let outcomes = try store(page, in: &writer)
        #expect(outcomes.prefix(100).allSatisfy { $0 == .stored })
        #expect(outcomes.suffix(2) == [.revised, .duplicated])
        let stored = try ArchiveReader(path: path).storedReadings(ReadingQuery())
        #expect(stored.count == 100 && stored.first?.reading.valuePartsPerMillion == 411)
    }

    @Test func everyReadingNamesItsLine() throws {
        var writer = try ArchiveWriter(path: path)
        let readings = (0..<50).map { reading(410, at: Int64($0)) }
        _ = try store(page(Array(readings[..<30])), page(Array(readings[30...]), firstLine: 900), in: &writer)
        try writer.keep(reading(410, at: 99), payload: "a message")
        let reader = try ArchiveReader(path: path)
        for (place, stored) in try reader.storedReadings(ReadingQuery()).enumerated() {
            let message = try #require(try reader.rawMessage(stored.rawMessage))
            if place == 50 {
                #expect(message.payload == Array("a message".utf8) && message.line == nil)
                continue
            }
            let line = place < 30 ? 2 + 2 * place : 900 + 2 * (place - 30)
            #expect(message.topic == topic && message.line == line)
            let text = "\(stored.reading.time),\(place < 30 ? place : place - 30)"
            #expect(message.payload == Array(text.utf8))
        }
    }

    @Test func pagesThatFillABatchContinueInTheNext() throws {
        var writer = try ArchiveWriter(path: path)
        let readings = (0..<70_000).map { reading(410, at: Int64($0)) }
        try writer.transact { writer in
            for start in stride(from: 0, to: readings.count, by: 1000) {
                let page = page(Array(readings[start..<start + 1000]), firstLine: start)
                _ = try writer.store(page, network: "n", topic: topic.utf8.span.bytes)
            }
        }
        let reader = try ArchiveReader(path: path)
        let stored = try reader.storedReadings(ReadingQuery())
        for place in [0, 999, 64_999, 65_000, 65_999, 69_999] {
            let message = try #require(try reader.rawMessage(stored[place].rawMessage))
            let text = "\(stored[place].reading.time),\(place % 1000)"
            #expect(message.payload == Array(text.utf8))
        }
    }

    @Test func onlyThePagesThatChangeSomethingAreKept() throws {
        var writer = try ArchiveWriter(path: path)
        let readings = (0..<10).map { reading(410, at: Int64($0)) }
        _ = try store(page(readings), in: &writer)
        let changed = readings.map { $0.time == seconds(4) ? reading(411, at: 4) : $0 }
        let outcomes = try store(page(readings), page(changed, firstLine: 70), in: &writer)
        #expect(outcomes.filter { $0 == .revised }.count == 1 && outcomes[14] == .revised)
        let reader = try ArchiveReader(path: path)
        let revised = try #require(try reader.storedReadings(ReadingQuery()).first { $0.revision == 1 })
        #expect(try reader.rawMessage(revised.rawMessage)?.line == 78)
    }

    @Test func readingsOfALineCanBeTakenBack() throws {
        var writer = try ArchiveWriter(path: path)
        var page = page([reading(410, at: 0, conditions: ["t": 1])])
        page.appendLine(9, Array("bad".utf8)[...])
        page.append(reading(410, at: 1, conditions: ["t": 2]))
        page.removeReadingsOfLastLine()
        page.removeReadingsOfLastLine()
        page.appendLine(11, Array("good".utf8)[...])
        page.append(reading(410, at: 2, conditions: ["t": 3]))
        #expect(page.lineCount == 3 && page.readingCount == 2)
        _ = try store(page, in: &writer)
        let reader = try ArchiveReader(path: path)
        let stored = try reader.storedReadings(ReadingQuery())
        #expect(stored.map(\.reading.conditions) == [["t": 1], ["t": 3]])
        #expect(try stored.map { try reader.rawMessage($0.rawMessage)?.line } == [2, 11])
    }
}
