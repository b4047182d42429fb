import Foundation
import LinearAlgebra
import TestSupport
import Testing

@testable import Inversion

/// Ordinary small problems, whose evidence passes near zero, so that rounding of its terms is large beside it.
@Suite struct SmallLikelihoodTests {
    private func problem(seed: UInt64) -> LinearProblem {
        var random = SeededGenerator(seed: seed)
        let (n, m) = (50, 8)
        var jacobian = Matrix(rows: n, columns: m)
        for index in jacobian.storage.indices { jacobian.storage[index] = random.uniform() }
        let truth = (0..<m).map { _ in 1 + 0.5 * random.normal() }
        let observations = jacobian.times(truth).map { $0 + 0.2 * random.normal() }
        return LinearProblem(
            jacobian: jacobian,
            observations: observations,
            observationError: .independent([Double](repeating: 0.2, count: n)),
            priorMean: [Double](repeating: 1, count: m),
            priorError: .independent([Double](repeating: 0.5, count: m)),
            stateNames: (0..<m).map { "s\($0)" }
        )
    }

    private func parameters(withPrior: Bool) throws -> [HyperParameter] {
        let even = (0..<50).filter { $0 % 2 == 0 }
        let odd = (0..<50).filter { $0 % 2 == 1 }
        let scales = [
            try HyperParameter.observationScale("even", observations: even),
            try HyperParameter.observationScale("odd", observations: odd),
        ]
        return withPrior ? [try HyperParameter.priorScale()] + scales : scales
    }

    @Test(arguments: 0..<40 as Range<UInt64>) func theSearchEndsAtTheLargestLikelihood(seed: UInt64) throws {
        for withPrior in [false, true] {
            let family = try ErrorFamily(
                of: problem(seed: seed),
                parameters: parameters(withPrior: withPrior)
            )
            let fit = try MaximumLikelihood.fit(family)
            #expect(fit.logEvidence >= fit.logEvidenceAtStart)
            var slopes = [Double](repeating: 0, count: family.parameters.count)
            _ = LogEvidence(family: family).value(at: fit.values.map { log($0) }, gradient: &slopes)
            let curvature = try Curvature(family, at: fit.values.map { log($0) })
            for (index, estimate) in fit.estimates.enumerated() where !estimate.isAtLimit {
                // The Newton step that is left, in standard deviations.
                let step = abs(slopes[index]) * curvature.sigma(index)
                #expect(step < 1e-4, "\(estimate.name) of \(seed)")
            }
        }
    }
}
