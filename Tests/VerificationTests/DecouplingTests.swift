import Foundation
import TestSupport
import Testing

@testable import Verification

private let oracle = "inventory/derived/kaya_lmdi_tapio_oracle_china_owid.csv"

@Suite struct DecouplingTests {
    @Test(arguments: [
        (-0.05, 0.06, Decoupling.strongDecoupling), (0.03, 0.06, .weakDecoupling),
        (0.06, 0.06, .expansiveCoupling), (0.09, 0.06, .expansiveNegativeDecoupling),
        (0.02, -0.05, .strongNegativeDecoupling), (-0.02, -0.05, .weakNegativeDecoupling),
        (-0.05, -0.05, .recessiveCoupling), (-0.09, -0.05, .recessiveDecoupling),
        (0.048, 0.06, .expansiveCoupling), (0.072, 0.06, .expansiveCoupling), (0, 0.06, .weakDecoupling),
        (-0.04, -0.05, .recessiveCoupling), (-0.06, -0.05, .recessiveCoupling),
        (0, -0.05, .weakNegativeDecoupling),
    ])
    func classes(emissions: Double, economy: Double, expected: Decoupling) {
        let found = TapioElasticity(emissionChange: emissions, economyChange: economy)
        #expect(found.decoupling == expected)
        #expect(near(found.elasticity, emissions / economy))
    }

    @Test func anUnchangedEconomyHasNoClass() {
        #expect(TapioElasticity(emissionChange: 0.1, economyChange: 0).decoupling == nil)
        #expect(TapioElasticity(emissionChange: .nan, economyChange: 0.1).elasticity.isNaN)
    }

    /// The table holds effects, not levels; the ratios of the levels follow from them, and those of population and
    /// affluence must multiply to the change of the economy that the table gives on its own.
    @Test(.enabled(if: Places.shared(oracle) != nil))
    func chinaSince1990() throws {
        let rows = try OracleTable(oracle).rows
        #expect(rows.count == 27)
        for row in rows {
            func number(_ name: String) -> Double { Double(row[name] ?? "") ?? .nan }
            let names = ["population", "gdp_per_capita", "energy_intensity", "carbon_intensity"]
            let expected = names.map { number("lmdi_" + $0) }
            let before = number("delta_co2_mt") / number("pct_co2")
            let weight = logarithmicMean(before * (1 + number("pct_co2")), before)
            let ratios = expected.map { exp($0 / weight) }
            #expect(near(ratios[0] * ratios[1], 1 + number("pct_gdp")))
            let start = KayaState(population: 1.2e9, economy: 3e12, energy: 8000, emissions: before)
            let end = KayaState(
                population: 1.2e9 * ratios[0],
                economy: 3e12 * (1 + number("pct_gdp")),
                energy: 8000 * (1 + number("pct_gdp")) * ratios[2],
                emissions: before * (1 + number("pct_co2"))
            )
            let found = try KayaDecomposition(from: start, to: end)
            let effects = [found.population, found.affluence, found.energyIntensity, found.carbonIntensity]
            for (a, b) in zip(effects, expected) { #expect(near(a, b)) }
            #expect(abs(found.residual) < 1e-9)
            let tapio = TapioElasticity(
                emissionChange: number("pct_co2"),
                economyChange: end.economy / start.economy - 1
            )
            #expect(near(tapio.elasticity, number("tapio_elasticity")))
            #expect(tapio.decoupling?.rawValue == row["tapio_class"])
        }
    }

    /// L(e, 1) = e - 1: C from 1 to e by one factor alone is an effect of e - 1.
    @Test func aSingleFactorExplainsAll() throws {
        let found = try LogMeanDecomposition(before: [1, 1, 1], after: [1, M_E, 1])
        #expect(near(found.effects[1], M_E - 1, 1e-15))
        #expect(found.effects[0] == 0 && found.effects[2] == 0)
    }

    @Test(arguments: 0..<100 as Range<UInt64>)
    func effectsAddToTheChange(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        func category() -> [Double] {
            (0..<4).map { _ in random.uniform() < 0.1 ? 0 : exp(2 * random.normal()) }
        }
        let categories = (0..<5).map { _ in (before: category(), after: category()) }
        let found = try LogMeanDecomposition(categories: categories)
        let scale = categories.reduce(1) { $0 + $1.before.reduce(1, *) + $1.after.reduce(1, *) }
        #expect(abs(found.residual) < 1e-12 * scale)
    }

    @Test func levelsOfZeroHaveLimits() throws {
        let start = KayaState(population: 10, economy: 100, energy: 0, emissions: 0)
        let end = KayaState(population: 12, economy: 130, energy: 50, emissions: 90)
        let found = try KayaDecomposition(from: start, to: end)
        #expect(abs(found.residual) < 1e-9)
        #expect(found.energyIntensity > 80)
        let still = try KayaDecomposition(from: start, to: start)
        #expect(still.population == 0 && still.residual == 0)
    }

    @Test func faults() {
        #expect(throws: TrendError.self) { try LogMeanDecomposition(before: [1, -1], after: [1, 1]) }
        #expect(throws: TrendError.lengthsDiffer(1, 2)) {
            try LogMeanDecomposition(before: [1], after: [1, 1])
        }
        #expect(throws: TrendError.notFinite(index: 1)) {
            try LogMeanDecomposition(before: [1, .nan], after: [1, 1])
        }
        #expect(throws: TrendError.self) {
            try LogMeanDecomposition(before: [1e300, 1e300], after: [1, 1])
        }
    }
}
