import TestSupport
import Testing

@testable import Verification

private let table = "inventory/derived/province_power_coco2_vs_ceads.csv"

@Suite struct InventoryAgreementTests {
    /// Three bottom-up sets of the power sector by province: published correlations .942, .987 and .968.
    @Test(.enabled(if: Places.shared(table) != nil))
    func powerSectorOfThreeInventories() throws {
        let rows = try OracleTable(table).rows
        func column(_ name: String) -> [String: Double] {
            Dictionary(
                uniqueKeysWithValues: rows.map { ($0["iso_3166_2"] ?? "", Double($0[name] ?? "") ?? .nan) }
            )
        }
        let plants = column("power_co2_mt")
        let energy = column("ceads_power_2019_mt")
        let daily = column("cui_power_2019_mt")
        let found = [
            InventoryAgreement(plants, energy), InventoryAgreement(plants, daily),
            InventoryAgreement(energy, daily),
        ]
        for (agreement, expected) in zip(found, [0.942, 0.987, 0.968]) {
            #expect(abs(agreement.correlation - expected) < 6e-4)
        }
        #expect(abs(plants.values.filter(\.isFinite).reduce(0, +) - 4731) < 0.6)
        #expect(abs(found[2].firstTotal - 5626) < 0.6)
        #expect(abs(daily.values.filter(\.isFinite).reduce(0, +) - 4569) < 0.6)
        let extremes = try #require(found[0].extremes)
        #expect(abs(extremes.least.ratio - 0.56) < 0.006 && extremes.least.region == "CN-HL")
        #expect(abs(extremes.greatest.ratio - 1.31) < 0.006 && extremes.greatest.region == "CN-HA")
    }

    @Test func regionsOfOneAloneAreNamed() {
        let found = InventoryAgreement(
            ["a": 1, "b": 2, "c": 3, "d": .nan],
            ["a": 2, "b": 4, "c": 6, "e": 1]
        )
        #expect(found.unmatched == ["e"])
        #expect(near(found.correlation, 1))
        #expect(found.firstTotal == 6 && found.secondTotal == 12)
        #expect(InventoryAgreement([:], [:]).extremes == nil)
        #expect(InventoryAgreement(["a": 1, "b": 1, "c": 1], ["a": 1, "b": 2, "c": 3]).correlation.isNaN)
    }
}
