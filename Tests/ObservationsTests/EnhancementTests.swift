import Foundation
import Quantities
import TestSupport
import Testing

@testable import Observations

private let start = Instant(CivilTime(year: 2024, month: 5, day: 1))

private func reading(
    _ seconds: Double,
    _ value: Double?,
    station: String = "roof",
    scale: CalibrationScale = .co2X2019,
    flag: QualityFlag = .good,
    uncertainty: Double? = 0.3
) -> Reading {
    Reading(
        station: station,
        instrument: "i",
        gas: .co2,
        time: start.advanced(bySeconds: seconds),
        valuePartsPerMillion: value,
        scale: scale,
        position: nil,
        standardUncertaintyPartsPerMillion: uncertainty,
        flag: flag
    )
}

/// 1 ... 101 within the window around one o'clock: percentiles are whole numbers.
private let counted = (0...100).map { reading(1800 + Double($0), Double(1 + ($0 * 37) % 101)) }

@Test func aPercentileIsThatOfItsWindow() throws {
    let background = try PercentileBackground(of: counted, percentile: 5, windowSeconds: 7200)
    let estimate = try #require(background.estimate(at: start.advanced(bySeconds: 1850)))

    #expect(abs(estimate.mean - 6) < 1e-12)
    #expect(estimate.standardDeviation > 0.3)
}

@Test func theUncertaintyOfAPercentileIsThatOfItsRank() throws {
    // The order of 37 k modulo 101 has a negative lag-1 autocorrelation, so that all 101 count: one standard
    // deviation of the rank is (0.05 0.95 / 101)^(1/2) of the range of 100.
    let background = try PercentileBackground(of: counted, percentile: 5, windowSeconds: 7200)
    let estimate = try #require(background.estimate(at: start.advanced(bySeconds: 1850)))
    let rank = 100 * (0.05 * 0.95 / 101).squareRoot()

    #expect(abs(estimate.standardDeviation - (rank * rank + 0.09).squareRoot()) < 1e-9)
}

@Test func flaggedAndMissingReadingsAreNoBackground() throws {
    let bad =
        (0..<200).map { reading(1800.5 + Double($0), 0, flag: .fail) } + [reading(1700, nil, flag: .missing)]
    let background = try PercentileBackground(of: counted + bad, windowSeconds: 7200)

    #expect(abs((background.estimate(at: start.advanced(bySeconds: 1850))?.mean ?? 0) - 6) < 1e-12)
}

@Test func tooFewReadingsAreNoBackground() throws {
    let few = try PercentileBackground(of: Array(counted.prefix(19)))
    #expect(few.estimate(at: start.advanced(bySeconds: 1805)) == nil)
    #expect(try reading(1805, 400).enhancement(over: few) == nil)

    let enough = try PercentileBackground(of: Array(counted.prefix(20)))
    #expect(enough.estimate(at: start.advanced(bySeconds: 1805)) != nil)
    #expect(enough.estimate(at: start.advanced(bySeconds: 90_000)) == nil)
}

/// Running percentiles of a real drive at full hours, by numpy.percentile on the good rows.
@Test func theBackgroundOfTheDriveIsThatOfNumpy() throws {
    let background = try PercentileBackground(of: RecordedReadings.hamburg(), windowSeconds: 7200)
    for (time, expected) in [
        ("2018-10-24T08:00:00Z", 406.83997039999997), ("2018-10-24T10:00:00Z", 403.945491),
        // A quarter of the percentile at nine, three quarters of that at ten.
        ("2018-10-24T09:45:00Z", 404.249477),
        ("2018-10-24T12:00:00Z", 403.387881),
    ] {
        let moment = try #require(Instant(iso8601: time))
        let estimate = try #require(background.estimate(at: moment))
        #expect(abs(estimate.mean - expected) < 1e-9, "\(time)")
    }
}

@Test func theEnhancementIsTheDifferenceWithBothUncertainties() throws {
    let background = try PercentileBackground(of: counted.map { reading($0.time.seconds(since: start), 400) })
    let enhancement = try #require(
        try reading(1850, 412, uncertainty: 0.4).enhancement(over: background)
    )

    #expect(enhancement.backgroundPartsPerMillion == 400)
    #expect(abs(enhancement.backgroundStandardUncertaintyPartsPerMillion - 0.3) < 1e-12)
    #expect(enhancement.partsPerMillion == 12)
    #expect(abs((enhancement.standardUncertaintyPartsPerMillion ?? 0) - 0.5) < 1e-12)

    let unstated = try reading(1850, 412, uncertainty: nil).enhancement(over: background)
    #expect(unstated?.partsPerMillion == 12)
    #expect(unstated?.standardUncertaintyPartsPerMillion == nil)
    #expect(try reading(1850, nil).enhancement(over: background) == nil)
}

@Test func readingsWithoutCommonScaleHaveNoDifference() throws {
    func background(_ scale: CalibrationScale) throws -> PercentileBackground {
        try PercentileBackground(
            of: counted.map { reading($0.time.seconds(since: start), 400, scale: scale) }
        )
    }
    #expect(throws: BackgroundError.self) {
        try reading(1850, 400, scale: .co2X2007).enhancement(over: background(.co2X2019))
    }
    // One instrument agrees with itself whatever it is tied to; two agree only on a scale.
    #expect(try reading(1850, 401, scale: .unstated).enhancement(over: background(.unstated)) != nil)
    #expect(throws: BackgroundError.self) {
        try reading(1850, 401, station: "yard", scale: .unstated).enhancement(over: background(.unstated))
    }
    #expect(try reading(1850, 401, station: "yard").enhancement(over: background(.co2X2019)) != nil)
}

@Test func whatMakesNoBackgroundIsSaid() {
    #expect(throws: BackgroundError.nothingUsable(station: "roof")) {
        try PercentileBackground(of: [reading(0, 400, flag: .suspect)])
    }
    #expect(throws: BackgroundError.nothingUsable(station: "")) { try CurveBackground(of: []) }
    #expect(throws: BackgroundError.mixedScales([.co2X2007, .co2X2019], station: "roof")) {
        try PercentileBackground(of: [reading(0, 400), reading(1, 400, scale: .co2X2007)])
    }
    #expect(throws: BackgroundError.unknownUncertainty(station: "roof")) {
        try PercentileBackground(of: [reading(0, 400, uncertainty: nil)])
    }
    #expect(throws: BackgroundError.noCurve(.tooFewValues(1, needed: 33), station: "roof")) {
        try CurveBackground(of: [reading(0, 400), reading(1, 400)])
    }
}

@Test func theCurveIsThatOfTheDayMeans() throws {
    let days = 500
    func air(_ seconds: Double) -> Double {
        let year = start.advanced(bySeconds: seconds).decimalYear - 2024
        return 420 + 2 * year + 3 * sin(2 * .pi * year)
    }
    let readings = (0..<days * 4).map { index in
        reading(Double(index) * 21_600, air(Double(index) * 21_600) + (index == 1000 ? 50 : 0))
    }
    let background = try CurveBackground(of: readings.filter { ($0.valuePartsPerMillion ?? 0) < 450 })
    let enhancement = try #require(try readings[1000].enhancement(over: background))

    #expect(abs(enhancement.partsPerMillion - 50) < 0.01)
    #expect(abs(enhancement.backgroundStandardUncertaintyPartsPerMillion - 0.3) < 0.01)
    // The first day-mean lies after the first reading; further out there is no background.
    #expect(background.estimate(at: start) != nil)
    #expect(background.estimate(at: start.advanced(bySeconds: -86_400)) == nil)
}
