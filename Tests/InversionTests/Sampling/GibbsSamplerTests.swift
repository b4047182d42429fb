import Foundation
import Inversion
import LinearAlgebra
import TestSupport
import Testing

@Suite struct GibbsSamplerTests {
    private let settings = SamplerSettings(chains: 4, warmUp: 50, draws: 1000, seed: 21)

    @Test(arguments: [0, 1, 2, 3] as [UInt64]) func withKnownErrorsItDrawsTheGaussianSolution(seed: UInt64)
        async throws
    {
        let problem = Problems.random(seed: seed)
        let exact = try GaussianSolver.solve(problem)
        let sampled = try await GibbsSampler(settings).sample(problem)
        #expect(errorsFrom(exact.mean, sampled) < 3.5)
        #expect(sigmaErrorsFrom(exact.sigma, sampled) < 3.5)
        #expect(sampled.warnings == [])
        #expect(sampled.names == problem.stateNames)
    }

    @Test func anUnknownErrorScaleGivesStudentsDistribution() async throws {
        // Ten numbers around an unknown mean with an unknown variance: the mean has a t distribution, the variance
        // an inverse gamma one, because the prior of the mean is flat at this scale.
        let values = [4.1, 3.2, 5.9, 4.4, 2.8, 6.1, 3.9, 5.2, 4.6, 3.5]
        let problem = LinearProblem(
            jacobian: Matrix(rows: 10, columns: 1, storage: [Double](repeating: 1, count: 10)),
            observations: values,
            observationError: .independent([Double](repeating: 1, count: 10)),
            priorMean: [0],
            priorError: .independent([1e4]),
            stateNames: ["mean"]
        )
        let scale = try InverseGamma(shape: 3, scale: 2)
        let sampled = try await GibbsSampler(settings).sample(
            problem,
            scales: ErrorScales(observation: [scale])
        )
        let mean = values.reduce(0, +) / 10
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let shape = 3 + 4.5
        let variance = (2 + squares / 2) / (shape - 1)
        #expect(sampled.names == ["mean", "observation scale 0"])
        #expect(errorsFrom([mean, variance], sampled) < 3)
        #expect(sigmaErrorsFrom([(variance / 10).squareRoot()], sampled) < 3)
        #expect(sampled.warnings == [])
    }

    @Test func anUnknownPriorScaleIsFoundFromManyElements() async throws {
        // Elements seen directly that scatter by 3 where a prior error of 1 is assumed.
        var random = SeededGenerator(seed: 8)
        let count = 60
        let truth = (0..<count).map { _ in 3 * random.normal() }
        let problem = LinearProblem(
            jacobian: Matrix(diagonal: [Double](repeating: 1, count: count)),
            observations: truth.map { $0 + 0.1 * random.normal() },
            observationError: .independent([Double](repeating: 0.1, count: count)),
            priorMean: [Double](repeating: 0, count: count),
            priorError: .independent([Double](repeating: 1, count: count)),
            stateNames: (0..<count).map { "s\($0)" }
        )
        let vague = try InverseGamma(shape: 0.01, scale: 0.01)
        var settings = settings
        settings.draws = 200
        settings.chains = 2
        let groups = (0..<count).map { $0 % 2 }
        let sampled = try await GibbsSampler(settings).sample(
            problem,
            scales: ErrorScales(prior: [vague, vague], priorGroups: groups)
        )
        for group in 0..<2 {
            let members = truth.indices.filter { $0 % 2 == group }
            let square = members.reduce(0) { $0 + truth[$1] * truth[$1] } / Double(members.count)
            // The mean of an inverse gamma with shape n / 2 is n / (n - 2) of the mean square.
            let expected = square * 30 / 28
            #expect(abs(sampled.mean[count + group] / expected - 1) < 0.06)
        }
    }

    @Test func groupsOfObservationsHaveScalesOfTheirOwn() async throws {
        var random = SeededGenerator(seed: 9)
        let count = 80
        let groups = (0..<count).map { $0 % 2 }
        let problem = LinearProblem(
            jacobian: Matrix(rows: count, columns: 1, storage: [Double](repeating: 1, count: count)),
            observations: groups.map { 5 + ($0 == 0 ? 0.5 : 4) * random.normal() },
            observationError: .independent([Double](repeating: 1, count: count)),
            priorMean: [5],
            priorError: .independent([10]),
            stateNames: ["level"]
        )
        let vague = try InverseGamma(shape: 0.01, scale: 0.01)
        let sampled = try await GibbsSampler(settings).sample(
            problem,
            scales: ErrorScales(observation: [vague, vague], observationGroups: groups)
        )
        #expect(abs(sampled.mean[1] - 0.25) < 0.1)
        #expect(abs(sampled.mean[2] - 16) < 6)
        // The precise group decides.
        #expect(sampled.sigma[0] < 0.12)
    }

    @Test func scalesThatDoNotFitAreRefused() async throws {
        let scale = try InverseGamma(shape: 1, scale: 1)
        let sampler = GibbsSampler(settings)
        await #expect(throws: InversionError.wrongLength(of: "observation scales", expected: 2, actual: 1)) {
            try await sampler.sample(
                Problems.pair,
                scales: ErrorScales(observation: [scale], observationGroups: [0, 1])
            )
        }
        await #expect(throws: InversionError.self) {
            try await sampler.sample(
                Problems.pair,
                scales: ErrorScales(prior: [scale, scale], priorGroups: [0, 1])
            )
        }
        #expect(throws: InversionError.notPositive("inverse gamma shape", index: 0, value: 0)) {
            try InverseGamma(shape: 0, scale: 1)
        }
    }
}
