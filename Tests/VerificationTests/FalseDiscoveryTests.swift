import Quantities
import TestSupport
import Testing

@testable import Verification

@Suite struct FalseDiscoveryTests {
    @Test(arguments: [
        (0.0, 1.0), (1.959963984540054, 0.05), (-1.959963984540054, 0.05), (1, 0.3173105078629141),
        (2, 0.04550026389635842), (5, 5.733031437583866e-07),
    ])
    func normalProbabilities(zScore: Double, probability: Double) {
        #expect(abs(twoSidedNormalProbability(zScore: zScore) - probability) < 1e-13 * max(1, probability))
    }

    @Test func limitsOfTheProbability() {
        #expect(twoSidedNormalProbability(zScore: .infinity) == 0)
        #expect(twoSidedNormalProbability(zScore: .nan).isNaN)
    }

    /// p sorted 0.005 0.009 0.05 0.1 0.2 0.3 of six: p n / rank, then the running minimum from the right.
    @Test func adjustsByHand() {
        let adjusted = FalseDiscovery.adjusted(pValues: [0.3, 0.009, 0.1, 0.005, 0.2, 0.05])
        let expected = [0.3, 0.027, 0.15, 0.027, 0.24, 0.1]
        for (a, b) in zip(adjusted, expected) { #expect(abs(a - b) < 1e-15) }
    }

    @Test func missingTestsDoNotCount() {
        let adjusted = FalseDiscovery.adjusted(pValues: [.nan, 0.02, .nan, 0.5])
        #expect(adjusted[0].isNaN && adjusted[2].isNaN)
        #expect(adjusted[1] == 0.04)
        #expect(adjusted[3] == 0.5)
        #expect(FalseDiscovery.adjusted(pValues: []).isEmpty)
    }

    /// The adjusted values reject exactly what the step-up rule rejects: all up to the largest rank k with
    /// p(k) <= k q / n.
    @Test(arguments: 0..<50 as Range<UInt64>)
    func agreesWithTheStepUpRule(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let values = (0..<20).map { _ in random.uniform() * random.uniform() * random.uniform() }
        let rate = 0.1
        let sorted = values.sorted()
        let last = sorted.indices.last { sorted[$0] <= Double($0 + 1) * rate / 20 }
        let rejected = values.filter { value in last.map { value <= sorted[$0] } ?? false }
        let adjusted = FalseDiscovery.adjusted(pValues: values)
        #expect(zip(values, adjusted).filter { $0.1 <= rate }.map(\.0) == rejected)
        #expect(zip(values, adjusted).allSatisfy { $0.1 >= $0.0 * (1 - 1e-15) && $0.1 <= 1 })
    }

    @Test func unconstrainedComparisonsMakeNoClaim() {
        let sure = Estimate(mean: 100, standardDeviation: 1)
        let wide = Estimate(mean: 100, standardDeviation: 50)
        func seen(_ posterior: Estimate) -> Comparison {
            Comparison(
                region: LocalizedName(english: "r"),
                inventory: sure,
                prior: wide,
                posterior: posterior,
                inventoryIsPrior: false
            )
        }
        let adjusted = FalseDiscovery.adjusted([seen(Estimate(mean: 110, standardDeviation: 1)), seen(wide)])
        #expect(adjusted[0] < 1e-10)
        #expect(adjusted[1].isNaN)
    }
}
