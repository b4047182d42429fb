import Formats
import Foundation
import Observations
import Quantities
import TestSupport
import Testing

@Suite struct QualityProfileReadingTests {
    private func profile(_ quality: String?, kind: String = "vehicle", unit: String = "ppm") throws
        -> QualityProfile
    {
        let folder = try TemporaryFolder()
        let file = folder.file("network.json")
        let member = quality.map { ", quality: \($0)" } ?? ""
        try """
        {id: "n", names: "n", credit: "c", stations: [{
            id: "s", names: "s", kind: "\(kind)", position: {longitude: 10, latitude: 53},
            instruments: [{
                id: "i", gas: "co2", unit: "\(unit)", scale: "unstated",
                gross_range: {fail: [1, 3000], suspect: [2, 1500]}\(member)
            }]
        }]}
        """.write(to: file, atomically: true, encoding: .utf8)
        return try NetworkFile(path: file.path).network.stations[0].instruments[0].quality
    }

    private func problem(_ quality: String) -> String {
        do {
            _ = try profile(quality)
            return ""
        } catch {
            return (error as? ConfigurationError).map { "\($0.what): \($0.path); \($0.remedy)" } ?? "\(error)"
        }
    }

    @Test func thePlatformAndTheGradeChooseTheDefaults() throws {
        #expect(try profile(nil) == .standard(for: .vehicle, gas: .co2))
        #expect(try profile("{}", kind: "fixed") == .standard(for: .fixed, gas: .co2))
        let low = try profile(#"{grade: "low-cost"}"#, kind: "fixed")
        #expect(low == .standard(for: .fixed, grade: .lowCost, gas: .co2))
        #expect(low.flatLine?.suspectSeconds == 7200)
        #expect(low.hampel?.deviations == 3)
        #expect(low.warmUp?.settleSeconds == 1800)
        #expect(low.rateOfChange.map { $0.partsPerMillionPerSecond * 60 } == 30)
    }

    /// The numbers of CO2 are no numbers of methane.
    @Test(arguments: ["park-releases", "tacolneston"])
    func networksOfOtherGasesKeepTheirReadings(name: String) throws {
        let path = Places.repository.appending(path: "stations/\(name).json").path
        for station in try NetworkFile(path: path).network.stations {
            for instrument in station.instruments where instrument.gas != .co2 {
                #expect(instrument.quality == QualityProfile())
            }
        }
    }

    @Test func everyNumberCanBeSetInTheUnitOfTheInstrument() throws {
        let profile = try profile(
            """
            {hold_s: 3, rate_of_change: {per_second: 500}, hampel: {deviations: 6, keeps_plumes: false},
             spike: {method: "average", suspect: 10000, fail: 25000, longest_step_s: 5}, flat_line: false,
             attenuated_signal: {range: 100, window_s: 3600}, warm_up: {settle_s: 10}, fix: {satellites: 5},
             position_jump_m_s: false, own_exhaust: {excess: 50000}, water_vapour_percent: 4, battery_v: 3.3,
             climatology: [{months: [1, 2], minimum: 400000, maximum: 500000}],
             background: {value: 420000, at: "2025-01-01T00:00:00Z", growth_per_year: -2500, tolerance: 15000}}
            """,
            unit: "ppb"
        )
        #expect(profile.holdSeconds == 3)
        #expect(profile.rateOfChange?.partsPerMillionPerSecond == 0.5)
        #expect(profile.rateOfChange?.longestStepSeconds == 10)
        #expect(profile.hampel?.deviations == 6 && profile.hampel?.windowSeconds == 31)
        #expect(profile.hampel?.keepsPlumes == false)
        #expect(profile.spike?.failPartsPerMillion == 25)
        #expect(profile.flatLine == nil && profile.jumpMetresPerSecond == nil)
        #expect(profile.attenuation == AttenuationLimit(rangePartsPerMillion: 0.1, seconds: 3600))
        #expect(profile.warmUp == WarmUpLimit(gapSeconds: 300, settleSeconds: 10))
        #expect(profile.fix == FixLimit(fewestSatellites: 5, largestErrorMetres: 15))
        #expect(profile.ownExhaust?.excessPartsPerMillion == 50)
        #expect(profile.largestWaterVapourPercent == 4 && profile.smallestBatteryVolts == 3.3)
        #expect(profile.climatology.first?.hours.count == 24)
        #expect(profile.background?.growthPartsPerMillionPerYear == -2.5)
    }

    @Test(arguments: [
        ("{hampl: {}}", "unknown key `hampl`: stations[0].instruments[0].quality; did you mean `hampel`?"),
        (#"{grade: "cheap"}"#, "`cheap` is not one of reference, mid-cost, low-cost: .quality.grade; "),
        ("{hampel: {window: 3}}", "unknown key `window`: .quality.hampel; did you mean `window_s`?"),
        ("{hold_s: -1}", "must be between 0 and 1e9: .quality.hold_s; "),
        ("{spike: {suspect: 1}}", "key `method` is missing: .quality.spike; "),
        ("{flat_line: {suspect_s: 60}}", "fails before it is suspect: .quality.flat_line.fail_s; "),
        ("{climatology: [{months: [13], minimum: 1, maximum: 2}]}", "`13.0` is not one of 1...12"),
        ("{battery_v: true}", "expected a number, found a boolean: .quality.battery_v; "),
    ])
    func whatCannotBeIsRefused(quality: String, expected: String) {
        let found = problem(quality).replacing("stations[0].instruments[0].quality", with: ".quality")
        #expect(found.hasPrefix(expected.replacing("stations[0].instruments[0].quality", with: ".quality")))
    }
}
