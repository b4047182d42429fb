import Quantities
import TestSupport
import Testing

@testable import Observations

@Test func aTrimmedMeanIsTheMeanOfTheMiddle() throws {
    let mean = try #require(TrimmedMean([1000, 1, 2, 3, 4, 5, 6, 7, 8, -1000], trim: 0.1))

    #expect(mean.mean == 4.5)
    // Winsorised: 8, 1 ... 8, 1.
    #expect(abs(mean.standardDeviation - (66.5 / 9).squareRoot()) < 1e-12)
    #expect(TrimmedMean([1], trim: 0) == nil)
}

@Test func theStandardErrorOfATrimmedMeanIsThatOfManyTrials() {
    var random = SeededGenerator(seed: 5)
    var means: [Double] = []
    var stated = 0.0
    for _ in 0..<1000 {
        guard let mean = TrimmedMean((0..<100).map { _ in random.normal() }, trim: 0.1) else { continue }
        means.append(mean.mean)
        stated += mean.standardUncertainty / 1000
    }
    let spread = (means.reduce(0) { $0 + $1 * $1 } / 1000).squareRoot()
    #expect(abs(stated / spread - 1) < 0.1)
}

@Test func aRunEndsWithItsBottleOrInSilence() {
    var random = SeededGenerator(seed: 6)
    let first = CalibrationReadings.run(0, "high", &random) { _ in 500 }
    let second = CalibrationReadings.run(600, "low", &random) { _ in 400 }
    let third = CalibrationReadings.run(1320, "low", &random) { _ in 401 }
    let air = (0..<10).map { CalibrationReadings.reading(1200 + Double($0), 430) }
    let runs = CalibrationReadings.twoBottles.runs(in: first + second + air + third)

    #expect(runs.map(\.bottle) == ["high", "low", "low"])
    #expect(runs.map(\.meanPartsPerMillion) == [500, 400, 401])
    #expect(runs.map(\.readings) == [60, 60, 60])
    // The first minute is flushing.
    #expect(runs.map(\.used) == [54, 54, 54])
    #expect(runs[0].time == CalibrationReadings.start.advanced(bySeconds: 325))
    #expect(runs.allSatisfy { $0.rejection == nil })
}

@Test func runsThatTellNothingAreRejectedWithTheReason() throws {
    var random = SeededGenerator(seed: 8)
    var plan = CalibrationReadings.twoBottles
    plan.maximumStandardDeviationPartsPerMillion = 2
    let short = Array(CalibrationReadings.run(0, "high", &random) { _ in 500 }.prefix(12))
    let unknown = CalibrationReadings.run(1000, "hgih", &random) { _ in 500 }
    let noisy = CalibrationReadings.run(2000, "low", noise: 5, &random) { _ in 400 }
    let wandering = CalibrationReadings.run(3000, "low", &random) { 400 + ($0 - 3000) / 120 }
    let runs = plan.runs(in: short + unknown + noisy + wandering)

    #expect(runs[0].rejection == .tooFewReadings(6))
    #expect(runs[1].rejection == .noCertificate)
    guard case .unstable(let scatter) = runs[2].rejection else { throw Unexpected() }
    #expect(scatter > 3)
    guard case .unstable(let trend) = runs[3].rejection else { throw Unexpected() }
    #expect(abs(trend - 2.25) < 0.01)
}

private struct Unexpected: Error {}

@Test func anExpiredCertificateDoesNotCount() {
    var random = SeededGenerator(seed: 9)
    let expiry = CalibrationReadings.start.advanced(bySeconds: 500)
    let certificate = BottleCertificate(
        bottle: "high",
        valuePartsPerMillion: 500,
        standardUncertaintyPartsPerMillion: 0.1,
        certifiedScale: .co2X2019,
        validTo: expiry
    )
    let plan = BottlePlan(certificates: [certificate])
    let readings =
        CalibrationReadings.run(0, "high", &random) { _ in 500 }
        + CalibrationReadings.run(2000, "high", &random) { _ in 500 }
    #expect(plan.runs(in: readings).map(\.rejection) == [nil, .noCertificate])
}

@Test func valuesThatTheDeviceCallsBadAreNoPartOfARun() {
    var random = SeededGenerator(seed: 10)
    var readings = CalibrationReadings.run(0, "high", &random) { _ in 500 }
    for index in 20..<40 { (readings[index].flag, readings[index].tests) = (.fail, .instrumentState) }
    // Out of the range of air, as bottles are.
    for index in 40..<60 { (readings[index].flag, readings[index].tests) = (.fail, .grossRange) }
    #expect(CalibrationReadings.twoBottles.runs(in: readings).map(\.used) == [34])
}
