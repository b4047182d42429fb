import Concurrent
import Foundation
import Inversion
import LinearAlgebra
import Quantities
import TestSupport

/// 200,000 unknowns (400 x 250 cells in two periods) from 50,000 observations with plume-like footprints of about 500
/// cells each, by conjugate gradients, on two threads and on one. Targets: a gradient 1e-6 of the first within 180 s
/// and 2 GiB.
struct MatrixFree: Race {
    let name = "matrix-free"
    private let observations = 50_000

    func run() async throws {
        // As `crosswind invert` does.
        FreedMemory.keepForIterations()
        let scene = PlumeScene(columns: 400, rows: 250, periods: 2)
        let clock = ContinuousClock()
        var start = clock.now
        let problem = try await scene.problem(observations: observations)
        print("problem: \(problem.stateCount) x \(observations), made in \(seconds(clock.now - start)) s")
        start = clock.now
        let cpu = processorSeconds()
        let posterior = try await MatrixFreeSolver().solve(problem)
        let pooled = clock.now - start
        let used = processorSeconds() - cpu
        let norms = posterior.gradientNorms
        let reduction = norms[posterior.iterations] / norms[0]
        print(
            "crosswind: \(seconds(pooled)) s on \(availableThreads) threads (\(text(used)) s of processor time), "
                + "\(posterior.iterations) iterations, gradient x \(reduction), peak \(peakMebibytes()) MiB"
        )
        print(
            "J/n \(text(posterior.costPerObservation)), innovation chi2/n "
                + "\(text(posterior.innovationChiSquare / Double(observations))), DOFS at least "
                + text(posterior.spectrum.degreesOfFreedomForSignal)
        )
        try await parts(problem)
        try await estimates(posterior)
        try await alone(problem, pooled, posterior)
    }

    /// The best of many times is what other programs on the machine disturb least.
    private func parts(_ problem: MatrixFreeProblem) async throws {
        let state = [Double](repeating: 1, count: problem.stateCount)
        let forcing = [Double](repeating: 1, count: observations)
        let (jacobian, prior) = (problem.jacobian, problem.prior)
        try await part("H v") { _ = await jacobian.apply(state) }
        try await part("transposed H u") { _ = await jacobian.applyTransposed(forcing) }
        try await part("root of B") { _ = await prior.applyRoot(state) }
        try await part("transposed root of B") { _ = await prior.applyTransposedRoot(state) }
        try await part("all four") {
            let modelled = await jacobian.apply(prior.applyRoot(state))
            _ = await prior.applyTransposedRoot(jacobian.applyTransposed(modelled))
        }
    }

    private func part(_ name: String, _ body: @escaping @Sendable () async -> Void) async throws {
        let thread = ThreadExecutor(name: "alone")
        defer { thread.shutdown() }
        var (pooled, single) = (Double.infinity, Double.infinity)
        for _ in 0..<60 {
            pooled = min(pooled, await seconds(body))
            single = min(single, await withTaskExecutorPreference(thread) { await seconds(body) })
        }
        print(
            "\(name): \(text(1000 * pooled)) ms on \(availableThreads) threads, \(text(1000 * single)) ms on one, "
                + "speed-up \(text(single / pooled))"
        )
    }

    private func seconds(_ body: @Sendable () async -> Void) async -> Double {
        let clock = ContinuousClock()
        let start = clock.now
        await body()
        return (clock.now - start) / .seconds(1)
    }

    private func estimates(_ posterior: MatrixFreePosterior) async throws {
        let clock = ContinuousClock()
        let solver = MatrixFreeSolver(gradientReduction: 1e-2, keptVectors: 0)
        var start = clock.now
        let information = try await solver.information(of: posterior.problem, probes: 2)
        let degrees = information.degreesOfFreedomForSignal
        print(
            "DOFS \(text(degrees.mean)) +- \(text(degrees.standardDeviation)) from 2 probes in "
                + "\(seconds(clock.now - start)) s"
        )
        start = clock.now
        let count = posterior.problem.stateCount
        let all = Matrix(rows: 1, columns: count, storage: [Double](repeating: 1, count: count))
        let totals = try await posterior.totals(LinearFunctionals(names: ["all"], weights: all))
        print(
            "total \(text(totals.posterior[0].mean)) +- \(text(totals.posterior[0].standardDeviation)), before "
                + "\(text(totals.prior[0].mean)) +- \(text(totals.prior[0].standardDeviation)), in "
                + "\(seconds(clock.now - start)) s; peak \(peakMebibytes()) MiB"
        )
    }

