import Observations
import Quantities
import TestSupport
import Testing

private let hour = Instant(CivilTime(year: 2024, month: 2, day: 29, hour: 13))

private func reading(
    _ seconds: Double,
    _ value: Double?,
    flag: QualityFlag = .good,
    scale: CalibrationScale = .co2X2019,
    uncertainty: Double? = 0.1,
    tests: QualityTests = []
) -> Reading {
    Reading(
        station: "roof",
        instrument: "i",
        gas: .co2,
        time: hour.advanced(bySeconds: seconds),
        valuePartsPerMillion: value,
        scale: scale,
        position: nil,
        standardUncertaintyPartsPerMillion: uncertainty,
        flag: flag,
        tests: tests
    )
}

private func settings(
    _ interval: AggregateInterval,
    step: Double = 1,
    _ flags: Set<QualityFlag> = [.good]
) -> AggregationSettings {
    AggregationSettings(interval: interval, nominalStepSeconds: step, usableFlags: flags)
}

private func isClose(_ a: Double?, _ b: Double?, _ tolerance: Double = 1e-9) -> Bool {
    guard let a, let b else { return a == nil && b == nil }
    return abs(a - b) <= tolerance
}

@Test(arguments: [
    ("2024-02-29T13:59:59.999999Z", AggregateInterval.hour, "2024-02-29T13:00:00Z", "2024-02-29T14:00:00Z"),
    ("2024-02-29T14:00:00Z", .hour, "2024-02-29T14:00:00Z", "2024-02-29T15:00:00Z"),
    ("2024-02-29T23:59:59Z", .day, "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z"),
    ("1969-12-31T23:59:59Z", .minute, "1969-12-31T23:59:00Z", "1970-01-01T00:00:00Z"),
])
func windowsAreNamedAfterTheirStart(
    _ time: String,
    _ interval: AggregateInterval,
    _ start: String,
    _ end: String
)
    throws
{
    let window = interval.window(containing: try #require(Instant(iso8601: time)))

    #expect("\(window.start)" == start)
    #expect("\(window.end)" == end)
}

@Test func aCompleteMinuteIsAsUncertainAsItsReadings() throws {
    let readings = (0..<60).map { reading(Double($0), 400 + Double($0)) }
    let minute = try #require(try Aggregation.aggregates(of: readings, settings(.minute)).first)

    #expect(minute.period.start == hour)
    #expect(isClose(minute.meanPartsPerMillion, 429.5))
    // Of 1 ... n the sample variance is n (n + 1) / 12.
    #expect(isClose(minute.standardDeviationPartsPerMillion, (60.0 * 61 / 12).squareRoot()))
    #expect(minute.standardUncertaintyPartsPerMillion == 0.1)
    #expect(minute.parts == 60)
    #expect(minute.completeness == 1)
    #expect(minute.isComplete)
    #expect(minute.scale == .co2X2019)
}

@Test func anHourIsTheMeanOfItsMinutesHoweverManyReadingsTheyHold() throws {
    let crowded = (0..<60).map { reading(Double($0), 400) }
    let sparse = [reading(60, 430), reading(119, 430)]
    let result = try #require(try Aggregation.aggregates(of: crowded + sparse, settings(.hour)).first)

    #expect(result.meanPartsPerMillion == 415)
    #expect(isClose(result.standardDeviationPartsPerMillion, 450.0.squareRoot()))
    #expect(result.parts == 2)
    #expect(result.used == 62)
    #expect(isClose(result.completeness, 62.0 / 3600))
    #expect(!result.isComplete)
}

@Test func aDayIsTheMeanOfItsHours() throws {
    let readings = [reading(0, 400), reading(60, 410), reading(3600, 425)]
    let day = try #require(try Aggregation.aggregates(of: readings, settings(.day, step: 60)).first)

    #expect(day.meanPartsPerMillion == 415)
    #expect(day.parts == 2)
}

@Test func whatIsMissingAddsUncertainty() throws {
    // Without correlation: the lag-1 products of this series cancel or are negative.
    let values = [400.0, 402, 400, 402]
    let readings = values.enumerated().map { reading(Double($0.offset) * 10, $0.element) }
    let minute = try #require(try Aggregation.aggregates(of: readings, settings(.minute, step: 10)).first)

    #expect(isClose(minute.completeness, 4.0 / 6))
    let variance = 4.0 / 3
    let expected = (0.01 + variance * (1 - 4.0 / 6) / 4).squareRoot()
    #expect(isClose(minute.standardUncertaintyPartsPerMillion, expected))
}

@Test func correlatedValuesCountForLess() throws {
    // Deviations -1, -1, 1, 1: r = (1 - 1 + 1) / 4, so four count as 4 (1 - 1/4) / (1 + 1/4) = 2.4.
    let values = [399.0, 399, 401, 401]
    let readings = values.enumerated().map { reading(Double($0.offset) * 10, $0.element) }
    let minute = try #require(try Aggregation.aggregates(of: readings, settings(.minute, step: 10)).first)

    let expected = (0.01 + 4.0 / 3 * (1 - 4.0 / 6) / 2.4).squareRoot()
    #expect(isClose(minute.standardUncertaintyPartsPerMillion, expected))
}

@Test func whatCannotBeSaidIsNotSaid() throws {
    let alone = try Aggregation.aggregates(of: [reading(0, 400)], settings(.minute))
    #expect(alone.first?.meanPartsPerMillion == 400)
    #expect(alone.first?.standardDeviationPartsPerMillion == nil)
    #expect(alone.first?.standardUncertaintyPartsPerMillion == nil)

    let whole = try Aggregation.aggregates(of: [reading(0, 400)], settings(.minute, step: 60))
    #expect(whole.first?.standardUncertaintyPartsPerMillion == 0.1)

    let unstated = [reading(0, 400), reading(30, 401, uncertainty: nil)]
    let result = try Aggregation.aggregates(of: unstated, settings(.minute, step: 30))
    #expect(result.first?.standardUncertaintyPartsPerMillion == nil)
}

@Test func flaggedReadingsAreLeftOutAndCounted() throws {
    let readings = [
        reading(0, 400), reading(1, 900, flag: .suspect, tests: .grossRange), reading(2, nil, flag: .missing),
        reading(3, 0, flag: .fail, tests: .instrumentState),
    ]
    let careful = try #require(try Aggregation.aggregates(of: readings, settings(.minute)).first)
    let lenient = try Aggregation.aggregates(of: readings, settings(.minute, [.good, .suspect, .missing]))
        .first

    #expect(careful.meanPartsPerMillion == 400)
    #expect(careful.used == 1)
    #expect(careful.excluded == 3)
    #expect(careful.worstFlag == .missing)
    #expect(careful.tests == [.grossRange, .instrumentState])
    #expect(careful.flagCounts == [.good: 1, .suspect: 1, .missing: 1, .fail: 1])
    #expect(lenient?.meanPartsPerMillion == 650)
    #expect(lenient?.used == 2)
}

@Test func aWindowOfBadReadingsIsThereWithoutMean() throws {
    let result = try #require(
        try Aggregation.aggregates(of: [reading(0, 0, flag: .fail)], settings(.minute)).first
    )

    #expect(result.meanPartsPerMillion == nil)
    #expect(result.completeness == 0)
    #expect(result.excluded == 1)
}

