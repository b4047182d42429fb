import Foundation
import Observations
import Quantities
import TestSupport

/// The recorded drives and sensors of the repository as readings, flagged by the limits of their networks.
enum RecordedReadings {
    static func hamburg() throws -> [Reading] {
        try table("hamburg-drive.csv").map { row in
            let value = Double(row[9])
            let pressure = Double(row[12]) ?? 0
            let isGood = (139...141).contains(pressure) && !row[1].isEmpty
            return reading("car", .co2, row[0], value, isGood && (380...1500).contains(value ?? 0))
        }
    }

    static func park() throws -> [Reading] {
        try table("park-readings.csv").map { row in
            let value = Double(row[2])
            return reading(row[1], .ch4, row[0], value, (1.7...100).contains(value ?? 0))
        }
    }

    /// The means that pandas makes of the same records.
    static func means(_ name: String) throws -> [PandasMean] {
        try rows(Places.fixtures.appending(path: name)).compactMap { row in
            AggregateInterval(rawValue: row[0]).map {
                PandasMean(
                    interval: $0,
                    station: row[1],
                    start: row[2],
                    readings: Int(row[3]) ?? 0,
                    used: Int(row[4]) ?? 0,
                    mean: Double(row[5]),
                    deviation: Double(row[6])
                )
            }
        }
    }

    private static func table(_ name: String) throws -> [[String]] {
        try rows(Places.deploy.appending(path: "records/\(name)"))
    }

    private static func rows(_ file: URL) throws -> [[String]] {
        try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst().map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
    }

    private static func reading(
        _ station: String,
        _ gas: Gas,
        _ time: String,
        _ value: Double?,
        _ isGood: Bool
    ) -> Reading {
        Reading(
            station: station,
            instrument: "i",
            gas: gas,
            time: Instant(iso8601: time) ?? Instant(microseconds: 0),
            valuePartsPerMillion: value,
            scale: .unstated,
            position: nil,
            standardUncertaintyPartsPerMillion: 0.1,
            flag: value == nil ? .missing : isGood ? .good : .suspect,
            tests: isGood ? [] : .grossRange
        )
    }
}

/// One row of the fixtures.
struct PandasMean {
    let interval: AggregateInterval
    let station: String
    let start: String
    let readings: Int
    let used: Int
    let mean: Double?
    let deviation: Double?
}
