import Foundation
import Observations
import Quantities
import TestSupport
import Testing

@testable import Archive

@Suite struct HistoryTests {
    let folder: TemporaryFolder
    let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("store.sqlite").path
    }

    /// Whatever came in whatever transactions, with whatever clock: what the store says it knew at the time of a
    /// transaction is what it said then.
    @Test(arguments: 0..<6)
    func whatWasKnownIsWhatWasSaidThen(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        var writer = try ArchiveWriter(path: path)
        let reader = try ArchiveReader(path: path)
        var said: [(time: Instant, readings: [Reading])] = []
        for _ in 0..<25 {
            // The clock goes on or back by up to 20 s.
            try writer.begin(received: seconds(Int64.random(in: 0...20, using: &random)))
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                let moment = Int64.random(in: 0..<6, using: &random)
                let value = Double(Int.random(in: 400...404, using: &random))
                try writer.take([reading(value, at: moment)], payload: "\(value)")
            }
            try writer.commit()
            said.append((writer.transactionTime, try reader.readings(ReadingQuery())))
        }
        for (time, readings) in said {
            var query = ReadingQuery()
            query.asOf = time
            #expect(try reader.readings(query) == readings)
        }
    }

    /// The rows do not depend on the order of arrival, nor on how messages are put into transactions.
    @Test(arguments: 0..<6)
    func anyOrderAndAnyBatchesGiveTheSameRows(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let expected = (0..<80).map { index -> Reading in
            let conditions: Conditions = ["t": Double(index) / 10, "x\(index % 5)": 1]
            return reading(
                400 + Double(index),
                at: Int64(index * 500),
                station: "car\(index % 3)",
                conditions: index % 2 == 0 ? conditions : [:],
                bottle: index % 7 == 0 ? "D\(index)" : nil
            )
        }
        let repeated = expected.filter { _ in Int.random(in: 0..<4, using: &random) == 0 }
        let readings = (expected + repeated).shuffled(using: &random)
        var writer = try ArchiveWriter(path: path)
        var outcomes: [StoreOutcome] = []
        var next = 0
        while next < readings.count {
            let end = min(readings.count, next + Int.random(in: 1...20, using: &random))
            try writer.begin(received: seconds(1))
            for reading in readings[next..<end] { outcomes += try writer.take([reading], payload: "p") }
            if Int.random(in: 0..<5, using: &random) == 0 {
                // As after a full disk: the broker sends them again.
                writer.rollBack()
                outcomes.removeLast(end - next)
            } else {
                try writer.commit()
                next = end
            }
        }
        #expect(outcomes.filter { $0 == .duplicated }.count == repeated.count)
        #expect(outcomes.filter { $0 == .stored }.count == expected.count)
        let stored = try ArchiveReader(path: path).storedReadings(ReadingQuery())
        #expect(stored.map(\.reading) == expected)
        for row in stored {
            #expect(try ArchiveReader(path: path).rawMessage(row.rawMessage)?.payload == [0x70])
        }
    }

    @Test func conditionsInAnotherOrderAreTheSameReading() throws {
        var writer = try ArchiveWriter(path: path)
        try writer.keep(reading(410, conditions: ["t": 1, "rh": 2]), payload: "a")
        #expect(try writer.keep(reading(410, conditions: ["rh": 2, "t": 1]), payload: "b") == [.duplicated])
        #expect(try writer.keep(reading(410, conditions: ["rh": 1, "t": 2]), payload: "c") == [.revised])
    }

    @Test func weatherHasTheSameHistory() throws {
        var writer = try ArchiveWriter(path: path)
        let station = writer.station("car", network: "n")
        func store(_ conditions: Conditions, at second: Int64) throws -> StoreOutcome {
            try writer.transact { try $0.storeWeather(conditions, at: seconds(second), of: station) }
        }
        #expect(try store(["ws": 3], at: 1) == .stored)
        #expect(try store(["ws": 3], at: 1) == .duplicated)
        #expect(try store(["ws": 4], at: 1) == .revised)
        #expect(try store(["ws": 3], at: 1) == .duplicated)
        try writer.keep(reading(410, at: 1, conditions: ["ws": 9, "t": 5]), payload: "a")
        try writer.keep(reading(410, at: 0, conditions: ["t": 6]), payload: "b")
        let found = try ArchiveReader(path: path)
            .conditions(network: "n", station: "car", period: period(0, 10))
        #expect(found.map(\.time) == [seconds(0), seconds(1)])
        #expect(found.map(\.conditions) == [["t": 6], ["ws": 4, "t": 5]])
    }

    @Test func oldMessagesAreDiscardedInSlicesAndReadingsStay() throws {
        var writer = try ArchiveWriter(path: path)
        for second in 0..<10 {
            try writer.keep(reading(410, at: Int64(second)), payload: "p", received: seconds(Int64(second)))
        }
        #expect(try writer.discardRaw(before: seconds(7), batches: 5) == 5)
        #expect(try writer.discardRaw(before: seconds(7), batches: 5) == 2)
        #expect(try writer.discardRaw(before: seconds(7), batches: 5) == 0)
        let reader = try ArchiveReader(path: path)
        let stored = try reader.storedReadings(ReadingQuery())
        #expect(stored.count == 10)
        let messages = try stored.map { try reader.rawMessage($0.rawMessage) }
        #expect(messages.map { $0?.isDiscarded } == (0..<10).map { $0 < 7 })
        #expect(messages.map { $0?.received } == (0..<10).map { seconds(Int64($0)) })
        #expect(try writer.keep(reading(410, at: 3), payload: "p") == [.duplicated])
    }

    @Test func aBatchOfMoreMessagesThanItTakesIsContinued() throws {
        var writer = try ArchiveWriter(path: path)
        let count = Int(RawBatch.messageLimit) + 3
        try writer.begin(received: seconds(1))
        for second in 0..<count { try writer.take([reading(410, at: Int64(second))], payload: "\(second)") }
        try writer.commit()
        let reader = try ArchiveReader(path: path)
        let stored = try reader.storedReadings(ReadingQuery(period: period(Int64(count) - 5, Int64(count))))
        let payloads = try stored.map { try reader.rawMessage($0.rawMessage)?.payload }
        #expect(payloads == (count - 5..<count).map { Array("\($0)".utf8) })
        #expect(stored.last?.rawMessage == 2 * RawBatch.messageLimit + 2)
    }
}