@Test func mixedScalesAreNotAveraged() throws {
    let readings = [reading(0, 400), reading(1, 400, scale: .co2X2007)]
    let error = #expect(throws: AggregationError.self) {
        try Aggregation.aggregates(of: readings, settings(.minute))
    }
    #expect(error?.line.contains("WMO-CO2-X2007, WMO-CO2-X2019") == true)

    let apart = [reading(0, 400), reading(60, 400, scale: .co2X2007)]
    #expect(try Aggregation.aggregates(of: apart, settings(.minute)).map(\.scale) == [.co2X2019, .co2X2007])
}

@Test func aConstantSeriesHasItsValueAsMean() throws {
    let readings = (0..<3600).map { reading(Double($0), 417.3) }
    let result = try Aggregation.aggregates(of: readings, settings(.hour)).first

    #expect(result?.meanPartsPerMillion == 417.3)
    #expect(result?.standardDeviationPartsPerMillion == 0)
}

@Test(arguments: 0..<20 as Range<UInt64>)
func theOrderOfArrivalDoesNotMatter(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let flags: [QualityFlag] = [.good, .good, .good, .suspect]
    let readings = (0..<500).map { index in
        reading(
            Double(index) * 7 + random.uniform(),
            400 + 10 * random.normal(),
            flag: flags.randomElement(using: &random) ?? .good
        )
    }
    for interval in AggregateInterval.allCases {
        let inOrder = try Aggregation.aggregates(of: readings, settings(interval, step: 7))
        let shuffled = try Aggregation.aggregates(
            of: readings.shuffled(using: &random),
            settings(interval, step: 7)
        )
        #expect(inOrder == shuffled)
    }
}

