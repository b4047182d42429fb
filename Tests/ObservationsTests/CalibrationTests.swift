import Quantities
import TestSupport
import Testing

@testable import Observations

private let start = CalibrationReadings.start
private let day = 86_400.0

/// Two bottles in a row at a moment; the instrument shows (value - 5) / slope of each.
private func calibration(
    at seconds: Double,
    noise: Double = 0,
    _ random: inout SeededGenerator,
    response: @escaping (Double, Double) -> Double
) -> [Reading] {
    CalibrationReadings.run(seconds, "high", noise: noise, &random) { response($0, 522.34) }
        + CalibrationReadings.run(seconds + 600, "low", noise: noise, &random) { response($0, 403.04) }
}

@Test func twoBottlesGiveTheLineThroughThem() throws {
    let points = [
        CalibrationPoint(response: 500, responseVariance: 0.04, value: 520, valueVariance: 0.01),
        CalibrationPoint(response: 400, responseVariance: 0.04, value: 410, valueVariance: 0.01),
    ]
    let line = try #require(CalibrationLine(fitting: points))

    #expect(abs(line.slope - 1.1) < 1e-12)
    #expect(abs(line.intercept + 30) < 1e-9)
    // At each bottle the line is as uncertain as that bottle.
    #expect(abs(line.fromRuns.variance(at: 500) - 1.21 * 0.04) < 1e-9)
    #expect(abs(line.fromCertificates.variance(at: 400) - 0.01) < 1e-9)
    // Halfway both errors count half.
    #expect(abs(line.fromCertificates.variance(at: 450) - 0.005) < 1e-9)
}

@Test func aThirdBottleIsWeightedByItsUncertainty() throws {
    // The third lies 1 ppm off the line of the others and is 1000 times less certain than they are.
    let points = [(400.0, 400.0, 1e-4), (500, 500, 1e-4), (450, 451, 1e2)].map {
        CalibrationPoint(response: $0.0, responseVariance: 1e-8, value: $0.1, valueVariance: $0.2)
    }
    let line = try #require(CalibrationLine(fitting: points))

    #expect(abs(line.value(450) - 450) < 1e-5)
    #expect(abs(line.rootMeanSquare - (1 / 3.0).squareRoot()) < 1e-5)
}

@Test func equalResponsesGiveNoLine() {
    let points = [400.0, 500].map {
        CalibrationPoint(response: 450, responseVariance: 0.01, value: $0, valueVariance: 0.01)
    }
    #expect(CalibrationLine(fitting: points) == nil)
    #expect(CalibrationLine(fitting: Array(points.prefix(1))) == nil)
}

/// A response that drifts linearly is followed exactly between two calibrations, whatever its slope does.
@Test(arguments: 0..<10 as Range<UInt64>) func linearDriftIsFollowed(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let gains = (0.9 + 0.2 * random.uniform(), 0.9 + 0.2 * random.uniform())
    let offsets = (20 * random.normal(), 20 * random.normal())
    // Runs of ten minutes, centred at the same fraction of each event.
    let shows = { (seconds: Double, value: Double) in
        let part = seconds / day
        return (gains.0 + (gains.1 - gains.0) * part) * value + offsets.0 + (offsets.1 - offsets.0) * part
    }
    let bottles =
        calibration(at: 0, &random) { _, value in shows(600, value) }
        + calibration(at: day, &random) { _, value in shows(day + 600, value) }
    let calibrator = Calibrator(
        CalibrationPlan(method: .bottles(CalibrationReadings.twoBottles), scale: .co2X2019),
        readings: bottles
    )
    #expect(calibrator.records.count == 2)
    // Mean time of both runs after flushing, with one value less at the start of each.
    let events = calibrator.runs.map { $0.time.seconds(since: start) }
    let fraction = { (seconds: Double) in
        let first = (events[0] + events[1]) / 2
        return (seconds - first) / ((events[2] + events[3]) / 2 - first)
    }
    for _ in 0..<20 {
        let truth = 410 + 100 * random.uniform()
        let moment = 1800 + (day - 3600) * random.uniform()
        let shown = shows(600 + fraction(moment) * day, truth)
        let value = try #require(calibrator.calibrate(CalibrationReadings.reading(moment, shown)))
        #expect(abs(value.valuePartsPerMillion - truth) < 1e-8)
        #expect(value.scale == .co2X2019)
        #expect(value.flag == .good)
    }
}

@Test func theStatedUncertaintyIsThatOfManyTrials() throws {
    var random = SeededGenerator(seed: 7)
    var errors: [Double] = []
    var stated = 0.0
    for _ in 0..<400 {
        let certificates = [
            CalibrationReadings.bottle("high", 522.34 + 0.3 * random.normal(), uncertainty: 0.3),
            CalibrationReadings.bottle("low", 403.04 + 0.3 * random.normal(), uncertainty: 0.3),
        ]
        let readings = calibration(at: 0, noise: 2, &random) { _, value in value / 1.05 }
        let plan = CalibrationPlan(
            method: .bottles(BottlePlan(certificates: certificates)),
            repeatabilityPartsPerMillion: 0.5
        )
        let air = CalibrationReadings.reading(3600, 430 / 1.05 + 0.5 * random.normal())
        let value = try #require(Calibrator(plan, readings: readings).calibrate(air))
        errors.append(value.valuePartsPerMillion - 430)
        stated += value.standardUncertaintyPartsPerMillion / 400
    }
    let spread = (errors.reduce(0) { $0 + $1 * $1 } / 400).squareRoot()

    // 400 trials tell a standard deviation to 3.5 %; the autocorrelation of few values is biased upwards.
    #expect(abs(spread / stated - 1) < 0.15)
}

