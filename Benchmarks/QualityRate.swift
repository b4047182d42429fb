import Geo
import Observations
import Quantities
import TestSupport

/// The tests of a vehicle at 1 Hz, all of them and Hampel's alone with windows of 61 values, on one core.
struct QualityRate: Race {
    let name = "quality-rate"
    private let count = 500_000

    func run() async throws {
        let readings = drive()
        var hampel = QualityProfile()
        hampel.hampel = HampelLimit(
            windowSeconds: 61,
            deviations: 5,
            smallestDistancePartsPerMillion: 0,
            keepsPlumes: false
        )
        let hour = QualityProfile.standard(for: .fixed, gas: .co2)
        measure("vehicle, all tests ", readings, .standard(for: .vehicle, gas: .co2))
        measure("Hampel, 61 values  ", readings, hampel)
        measure("fixed, windows 3661", readings, hour)
    }

    private func measure(_ label: String, _ readings: [Reading], _ profile: QualityProfile) {
        for _ in 0..<3 {
            var verdicts: [QualityVerdict] = []
            let time = ContinuousClock().measure { verdicts = contextVerdicts(readings, profile: profile) }
            let doubted = verdicts.count { $0.flag == .suspect || $0.flag == .fail }
            let rate = Double(readings.count) / (time / .seconds(1)) / 1e6
            print(label, "\((rate * 100).rounded() / 100) M readings/s, \(doubted) doubted")
        }
    }

    private func drive() -> [Reading] {
        var random = SeededGenerator(seed: 1)
        var value = 420.0
        let start = Instant(CivilTime(year: 2025, month: 3, day: 1))
        return (0..<count).map { second in
            value += 0.05 * (430 - value) + random.normal()
            return Reading(
                station: "car",
                instrument: "g2301",
                gas: .co2,
                time: start.advanced(bySeconds: Double(second)),
                valuePartsPerMillion: value + (random.uniform() < 0.01 ? 100 : 0),
                scale: .unstated,
                position: .init(longitude: 10 + 1e-7 * Double(second), latitude: 53.5),
                standardUncertaintyPartsPerMillion: 0.2,
                conditions: ["spd": 8 * random.uniform(), "sat": 9, "acc": 4, "h2o": 1.2, "t": 12, "cp": 140]
            )
        }
    }
}
