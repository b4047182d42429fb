import Inventory
import Quantities
import Testing

@Suite struct TierOneTests {
    /// Raw coal, coke, diesel and gasoline of the oracle table (derived/tier1_uncertainty_oracle.csv).
    private let tonnes = [20_838_134.9124, 4_145_002.7795999995, 165_831.8835, 79_065.453]
    private let factorPercents = [7.0, 7, 3, 3]

    private func categories(base: Double = 1) -> [TierOneCategory] {
        zip(tonnes, factorPercents).map {
            TierOneCategory(
                category: "\($1)",
                gas: .co2,
                baseTonnes: base * $0,
                tonnes: $0,
                activityPercent: 5,
                factorPercent: $1
            )
        }
    }

    @Test func theTotalIsThatOfTheOracle() {
        let table = TierOneTable(categories())
        #expect(abs(table.totalPercent - 7.2447759631883875) < 1e-9)
        #expect(abs(table.rows[0].combinedPercent - 8.602325267042627) < 1e-12)
        #expect(abs(table.rows[2].combinedPercent - 5.830951894845301) < 1e-12)
    }

    @Test func theTrendOfOneCategoryHasItsClosedForm() {
        // From 100 to 120: type A is 0, so the correlated factor cancels; J is 1.2.
        let row = TierOneCategory(
            category: "coal",
            gas: .co2,
            baseTonnes: 100,
            tonnes: 120,
            activityPercent: 5,
            factorPercent: 10
        )
        let table = TierOneTable([row])
        #expect(abs(table.trendPercent - 20) < 1e-12)
        #expect(abs(table.rows[0].typeASensitivity) < 1e-12)
        #expect(abs(table.rows[0].typeBSensitivity - 1.2) < 1e-12)
        #expect(abs(table.trendPercentPoints - 1.2 * 5 * 2.0.squareRoot()) < 1e-12)
    }

    @Test func typeAFollowsNoteBOfTheTable() {
        let rows = [(100.0, 150.0), (300.0, 250.0)].map {
            TierOneCategory(
                category: "x",
                gas: .co2,
                baseTonnes: $0,
                tonnes: $1,
                activityPercent: 5,
                factorPercent: 10,
                factorIsCorrelated: true,
                activityIsCorrelated: true
            )
        }
        let table = TierOneTable(rows)
        // (1.5 + 400 - 401) / 401 * 100 - 0
        #expect(abs(table.rows[0].typeASensitivity - 0.5 / 401 * 100) < 1e-12)
        #expect(abs(table.rows[0].trendFromActivity - 5 * 0.5 / 401 * 100) < 1e-12)
        #expect(abs(table.rows[0].trendFromFactor - 10 * 0.5 / 401 * 100) < 1e-12)
    }

    @Test func aSharedFactorMakesTotalsErrTogether() {
        func emission(_ group: String, _ tonnes: Double, activity: String, factor: String)
            -> UncertainEmission
        {
            UncertainEmission(
                group: group,
                tonnes: tonnes,
                activity: UncertainInput(key: activity, .normal(standardDeviation: 0.03)),
                factor: UncertainInput(key: factor, .normal(standardDeviation: 0.04))
            )
        }
        let shared = EmissionCovariance([
            emission("a", 100, activity: "1", factor: "f"), emission("b", 200, activity: "2", factor: "f"),
        ])
        #expect(abs(shared.covariance[1] - 100 * 200 * 0.0016) < 1e-12)
        #expect(abs(shared.correlation(0, 1) - 0.0016 / 0.0025) < 1e-12)
        #expect(abs(shared.estimates[1].standardDeviation - 200 * 0.05) < 1e-12)
        let variance = 0.0016 * 300 * 300 + 0.0009 * (100.0 * 100 + 200 * 200)
        #expect(abs(shared.total.standardDeviation - variance.squareRoot()) < 1e-12)
        let apart = EmissionCovariance([
            emission("a", 100, activity: "1", factor: "f"), emission("b", 200, activity: "2", factor: "g"),
        ])
        #expect(apart.covariance[1] == 0)
    }
}