    private func alone(
        _ problem: MatrixFreeProblem,
        _ pooled: Duration,
        _ posterior: MatrixFreePosterior
    ) async throws {
        let thread = ThreadExecutor(name: "alone")
        defer { thread.shutdown() }
        let clock = ContinuousClock()
        let start = clock.now
        let same = try await withTaskExecutorPreference(thread) {
            try await MatrixFreeSolver().solve(problem)
        }
        let single = clock.now - start
        let ratio = text(single / pooled)
        print(
            "crosswind: \(seconds(single)) s on one thread, speed-up \(ratio), the same bits: "
                + "\(same.mean == posterior.mean)"
        )
    }

    private func seconds(_ duration: Duration) -> String { text(duration / .seconds(1)) }
    private func text(_ value: Double) -> String { String(format: "%.2f", value) }

    private func processorSeconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

    private func peakMebibytes() -> Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Int(usage.ru_maxrss) / 1024
    }
}

/// Receptors anywhere in a region, each with an upwind plume that widens and weakens with distance.
private struct PlumeScene {
    let columns: Int
    let rows: Int
    let periods: Int
    private let reach = 40
    private var cells: Int { columns * rows }

    func problem(observations: Int) async throws -> MatrixFreeProblem {
        let jacobian = try jacobian(observations: observations)
        let space = try ProductCorrelation([
            ExponentialAxis(count: rows, step: 1, length: 8),
            ExponentialAxis(count: columns, step: 1, length: 8),
        ])
        let prior = try ScaledCovariance(
            sigma: [Double](repeating: 0.5, count: periods * cells),
            correlation: ProductCorrelation([ExponentialAxis(count: periods, step: 1, length: 2), space])
        )
        var random = RandomStream(seed: 2, stream: 0)
        let priorMean = [Double](repeating: 1, count: periods * cells)
        let deviation = await prior.applyRoot((0..<prior.controlCount).map { _ in random.normal() })
        let truth = zip(priorMean, deviation).map { $0 + $1 }
        let sigma = 0.5
        let noise = (0..<observations).map { _ in sigma * random.normal() }
        return try MatrixFreeProblem(
            jacobian: jacobian,
            observations: zip(await jacobian.apply(truth), noise).map { $0 + $1 },
            observationError: FactoredErrors(.independent([Double](repeating: sigma, count: observations))),
            priorMean: priorMean,
            prior: prior
        )
    }

    private func jacobian(observations: Int) throws -> SparseMatrix {
        var builder = try SparseRows(columns: periods * cells)
        builder.reserve(rows: observations, elements: observations * 520)
        var random = RandomStream(seed: 1, stream: 0)
        for _ in 0..<observations {
            let footprint = footprint(&random)
            try builder.append(columns: footprint.columns, values: footprint.values)
        }
        let matrix = builder.matrix
        print("footprints: \(matrix.elementCount) elements, \(matrix.elementCount / observations) a row")
        return matrix
    }

    private func footprint(_ random: inout RandomStream) -> (columns: [Int], values: [Double]) {
        let x = random.uniform() * Double(columns)
        let y = random.uniform() * Double(rows)
        let period = Int(random.uniform() * Double(periods))
        let angle = 2 * Double.pi * random.uniform()
        var result: (columns: [Int], values: [Double]) = ([], [])
        for row in max(0, Int(y) - reach)..<min(rows, Int(y) + reach) {
            for column in max(0, Int(x) - reach)..<min(columns, Int(x) + reach) {
                let (dx, dy) = (Double(column) + 0.5 - x, Double(row) + 0.5 - y)
                let along = dx * cos(angle) + dy * sin(angle)
                let across = dy * cos(angle) - dx * sin(angle)
                let width = 1 + 0.22 * along
                guard along > -1, along < Double(reach), abs(across) < 1.2 * width else { continue }
                result.columns.append(period * cells + row * columns + column)
                result.values.append(0.2 * exp(-0.5 * across * across / width / width) / width)
            }
        }
        return result
    }
}
