import Quantities
import TestSupport
import Testing

@testable import Verification

private func comparison(
    inventory: (Double, Double) = (100, 10),
    prior: (Double, Double) = (100, 50),
    posterior: (Double, Double) = (110, 10),
    inventoryIsPrior: Bool = false,
    priorCorrelation: Double? = nil
) -> Comparison {
    Comparison(
        region: LocalizedName(english: "Region"),
        inventory: Estimate(mean: inventory.0, standardDeviation: inventory.1),
        prior: Estimate(mean: prior.0, standardDeviation: prior.1),
        posterior: Estimate(mean: posterior.0, standardDeviation: posterior.1),
        inventoryIsPrior: inventoryIsPrior,
        priorCorrelation: priorCorrelation
    )
}

@Suite struct ComparisonTests {
    @Test func independentFiguresAddTheirVariances() {
        let seen = comparison(inventory: (100, 3), posterior: (110, 4))
        #expect(seen.difference == 10)
        #expect(seen.differenceSigma == 5)
        #expect(seen.zScore == 2)
        #expect(seen.normalizedError == 1)
        #expect(abs(seen.uncertaintyReduction - 0.92) < 1e-15)
    }

    /// Cov(posterior error, prior error) is the posterior covariance, so Var(x̂ - x_a) = B - S.
    @Test(arguments: 0..<50 as Range<UInt64>)
    func whereTheInventoryIsThePriorTheVarianceOfTheDifferenceIsThatLearnt(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let prior = 1 + 99 * random.uniform()
        let posterior = prior * random.uniform()
        let seen = comparison(
            inventory: (100, prior),
            prior: (100, prior),
            posterior: (90, posterior),
            inventoryIsPrior: true
        )
        let learnt = (prior * prior - posterior * posterior).squareRoot()
        #expect(abs(seen.differenceSigma - learnt) < 1e-9 * prior)
    }

    @Test(arguments: [
        (0.0, Verdict.consistent), (0.999, .consistent), (1, .tension), (-1, .tension), (2, .tension),
        (-2.001, .inconsistent), (2.001, .inconsistent),
    ])
    func thresholdsOfTheVerdict(zScore: Double, verdict: Verdict) {
        #expect(Comparison.verdict(zScore: zScore) == verdict)
        let seen = comparison(
            inventory: (0, 3),
            prior: (0, 10),
            posterior: (5 * zScore, 4)
        )
        #expect(seen.verdict == verdict)
        #expect(seen.reservation == nil)
    }

    @Test func reductionBelowTwentyPercentIsNoVerdict() {
        #expect(comparison(prior: (100, 10), posterior: (500, 8.01)).reservation == .smallReduction)
        #expect(comparison(prior: (100, 10), posterior: (500, 8.01)).verdict == .notConstrained)
        #expect(comparison(prior: (100, 10), posterior: (500, 7.99)).verdict == .inconsistent)
        #expect(comparison(prior: (100, 10), posterior: (500, 12)).verdict == .notConstrained)
    }

    @Test func aPosteriorThatFollowsItsPriorIsNoVerdict() {
        #expect(comparison(priorCorrelation: 0.91).reservation == .followsPrior)
        #expect(comparison(priorCorrelation: 0.9).reservation == nil)
    }

    @Test func knownCorrelationReplacesTheAssumedOne() {
        let seen = comparison(
            inventory: (100, 3),
            posterior: (110, 4),
            inventoryIsPrior: true,
            priorCorrelation: 0.5
        )
        #expect(seen.correlation == 0.5)
        #expect(abs(seen.differenceSigma - 13.0.squareRoot()) < 1e-12)
    }

    @Test func aPriorWithoutUncertaintyTeachesNothing() {
        let seen = comparison(prior: (100, 0), posterior: (100, 0), inventoryIsPrior: true)
        #expect(seen.uncertaintyReduction == 0)
        #expect(seen.reservation == .noPriorUncertainty)
        #expect(seen.zScore.isFinite)
    }

    @Test func aDifferenceWithoutUncertaintyHasNoScore() {
        let seen = comparison(inventory: (100, 0), posterior: (110, 0))
        #expect(seen.zScore.isNaN)
        #expect(seen.reservation == .noUncertainty)
        #expect(seen.verdict == .notConstrained)
    }

    @Test func whatStatesNoUncertaintyIsNotJudged() {
        #expect(comparison(inventory: (100, 0), posterior: (110, 5)).reservation == .noUncertainty)
        #expect(comparison(inventory: (100, 5), posterior: (110, 0)).reservation == .noUncertainty)
    }

    @Test func whatOverflowsIsNotJudged() {
        for huge in [1e308, 1e200] {
            #expect(comparison(inventory: (100, huge)).reservation == .notFinite)
            #expect(comparison(inventory: (-1e308, 1), posterior: (1e308, 1)).reservation == .notFinite)
        }
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func whatIsNotFiniteIsNeverJudged(bad: Double) {
        let all = [
            comparison(inventory: (bad, 10)), comparison(inventory: (100, bad)),
            comparison(prior: (bad, 10)), comparison(prior: (100, bad)),
            comparison(posterior: (bad, 10)), comparison(posterior: (110, bad)),
            comparison(posterior: (110, bad), inventoryIsPrior: true),
        ]
        for seen in all {
            #expect(seen.verdict == .notConstrained)
            #expect(seen.reservation == .notFinite)
        }
        #expect(comparison(posterior: (110, -1)).reservation == .notFinite)
    }

    /// How far the result follows a prior without a deviation is not known, and neither is the deviation of a
    /// difference from it.
    @Test func anUnknownPriorLeavesTheDifferenceWithoutADeviation() {
        let seen = comparison(prior: (100, .nan), inventoryIsPrior: true)
        #expect(seen.correlation.isNaN && seen.differenceSigma.isNaN && seen.zScore.isNaN)
        #expect(comparison(prior: (100, .nan), inventoryIsPrior: false).differenceSigma.isFinite)
    }

    @Test func aReservationStandsExactlyWhereNoVerdictIsGiven() {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<500 {
            let seen = comparison(
                inventory: (100, 20 * random.uniform()),
                prior: (100, 30 * random.uniform()),
                posterior: (100 + 30 * random.normal(), 30 * random.uniform()),
                inventoryIsPrior: random.uniform() < 0.5
            )
            #expect((seen.reservation != nil) == (seen.verdict == .notConstrained))
        }
    }
}
