import Foundation
import Observations
import Quantities
import TestSupport
import Testing

/// Readings of an instrument with bottles, made up or recorded in Munich.
enum CalibrationReadings {
    static let start = Instant(CivilTime(year: 2025, month: 3, day: 1))

    static func reading(
        _ seconds: Double,
        _ value: Double?,
        bottle: String? = nil,
        conditions: Conditions = [:],
        station: String = "roof",
        scale: CalibrationScale = .uncalibrated,
        uncertainty: Double? = 0.5
    ) -> Reading {
        Reading(
            station: station,
            instrument: "gmp343",
            gas: .co2,
            time: start.advanced(bySeconds: seconds),
            valuePartsPerMillion: value,
            scale: scale,
            position: nil,
            standardUncertaintyPartsPerMillion: uncertainty,
            flag: .good,
            conditions: conditions,
            bottle: bottle
        )
    }

    /// A run of ten minutes, a value every ten seconds, around what the instrument shows.
    static func run(
        _ seconds: Double,
        _ bottle: String,
        noise: Double = 0,
        _ random: inout SeededGenerator,
        shows: (Double) -> Double
    ) -> [Reading] {
        (0..<60).map { index in
            let moment = seconds + 10 * Double(index)
            return reading(moment, shows(moment) + noise * random.normal(), bottle: bottle)
        }
    }

    static func bottle(_ id: String, _ value: Double, uncertainty: Double = 0.05) -> BottleCertificate {
        BottleCertificate(
            bottle: id,
            valuePartsPerMillion: value,
            standardUncertaintyPartsPerMillion: uncertainty,
            certifiedScale: .co2X2019
        )
    }

    static let twoBottles = BottlePlan(certificates: [bottle("high", 522.34), bottle("low", 403.04)])
}

/// The GMP343 beside a Picarro, and its two bottles.
enum Munich {
    static let folder = Places.shared("stations/munich-colocation")

    static func rows(_ name: String) throws -> [[String]] {
        let file = try #require(folder).appending(path: name)
        return try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst()
            .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    }

    static func instant(_ text: String) -> Instant {
        Instant(iso8601: text.replacingOccurrences(of: " ", with: "T") + "Z") ?? Instant(microseconds: 0)
    }

    static func series(_ name: String, column: Int = 1, station: String) throws -> [Reading] {
        try rows(name).map { row in
            Reading(
                station: station,
                instrument: station,
                gas: .co2,
                time: instant(row[0]),
                valuePartsPerMillion: Double(row[column]),
                scale: station == "picarro" ? .co2X2019 : .uncalibrated,
                position: nil,
                standardUncertaintyPartsPerMillion: 0.1,
                flag: Double(row[column]) == nil ? .missing : .good
            )
        }
    }

    static func bottles() throws -> [Reading] {
        try rows("1_Calibration_Correction__Sensor_GMP343_Calibration.csv").map { row in
            CalibrationReadings.reading(
                instant(row[0]).seconds(since: CalibrationReadings.start),
                Double(row[1]),
                bottle: row[3] == "95.0" ? "95" : "119"
            )
        }
    }
}
