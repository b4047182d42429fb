import Formats
import Foundation
import Observations
import Quantities
import TestSupport
import Testing

private func plan(_ calibration: String, scale: String = "uncalibrated") throws -> CalibrationPlan? {
    let folder = try TemporaryFolder()
    let file = folder.file("network.json")
    let text = """
        { id: 'n', names: 'N', credit: 'c', stations: [{ id: 'a', names: 'A', kind: 'fixed',
          position: { longitude: 11, latitude: 48 }, instruments: [{ id: 'i', gas: 'co2', unit: 'ppm',
          scale: '\(scale)', gross_range: { fail: [300, 2000], suspect: [370, 1000] },
          calibration: { \(calibration) } }] }] }
        """
    try Data(text.utf8).write(to: file)
    return try NetworkFile(path: file.path).network.stations.first?.instruments.first?.calibration
}

private let high = "{ id: '95', value: 522.34, uncertainty: 0.05, scale: 'WMO-CO2-X2019' }"
private let low = "{ id: '119', value: 403.04, uncertainty: 0.05, scale: 'WMO-CO2-X2019' }"
private let old = "{ id: '7', value: 400, uncertainty: 0.1, scale: 'WMO-CO2-X2007' }"

@Test func bottlesAreReadWithWhatTheyHold() throws {
    let read = try plan(
        """
        method: 'bottles', bottles: [\(high), \(low)], flush_seconds: 90, trim: 0.1, target: '119',
        minimum_readings: 20, target_limit: 0.3, maximum_age_hours: 36, drift_per_day: 0.1,
        repeatability: 1.2, span: [350, 550],
        dry_air: { from: 'rh,t,p', correction: 'dilution' }
        """
    )
    let plan = try #require(read)
    guard case .bottles(let bottles) = plan.method else { throw Unexpected() }
    #expect(bottles.certificates.map(\.valuePartsPerMillion) == [522.34, 403.04])
    #expect(bottles.flushSeconds == 90 && bottles.trim == 0.1 && bottles.minimumReadings == 20)
    #expect(bottles.target == "119" && bottles.targetLimitPartsPerMillion == 0.3)
    #expect(plan.scale == .co2X2019)
    #expect(plan.maximumAgeSeconds == 129_600 && plan.driftPartsPerMillionPerDay == 0.1)
    #expect(plan.repeatabilityPartsPerMillion == 1.2 && plan.spanPartsPerMillion == 350...550)
    #expect(plan.dryAir == .dilution(from: .humidity))
}

@Test func aBottleOnAnotherScaleIsConverted() throws {
    let converted = try plan("method: 'bottles', scale: 'WMO-CO2-X2019', bottles: [\(high), \(old)]")
    guard case .bottles(let bottles) = converted?.method else { throw Unexpected() }
    #expect(abs(bottles.certificates[1].valuePartsPerMillion - 400.174) < 1e-9)
    #expect(abs(bottles.certificates[1].standardUncertaintyPartsPerMillion - 0.100079) < 1e-9)
    #expect(bottles.certificates[1].certifiedScale == .co2X2007)
}

@Test func aTransferNamesItsReferenceAndPeriods() throws {
    let read = try plan(
        """
        method: 'transfer', reference: { station: 'hub', instrument: 'g2401' }, robust: false,
        periods: [['2025-03-01T00:00:00Z', '2025-03-08T00:00:00Z']], predictors: ['t', 'rh', 'p'],
        windy_nights: { minimum_wind: 4, from_hour: 22, to_hour: 4 }
        """
    )
    guard case .transfer(let transfer) = read?.method else { throw Unexpected() }
    #expect(transfer.referenceStation == "hub" && transfer.predictors == ["t", "rh", "p"])
    #expect(transfer.periods.map(\.seconds) == [604_800] && !transfer.isRobust)
    #expect(transfer.windyNights?.fromHour == 22)
}

@Test func aFixedLineAndDryAirAreRead() throws {
    let read = try plan(
        """
        fixed: { slope: 1.02, intercept: -3, covariance: [0.04, -1e-4, 1e-6] },
        dry_air: { from: 'h2o', correction: 'instrument', linear: -0.01548 }
        """,
        scale: "WMO-CO2-X2019"
    )
    guard case .fixed(let line) = read?.method else { throw Unexpected() }
    #expect(line.slope == 1.02 && line.covariance.both == -1e-4)
    #expect(read?.scale == .co2X2019 && read?.dryAir?.linear == -0.01548)
    #expect(try plan("dry_air: { from: 'h2o', correction: 'dilution' }")?.method == .unchanged)
}

@Test(arguments: [
    ("method: 'botles', bottles: []", "did you mean `bottles`?"),
    ("method: 'botles'", "did you mean `bottles`?"),
    ("method: 'bottles', bottles: []", "names no bottle"),
    ("method: 'bottles', bottles: [\(high), \(old)]", "say which one"),
    ("method: 'bottles', scale: 'lab-1', bottles: [\(high)]", "no relation of co2"),
    ("method: 'bottles', bottles: [\(high), \(high)]", "two certificates for the same time"),
    ("method: 'bottles', bottles: [\(high), \(low)], target: '118'", "did you mean `119`?"),
    ("method: 'bottles', bottles: [\(high)], target: '95'", "no bottle is left"),
    ("method: 'bottles', bottles: [\(high)], trim: 0.5", "leaves nothing"),
    ("method: 'bottles', bottles: [\(high)], predictors: ['t']", "belongs to the method `transfer`"),
    ("method: 'bottles', bottles: [\(high)], minimum_readings: 2.5", "must be a whole number"),
    (
        "method: 'bottles', bottles: [{ id: 'a', value: 1, uncertainty: 0, scale: 'lab' }]",
        "a standard uncertainty is positive"
    ),
    ("method: 'bottles', bottles: [\(high)], flush_second: 1", "did you mean `flush_seconds`?"),
    ("method: 'fixed', fixed: { slope: 1, intercept: 0, covariance: [1, 2, 1] }", "possible covariance"),
    (
        "method: 'transfer', reference: { station: 'h', instrument: 'g' }, periods: [['2025-03-01', 'x']]",
        "[from, to] in ISO 8601"
    ),
    ("dry_air: { from: 'dew', correction: 'dilution' }", "neither `h2o` nor `rh,t,p`"),
])
func calibrationsThatCannotBeAreRefused(calibration: String, words: String) {
    let error = #expect(throws: ConfigurationError.self) { try plan(calibration) }
    #expect(error?.line.contains(words) == true, "\(error?.line ?? "")")
    #expect(error?.line.contains("calibration") == true)
}

private struct Unexpected: Error {}
