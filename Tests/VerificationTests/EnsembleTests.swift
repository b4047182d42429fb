import Foundation
import Quantities
import TestSupport
import Testing

@testable import Verification

private func member(_ name: String, _ mean: Double, _ sigma: Double) -> InventoryEnsemble.Member {
    InventoryEnsemble.Member(name: name, figure: Estimate(mean: mean, standardDeviation: sigma))
}

private func run(_ name: String, _ mean: Double, _ sigma: Double, _ weight: Double = 1)
    -> InversionEnsemble.Run
{
    InversionEnsemble.Run(name: name, figure: Estimate(mean: mean, standardDeviation: sigma), weight: weight)
}

@Suite struct EnsembleTests {
    /// Upper 5 % and 1 % points of the chi-square tables.
    @Test(arguments: [
        (1, 3.841458820694124, 0.05), (2, 5.991464547107979, 0.05), (5, 11.070497693516351, 0.05),
        (10, 23.209251158954356, 0.01), (29, 49.58788447289881, 0.01), (4, 0, 1),
    ])
    func chiSquareTable(degrees: Int, value: Double, tail: Double) {
        #expect(near(chiSquareTail(value, degrees: degrees), tail, 1e-12))
    }

    /// 10 ± 1, 12 ± 1, 14 ± 2: weights 1, 1, 1/4; mean 25.5 / 2.25 = 34/3; chi² = 16/9 + 4/9 + 16/9 = 4.
    @Test func birgeRatioByHand() throws {
        let found = try #require(
            InventoryEnsemble([member("a", 10, 1), member("b", 12, 1), member("c", 14, 2)])
        )
        #expect(found.median == 12 && found.least == 10 && found.greatest == 14)
        #expect(found.lowerQuartile == 11 && found.upperQuartile == 13)
        #expect(near(found.weightedMean.mean, 34.0 / 3))
        #expect(near(found.birgeRatio, 2.0.squareRoot()))
        #expect(near(found.weightedMean.standardDeviation, (2 / 2.25).squareRoot()))
        #expect(near(found.consistencyProbability, exp(-2)))
        #expect(found.outliers.isEmpty)
    }

    @Test func anInventoryFarFromTheOthersIsAnOutlier() throws {
        let close = (0..<6).map { member("\($0)", 100 + Double($0), 3) }
        let found = try #require(InventoryEnsemble(close + [member("far", 160, 3)]))
        #expect(found.outliers.map(\.name) == ["far"])
        #expect(found.birgeRatio > 1 && found.consistencyProbability < 1e-6)
        let copies = try #require(
            InventoryEnsemble((0..<5).map { member("\($0)", 7, 1) } + [member("x", 9, 1)])
        )
        #expect(copies.outliers.map(\.name) == ["x"])
        #expect(copies.consensus == Estimate(mean: 7, standardDeviation: 1))
    }

    @Test func figuresWithoutUncertaintyHaveNoRatio() throws {
        let found = try #require(
            InventoryEnsemble([member("a", 1, 0), member("b", 2, .nan), member("c", .nan, 1)])
        )
        #expect(found.members.map(\.name) == ["a", "b"])
        #expect(found.birgeRatio.isNaN && found.weightedMean.mean.isNaN)
        #expect(InventoryEnsemble([member("c", .nan, 1)]) == nil)
    }

    /// Draws from the mixture have the mean and variance that the law gives.
    @Test func totalVarianceIsThatOfTheMixture() throws {
        let runs = [run("a", 10, 1, 1), run("b", 13, 2, 2), run("c", 9, 0.5, 1)]
        let found = try #require(InversionEnsemble(runs + [run("d", 5, .infinity), run("e", 5, 1, 0)]))
        #expect(found.unusable == ["d", "e"])
        #expect(near(found.mean, 11.25))
        #expect(near(found.withinVariance, (1 + 8 + 0.25) / 4))
        #expect(near(found.betweenVariance, (1.5625 + 2 * 3.0625 + 5.0625) / 4))
        var random = SeededGenerator(seed: 3)
        let draws = (0..<200_000).map { _ in
            let pick = random.uniform() * 4
            let chosen = runs[pick < 1 ? 0 : pick < 3 ? 1 : 2].figure
            return chosen.mean + chosen.standardDeviation * random.normal()
        }
        let mean = draws.reduce(0, +) / 200_000
        let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 200_000
        #expect(abs(mean - found.figure.mean) < 0.03)
        #expect(abs(variance.squareRoot() / found.figure.standardDeviation - 1) < 0.01)
        #expect(found.structuralShare > 0.5 && found.structuralShare < 0.6)
        #expect(InversionEnsemble([run("e", 5, 1, 0)]) == nil)
    }

    /// z = 2 with tau = 3 s: sqrt(10) exp(-2 (1 - 1/10)).
    @Test func bayesFactorByHand() {
        func seen(_ difference: Double) -> Comparison {
            Comparison(
                region: "r",
                inventory: Estimate(mean: 100, standardDeviation: 3),
                prior: Estimate(mean: 100, standardDeviation: 30),
                posterior: Estimate(mean: 100 + difference, standardDeviation: 4),
                inventoryIsPrior: false
            )
        }
        #expect(near(seen(10).bayesFactor(plausibleDifference: 15), 10.0.squareRoot() * exp(-1.8)))
        #expect(near(seen(0).bayesFactor(plausibleDifference: 15), 10.0.squareRoot()))
        #expect(seen(0).bayesFactor(plausibleDifference: 0).isNaN)
    }

    @Test func aBiasThatStaysIsSeenOverTheYears() throws {
        let year = Comparison(
            region: "r",
            inventory: Estimate(mean: 120, standardDeviation: 6),
            prior: Estimate(mean: 100, standardDeviation: 50),
            posterior: Estimate(mean: 100, standardDeviation: 8),
            inventoryIsPrior: false
        )
        let years = Array(repeating: year, count: 4)
        #expect(near(try #require(RepeatedDifference(years, correlation: 0)).zScore, -4))
        #expect(near(try #require(RepeatedDifference(years, correlation: 1)).zScore, -2))
        #expect(RepeatedDifference(years, correlation: 1.1) == nil)
        #expect(RepeatedDifference([], correlation: 0) == nil)
    }
}
