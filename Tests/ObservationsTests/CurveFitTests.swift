import Foundation
import Quantities
import TestSupport
import Testing

@testable import Observations

private struct ReferenceFit: Decodable {
    let timezero: Double
    let params: [Double]
    let rsd1: Double
    let rsd2: Double
}

private let folder = "stations/reference-outputs"

private func columns(_ name: String) throws -> [[Double]] {
    let file = try #require(Places.shared("\(folder)/\(name)"))
    let rows = try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst()
        .map { $0.split(separator: ",").compactMap { Double($0) } }
    return try #require(rows.first).indices.map { column in rows.map { $0[column] } }
}

private func days(_ count: Int, from start: Double = 2000) -> [Double] {
    (0..<count).map { start + Double($0) / 365 }
}

/// NOAA's own program on the daily record of Mauna Loa, 1980 to 2023.
@Test(.enabled(if: Places.shared(folder) != nil))
func theCurveOfMaunaLoaIsThatOfTheReference() throws {
    let input = try columns("ccgfilt_mlo_daily_input.csv")
    let file = try #require(Places.shared("\(folder)/ccgfilt_mlo_daily.json"))
    let reference = try JSONDecoder().decode(ReferenceFit.self, from: Data(contentsOf: file))
    let fit = try CurveFit(years: input[0], values: input[1])

    #expect(input[0].count == 12_198)
    #expect(fit.stepDays == 1)
    #expect(fit.function.timeZero == reference.timezero)
    // The reference iterates from a guess and stops 5e-7 ppm short of the least-squares solution, which is
    // 1e-5 of its smallest coefficients; so relative to the coefficient or 1 ppm, whichever is larger.
    for (found, expected) in zip(fit.function.parameters, reference.params) {
        #expect(abs(found - expected) < 1e-6 * max(1, abs(expected)))
    }
    #expect(abs(fit.residualDeviationFromFunction - reference.rsd1) < 1e-7)
    #expect(abs(fit.residualDeviationFromSmoothCurve - reference.rsd2) < 1e-6)

    let curves = try columns("ccgfilt_mlo_daily_curves.csv")
    #expect(curves[0].count == 400)
    for (row, year) in curves[0].enumerated() {
        let (smooth, trend) = (try #require(fit.smooth(at: year)), try #require(fit.trend(at: year)))
        // The times of the table are rounded to 1e-6 years.
        #expect(abs(fit.function.value(at: year) - curves[1][row]) < 2e-5)
        #expect(abs(smooth - curves[2][row]) < 1e-3)
        #expect(abs(trend - curves[3][row]) < 1e-3)
        #expect(abs(try #require(fit.detrended(at: year)) - (curves[2][row] - curves[3][row])) < 1e-3)
    }
}

/// The normal equations against an orthogonal factorisation: numpy.linalg.lstsq on the same file.
@Test(.enabled(if: Places.shared(folder) != nil))
func theParametersSolveTheLeastSquaresProblem() throws {
    let input = try columns("ccgfilt_mlo_daily_input.csv")
    let function = try CurveFit(years: input[0], values: input[1]).function
    let orthogonal = [
        338.67316833244814, 1.1821637477638305, 0.016386088877202824, 2.8321082709481287,
        -0.9214058310545031, -0.5567999696062096, 0.691499035741482, -0.07376538570779174,
        0.04904924249714496, 0.03958409142491992, -0.062176541065082115,
    ]

    for (found, expected) in zip(function.parameters, orthogonal) {
        #expect(abs(found - expected) < 1e-9 * max(1, abs(expected)))
    }
}

@Test func aCurveOfTheFamilyIsFoundExactly() throws {
    let years = days(3000)
    let values = years.map { year in
        let time = year - 2000
        return 370 + 2 * time - 0.05 * time * time + 3 * sin(2 * .pi * time) - 0.25 * cos(8 * .pi * time)
    }
    let fit = try CurveFit(years: years, values: values)

    for (found, expected) in zip(fit.function.parameters, [370, 2, -0.05, 3, 0, 0, 0, 0, 0, 0, -0.25]) {
        #expect(abs(found - expected) < 1e-9)
    }
    #expect(fit.residualDeviationFromFunction < 1e-9)
    let (smooth, trend) = (try #require(fit.smooth(at: 2004.3)), try #require(fit.trend(at: 2004.3)))
    #expect(abs(trend - (370 + 2 * 4.3 - 0.05 * 4.3 * 4.3)) < 1e-4)
    #expect(abs(smooth - fit.function.value(at: 2004.3)) < 1e-4)
    #expect(fit.smoothStandardUncertainty(at: 2004.3) < 1e-9)
}

@Test func theFilterHalvesAWaveOfItsCutoff() throws {
    // Without harmonics, which would take a part of the wave, and far from the ends.
    var settings = CurveFitSettings()
    settings.harmonics = 0
    let years = days(4096)
    for (period, response) in [(80.0, 0.5), (160, exp2(-pow(0.5, 6))), (40, exp2(-20.0))] {
        let values = years.map { 400 + cos(2 * .pi * 365 * ($0 - 2000) / period) }
        let fit = try CurveFit(years: years, values: values, settings: settings)
        let passed = years[1500..<2500].map { (fit.smooth(at: $0) ?? .nan) - fit.function.value(at: $0) }
        // Half the range, as the line through the ends shifts the whole a little.
        let amplitude = ((passed.max() ?? .nan) - (passed.min() ?? .nan)) / 2
        #expect(abs(amplitude - response) < 0.02, "\(period) d")
    }
}

@Test(arguments: 0..<10 as Range<UInt64>)
func theTransformUndoesItselfAndFindsSingleWaves(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for count in [1, 2, 4, 64, 256] {
        let series = (0..<count).map { _ in random.normal() }
        let transform = FourierTransform(count: count)
        let same = transform.filtered(series) { _ in 1 }
        #expect(zip(same, series).allSatisfy { abs($0 - $1) < 1e-12 })
        let mean = transform.filtered(series) { $0 == 0 ? 1 : 0 }
        #expect(mean.allSatisfy { abs($0 - series.reduce(0, +) / Double(count)) < 1e-12 })
    }
    let wave = 1 + Int(31 * random.uniform())
    let series = (0..<64).map { cos(2 * .pi * Double(wave * $0) / 64 + 0.3) }
    let kept = FourierTransform(count: 64).filtered(series) { $0 == wave ? 2 : 0 }
    #expect(zip(kept, series).allSatisfy { abs($0 - 2 * $1) < 1e-12 })
}

@Test(arguments: 0..<5 as Range<UInt64>)
func theOrderOfValuesDoesNotMatterToTheCurve(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let years = days(800).map { $0 + 0.001 * random.uniform() }
    let values = years.map { 400 + sin(2 * .pi * $0) + random.normal() }
    let order = years.indices.shuffled(using: &random)

    let fit = try CurveFit(years: years, values: values)
    #expect(try CurveFit(years: order.map { years[$0] }, values: order.map { values[$0] }) == fit)
}

/// The spread of the curve over many records of white noise is what it says of itself.
@Test func theUncertaintyOfTheCurveIsItsSpread() throws {
    let years = days(1500)
    var found: [Double] = []
    var stated: [Double] = []
    for seed in 0..<100 as Range<UInt64> {
        var random = SeededGenerator(seed: seed)
        let fit = try CurveFit(years: years, values: years.map { _ in 400 + random.normal() })
        found.append(try #require(fit.smooth(at: 2002)))
        stated.append(fit.smoothStandardUncertainty(at: 2002))
    }
    let spread = try #require(Moments(found).variance).squareRoot()
    let mean = stated.reduce(0, +) / Double(stated.count)

    // The function takes part of the noise that the filter would pass, so the stated figure is rather large.
    #expect(spread < 1.25 * mean)
    #expect(spread > 0.6 * mean)
}

@Test func recordsThatCarryNoCurveAreRefused() {
    let long = days(400)
    #expect(throws: CurveFitError.tooFewValues(10, needed: 33)) {
        try CurveFit(years: days(10), values: days(10))
    }
    #expect(throws: CurveFitError.self) { try CurveFit(years: days(300), values: days(300)) }
    #expect(throws: CurveFitError.notFinite(index: 3)) {
        try CurveFit(years: long, values: long.enumerated().map { $0.offset == 3 ? .nan : $0.element })
    }
    #expect(throws: CurveFitError.notFinite(index: 0)) {
        try CurveFit(years: [.infinity] + long.dropFirst(), values: long)
    }
    let repeated = (0..<40).map { 2000 + Double($0 % 2) }
    #expect(throws: CurveFitError.indeterminate) { try CurveFit(years: repeated, values: repeated) }
    #expect(CurveFitError.tooShort(years: 0.5, needed: 1).line.contains("--background percentile"))
}

@Test func outsideTheRecordThereIsNoCurve() throws {
    let fit = try CurveFit(years: days(400), values: days(400))

    #expect(fit.smooth(at: 1999.99) == nil)
    #expect(fit.trend(at: 2001.2) == nil)
    #expect(fit.smooth(at: 2000) != nil)
}

@Test(arguments: [
    ("2020-01-01T00:00:00Z", 2020.0), ("2020-07-02T00:00:00Z", 2020.5), ("2021-07-02T12:00:00Z", 2021.5),
    ("2023-12-31T00:00:00Z", 2023 + 364.0 / 365),
])
func decimalYearsKnowTheLeapYear(time: String, year: Double) throws {
    #expect(abs(try #require(Instant(iso8601: time)).decimalYear - year) < 1e-12)
}