@Test(arguments: 0..<20 as Range<UInt64>)
func lateReadingsRecomputeOnlyTheirWindows(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let all = (0..<2000).map { reading(Double($0) * 5, 400 + random.normal()) }
    let late = all.filter { _ in random.uniform() < 0.002 }
    let lateTimes = Set(late.map(\.time))
    for interval in AggregateInterval.allCases {
        let settings = settings(interval, step: 5)
        let before = try Aggregation.aggregates(of: all.filter { !lateTimes.contains($0.time) }, settings)
        var asked: [Period] = []
        let after = try Aggregation.updated(before, touched: lateTimes, settings) { window in
            asked.append(window)
            return all.filter { window.contains($0.time) }
        }
        #expect(after == (try Aggregation.aggregates(of: all, settings)))
        #expect(asked == interval.windows(touchedBy: lateTimes))
        #expect(asked.count <= late.count)
    }
}

@Test func aWindowThatLostItsReadingsIsGone() throws {
    let before = try Aggregation.aggregates(of: [reading(0, 400), reading(60, 401)], settings(.minute))
    let after = try Aggregation.updated(before, touched: [hour], settings(.minute)) { _ in [] }

    #expect(after.map(\.meanPartsPerMillion) == [401])
}

@Test func theNominalStepIsTheMeanDistanceWithoutGaps() {
    func step(_ seconds: [Double]) -> Double? {
        var step = NominalStep()
        for second in seconds { step.add(hour.advanced(bySeconds: second)) }
        return step.seconds
    }
    #expect(step([0, 60, 120, 180, 7200, 7260]) == 60)
    #expect(step([0, 0.98, 2.01, 3.0]) == 1)
    #expect(step([0, 0.01, 0.02]) == 0.01)
    // Bursts: the median distance is 0.5 s.
    #expect(step([0, 0.5, 1, 2, 2.5, 3, 4, 4.5, 5, 6]) == 6.0 / 9)
    #expect(step([5]) == nil)
    #expect(step([5, 5]) == nil)
}

/// Independent means of the same rows by pandas.
@Test(arguments: [("hamburg-means.csv", 315), ("park-means.csv", 200)])
func recordsAverageAsInPandas(file: String, count: Int) throws {
    let expected = try RecordedReadings.means(file)
    #expect(expected.count == count)
    let isHamburg = file.hasPrefix("hamburg")
    let readings = Dictionary(
        grouping: try isHamburg ? RecordedReadings.hamburg() : RecordedReadings.park(),
        by: \.station
    )
    var found: [String: Aggregate] = [:]
    for (station, readings) in readings {
        for interval in AggregateInterval.allCases {
            let step = isHamburg ? 1.0 : 60
            for aggregate in try Aggregation.aggregates(of: readings, settings(interval, step: step)) {
                found["\(interval) \(station) \(aggregate.period.start)"] = aggregate
            }
        }
    }
    for row in expected {
        let aggregate = try #require(found["\(row.interval) \(row.station) \(row.start)"])
        #expect(aggregate.used == row.used)
        #expect(aggregate.used + aggregate.excluded == row.readings)
        #expect(isClose(aggregate.meanPartsPerMillion, row.mean))
        #expect(isClose(aggregate.standardDeviationPartsPerMillion, row.deviation), "\(row)")
    }
}