@Test func aSingleBottleMovesTheInterceptAlone() throws {
    var random = SeededGenerator(seed: 1)
    var readings = calibration(at: 0, &random) { _, value in value / 1.04 }
    readings += CalibrationReadings.run(day, "low", &random) { _ in (403.04 - 3) / 1.04 }
    let plan = CalibrationPlan(method: .bottles(CalibrationReadings.twoBottles))
    let calibrator = Calibrator(plan, readings: readings)

    #expect(calibrator.records.map(\.kind) == [.bottles, .oneBottle])
    #expect(calibrator.records.allSatisfy { abs($0.coefficients[1] - 1.04) < 1e-12 })
    #expect(abs(calibrator.records[1].coefficients[0] - 3) < 1e-9)
    // Alone in the record, the slope is what the plan assumes.
    let alone = Calibrator(plan, readings: Array(readings.suffix(60)))
    #expect(alone.records.map { $0.coefficients[1] } == [1])
}

@Test func uncertaintyGrowsWithTheAgeOfTheCalibration() throws {
    var random = SeededGenerator(seed: 2)
    let readings = calibration(at: 0, noise: 0.5, &random) { _, value in value }
    let plan = CalibrationPlan(
        method: .bottles(CalibrationReadings.twoBottles),
        maximumAgeSeconds: 5 * day,
        driftPartsPerMillionPerDay: 0.2
    )
    let calibrator = Calibrator(plan, readings: readings)
    let values = [1.0, 4, 10].compactMap { days in
        calibrator.calibrate(CalibrationReadings.reading(days * day, 430))
    }

    #expect(values.map { ($0.uncertainty.drift / 0.2).rounded() } == [1, 4, 10])
    #expect(values.map { $0.tests == .calibrationAge } == [false, false, true])
    // Beyond the bottles the line is extrapolated.
    let high = try #require(calibrator.calibrate(CalibrationReadings.reading(day, 600)))
    #expect(high.tests == .calibrationAge && high.flag == .suspect)
    #expect(high.uncertainty.fit > values[0].uncertainty.fit)
}

@Test func gasFromBottlesIsNotCalibrated() {
    var random = SeededGenerator(seed: 3)
    let readings = calibration(at: 0, &random) { _, value in value }
    let plan = CalibrationPlan(method: .bottles(CalibrationReadings.twoBottles))
    #expect(Calibrator(plan, readings: readings).calibrate(readings).allSatisfy { $0 == nil })
    // Nor is air as long as no bottle was measured.
    #expect(Calibrator(plan, readings: []).calibrate(CalibrationReadings.reading(0, 430)) == nil)
}

@Test func aMissedTargetFlagsTheReadingsNearIt() throws {
    var random = SeededGenerator(seed: 4)
    var bottles = CalibrationReadings.twoBottles
    bottles.certificates.append(CalibrationReadings.bottle("target", 440))
    bottles.target = "target"
    bottles.targetLimitPartsPerMillion = 0.5
    var readings = calibration(at: 0, &random) { _, value in value }
    readings += CalibrationReadings.run(day, "target", &random) { _ in 440.1 }
    readings += CalibrationReadings.run(2 * day, "target", &random) { _ in 441 }
    let calibrator = Calibrator(CalibrationPlan(method: .bottles(bottles)), readings: readings)
    let checks = calibrator.records.filter { $0.kind == .target }

    #expect(checks.map { ($0.coefficients[0] * 1000).rounded() } == [100, 1000])
    #expect(checks.map(\.isBeyondLimit) == [false, true])
    let tests = [1.4, 1.6].map { days in
        calibrator.calibrate(CalibrationReadings.reading(days * day, 430))?.tests
    }
    #expect(tests == [[], .targetBias])
}

/// What `affected(by:among:)` leaves out stays bit for bit, wherever a run is added.
@Test(arguments: 0..<30 as Range<UInt64>) func aRunChangesItsSpanAlone(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var bottles = CalibrationReadings.twoBottles
    bottles.certificates.append(CalibrationReadings.bottle("target", 440))
    bottles.target = "target"
    bottles.targetLimitPartsPerMillion = 0.3
    let plan = CalibrationPlan(method: .bottles(bottles), driftPartsPerMillionPerDay: 0.1)
    let moments = (0..<12).map { Double($0) * 6 * 3600 + 1000 * random.uniform() }
    let contents: [String: Double] = ["high": 522.34, "low": 403.04, "target": 440]
    var runs: [[Reading]] = []
    for moment in moments {
        let id = ["high", "low", "target"][Int(random.next() % 3)]
        let value = contents[id] ?? 0
        var readings = CalibrationReadings.run(moment, id, noise: 1, &random) { value + $0 / day }
        if id == "high", random.uniform() < 0.5 {
            readings += CalibrationReadings.run(moment + 700, "low", &random) { _ in 403 }
        }
        runs.append(readings)
    }
    let added = Int(random.next() % 12)
    let with = Calibrator(plan, readings: Array(runs.joined()))
    let others = runs.indices.filter { $0 != added }.flatMap { runs[$0] }
    let without = Calibrator(plan, readings: others)
    let spans = with.runs.filter { run in !without.runs.contains { $0.start == run.start } }
        .map {
            bottles.affected(by: $0, among: with.runs).union(bottles.affected(by: $0, among: without.runs))
        }
    let span = try #require(spans.first)
    let union = spans.reduce(span) { $0.union($1) }
    for hour in stride(from: -10.0, to: 90, by: 0.5) {
        let air = CalibrationReadings.reading(hour * 3600, 430)
        let isInside =
            (union.start.map { air.time >= $0 } ?? true) && (union.end.map { air.time < $0 } ?? true)
        guard !isInside else { continue }
        #expect(with.calibrate(air) == without.calibrate(air))
    }
}
