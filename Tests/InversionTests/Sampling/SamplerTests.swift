import Foundation
import Inversion
import LinearAlgebra
import TestSupport
import Testing

/// Independent parameters with the given priors and no data.
struct PriorsAlone: LogDensity {
    let model: HierarchicalModel

    init(_ priors: [ParameterPrior]) throws {
        // One observation that sees nothing.
        model = try HierarchicalModel(
            jacobian: Matrix(rows: 1, columns: priors.count),
            observations: [0],
            observationSigma: [1],
            statePriors: priors,
            errorPriors: [.uniform(lower: 0.1, upper: 3)]
        )
    }

    var dimension: Int { model.dimension }
    var supports: [Support] { model.supports }
    var scales: [Double] { model.scales }
    func logDensity(at point: [Double], gradient: inout [Double]) -> Double {
        model.logDensity(at: point, gradient: &gradient)
    }
}

/// The largest distance of the means, in Monte Carlo standard errors.
func errorsFrom(_ expected: [Double], _ sampled: SampledPosterior) -> Double {
    expected.indices.map { abs(sampled.mean[$0] - expected[$0]) / sampled.diagnostics[$0].meanError }.max()
        ?? 0
}

/// The same for the standard deviations.
func sigmaErrorsFrom(_ expected: [Double], _ sampled: SampledPosterior) -> Double {
    expected.indices.map { abs(sampled.sigma[$0] - expected[$0]) / sampled.diagnostics[$0].sigmaError }.max()
        ?? 0
}

@Suite struct SamplerTests {
    private let settings = SamplerSettings(chains: 4, warmUp: 300, draws: 400, seed: 11)

    @Test(arguments: [MetricKind.diagonal, .dense]) func hamiltonianChainsDrawTheGaussianPair(
        metric: MetricKind
    ) async throws {
        let problem = Problems.pair
        let exact = try GaussianSolver.solve(problem)
        var settings = settings
        settings.metric = metric
        let sampled = try await HamiltonianSampler(settings).sample(
            try GaussianDensity(problem),
            names: problem.stateNames,
            start: problem.priorMean
        )
        #expect(errorsFrom(exact.mean, sampled) < 3)
        #expect(sigmaErrorsFrom(exact.sigma, sampled) < 3)
        #expect(abs(sampled.covariance[0, 1] - exact.covariance[0, 1]) < 0.006)
        #expect(sampled.warnings == [])
        #expect(sampled.count == 1600)
    }

    @Test(arguments: 0..<3 as Range<UInt64>) func hamiltonianChainsDrawRandomProblems(seed: UInt64)
        async throws
    {
        let problem = Problems.random(seed: seed)
        let exact = try GaussianSolver.solve(problem)
        let sampled = try await HamiltonianSampler(SamplerSettings(chains: 2, warmUp: 300, draws: 400))
            .sample(
                try GaussianDensity(problem),
                names: problem.stateNames,
                start: problem.priorMean
            )
        #expect(errorsFrom(exact.mean, sampled) < 3.5)
        #expect(sigmaErrorsFrom(exact.sigma, sampled) < 3.5)
    }

    @Test func boundsCutTheDensityWithTheirJacobian() async throws {
        let density = try PriorsAlone([
            .truncatedNormal(mean: 0.2, sigma: 1, lower: 0, upper: .infinity),
            .uniform(lower: 2, upper: 5),
            .lognormal(median: 2, logSigma: 0.4),
            .truncatedNormal(mean: 0, sigma: 1, lower: -.infinity, upper: 0),
            .normal(mean: -3, sigma: 0.01),
        ])
        let names = ["above", "between", "lognormal", "below", "line", "scale"]
        let sampled = try await HamiltonianSampler(settings).sample(
            density,
            names: names,
            start: density.model.typicalPoint
        )
        let hazard = exp(-0.02) / (2 * Double.pi).squareRoot() / (erfc(-0.2 / 2.0.squareRoot()) / 2)
        let means = [0.2 + hazard, 3.5, 2 * exp(0.08), -(2 / Double.pi).squareRoot(), -3, 1.55]
        #expect(errorsFrom(means, sampled) < 3)
        let lognormal = means[2] * expm1(0.16).squareRoot()
        let above = (1 - 0.2 * hazard - hazard * hazard).squareRoot()
        let sigmas = [
            above, 3 / 12.0.squareRoot(), lognormal, (1 - 2 / Double.pi).squareRoot(), 0.01,
            2.9 / 12.0.squareRoot(),
        ]
        #expect(sigmaErrorsFrom(sigmas, sampled) < 3)
        #expect(sampled.pooled(0).allSatisfy { $0 > 0 })
        #expect(sampled.pooled(1).allSatisfy { $0 > 2 && $0 < 5 })
        #expect(sampled.pooled(3).allSatisfy { $0 < 0 })
        let interval = sampled.interval(probability: 0.9)[1]
        #expect(abs(interval.lowerBound - 2.15) < 0.1 && abs(interval.upperBound - 4.85) < 0.1)
    }

