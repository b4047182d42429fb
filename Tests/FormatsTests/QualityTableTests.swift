import Foundation
import Observations
import Quantities
import TestSupport
import Testing

@testable import Formats

/// A row of the tables in the article on quality.
private struct Row {
    let key: String
    let defaults: [String]
    let example: String

    /// The test, and the member in it; empty for a test that is a number.
    var test: String { String(key.split(separator: ".")[0]) }
    var member: String { key.split(separator: ".").dropFirst().joined() }

    static func all() throws -> [Row] {
        let article = "Sources/crosswind/crosswind.docc/Quality.md"
        let text = try String(contentsOf: Places.repository.appending(path: article), encoding: .utf8)
        return text.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            return Row(
                key: cells[0].replacing("`", with: ""),
                defaults: Array(cells[2..<7]),
                example: cells[7]
            )
        }
    }
}

/// The columns of the tables.
private let columns: [(kind: PlatformKind, grades: [InstrumentGrade])] = [
    (.fixed, [.reference]), (.fixed, [.midCost]), (.fixed, [.lowCost]), (.vehicle, [.reference, .midCost]),
    (.vehicle, [.lowCost]),
]

private let numbers: [String: @Sendable (QualityProfile) -> Double?] = [
    "hold_s": { $0.holdSeconds },
    "rate_of_change.per_second": { $0.rateOfChange?.partsPerMillionPerSecond },
    "rate_of_change.shortest_step_s": { $0.rateOfChange?.shortestStepSeconds },
    "rate_of_change.longest_step_s": { $0.rateOfChange?.longestStepSeconds },
    "hampel.window_s": { $0.hampel?.windowSeconds },
    "hampel.deviations": { $0.hampel?.deviations },
    "hampel.smallest_distance": { $0.hampel?.smallestDistancePartsPerMillion },
    "spike.suspect": { $0.spike?.suspectPartsPerMillion },
    "spike.fail": { $0.spike?.failPartsPerMillion },
    "spike.longest_step_s": { $0.spike?.longestStepSeconds },
    "flat_line.tolerance": { $0.flatLine?.tolerancePartsPerMillion },
    "flat_line.suspect_s": { $0.flatLine?.suspectSeconds },
    "flat_line.fail_s": { $0.flatLine?.failSeconds },
    "attenuated_signal.range": { $0.attenuation?.rangePartsPerMillion },
    "attenuated_signal.window_s": { $0.attenuation?.seconds },
    "own_exhaust.speed_m_s": { $0.ownExhaust?.metresPerSecond },
    "own_exhaust.excess": { $0.ownExhaust?.excessPartsPerMillion },
    "own_exhaust.window_s": { $0.ownExhaust?.windowSeconds },
    "climatology.minimum": { $0.climatology.first?.lowestPartsPerMillion },
    "climatology.maximum": { $0.climatology.first?.highestPartsPerMillion },
    "background.value": { $0.background?.partsPerMillion },
    "background.growth_per_year": { $0.background?.growthPartsPerMillionPerYear },
    "background.tolerance": { $0.background?.tolerancePartsPerMillion },
    "warm_up.gap_s": { $0.warmUp?.gapSeconds },
    "warm_up.settle_s": { $0.warmUp?.settleSeconds },
    "water_vapour_percent": { $0.largestWaterVapourPercent },
    "battery_v": { $0.smallestBatteryVolts },
    "fix_warm_up.gap_s": { $0.fixWarmUp?.gapSeconds },
    "fix_warm_up.settle_s": { $0.fixWarmUp?.settleSeconds },
    "fix.satellites": { $0.fix?.fewestSatellites },
    "fix.accuracy_m": { $0.fix?.largestErrorMetres },
    "position_jump_m_s": { $0.jumpMetresPerSecond },
    "standstill_m_s": { $0.standstillMetresPerSecond },
    "buddy.deviations": { $0.buddy?.deviations },
    "buddy.near_s": { $0.buddy?.nearSeconds },
    "buddy.smallest_deviation": { $0.buddy?.smallestDeviationPartsPerMillion },
    "buddy.fewest_pairs": { $0.buddy.map { Double($0.fewestPairs) } },
    "buddy.nights": { $0.buddy.map { Double($0.nights) } },
    "buddy.night_from": { $0.buddy?.nightHours.from },
    "buddy.night_to": { $0.buddy?.nightHours.to },
    "colocation.offset": { $0.colocation?.offsetPartsPerMillion },
    "colocation.window_s": { $0.colocation?.windowSeconds },
    "colocation.near_s": { $0.colocation?.nearSeconds },
    "colocation.fewest_pairs": { $0.colocation.map { Double($0.fewestPairs) } },
    "gas_ratio.smallest": { $0.ratio?.smallest },
    "gas_ratio.largest": { $0.ratio?.largest },
    "gas_ratio.smallest_excess": { $0.ratio?.smallestExcessPartsPerMillion },
    "gas_ratio.near_s": { $0.ratio?.nearSeconds },
    "gas_ratio.window_s": { $0.ratio?.windowSeconds },
    "station_pass.reach_m": { $0.stationPass?.reachMetres },
    "station_pass.offset": { $0.stationPass?.offsetPartsPerMillion },
    "station_pass.near_s": { $0.stationPass?.nearSeconds },
    "station_pass.fewest_pairs": { $0.stationPass.map { Double($0.fewestPairs) } },
    "station_pass.gap_s": { $0.stationPass?.gapSeconds },
]

