import Foundation
import Quantities
import TestSupport
import Testing

@testable import Observations

private let twoPoint = CalibrationPlan(
    method: .bottles(
        BottlePlan(certificates: [
            CalibrationReadings.bottle("95", 522.34), CalibrationReadings.bottle("119", 403.04),
        ])
    ),
    scale: .co2X2019
)

/// Root mean square of the differences of what is there in both, by minute or by hour.
private func rootMeanSquare(_ values: [Int64: Double], _ reference: [Int64: Double], perHour: Bool) -> Double
{
    var hours: [Int64: [Double]] = [:]
    for (minute, value) in values.sorted(by: { $0.key < $1.key }) {
        guard let other = reference[minute] else { continue }
        hours[perHour ? minute / 60 : minute, default: []].append(value - other)
    }
    let squares = hours.values.map { differences in
        let mean = differences.reduce(0, +) / Double(differences.count)
        return mean * mean
    }
    return (squares.reduce(0, +) / Double(squares.count)).squareRoot()
}

private func byMinute(_ readings: [Reading], _ value: (Reading) -> Double?) -> [Int64: Double] {
    Dictionary(
        readings.compactMap { reading in
            value(reading).map { (reading.time.microseconds / 60_000_000, $0) }
        },
        uniquingKeysWith: { first, _ in first }
    )
}

private let sensorName = "1_Calibration_Correction__Sensor_GMP343_Measurement.csv"
private let picarroName = "1_Calibration_Correction__Reference_Picarro_G2401.csv"

@Test(.enabled(if: Munich.folder != nil)) func twoBottlesBringTheMunichSensorToThePicarro() throws {
    let calibrator = Calibrator(twoPoint, readings: try Munich.bottles())
    let record = try #require(calibrator.records.first)
    #expect(calibrator.runs.map(\.readings) == [119, 61])
    #expect(abs(record.coefficients[1] - 1.0374) < 1e-3)
    #expect(abs(record.coefficients[0] + 2.27) < 0.5)

    let sensor = try Munich.series(sensorName, station: "gmp343")
    let picarro = byMinute(try Munich.series(picarroName, station: "picarro"), \.valuePartsPerMillion)
    let raw = byMinute(sensor, \.valuePartsPerMillion)
    let calibrated = byMinute(sensor) { calibrator.calibrate($0)?.valuePartsPerMillion }

    #expect(abs(rootMeanSquare(raw, picarro, perHour: false) - 15.45) < 0.01)
    #expect(rootMeanSquare(calibrated, picarro, perHour: false) <= 2.4)
    #expect(rootMeanSquare(calibrated, picarro, perHour: true) <= 1.1)
}

@Test(.enabled(if: Munich.folder != nil)) func aTransferLearntOnTheFirstHalfHoldsOnTheSecond() throws {
    let sensor = try Munich.series(sensorName, station: "gmp343")
    let picarro = try Munich.series(picarroName, station: "picarro")
    let times = sensor.map(\.time).sorted()
    let middle = times[times.count / 2]
    let plan = CalibrationPlan(
        method: .transfer(
            TransferPlan(
                referenceStation: "picarro",
                referenceInstrument: "picarro",
                periods: [Period(start: times[0], end: middle)]
            )
        )
    )
    let calibrator = Calibrator(plan, readings: sensor, reference: picarro)
    #expect(calibrator.problem == nil)
    let later = sensor.filter { $0.time >= middle }
    let values = later.compactMap { reading in calibrator.calibrate(reading).map { (reading.time, $0) } }
    let truth = byMinute(picarro, \.valuePartsPerMillion)
    let calibrated = byMinute(later) { calibrator.calibrate($0)?.valuePartsPerMillion }
    #expect(rootMeanSquare(calibrated, truth, perHour: false) < 2.4)
    #expect(rootMeanSquare(calibrated, truth, perHour: true) < 1.1)

    // The stated uncertainty tells the errors: about 95 % within two of them.
    let inside = values.filter { time, value in
        guard let other = truth[time.microseconds / 60_000_000] else { return false }
        return abs(value.valuePartsPerMillion - other) <= 2 * value.standardUncertaintyPartsPerMillion
    }
    #expect(Double(inside.count) / Double(values.count) > 0.8)
    #expect(values.allSatisfy { $0.1.scale == .co2X2019 })
}

@Test(.enabled(if: Munich.folder != nil)) func theDilutionOfMunichIsReproduced() throws {
    let correction = DryAirCorrection.dilution(from: .humidity)
    let reported = DryAirCorrection.dilution(from: .reported)
    var worst = (fromHumidity: 0.0, reported: 0.0)
    for row in try Munich.rows("4_Dilution_Correction__Sensor_GMP343_Measurement.csv") {
        guard let wet = Double(row[1]), let dry = Double(row[2]), let rh = Double(row[3]),
            let t = Double(row[4]), let p = Double(row[5]), let h2o = Double(row[6])
        else { continue }
        let told = try #require(correction.dry(wet, ["rh": rh, "t": t, "p": p]))
        let given = try #require(reported.dry(wet, ["h2o": h2o]))
        worst.fromHumidity = max(worst.fromHumidity, abs(told - dry))
        worst.reported = max(worst.reported, abs(given - dry))
    }
    #expect(worst.reported == 0)
    #expect(worst.fromHumidity < 1e-9)
}
