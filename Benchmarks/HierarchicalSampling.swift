import Foundation
import Inversion
import LinearAlgebra
import TestSupport

/// The hierarchical UK methane inversion sampled with two chains of 2000 draws. PyMC 5 took 18.4 s for the same
/// draws of the same model on two cores.
struct HierarchicalSampling: Race {
    let name = "hierarchical-sampling"
    private let names = ["x0", "x1", "x2", "x3", "north", "east", "south", "west", "error"]

    func run() async throws {
        let model = try model()
        for metric in [MetricKind.diagonal, .dense] {
            let settings = SamplerSettings(chains: 2, warmUp: 1000, draws: 2000, seed: 1, metric: metric)
            let clock = ContinuousClock()
            let start = clock.now
            let sampled = try await HamiltonianSampler(settings)
                .sample(model, names: names, start: model.typicalPoint)
            let seconds = (clock.now - start) / .seconds(1)
            print("crosswind, 2 chains x 2000 draws, \(metric.rawValue) metric: \(text(seconds, 3)) s")
            report(sampled)
        }
        let clock = ContinuousClock()
        let start = clock.now
        let best = try model.mostProbable(
            from: model.typicalPoint,
            minimiser: BoundedMinimiser(tolerance: 1e-5)
        )
        let seconds = (clock.now - start) / .seconds(1)
        print(
            "most probable: \(best.point.map { text($0, 3) }.joined(separator: " ")), -ln p \(text(best.value, 4))"
        )
        print("found in \(text(seconds * 1000, 1)) ms, \(best.evaluations) evaluations")
        print("peer PyMC, as published: 18.4 s")
    }

    private func report(_ sampled: SampledPosterior) {
        let parts = sampled.names.indices.map {
            "\(text(sampled.mean[$0], 3))+-\(text(sampled.sigma[$0], 3))"
        }
        print("means: \(parts.joined(separator: " "))")
        let least =
            sampled.diagnostics.map { min($0.bulkEffectiveDraws, $0.tailEffectiveDraws) }.min() ?? .nan
        let worst = sampled.diagnostics.map { $0.rHat }.max() ?? .nan
        let evaluations = sampled.chains.reduce(0) { $0 + $1.evaluations }
        print(
            "least effective draws \(text(least, 0)), largest R-hat \(text(worst, 4)), \(evaluations) evaluations"
        )
        for warning in sampled.warnings { print("warning: \(warning.text)") }
    }

    private func model() throws -> HierarchicalModel {
        let file = Places.fixtures.appending(path: "rhime-uk-model.csv")
        let rows = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst().map {
            line in
            line.split(separator: ",").compactMap { Double($0) }
        }
        let region = ParameterPrior.truncatedNormal(mean: 1, sigma: 1, lower: 0, upper: .infinity)
        let boundary = ParameterPrior.truncatedNormal(mean: 1, sigma: 0.1, lower: 0, upper: .infinity)
        return try HierarchicalModel(
            jacobian: Matrix(rows: rows.count, columns: 8, storage: rows.flatMap { $0[2...] }),
            observations: rows.map { $0[0] },
            observationSigma: rows.map { $0[1] },
            statePriors: [region, region, region, region, boundary, boundary, boundary, boundary],
            errorPriors: [.uniform(lower: 0.1, upper: 3)],
            isEnhancement: [true, true, true, true, false, false, false, false]
        )
    }

    private func text(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
}