/// The member of `companions` without which limits have no effect.
private let companions = [
    "buddy": "buddies: [\"b\"]", "colocation": "reference: \"b\"", "gas_ratio": "gas: \"b/o\"",
]

private let texts: [String: @Sendable (QualityProfile) -> String?] = [
    "hampel.keeps_plumes": { $0.hampel.map { "\($0.keepsPlumes)" } },
    "spike.method": { $0.spike.map { "\"\($0.method.rawValue)\"" } },
    "climatology.months": { $0.climatology.first.map { $0.months == [12, 1, 2] ? "[12, 1, 2]" : "?" } },
    "climatology.hours": { $0.climatology.first.map { $0.hours == [0, 1] ? "[0, 1]" : "?" } },
    "background.at": { $0.background.map { "\"\($0.at)\"" } },
]

/// Whether a profile holds for a key what a cell of the table says.
private func holds(_ profile: QualityProfile, _ key: String, _ cell: String) -> Bool {
    if let text = texts[key] { return text(profile) ?? "off" == cell }
    guard let number = numbers[key] else { return false }
    guard let value = number(profile) else { return cell == "off" }
    return Double(cell).map { abs($0 - value) <= 1e-4 * abs(value) } ?? false
}

private func quality(_ members: String, gas: String) throws -> QualityProfile {
    let range = "gross_range: {fail: [0, 3000], suspect: [0, 1500]}"
    let test = companions.first { members.hasPrefix($0.key) }
    let text = """
        {id: "n", names: "n", credit: "c", stations: [{
            id: "s", names: "s", kind: "\(test == nil ? "vehicle" : "fixed")",
            position: { longitude: 1, latitude: 1 },
            instruments: [{ id: "i", gas: "\(gas)", unit: "ppm", scale: "unstated", quality: {\(members)},
                companions: \(test.map { "{\($0.value)}" } ?? "null"), \(range) }]
        }, {
            id: "b", names: "b", kind: "fixed", position: { longitude: 1, latitude: 1 },
            instruments: [{ id: "i", gas: "\(gas)", unit: "ppm", scale: "unstated", \(range) },
                { id: "o", gas: "\(gas == "co" ? "co2" : "co")", unit: "ppm", scale: "unstated", \(range) }]
        }]}
        """
    return try NetworkFile(text: text, path: "n.json").network.stations[0].instruments[0].quality
}

@Suite struct QualityTableTests {
    @Test func theTableHoldsEveryKeyAndNoOther() throws {
        let rows = try Row.all()
        #expect(Set(rows.map(\.key)) == Set(numbers.keys).union(texts.keys) && rows.count > 30)
        let error = #expect(throws: ConfigurationError.self) { try quality("zzzzzzzzzzzzz: 1", gas: "co2") }
        let known = try #require(error?.remedy.replacing("known keys: ", with: "")).split(separator: ", ")
        #expect(Set(known.map(String.init)) == Set(rows.map(\.test)).union(["grade"]))
    }

    @Test func theDefaultsAreThoseOfTheTable() throws {
        for row in try Row.all() {
            for (column, cell) in zip(columns, row.defaults) {
                for grade in column.grades {
                    let profile = QualityProfile.standard(for: column.kind, grade: grade, gas: .co2)
                    #expect(holds(profile, row.key, cell), "\(row.key), \(column.kind), \(grade)")
                }
            }
        }
    }

    /// As the article says of the other gases.
    @Test(arguments: [Gas.ch4, .n2o, .co])
    func otherGasesHaveTheTestsOfTheStateAlone(gas: Gas) throws {
        let state = [
            "warm_up", "water_vapour_percent", "battery_v", "fix_warm_up", "fix", "position_jump_m_s",
            "standstill_m_s",
        ]
        for row in try Row.all() where row.key != "hold_s" {
            for (column, cell) in zip(columns, row.defaults) {
                let graded = QualityProfile.standard(for: column.kind, grade: column.grades[0], gas: gas)
                #expect(holds(graded, row.key, state.contains(row.test) ? cell : "off"), "\(row.key)")
                let plain = QualityProfile.standard(for: column.kind, gas: gas)
                let isOn = state.dropFirst(2).contains(row.test)
                #expect(holds(plain, row.key, isOn ? cell : "off"), "\(row.key)")
            }
        }
    }

    /// Every key, for every gas, set to its example.
    @Test(arguments: ["co2", "ch4", "n2o", "co"])
    func everyKeyIsAccepted(gas: String) throws {
        for (test, rows) in Dictionary(grouping: try Row.all(), by: \.test) {
            let members = rows.map { "\($0.member): \($0.example)" }.joined(separator: ", ")
            let isNumber = rows[0].member.isEmpty
            let value = isNumber ? rows[0].example : test == "climatology" ? "[{\(members)}]" : "{\(members)}"
            let profile = try quality("\(test): \(value)", gas: gas)
            for row in rows { #expect(holds(profile, row.key, row.example), "\(row.key)") }
        }
    }
}
