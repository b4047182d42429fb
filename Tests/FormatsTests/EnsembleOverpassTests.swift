import Formats
import Foundation
import Inversion
import TestSupport
import Testing

@Suite struct EnsembleOverpassTests {
    /// Eight members for six unknowns and 18584 observations.
    @Test func anExactEnsembleSolvesTheOverpassLikeTheGaussian() async throws {
        let problem = try await LinearProblemFile.read(
            Places.deploy.appending(path: "cases/berlin/osse_sources.nc").path
        ).problem
        let exact = try GaussianSolver.solve(problem)
        let posterior = try EnsembleSolver.solve(problem, members: 8)
        for index in exact.mean.indices {
            #expect(abs(posterior.mean[index] - exact.mean[index]) < 1e-8)
            #expect(abs(posterior.sigma[index] - exact.sigma[index]) < 1e-8)
        }
        #expect(abs(posterior.degreesOfFreedomForSignal - exact.degreesOfFreedomForSignal) < 1e-8)
        #expect(abs(posterior.innovationChiSquare / exact.innovationChiSquare - 1) < 1e-8)
        #expect(abs(posterior.logEvidence / exact.logEvidence - 1) < 1e-8)
    }

    @Test func randomMembersAgreeWithinTheirMonteCarloError() async throws {
        let problem = try await LinearProblemFile.read(
            Places.deploy.appending(path: "cases/berlin/osse_sources.nc").path
        ).problem
        let exact = try GaussianSolver.solve(problem)
        let posterior = try EnsembleSolver.solve(problem, members: 100, sampling: .random, seed: 1)
        let meanError = try #require(posterior.meanError)
        let sigmaError = try #require(posterior.sigmaError)
        for index in exact.mean.indices {
            #expect(abs(posterior.mean[index] - exact.mean[index]) < 3 * meanError[index])
            #expect(abs(posterior.sigma[index] - exact.sigma[index]) < 3 * sigmaError[index])
        }
    }
}
