import Foundation
import Geo
import Observations
import Quantities
import TestSupport

/// Series for the quality tests.
enum QualitySamples {
    static let start = Instant(CivilTime(year: 2025, month: 3, day: 1))

    /// Good CO2 readings every `step` seconds.
    static func series(_ values: [Double?], step: Double = 1) -> [Reading] {
        values.enumerated().map { reading(at: Double($0.offset) * step, $0.element) }
    }

    static func reading(
        at seconds: Double,
        _ value: Double?,
        position: Position? = nil,
        conditions: Conditions = [:],
        bottle: String? = nil
    ) -> Reading {
        Reading(
            station: "s",
            instrument: "i",
            gas: .co2,
            time: start.advanced(bySeconds: seconds),
            valuePartsPerMillion: value,
            scale: .unstated,
            position: position,
            standardUncertaintyPartsPerMillion: 0.1,
            flag: value == nil ? .missing : .good,
            tests: value == nil ? .missingValue : [],
            conditions: conditions,
            bottle: bottle
        )
    }

    static func place(_ longitude: Double, _ latitude: Double = 53.5) -> Position? {
        Position(longitude: longitude, latitude: latitude)
    }

    /// An irregular drive with gaps, missing values, bottles, jumps and repeats.
    static func drive(_ count: Int, seed: UInt64) -> [Reading] {
        var random = SeededGenerator(seed: seed)
        var seconds = 0.0
        var value = 420.0
        return (0..<count).map { _ in
            let isGap = random.uniform() < 0.01
            seconds += isGap ? 1 + 900 * random.uniform() : 0.2 + 1.5 * random.uniform()
            if random.uniform() < 0.7 {
                value += random.uniform() < 0.03 ? 150 * random.normal() : random.normal()
            }
            value = min(max(value, 390), 900)
            let hasFix = random.uniform() < 0.95
            let longitude = 10 + 0.001 * random.uniform() + (random.uniform() < 0.01 ? 0.5 : 0)
            return reading(
                at: (seconds * 1000).rounded() / 1000,
                random.uniform() < 0.03 ? nil : value,
                position: hasFix ? place(longitude) : nil,
                conditions: [
                    "spd": random.uniform() < 0.3 ? 0 : 10 * random.uniform(),
                    "sat": (12 * random.uniform()).rounded(), "acc": 20 * random.uniform(),
                    "h2o": 3.3 * random.uniform(), "bat": 3 + random.uniform(),
                ],
                bottle: random.uniform() < 0.02 ? "b" : nil
            )
        }
    }

    /// The drive through Hamburg with the flags of its messages.
    static func hamburg() throws -> [Reading] {
        let file = Places.deploy.appending(path: "records/hamburg-drive.csv")
        let rows = try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline)
            .dropFirst()
        return rows.map { row in
            message(row.split(separator: ",", omittingEmptySubsequences: false).map(String.init))
        }
    }

    static let g2301 = Instrument(
        id: "g2301-co2",
        gas: .co2,
        unit: .partsPerMillion,
        scale: .unstated,
        inletHeightMetres: 0.5,
        grossRange: GrossRange(failBelow: 350, suspectBelow: 380, suspectAbove: 1500, failAbove: 3000),
        standardUncertaintyPartsPerMillion: 0.2,
        stateLimits: [StateLimit(quantity: "cp", minimum: 139, maximum: 141)]
    )

    private static func message(_ fields: [String]) -> Reading {
        var conditions = Conditions()
        for (name, column) in [("acc", 6), ("sat", 7), ("spd", 4), ("cp", 12), ("h2o", 11)] {
            if let value = Double(fields[column]) { conditions.append(name, value) }
        }
        let position = Double(fields[2]).flatMap { longitude in
            Double(fields[1]).flatMap { Position(longitude: longitude, latitude: $0) }
        }
        let car = LocalizedName(english: "car")
        let station = Station(id: "car", names: car, kind: .vehicle, position: nil, instruments: [g2301])
        let verdict = QualityControl.assess(
            valuePartsPerMillion: Double(fields[9]),
            standardUncertaintyPartsPerMillion: 0.2,
            position: position.map { .at($0) } ?? .absent,
            state: { conditions[$0] },
            station: station,
            instrument: g2301
        )
        return Reading(
            station: "car",
            instrument: g2301.id,
            gas: .co2,
            time: Instant(iso8601: fields[0]) ?? start,
            valuePartsPerMillion: Double(fields[9]),
            scale: .unstated,
            position: position,
            standardUncertaintyPartsPerMillion: 0.2,
            flag: verdict.flag,
            tests: verdict.tests,
            conditions: conditions
        )
    }
}

extension [QualityVerdict] {
    /// The places whose verdict holds a test.
    func places(_ test: QualityTests) -> [Int] { indices.filter { self[$0].tests.contains(test) } }
}
