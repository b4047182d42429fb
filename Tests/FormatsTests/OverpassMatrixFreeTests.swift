import Formats
import Foundation
import Inversion
import LinearAlgebra
import TestSupport
import Testing

/// The problems of a real overpass, with their matrices known by products only.
@Suite struct OverpassMatrixFreeTests {
    @Test(arguments: ["osse_sources", "osse_berlin_sectors"]) func productsAloneGiveTheGaussianSolution(
        name: String
    ) async throws {
        let dense = try await LinearProblemFile.read(
            Places.deploy.appending(path: "cases/berlin/\(name).nc").path
        ).problem
        let exact = try GaussianSolver.solve(dense)
        let problem = try MatrixFreeProblem(dense)
        let posterior = try await MatrixFreeSolver(gradientReduction: 1e-10).solve(problem)
        #expect(zip(posterior.mean, exact.mean).allSatisfy { abs($0 - $1) < 1e-8 })
        #expect(abs(posterior.cost / exact.cost - 1) < 1e-8)
        let unit = Matrix(diagonal: [Double](repeating: 1, count: dense.stateCount))
        let functionals = try LinearFunctionals(names: dense.stateNames, weights: unit)
        let totals = try await posterior.totals(functionals)
        #expect(zip(totals.covariance.storage, exact.covariance.storage).allSatisfy { abs($0 - $1) < 1e-8 })
        let spectrum = try await problem.lanczosSpectrum(steps: dense.stateCount)
        #expect(abs(spectrum.degreesOfFreedomForSignal - exact.degreesOfFreedomForSignal) < 1e-8)
        let sigma = try await spectrum.sigma(prior: problem.prior)
        #expect(zip(sigma, exact.sigma).allSatisfy { abs($0 - $1) < 1e-8 })
    }
}
