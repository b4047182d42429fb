import Quantities
import Testing

@Suite struct NormalDistributionTests {
    @Test(arguments: [
        // scipy.special.ndtri.
        (0.5, 0.0), (0.975, 1.959963984540054), (0.025, -1.959963984540054), (1e-10, -6.361340902404056),
        (1e-300, -37.0470962993612),
    ])
    func quantilesAreThoseOfTheTables(_ share: Double, _ value: Double) {
        #expect(abs(NormalDistribution.quantile(share) - value) <= 2e-15 * max(1, abs(value)))
    }

    @Test func theEndsAreInfiniteAndBeyondThemNothingIs() {
        #expect(NormalDistribution.quantile(0) == -.infinity && NormalDistribution.quantile(1) == .infinity)
        #expect([-0.1, 1.1, .nan].allSatisfy { NormalDistribution.quantile($0).isNaN })
    }

    @Test func shareAndQuantileAreInverse() {
        for step in 1..<400 {
            let share = Double(step) / 400
            let back = NormalDistribution.cumulative(NormalDistribution.quantile(share))
            #expect(abs(back - share) < 1e-15)
        }
    }
}
