import Foundation
import Inversion
import LinearAlgebra
import TestSupport

/// A dense linear Gaussian inversion: ours, with all its diagnostics, against plain calls of LAPACK and against
/// the python package `fips`, on problems of the same shape. One BLAS thread everywhere.
struct DenseInversion: Race {
    let name = "dense-inversion"
    /// Observations x states.
    private let sizes = [(2000, 1000), (6000, 3000)]

    func run() async throws {
        for (observations, states) in sizes {
            let problem = SyntheticProblem.make(observations: observations, states: states)
            let shape = "\(observations) x \(states)"
            let (ours, posterior) = try timed { try GaussianSolver.solve(problem) }
            let (plain, mean) = timed { PlainLAPACK.posteriorMean(problem) }
            let difference =
                zip(zip(posterior.mean, mean), posterior.sigma)
                .map { abs($0.0 - $0.1) / $1 }.max() ?? .nan
            print("\(shape) crosswind, \(posterior.space.rawValue) space, with diagnostics: \(text(ours)) s")
            print("\(shape) plain LAPACK, posterior mean and covariance only: \(text(plain)) s")
            print("\(shape) largest difference of the means: \(difference) posterior standard deviations")
            try await peer(observations, states)
        }
    }

    private func timed<Value>(_ body: () throws -> Value) rethrows -> (Double, Value) {
        let clock = ContinuousClock()
        let start = clock.now
        let value = try body()
        return ((clock.now - start) / .seconds(1), value)
    }

    private func text(_ seconds: Double) -> String { String(format: "%.3f", seconds) }

    private func peer(_ observations: Int, _ states: Int) async throws {
        guard let script = Peers.script("inversion/bench_analytic.py"),
            try await Peers.hasPython(module: "fips, scipy")
        else {
            print("peer fips: not here (needs python3 with fips, and the peers folder in CROSSWIND_PEERS)")
            return
        }
        for which in ["fips", "state"] {
            let run = try await ProgramRun.run(
                URL(filePath: "/usr/bin/env"),
                ["python3", script.path, String(observations), String(states), which],
                environment: ["OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"]
            )
            let label = which == "fips" ? "peer fips" : "peer numpy, state space"
            print("\(label): \(run.status == 0 ? run.standardOutput : run.standardError)", terminator: "")
        }
    }
}

/// A problem with exponentially correlated prior on a square lattice and a positive, skewed Jacobian.
enum SyntheticProblem {
    static func make(observations: Int, states: Int) -> LinearProblem {
        var random = SeededGenerator(seed: 1)
        var jacobian = Matrix(rows: observations, columns: states)
        for row in 0..<observations {
            let strength = random.uniform()
            for column in 0..<states { jacobian[row, column] = strength * pow(random.uniform(), 3) }
        }
        let side = Int(Double(states).squareRoot().rounded(.up))
        var prior = Matrix(rows: states, columns: states)
        for first in 0..<states {
            for second in 0...first {
                let distance = hypot(
                    Double(first / side - second / side),
                    Double(first % side - second % side)
                )
                let covariance = 0.25 * exp(-distance / 4)
                prior[first, second] = covariance
                prior[second, first] = covariance
            }
        }
        let truth = (0..<states).map { _ in 1 + 0.5 * random.normal() }
        let values = jacobian.times(truth).map { $0 + 2 * random.normal() }
        return LinearProblem(
            jacobian: jacobian,
            observations: values,
            observationError: .independent([Double](repeating: 2, count: observations)),
            priorMean: [Double](repeating: 1, count: states),
            priorError: .covariance(prior),
            stateNames: (0..<states).map { "x\($0)" }
        )
    }
}
