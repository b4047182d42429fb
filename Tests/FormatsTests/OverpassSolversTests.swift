import Formats
import Foundation
import Inversion
import LinearAlgebra
import TestSupport
import Testing

/// Solvers that are not made for Gaussian problems, on the Gaussian problem of a real overpass.
@Suite struct OverpassSolversTests {
    private func read(_ name: String) async throws -> LinearProblem {
        try await LinearProblemFile.read(Places.deploy.appending(path: "cases/berlin/\(name).nc").path)
            .problem
    }

    /// Distances from the exact mean and standard deviation in Monte Carlo standard errors.
    private func monteCarloErrors(_ sampled: SampledPosterior, _ exact: Posterior) -> [Double] {
        exact.mean.indices.flatMap { index in
            let diagnostic = sampled.diagnostics[index]
            return [
                abs(sampled.mean[index] - exact.mean[index]) / diagnostic.meanError,
                abs(sampled.sigma[index] - exact.sigma[index]) / diagnostic.sigmaError,
            ]
        }
    }

    @Test(arguments: ["osse_sources", "osse_berlin_sectors"]) func boundedSolversGiveTheGaussianSolution(
        name: String
    ) async throws {
        let problem = try await read(name)
        let exact = try GaussianSolver.solve(problem)
        let bounded = try BoundedSolver.solve(problem, bounds: .none(problem.stateCount))
        #expect(zip(bounded.mean, exact.mean).allSatisfy { abs($0 - $1) < 1e-14 })
        let found = try GaussianDensity(problem).mostProbable(from: problem.priorMean)
        #expect(zip(found.point, exact.mean).allSatisfy { abs($0 - $1) < 1e-8 })
        let none = [Bool](repeating: false, count: problem.stateCount)
        let transformed = try LognormalSolver().solve(problem, isLognormal: none)
        #expect(zip(transformed.mean, exact.mean).allSatisfy { abs($0 - $1) < 1e-9 })
    }

    @Test func chainsGiveTheGaussianSolution() async throws {
        let problem = try await read("osse_sources")
        let exact = try GaussianSolver.solve(problem)
        let settings = SamplerSettings(chains: 2, warmUp: 200, draws: 500, seed: 4)
        let hamiltonian = try await HamiltonianSampler(settings).sample(
            try GaussianDensity(problem),
            names: problem.stateNames,
            start: problem.priorMean
        )
        #expect(monteCarloErrors(hamiltonian, exact).allSatisfy { $0 < 3 })
        #expect(hamiltonian.warnings == [])
        let gibbs = try await GibbsSampler(settings).sample(problem)
        #expect(monteCarloErrors(gibbs, exact).allSatisfy { $0 < 3 })
    }

    @Test func lognormalSourcesStayPositiveAndAgreeWhereTheDataDecide() async throws {
        var problem = try await read("osse_sources")
        // The bias may have either sign.
        let isLognormal = problem.stateNames.map { $0 != "BIAS" }
        let exact = try GaussianSolver.solve(problem)
        problem.priorError = .independent(
            problem.stateNames.indices.map { isLognormal[$0] ? 0.5 : problem.priorError.sigma[$0] }
        )
        let posterior = try LognormalSolver().solve(problem, isLognormal: isLognormal)
        // The best seen source, known to 3 %.
        #expect(abs(posterior.median[0] - exact.mean[0]) < 0.02)
        #expect(abs(posterior.sigma[0] / exact.sigma[0] - 1) < 0.05)
        #expect(
            posterior.interval(probability: 0.95).indices.allSatisfy { index in
                !isLognormal[index] || posterior.interval(probability: 0.95)[index].lowerBound > 0
            }
        )
    }

    @Test func aPowerPlantThatMustNotExceedItsDeclarationStopsThere() async throws {
        let problem = try await read("osse_sources")
        var upper = [Double](repeating: .infinity, count: problem.stateCount)
        upper[0] = 0.9
        let lower = problem.stateNames.map { $0 == "BIAS" ? -Double.infinity : 0 }
        let bounded = try BoundedSolver.solve(problem, bounds: Bounds(lower: lower, upper: upper))
        #expect(bounded.mean[0] == 0.9)
        #expect(bounded.bound == [0])
        #expect(bounded.differsFromUnconstrained)
        #expect(bounded.cost > bounded.unconstrained.cost)
        // The regression of the others on the plant.
        let covariance = bounded.unconstrained.covariance
        for index in 1..<problem.stateCount {
            let shift = covariance[index, 0] / covariance[0, 0] * (0.9 - bounded.unconstrained.mean[0])
            #expect(abs(bounded.mean[index] - bounded.unconstrained.mean[index] - shift) < 1e-12)
        }
    }
}
