public import LinearAlgebra

/// The way back from a reduced state to the full one, as the observations and the prior have it.
///
/// Given z, what z cannot follow, r = (I - Γ* Γ)(x - x_prior), is normal, and of the observations it is known by
/// y' = H' z + H r + e alone: with C = B - Γ* Γ B, R' = R + H C Hᵀ and K = C Hᵀ R'⁻¹ its mean is K (y' - H' z) and its
/// covariance C - K H C. So x = x_prior + Γ* (z - z_prior) + r has
///
///     mean        x_prior - Γ* z_prior + K y' + (Γ* - K H') E[z]
///     covariance  (Γ* - K H') Cov[z] (Γ* - K H')ᵀ + C - K H C
///
/// whatever the distribution of z. For the exact z this is the solution of the full problem.
public struct Refinement: Sendable {
    private let offset: [Double]
    /// Γ* - K H', full states x reduced states.
    private let map: Matrix
    /// C - K H C.
    private let remainder: Matrix

    /// - Parameters:
    ///   - aggregation: of the problem.
    ///   - full: the problem that was reduced.
    /// - Throws: ``InversionError`` where the observation errors of the reduced problem are not positive definite.
    public init(_ aggregation: Aggregation, of full: LinearProblem) throws(InversionError) {
        let reduced = aggregation.problem
        try checkLength("rows of the prolongation", aggregation.prolongation.rows, full.stateCount)
        let apart = try Self.apart(aggregation, full)
        let errors: Cholesky
        do { errors = try Cholesky(factoring: reduced.observationError.matrix) } catch {
            throw .algebra("observation_covariance with the aggregation error", error)
        }
        let seen = errors.forwardSolve(full.jacobian.times(apart))
        var remainder = apart
        remainder.addTransposedProduct(of: seen, scale: -1)
        remainder.mirrorLowerTriangle()
        self.remainder = remainder
        let told = seen.transposedTimes(errors.forwardSolve(reduced.jacobian))
        var map = aggregation.prolongation
        for index in map.storage.indices { map.storage[index] -= told.storage[index] }
        self.map = map
        let followed = aggregation.prolongation.times(reduced.priorMean)
        let found = seen.transposedTimes(errors.forwardSolve(reduced.observations))
        offset = full.priorMean.indices.map { full.priorMean[$0] - followed[$0] + found[$0] }
    }

    /// C = B - Γ* (Γ B Γᵀ) Γ*ᵀ, complete.
    private static func apart(
        _ aggregation: Aggregation,
        _ full: LinearProblem
    ) throws(InversionError) -> Matrix {
        let factor: Cholesky
        do { factor = try Cholesky(factoring: aggregation.problem.priorError.matrix) } catch {
            throw .algebra("restriction", error)
        }
        var result = full.priorError.matrix
        let half = factor.factor.transposedTimes(aggregation.prolongation.transposed())
        result.addTransposedProduct(of: half, scale: -1)
        result.mirrorLowerTriangle()
        return result
    }

    /// Mean of the full state from that of the reduced one.
    public func mean(_ reduced: [Double]) -> [Double] {
        zip(offset, map.times(reduced)).map { $0 + $1 }
    }

    /// Covariance of the full state from that of the reduced one; complete and symmetric.
    public func covariance(_ reduced: Matrix) -> Matrix {
        var result = map.times(reduced).timesTransposed(map)
        for index in result.storage.indices { result.storage[index] += remainder.storage[index] }
        result.mirrorLowerTriangle()
        return result
    }
}
