import LinearAlgebra

/// The exact most probable state of a linear Gaussian problem whose elements are bounded.
///
/// With x̂ and S of the problem without bounds, the cost is a constant plus (x - x̂)ᵀ S⁻¹ (x - x̂). Elements that are
/// held at bounds shift the free ones by the regression on them, x = x̂ + S μ with μ zero where free, so that
/// neither S nor the prior covariance is ever inverted: only the block of S of the bound elements is factored.
/// Which elements are bound is found by block principal pivoting (Júdice and Pires 1994, Computers Ops Res. 21, 587)
/// or, where that does not get on, by the ascent of Goldfarb and Idnani, which ends for every positive definite S.
public enum BoundedSolver {
    /// Solves without bounds first; where that solution is inside, it is the answer to the last bit.
    ///
    /// - Parameter bounds: one pair for each element of the state.
    /// - Throws: ``InversionError`` that names the part of the problem at fault.
    public static func solve(
        _ problem: LinearProblem,
        bounds: Bounds
    ) throws(InversionError) -> BoundedPosterior {
        try checkLength("bounds", bounds.count, problem.stateCount)
        let posterior = try GaussianSolver.solve(problem)
        return try constrain(posterior, of: problem, bounds: bounds)
    }

    /// The bounded solution from a solution that is already there.
    ///
    /// - Parameters:
    ///   - posterior: of `problem`, from any solver that gives the full covariance.
    ///   - bounds: one pair for each element of the state.
    /// - Throws: ``InversionError`` when lengths differ or the covariance is not positive definite.
    public static func constrain(
        _ posterior: Posterior,
        of problem: LinearProblem,
        bounds: Bounds
    ) throws(InversionError) -> BoundedPosterior {
        try checkLength("bounds", bounds.count, posterior.mean.count)
        try checkLength("posterior", posterior.mean.count, problem.stateCount)
        var search = BoundSearch(mean: posterior.mean, covariance: posterior.covariance, bounds: bounds)
        let face: BoundFace
        do { face = try search.run() } catch {
            guard case .algebra = error, let loss = GaussianSolver.dominance(problem, residual: .infinity)
            else { throw error }
            throw .inaccurate(loss)
        }
        let rounding = face.roundingError(of: posterior.covariance)
        if rounding > RoundingBound.most, let loss = GaussianSolver.dominance(problem, residual: rounding) {
            throw .inaccurate(loss)
        }
        // Rounding may leave a free element beyond a bound by a last bit.
        let point = bounds.clamped(face.point)
        let shift = zip(point, posterior.mean).map { $0 - $1 }
        return BoundedPosterior(
            unconstrained: posterior,
            mean: point,
            covariance: face.conditionalCovariance(of: posterior.covariance),
            states: search.states,
            multipliers: face.multipliers,
            modelledPosterior: problem.jacobian.times(point),
            cost: posterior.cost + dotProduct(shift, face.multipliers),
            iterations: search.iterations
        )
    }
}

extension Matrix {
    /// The elements at the given rows and columns.
    func block(rows: [Int], columns: [Int]) -> Matrix {
        var result = Matrix(rows: rows.count, columns: columns.count)
        for (row, from) in rows.enumerated() {
            for (column, at) in columns.enumerated() { result[row, column] = self[from, at] }
        }
        return result
    }
}
