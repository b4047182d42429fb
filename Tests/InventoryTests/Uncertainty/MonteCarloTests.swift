import Foundation
import Inventory
import Quantities
import Testing

@Suite struct MonteCarloTests {
    private func emission(
        _ group: String,
        _ tonnes: Double,
        _ activity: UncertainInput,
        _ factor: UncertainInput
    ) -> UncertainEmission {
        UncertainEmission(group: group, tonnes: tonnes, activity: activity, factor: factor)
    }

    private func percent(_ key: String, _ half: Double) -> UncertainInput {
        UncertainInput(key: key, .fitting(lower95: half / 100, upper95: half / 100))
    }

    private var oracle: [UncertainEmission] {
        [
            emission("coal", 20_838_134.9124, percent("a1", 5), percent("f1", 7)),
            emission("coke", 4_145_002.7796, percent("a2", 5), percent("f2", 7)),
            emission("diesel", 165_831.8835, percent("a3", 5), percent("f3", 3)),
            emission("gasoline", 79_065.453, percent("a4", 5), percent("f4", 3)),
        ]
    }

    @Test func gaussianInputsGiveTierOneWithinOnePercent() async {
        let result = await MonteCarloInventory.run(oracle, draws: 100_000, seed: 1)
        #expect(abs(result.total.percent95 / 7.2447759631883875 - 1) < 0.01)
        #expect(abs(result.total.emission.mean / result.total.statedTonnes - 1) < 1e-3)
        #expect(result.total.isConverged)
    }

    @Test func theOrderOfRowsChangesNothing() async {
        let one = await MonteCarloInventory.run(oracle, draws: 10_000, seed: 7)
        let other = await MonteCarloInventory.run(oracle.reversed(), draws: 10_000, seed: 7)
        #expect(one.total == other.total)
        #expect(one.groups == other.groups)
        #expect(one.covariance == other.covariance)
        let reseeded = await MonteCarloInventory.run(oracle, draws: 10_000, seed: 8)
        #expect(reseeded.total != one.total)
    }

    @Test func sharedFactorsCorrelateGroupsAsTheFirstOrderSays() async {
        let emissions = [
            emission("a", 100, percent("1", 5), percent("f", 10)),
            emission("b", 300, percent("2", 5), percent("f", 10)),
        ]
        let drawn = await MonteCarloInventory.run(emissions, draws: 50_000, seed: 3)
        let exact = EmissionCovariance(emissions)
        for index in 0..<4 {
            #expect(abs(drawn.covariance[index] / exact.covariance[index] - 1) < 0.02)
        }
    }

    @Test func aSharedFactorCancelsInATrend() async {
        let base = [emission("x", 100, percent("a1", 2), percent("f", 20))]
        let year = [emission("x", 120, percent("a2", 2), percent("f", 20))]
        let trend = await MonteCarloInventory.trend(from: base, to: year, draws: 20_000, seed: 1)
        #expect(abs(trend.statedTonnes - 20) < 1e-12)
        // Tier 1: 1.2 x 2 % x sqrt(2) percent points.
        #expect(abs((trend.upper95 - trend.lower95) / 2 / (1.2 * 2 * 2.0.squareRoot()) - 1) < 0.03)
        let apart = await MonteCarloInventory.trend(
            from: base,
            to: [emission("x", 120, percent("a2", 2), percent("g", 20))],
            draws: 20_000,
            seed: 1
        )
        #expect(apart.upper95 - apart.lower95 > 10 * (trend.upper95 - trend.lower95) / 2)
    }

    @Test func exactInputsGiveAnExactSum() async {
        let exact = UncertainInput(key: "e", .exact)
        let result = await MonteCarloInventory.run([emission("a", 5, exact, exact)], draws: 1000, seed: 1)
        #expect(result.total.lower95 == 5 && result.total.upper95 == 5 && result.total.isConverged)
    }

    @Test func wideIntervalsAreLognormalAndStayPositive() {
        let wide = RelativeDistribution.fitting(lower95: 0.6, upper95: 0.6)
        guard case .lognormal = wide else {
            Issue.record("not lognormal")
            return
        }
        #expect(abs(wide.mean - 1) < 1e-12)
        #expect(abs(wide.standardDeviation - 0.6 / Estimate.coverageFactor95) < 1e-12)
        #expect(wide.quantile(1e-9) > 0)
        guard case .normal = RelativeDistribution.fitting(lower95: 0.3, upper95: 0.3) else {
            Issue.record("not normal")
            return
        }
    }

    @Test(arguments: [
        (0.05, 0.12), (0.2, 0.05), (0.3, 1.0), (0.5, 0.9), (0.45, 0.8), (0.02, 0.4), (0.0, 0.3),
    ])
    func asymmetricBoundsAreMet(_ lower: Double, _ upper: Double) {
        let fitted = RelativeDistribution.fitting(lower95: lower, upper95: upper)
        #expect(abs(fitted.quantile(0.025) - (1 - lower)) < 1e-6)
        #expect(abs(fitted.quantile(0.975) - (1 + upper)) < 1e-6)
        // Moments by the midpoint rule on the quantile function.
        let values = (0..<20_000).map { fitted.quantile((Double($0) + 0.5) / 20_000) }
        let mean = values.reduce(0, +) / 20_000
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
        #expect(abs(mean - fitted.mean) < 1e-3)
        #expect(abs(variance.squareRoot() / fitted.standardDeviation - 1) < 3e-3)
    }

    @Test func asymmetricBoundsMoveTheMeanUpwards() async {
        let factor = UncertainInput(key: "f", .fitting(lower95: 0.1, upper95: 0.4))
        let result = await MonteCarloInventory.run(
            [emission("a", 100, UncertainInput(key: "a", .exact), factor)],
            draws: 50_000,
            seed: 5
        )
        #expect(result.total.emission.mean > 105)
        #expect(abs(result.total.lower95 - 90) < 0.5 && abs(result.total.upper95 - 140) < 1)
    }

    @Test(arguments: [
        // scipy.stats.norm.ppf
        (0.5, 0.0), (0.975, 1.959963984540054), (0.025, -1.9599639845400545), (0.1, -1.2815515655446004),
        (1e-10, -6.361340902404056), (1e-3, -3.090232306167813), (0.9, 1.2815515655446004),
    ])
    func quantilesOfTheNormalDistribution(_ share: Double, _ value: Double) {
        let normal = RelativeDistribution.normal(standardDeviation: 1)
        #expect(abs(normal.quantile(share) - 1 - value) < 4e-15 * max(1, abs(value)) + 1e-15)
    }
}
