import Foundation
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

    /// A square of cells with an exponentially correlated prior; three observations see one cell each, with an error
    /// that can be made very small.
    static func lattice(side: Int, observations: Int, seenTo sigma: Double) -> LinearProblem {
        var random = SeededGenerator(seed: 8)
        let states = side * side
        var prior = Matrix(rows: states, columns: states)
        for one in 0..<states {
            for other in 0..<states {
                let (x, y) = (Double(one / side - other / side), Double(one % side - other % side))
                prior[one, other] = 0.25 * exp(-(x * x + y * y).squareRoot() / 3)
            }
        }
        var jacobian = Matrix(rows: observations, columns: states)
        for index in jacobian.storage.indices { jacobian.storage[index] = random.uniform() * 0.1 }
        var deviations = [Double](repeating: 0.5, count: observations)
        for row in 0..<3 {
            for column in 0..<states { jacobian[row, column] = column == 100 * row + 7 ? 1 : 0 }
            deviations[row] = sigma
        }
        return LinearProblem(
            jacobian: jacobian,
            observations: (0..<observations).map { _ in 3 * random.normal() },
            observationError: .independent(deviations),
            priorMean: (0..<states).map { _ in random.normal() },
            priorError: .covariance(prior),
            stateNames: (0..<states).map { "c\($0)" }
        )
    }

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
