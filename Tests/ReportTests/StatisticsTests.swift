import TestSupport
import Testing

@testable import Report

@Suite struct StatisticsTests {
    @Test func closedForm() {
        let fit = FitStatistics(observed: [1, 2, 3, 4], modelled: [2, 2, 4, 6], sigma: [1, 1, 0.5, 2])
        #expect(fit.count == 4)
        #expect(fit.bias == 1)
        #expect(abs(fit.rootMeanSquareError - 1.5.squareRoot()) < 1e-15)
        // Covariance 7/4, variances 5/4 and 11/4.
        #expect(abs(fit.correlation - 1.75 / (1.25 * 2.75).squareRoot()) < 1e-15)
        #expect(fit.chiSquarePerObservation == (1 + 0 + 4 + 1) / 4.0)
    }

    @Test func nothingGivesNothing() {
        let fit = FitStatistics(observed: [.nan], modelled: [1], sigma: [1])
        #expect(fit.count == 0)
        #expect(fit.bias.isNaN && fit.rootMeanSquareError.isNaN && fit.correlation.isNaN)
        #expect(fit.chiSquarePerObservation.isNaN)
    }

    @Test func whatDoesNotVaryHasNoCorrelation() {
        let fit = FitStatistics(observed: [1, 2], modelled: [3, 3], sigma: [1, 0])
        #expect(fit.correlation.isNaN)
        #expect(fit.chiSquarePerObservation.isNaN)
        #expect(fit.bias == 1.5)
    }

    @Test func onlyUsedObservationsCount() {
        let fit = SampleReport.fit(timed: true)
        #expect(FitStatistics(of: fit) { $0.prior }.count == fit.count { $0.isUsed })
    }

    /// With the true model, independent errors and honest sigmas, chi2/n is 1 within 4 sqrt(2/n).
    @Test(arguments: 0..<10 as Range<UInt64>)
    func honestErrorsGiveAChiSquareOfOne(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let truth = (0..<4000).map { _ in 10 * random.normal() }
        let sigma = truth.map { _ in 0.5 + random.uniform() }
        let observed = zip(truth, sigma).map { $0 + $1 * random.normal() }
        let fit = FitStatistics(observed: observed, modelled: truth, sigma: sigma)
        #expect(abs(fit.chiSquarePerObservation - 1) < 4 * (2.0 / 4000).squareRoot())
    }
}
