import Foundation
import Observations
import Quantities
import TestSupport
import Testing

@testable import Archive

@Suite struct ComparisonListTests {
    private let folder: TemporaryFolder
    private var path: String { folder.file("store.sqlite").path }

    init() throws { folder = try TemporaryFolder() }

    private func moment(_ hours: Double) -> Instant {
        Instant(CivilTime(year: 2025, month: 3, day: 1)).advanced(bySeconds: 3600 * hours)
    }

    private func period(_ from: Double, _ to: Double) -> Period {
        Period(start: moment(from), end: moment(to))
    }

    private func reading(_ hour: Double, _ flag: QualityFlag, _ tests: QualityTests = []) -> Reading {
        Reading(
            station: "a",
            instrument: "i",
            gas: .co2,
            time: moment(hour),
            valuePartsPerMillion: 400 + hour,
            scale: .co2X2019,
            position: nil,
            standardUncertaintyPartsPerMillion: 1,
            flag: flag,
            tests: tests
        )
    }

    private func filled(_ readings: [Reading]) throws -> Series {
        var writer = try ArchiveWriter(path: path)
        try writer.begin(received: moment(100))
        let bytes: [UInt8] = [1]
        _ = try writer.store(readings, network: "net", topic: bytes.span.bytes, payload: bytes.span.bytes)
        try writer.commit()
        return try #require(try writer.allSeries().first)
    }

    @Test func stretchesAreGivenInPartsAndWithinTheSeries() throws {
        let series = try filled((0..<48).map { reading(Double($0), .good) })
        var writer = try ArchiveWriter(path: path)
        try writer.begin(received: moment(101))
        try writer.markForComparison(series, period(20, 900))
        try writer.markForComparison(series, period(10, 21))
        try writer.markForComparison(series, period(-30, -20))
        try writer.commit()
        var parts: [[Double]] = []
        try writer.begin(received: moment(102))
        while let span = try writer.nextComparison(longestSeconds: 20 * 3600) {
            parts.append([span.first, span.last].map { $0.seconds(since: moment(0)) / 3600 })
            try writer.endComparison(span)
        }
        writer.rollBack()
        // The second part begins at its first reading.
        #expect(parts == [[10, 30], [31, 47]])
        // Undone, and so still to be done.
        try writer.begin(received: moment(103))
        #expect(try writer.nextComparison(longestSeconds: 1e9)?.first == moment(10))
        writer.rollBack()
    }

    @Test func whatIsMarkedIsGoneWithItsTransaction() throws {
        let series = try filled([reading(1, .good), reading(2, .good)])
        var writer = try ArchiveWriter(path: path)
        try writer.begin(received: moment(101))
        try writer.markForComparison(series, period(0, 9))
        writer.rollBack()
        try writer.begin(received: moment(102))
        #expect(try writer.nextComparison(longestSeconds: 1e9) == nil)
        writer.rollBack()
    }

    @Test func onlyWhatIsInNoDoubtByItselfJudgesOthers() throws {
        let series = try filled([
            reading(1, .good), reading(2, .suspect, .spike), reading(3, .fail, .grossRange),
            reading(4, .suspect, [.buddy, .comparisonAlone]), reading(5, .suspect, [.spike, .buddy]),
            reading(6, .missing, .missingValue), reading(7, .notEvaluated),
            reading(8, .fail, .comparisonAlone),
        ])
        var writer = try ArchiveWriter(path: path)
        let values = try writer.comparedValues(series, in: period(0, 7.5))
        #expect(values.map { $0.time.seconds(since: moment(0)) / 3600 } == [1, 4, 7])
        #expect(values.map(\.partsPerMillion) == [401, 404, 407] && values[0].scale == .co2X2019)
    }
}

@Suite struct ComparisonVerdictTests {
    private static let flags: [QualityFlag] = [.good, .suspect, .fail, .missing]
    private static let own: [QualityTests] = [
        [], .spike, [.deviceFlag, .buddy], .operatorEdit, .plumeCandidate,
    ]

    /// The verdict before can be told from the one after, whatever both were.
    @Test func theVerdictBeforeAComparisonIsKnown() throws {
        let instrument = Instrument(
            id: "i",
            gas: .co2,
            unit: .partsPerMillion,
            scale: .unstated,
            inletHeightMetres: nil,
            grossRange: GrossRange(failBelow: 0, suspectBelow: 0, suspectAbove: 1, failAbove: 1),
            standardUncertaintyPartsPerMillion: 1
        )
        let edits = OperatorEdits(network: "n", edits: [])
        let rules = SeriesRules(network: "n", instrument: instrument, edits: edits)
        for flag in Self.flags {
            for tests in Self.own {
                for found in [QualityVerdict(flag: .suspect, tests: .buddy), .init(flag: .good, tests: [])] {
                    var reading = Reading(
                        station: "s",
                        instrument: "i",
                        gas: .co2,
                        time: Instant(microseconds: 0),
                        valuePartsPerMillion: 400,
                        scale: .unstated,
                        position: nil,
                        standardUncertaintyPartsPerMillion: 1
                    )
                    (reading.flag, reading.tests) = (flag, tests)
                    let after = try #require(rules.compared([reading], [found]).first)
                    let before = after.withoutComparison(reported: tests)
                    #expect(before == QualityVerdict(flag: flag, tests: tests))
                    #expect(before.keepingComparison(of: after) == after)
                    #expect(after.flag == flag.worse(found.flag))
                }
            }
        }
    }
}
