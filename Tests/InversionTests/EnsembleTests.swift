import Foundation
import Inversion
import LinearAlgebra
import Quantities
import TestSupport
import Testing

@Suite struct EnsembleSamplingTests {
    @Test(arguments: 0..<20 as Range<UInt64>) func exactMembersHaveTheCovarianceOfThePrior(seed: UInt64)
        throws
    {
        let problem = Problems.random(seed: seed)
        let ensemble = try Ensemble(
            mean: problem.priorMean,
            error: problem.priorError,
            members: problem.stateCount + 1 + Int(seed % 3),
            sampling: .exact,
            seed: seed
        )
        #expect(ensemble.mean == problem.priorMean)
        let expected = problem.priorError.matrix
        let scale = expected.diagonal.max() ?? 0
        #expect(distance(ensemble.covariance.storage, expected.storage) < 1e-13 * scale)
        let ones = [Double](repeating: 1, count: ensemble.memberCount)
        #expect(ensemble.deviations.times(ones).allSatisfy { abs($0) < 1e-12 * scale })
    }

    @Test func tooFewMembersAreRefused() {
        #expect(throws: EnsembleError.tooFewMembers(needed: 3, actual: 2)) {
            try EnsembleSolver.solve(Problems.pair, members: 2)
        }
        #expect(throws: EnsembleError.tooFewMembers(needed: 2, actual: 1)) {
            try EnsembleSolver.solve(Problems.pair, members: 1, sampling: .random)
        }
    }

    @Test func membersComeBackFromMeanAndDeviations() {
        let members = Matrix(rows: 2, columns: 3, storage: [1, 2, 6, -1, 0, 4])
        let ensemble = Ensemble(members: members)
        #expect(ensemble.mean == [3, 1])
        #expect(ensemble.members == members)
        #expect(ensemble.sigma == [Double(7).squareRoot(), Double(7).squareRoot()])
    }
}

@Suite struct EnsembleSolverTests {
    @Test func thePairHasItsClosedForm() throws {
        let posterior = try EnsembleSolver.solve(Problems.pair)
        #expect(distance(posterior.mean, [1.433863936260836, 0.8946867326997276]) < 1e-12)
        let covariance = [0.0446975897375938, -0.0270189914646979, -0.0270189914646979, 0.0615343499974945]
        #expect(distance(posterior.covariance.storage, covariance) < 1e-12)
        #expect(abs(posterior.degreesOfFreedomForSignal - 1.3912041290150161) < 1e-12)
        #expect(abs(posterior.innovationChiSquare - 2.188110708379963) < 1e-12)
        #expect(abs(posterior.logEvidence - -1.747277753393257) < 1e-12)
        let scalar = try EnsembleSolver.solve(Problems.scalar)
        #expect(abs(scalar.mean[0] - 21.0 / 17) < 1e-13)
        #expect(abs(scalar.covariance[0, 0] - 1.0 / 17) < 1e-13)
    }

    @Test(arguments: 0..<40 as Range<UInt64>) func exactMembersSolveLikeTheGaussian(seed: UInt64) throws {
        let problem = Problems.random(seed: seed)
        let exact = try GaussianSolver.solve(problem)
        let posterior = try EnsembleSolver.solve(
            problem,
            members: problem.stateCount + 1 + Int(seed % 7),
            seed: seed
        )
        #expect(distance(posterior.mean, exact.mean) < 1e-10)
        #expect(distance(posterior.covariance.storage, exact.covariance.storage) < 1e-10)
        #expect(abs(posterior.degreesOfFreedomForSignal - exact.degreesOfFreedomForSignal) < 1e-10)
        #expect(abs(posterior.innovationChiSquare - exact.innovationChiSquare) < 1e-9)
        #expect(abs(posterior.logEvidence - exact.logEvidence) < 1e-9)
        #expect(posterior.meanError == nil)
    }

    /// The stated Monte Carlo error must also be honest: over all seeds the departures are about as large as it says.
    @Test func randomMembersAgreeWithinTheirMonteCarloError() throws {
        var squares = 0.0
        var count = 0.0
        var beyond = 0
        for seed in 0..<10 as Range<UInt64> {
            let problem = Problems.random(seed: 4 * seed + 1)
            let exact = try GaussianSolver.solve(problem)
            let posterior = try EnsembleSolver.solve(problem, members: 120, sampling: .random, seed: seed)
            let meanError = try #require(posterior.meanError)
            let sigmaError = try #require(posterior.sigmaError)
            for index in exact.mean.indices {
                for departure in [
                    (posterior.mean[index] - exact.mean[index]) / meanError[index],
                    (posterior.sigma[index] - exact.sigma[index]) / sigmaError[index],
                ] {
                    squares += departure * departure
                    count += 1
                    if abs(departure) > 3 { beyond += 1 }
                }
            }
        }
        #expect(Double(beyond) <= 0.02 * count)
        #expect((0.6...1.5).contains((squares / count).squareRoot()))
    }

    @Test func theSameSeedGivesTheSameMembersAndAnotherSeedOthers() throws {
        let first = try EnsembleSolver.solve(Problems.pair, members: 9, sampling: .random, seed: 3)
        let again = try EnsembleSolver.solve(Problems.pair, members: 9, sampling: .random, seed: 3)
        let other = try EnsembleSolver.solve(Problems.pair, members: 9, sampling: .random, seed: 4)
        #expect(first.ensemble == again.ensemble)
        #expect(first.ensemble != other.ensemble)
    }

    @Test func aBadProblemIsNamed() {
        var problem = Problems.pair
        problem.observations[1] = .nan
        #expect(throws: EnsembleError.problem(.notFinite("observation_value", index: 1))) {
            try EnsembleSolver.solve(problem)
        }
        let error = EnsembleError.tooFewMembers(needed: 3, actual: 2)
        #expect(error.line.hasPrefix("2 members where 3 are needed: ensemble"))
    }

    @Test(arguments: 0..<10 as Range<UInt64>) func theTransformKeepsTheMean(seed: UInt64) throws {
        let problem = Problems.random(seed: seed)
        let prior = try Ensemble(
            mean: problem.priorMean,
            error: problem.priorError,
            members: 5,
            sampling: .random,
            seed: seed
        )
        let analysis = try LocalEnsembleFilter().globalAnalysis(of: prior, ObservedEnsemble(problem, prior))
        let sums = analysis.deviations.times([Double](repeating: 1, count: 5))
        #expect(sums.allSatisfy { abs($0) < 1e-12 })
    }
}
