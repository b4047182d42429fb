import Inversion
import LinearAlgebra
import TestSupport

/// Inverse problems with known answers, and random ones.
enum Problems {
    /// K = 2, prior 1 +- 1, observation 5/2 +- 1/2.
    static let scalar = LinearProblem(
        jacobian: Matrix(rows: 1, columns: 1, storage: [2]),
        observations: [2.5],
        observationError: .independent([0.5]),
        priorMean: [1],
        priorError: .independent([1]),
        stateNames: ["x"]
    )

    /// Two observations of two correlated unknowns.
    static let pair = LinearProblem(
        jacobian: Matrix(rows: 2, columns: 2, storage: [1, 0.5, 0.25, 1]),
        observations: [2, 1],
        observationError: .independent([0.2, 0.3]),
        priorMean: [1, 1],
        priorError: .covariance(Matrix(rows: 2, columns: 2, storage: [0.25, 0.1, 0.1, 0.25])),
        stateNames: ["a", "b"]
    )

    /// Observations and states of random number; each covariance is full for one half of the seeds.
    static func random(seed: UInt64) -> LinearProblem {
        var random = SeededGenerator(seed: seed)
        let observations = 2 + Int(random.next() % 40)
        let states = 1 + Int(random.next() % 12)
        func vector(_ count: Int) -> [Double] { (0..<count).map { _ in random.normal() } }
        func error(_ count: Int, full: Bool) -> ErrorModel {
            guard full else { return .independent((0..<count).map { _ in 0.2 + random.uniform() }) }
            let root = Matrix(rows: count, columns: count + 2, storage: vector(count * (count + 2)))
            var covariance = Matrix.productTransposed(of: root)
            covariance.addToDiagonal([Double](repeating: 0.3, count: count))
            return .covariance(covariance)
        }
        return LinearProblem(
            jacobian: Matrix(rows: observations, columns: states, storage: vector(observations * states)),
            observations: vector(observations),
            observationError: error(observations, full: seed % 4 >= 2),
            priorMean: vector(states),
            priorError: error(states, full: seed % 2 == 1),
            stateNames: (0..<states).map { "s\($0)" }
        )
    }
}

func distance(_ a: [Double], _ b: [Double]) -> Double {
    precondition(a.count == b.count)
    return zip(a, b).map { abs($0 - $1) }.max() ?? 0
}
