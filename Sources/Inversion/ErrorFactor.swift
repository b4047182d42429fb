import Concurrent
import Foundation
import LinearAlgebra

/// The Cholesky factor L of an error covariance, diagonal where errors are independent.
enum ErrorFactor: Sendable {
    case diagonal([Double])
    case dense(Cholesky)

    /// - Parameters:
    ///   - name: what the error calls the matrix.
    ///   - threads: that share a large factorisation; no bit depends on it.
    init(
        _ model: ErrorModel,
        name: String,
        threads: Int = availableThreads
    ) throws(InversionError) {
        switch model {
        case .independent(let sigma): self = .diagonal(sigma)
        case .covariance(let matrix):
            do { self = .dense(try Cholesky(factoring: matrix, threads: threads)) } catch {
                throw .algebra(name, error)
            }
        }
    }

    var logDeterminant: Double {
        switch self {
        case .diagonal(let sigma): 2 * sigma.reduce(0) { $0 + log($1) }
        case .dense(let cholesky): cholesky.logDeterminant
        }
    }

    /// L⁻¹·b.
    func whiten(_ vector: [Double]) -> [Double] {
        switch self {
        case .diagonal(let sigma): zip(vector, sigma).map { $0 / $1 }
        case .dense(let cholesky): cholesky.forwardSolve(vector)
        }
    }

    /// L·b.
    func multiply(_ vector: [Double]) -> [Double] {
        switch self {
        case .diagonal(let sigma): zip(vector, sigma).map { $0 * $1 }
        case .dense(let cholesky): cholesky.multiply(vector)
        }
    }

    /// Lᵀ·b.
    func transposedMultiply(_ vector: [Double]) -> [Double] {
        switch self {
        case .diagonal: multiply(vector)
        case .dense(let cholesky): cholesky.transposedMultiply(vector)
        }
    }

    /// Lᵀ·N·L; only the lower triangle counts.
    func congruence(of symmetric: consuming Matrix) -> Matrix {
        switch self {
        case .diagonal(let sigma):
            symmetric.scaleRows(by: sigma)
            symmetric.scaleColumns(by: sigma)
            return symmetric
        case .dense(let cholesky): return cholesky.congruence(of: symmetric)
        }
    }

    /// Lᵀ·N·L for an N that need not be symmetric; complete.
    func generalCongruence(of matrix: consuming Matrix) -> Matrix {
        switch self {
        case .diagonal: return congruence(of: matrix)
        case .dense(let cholesky): return cholesky.factor.transposedTimes(matrix.times(cholesky.factor))
        }
    }
}

func squaredNorm(_ vector: [Double]) -> Double { vector.reduce(0) { $0 + $1 * $1 } }
func dotProduct(_ a: [Double], _ b: [Double]) -> Double {
    precondition(a.count == b.count, "vectors differ in length")
    return zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
}
