import Archive
import Foundation
import Observations
import Quantities
import TestSupport
import Testing

@Suite struct SettlingTests {
    let folder: TemporaryFolder
    let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("store.sqlite").path
    }

    @Test func touchedStretchesAreGivenOnceAndApart() throws {
        var writer = try ArchiveWriter(path: path)
        try writer.keep(reading(410, at: 0), reading(410, at: 3600), payload: "a")
        try writer.keep(reading(410, at: 7200), reading(410, at: 90_000), payload: "b")
        try writer.keep(reading(410, at: 7200), payload: "b")
        let spans = try writer.transact { try $0.dirtySpans(limit: 10) }
        #expect(spans.map(\.first) == [seconds(0), seconds(90_000)])
        #expect(spans.map(\.last) == [seconds(7200), seconds(90_000)])
        #expect(try writer.transact { try $0.dirtySpans(limit: 1) }.count == 1)
        try writer.transact { for span in spans { try $0.settle(span, updates: []) } }
        #expect(try writer.transact { try $0.dirtySpans(limit: 10) } == [])
    }

    @Test func aLongStretchIsSettledInParts() throws {
        var writer = try ArchiveWriter(path: path)
        try writer.keep(reading(410, at: 0), payload: "a")
        let series = try #require(try writer.allSeries().first)
        try writer.transact { try $0.markDirty(series.id, period(0, 250)) }
        var parts: [Int64] = []
        while let span = try writer.transact({ try $0.dirtySpans(limit: 1, longestSeconds: 100) }).first {
            parts.append(span.last.microseconds - span.first.microseconds)
            try writer.transact { try $0.settle(span, updates: []) }
        }
        #expect(parts == [100_000_000, 100_000_000, 49_999_997])
    }

    @Test func settledValuesStandBesideTheReportedOnes() throws {
        var writer = try ArchiveWriter(path: path)
        try writer.keep(reading(410, at: 0), reading(411, at: 1), payload: "a")
        let span = try #require(try writer.transact { try $0.dirtySpans(limit: 1) }.first)
        let window = try writer.transact { try $0.window(span.series, from: span.first, through: span.last) }
        #expect(window.readings == [reading(410, at: 0), reading(411, at: 1)])
        let value = SettledRow.Value(
            partsPerMillion: 412.5,
            standardUncertaintyPartsPerMillion: 0.2,
            scale: .co2X2019
        )
        let rows = [
            SettledRow(time: seconds(0), flag: .good, tests: []),
            SettledRow(time: seconds(1), flag: .suspect, tests: .spike, value: value),
        ]
        #expect(window.changes(to: rows) == [rows[1]])
        try writer.transact { try $0.settle(span, updates: window.changes(to: rows)) }

        let reader = try ArchiveReader(path: path)
        let settled = try reader.readings(ReadingQuery())
        #expect(settled.map(\.valuePartsPerMillion) == [410, 412.5])
        #expect(settled.map(\.scale) == [.co2X2007, .co2X2019])
        #expect(settled.map(\.flag) == [.good, .suspect])
        #expect(settled[1].tests == .spike)
        var query = ReadingQuery()
        query.level = .reported
        #expect(try reader.readings(query) == window.readings)
        let again = try reader.window(span.series, from: span.first, through: span.last)
        #expect(again.settled == rows)
        #expect(again.readings == window.readings)
    }

    @Test func aRevisionIsUnsettledAgain() throws {
        var writer = try ArchiveWriter(path: path)
        try writer.keep(reading(410), payload: "a")
        let span = try #require(try writer.transact { try $0.dirtySpans(limit: 1) }.first)
        let row = SettledRow(time: seconds(0), flag: .fail, tests: .spike)
        try writer.transact { try $0.settle(span, updates: [row]) }
        #expect(try writer.keep(reading(410), payload: "a") == [.duplicated])
        #expect(try ArchiveReader(path: path).readings(ReadingQuery()).map(\.flag) == [.fail])
        #expect(try writer.keep(reading(411), payload: "b") == [.revised])
        #expect(try ArchiveReader(path: path).readings(ReadingQuery()) == [reading(411)])
        #expect(try writer.transact { try $0.dirtySpans(limit: 5) }.count == 1)
    }

    @Test func aggregatesComeBackWithEveryField() throws {
        var writer = try ArchiveWriter(path: path)
        let readings = (0..<90).map {
            reading(410 + Double($0 % 7), at: Int64($0), flag: $0 < 85 ? .good : .fail)
        }
        try writer.transact { writer in _ = try writer.take(readings, payload: "a") }
        let series = try #require(try writer.allSeries().first)
        let settings = AggregationSettings(interval: .minute, nominalStepSeconds: 1)
        let aggregates = try Aggregation.aggregates(of: readings, settings)
        #expect(aggregates.count == 2)
        for _ in 0..<2 {
            try writer.transact {
                try $0.replaceAggregates(series.id, .minute, in: period(0, 120), with: aggregates)
            }
        }
        let reader = try ArchiveReader(path: path)
        #expect(try reader.aggregates(ReadingQuery(network: "n"), .minute).map(\.aggregate) == aggregates)
        #expect(try reader.aggregates(ReadingQuery(), .hour).isEmpty)
        let second = ReadingQuery(period: period(60, 120), flags: [.fail])
        #expect(try reader.aggregates(second, .minute).map(\.aggregate) == [aggregates[1]])
        try writer.transact { try $0.replaceAggregates(series.id, .minute, in: period(0, 60), with: []) }
        #expect(try reader.aggregates(ReadingQuery(), .minute).map(\.aggregate) == [aggregates[1]])
    }

    @Test func fitsComeBackAndAreReplacedInTheirPeriod() throws {
        var writer = try ArchiveWriter(path: path)
        try writer.keep(reading(410), payload: "a")
        let series = try #require(try writer.allSeries().first)
        let records = [0, 100].map { start in
            CalibrationRow(
                period: period(start, start + 100),
                kind: "two-point",
                coefficients: [1.0374, -.pi],
                covariance: [1, 0.5, 0.5, 2],
                detail: #"{"runs":2}"#
            )
        }
        try writer.transact { try $0.replaceCalibrations(series.id, in: period(0, 200), with: records) }
        let reader = try ArchiveReader(path: path)
        #expect(try reader.calibrations(series) == records)
        try writer.transact { try $0.replaceCalibrations(series.id, in: period(0, 50), with: []) }
        #expect(try reader.calibrations(series) == [records[1]])
    }
}