    @Test func parametersOfAnySizeAreDrawn() async throws {
        let density = try PriorsAlone([
            .normal(mean: 4e-8, sigma: 1e-9), .normal(mean: -3e7, sigma: 1e6),
            .truncatedNormal(mean: 1e-9, sigma: 1e-9, lower: 0, upper: .infinity),
        ])
        let names = ["flux", "stock", "leak", "scale"]
        let sampled = try await HamiltonianSampler(settings)
            .sample(density, names: names, start: density.model.typicalPoint)
        #expect(errorsFrom([4e-8, -3e7], sampled) < 3)
        #expect(sigmaErrorsFrom([1e-9, 1e6], sampled) < 3)
        let hazard = exp(-0.5) / (2 * Double.pi).squareRoot() / (erfc(-1 / 2.0.squareRoot()) / 2)
        #expect(abs(sampled.mean[2] - 1e-9 * (1 + hazard)) < 3 * sampled.diagnostics[2].meanError)
    }

    @Test func aTruncatedPairHasTheMeanOfItsIntegral() async throws {
        var problem = Problems.pair
        problem.observations = [0.4, -0.6]
        let density = try GaussianDensity(problem, bounds: .nonNegative(2))
        let sampled = try await HamiltonianSampler(settings).sample(
            density,
            names: ["a", "b"],
            start: [1, 1]
        )
        // Midpoint rule over the quadrant.
        var (weight, first, second) = (0.0, 0.0, 0.0)
        var gradient = [0.0, 0.0]
        for i in 0..<120 {
            for j in 0..<120 {
                let point = [(Double(i) + 0.5) / 40, (Double(j) + 0.5) / 40]
                let value = exp(density.logDensity(at: point, gradient: &gradient))
                weight += value
                first += value * point[0]
                second += value * point[1]
            }
        }
        #expect(errorsFrom([first / weight, second / weight], sampled) < 3)
    }

    @Test func aChainDependsOnSeedAndItsNumberAlone() async throws {
        let density = try GaussianDensity(Problems.pair)
        func draws(chains: Int, seed: UInt64) async throws -> [Chain] {
            let settings = SamplerSettings(chains: chains, warmUp: 60, draws: 20, seed: seed)
            return try await HamiltonianSampler(settings).sample(density, names: ["a", "b"], start: [1, 1])
                .chains
        }
        let two = try await draws(chains: 2, seed: 3)
        let four = try await draws(chains: 4, seed: 3)
        #expect(two == Array(four.prefix(2)))
        #expect(four[0] != four[1])
        #expect(try await draws(chains: 1, seed: 4) != [two[0]])
    }

    @Test func totalsOfDrawsKeepTheirCovariance() async throws {
        let exact = try GaussianSolver.solve(Problems.pair)
        let both = try LinearFunctionals(
            names: ["both"],
            weights: Matrix(rows: 1, columns: 2, storage: [1, 1]),
            offsets: [10]
        )
        let sampled = try await GibbsSampler(settings).sample(Problems.pair).totals(both)
        #expect(errorsFrom([exact.mean[0] + exact.mean[1] + 10], sampled) < 3)
        #expect(sigmaErrorsFrom([sqrt(0.05219395680569236)], sampled) < 3)
    }

    @Test func whatCannotBeSampledIsNamed() async throws {
        let sampler = HamiltonianSampler(settings)
        let density = try GaussianDensity(Problems.pair, bounds: .nonNegative(2))
        await #expect(throws: InversionError.wrongLength(of: "start", expected: 2, actual: 1)) {
            try await sampler.sample(density, names: ["a", "b"], start: [1])
        }
        await #expect(throws: InversionError.notFinite("start on the unbounded scale", index: 1)) {
            try await sampler.sample(density, names: ["a", "b"], start: [1, 0])
        }
        await #expect(throws: InversionError.notPositive("scales", index: 0, value: 0)) {
            try await sampler.sample(density, names: ["a", "b"], start: [1, 1], scales: [0, 1])
        }
        await #expect(throws: InversionError.wrongLength(of: "draws", expected: 4, actual: 1)) {
            let few = HamiltonianSampler(SamplerSettings(draws: 1))
            return try await few.sample(density, names: ["a", "b"], start: [1, 1])
        }
        await #expect(throws: InversionError.notFinite("log density near the start of chain", index: 0)) {
            let one = HamiltonianSampler(SamplerSettings(chains: 1))
            return try await one.sample(Nowhere(), names: ["a"], start: [1])
        }
    }

    @Test func tooFewDrawsAreToldAndACancelledRunEnds() async throws {
        let density = try GaussianDensity(Problems.pair)
        let short = try await HamiltonianSampler(SamplerSettings(chains: 2, warmUp: 0, draws: 10))
            .sample(density, names: ["a", "b"], start: [1, 1])
        #expect(short.warnings.contains { if case .fewEffectiveDraws = $0 { true } else { false } })
        let long = Task {
            try await HamiltonianSampler(SamplerSettings(warmUp: 0, draws: 100_000_000))
                .sample(density, names: ["a", "b"], start: [1, 1])
        }
        long.cancel()
        await #expect(throws: CancellationError.self) { try await long.value }
    }
}

/// A density that is finite nowhere.
private struct Nowhere: LogDensity {
    let dimension = 1
    func logDensity(at point: [Double], gradient: inout [Double]) -> Double { .nan }
}
