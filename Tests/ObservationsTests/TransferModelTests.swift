import Quantities
import TestSupport
import Testing

@testable import Observations

private let minutes = 3000

/// A sensor that shows 0.95 of the truth, 0.3 ppm more for each degree, with outliers on one side.
private func pair(
    _ random: inout SeededGenerator,
    outliers: Double = 0.05
) -> (sensor: [Reading], reference: [Reading]) {
    var (sensor, reference): ([Reading], [Reading]) = ([], [])
    for index in 0..<minutes {
        let seconds = 60 * Double(index)
        let truth = 420 + 60 * random.uniform()
        let temperature = 10 + 20 * random.uniform()
        var shown = 0.95 * truth + 0.3 * temperature + 0.5 * random.normal()
        if random.uniform() < outliers { shown += 50 }
        sensor.append(
            CalibrationReadings.reading(
                seconds,
                shown,
                conditions: ["t": temperature, "rh": 90 - 2 * temperature]
            )
        )
        reference.append(
            CalibrationReadings.reading(
                seconds + 20,
                truth,
                station: "ref",
                scale: .co2X2019,
                uncertainty: 0.1
            )
        )
    }
    return (sensor, reference)
}

private func plan(_ predictors: [String], robust: Bool = true) -> TransferPlan {
    TransferPlan(
        referenceStation: "ref",
        referenceInstrument: "gmp343",
        periods: [
            Period(
                start: CalibrationReadings.start,
                end: CalibrationReadings.start.advanced(bySeconds: 60 * Double(minutes))
            )
        ],
        predictors: predictors,
        isRobust: robust
    )
}

@Test func aTransferFindsThePlantedCoefficients() throws {
    var random = SeededGenerator(seed: 11)
    let (sensor, reference) = pair(&random)
    let calibrator = Calibrator(
        CalibrationPlan(method: .transfer(plan(["t"]))),
        readings: sensor,
        reference: reference
    )
    let record = try #require(calibrator.records.first)

    #expect(record.names == ["intercept", "slope", "t"])
    #expect(record.count == minutes)
    // Outliers on one side pull a little also on Huber's estimate.
    #expect(abs(record.coefficients[1] - 1 / 0.95) < 0.02)
    #expect(abs(record.coefficients[2] + 0.3 / 0.95) < 0.02)
    let air = CalibrationReadings.reading(1e6, 0.95 * 450 + 0.3 * 20, conditions: ["t": 20])
    let value = try #require(calibrator.calibrate(air))
    #expect(abs(value.valuePartsPerMillion - 450) < 0.2)
    #expect(value.scale == .co2X2019)
    #expect(value.tests == [])
    #expect(value.uncertainty.certificate == 0.1)
}

@Test func outliersPullLeastSquaresButNotHuber() throws {
    var random = SeededGenerator(seed: 12)
    let (sensor, reference) = pair(&random)
    let errors = [true, false].map { robust in
        let calibrator = Calibrator(
            CalibrationPlan(method: .transfer(plan(["t"], robust: robust))),
            readings: sensor,
            reference: reference
        )
        let air = CalibrationReadings.reading(0, 0.95 * 450 + 6, conditions: ["t": 20])
        return abs((calibrator.calibrate(air)?.valuePartsPerMillion ?? .infinity) - 450)
    }
    #expect(errors[0] < 0.2)
    #expect(errors[1] > 1)
}

@Test func whatLiesOutsideTheTrainingIsFlagged() throws {
    var random = SeededGenerator(seed: 13)
    let (sensor, reference) = pair(&random)
    let calibrator = Calibrator(
        CalibrationPlan(method: .transfer(plan(["t"]))),
        readings: sensor,
        reference: reference
    )
    let hot = CalibrationReadings.reading(0, 430, conditions: ["t": 40])
    #expect(calibrator.calibrate(hot)?.tests == .calibrationAge)
    #expect(calibrator.calibrate(CalibrationReadings.reading(0, 430)) == nil)
}

@Test func predictorsThatDetermineEachOtherAreRefused() {
    var random = SeededGenerator(seed: 14)
    let (sensor, reference) = pair(&random)
    let calibrator = Calibrator(
        CalibrationPlan(method: .transfer(plan(["t", "rh"]))),
        readings: sensor,
        reference: reference
    )
    guard case .collinear = calibrator.problem else {
        Issue.record("t and rh = 90 - 2 t are not told from each other")
        return
    }
    #expect(calibrator.records.isEmpty)
    #expect(calibrator.calibrate(sensor).allSatisfy { $0 == nil })
}

@Test func tooLittleBesideTheReferenceIsNoTransfer() {
    var random = SeededGenerator(seed: 15)
    let (sensor, reference) = pair(&random)
    let few = Calibrator(
        CalibrationPlan(method: .transfer(plan([]))),
        readings: Array(sensor.prefix(50)),
        reference: reference
    )
    #expect(few.problem == .tooFewPairs(50, needed: 100))
    let mixed = Calibrator(
        CalibrationPlan(method: .transfer(plan([]))),
        readings: sensor,
        reference: reference + [
            CalibrationReadings.reading(0, 430, station: "ref", scale: .co2X2007)
        ]
    )
    #expect(mixed.problem == .mixedScales([.co2X2007, .co2X2019]))
}

@Test func theOrderOfArrivalDoesNotMatter() {
    var random = SeededGenerator(seed: 16)
    let (sensor, reference) = pair(&random)
    let a = TransferPairs(plan(["t"]), sensor, reference)
    let b = TransferPairs(plan(["t"]), sensor.shuffled(using: &random), reference.reversed())
    #expect(a.responses == b.responses && a.references == b.references && a.predictors == b.predictors)
}

@Test func windyNightsAreThoseOfTheSun() {
    let nights = WindyNights(minimumWindSpeed: 4, fromHour: 22, toHour: 4)
    // The record starts at midnight UTC.
    let reading = { (hour: Double, wind: Double) in
        CalibrationReadings.reading(hour * 3600, 420, conditions: ["ws": wind])
    }
    #expect([1.0, 12, 23].map { nights.contains(reading($0, 5)) } == [true, false, true])
    #expect(!nights.contains(reading(1, 3)))
    #expect(!nights.contains(CalibrationReadings.reading(3600, 420)))
}
