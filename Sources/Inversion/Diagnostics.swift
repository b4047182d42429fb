import LinearAlgebra

/// Checks of a solved problem that need the Jacobian once more.
public enum Diagnostics {
    /// Share of its own value in each modelled observation, h_i = (H S Hᵀ R⁻¹)_ii, between 0 and 1; they sum to
    /// the degrees of freedom for signal.
    ///
    /// - Throws: ``InversionError/correlatedObservations`` when R is not diagonal.
    public static func leverages(
        of problem: LinearProblem,
        _ posterior: Posterior
    ) throws(InversionError) -> [Double] {
        guard case .independent(let sigma) = problem.observationError else { throw .correlatedObservations }
        if posterior.space == .observation {
            // Where a row is very exact, H S Hᵀ of the rounded S tells nothing: h_i = 1 - R_ii (G⁻¹)_ii.
            let inverse = try innovation(of: problem).inverse().diagonal
            return zip(sigma, inverse).map { 1 - $0 * $0 * $1 }
        }
        var leverages: [Double] = []
        leverages.reserveCapacity(sigma.count)
        for start in stride(from: 0, to: sigma.count, by: NormalEquations.blockRows) {
            let block = start..<min(start + NormalEquations.blockRows, sigma.count)
            let rows = problem.jacobian.rows(block)
            let projected = rows.times(posterior.covariance)
            for row in 0..<rows.rows {
                let deviation = sigma[start + row]
                var sum = 0.0
                for column in 0..<rows.columns { sum += projected[row, column] * rows[row, column] }
                leverages.append(sum / (deviation * deviation))
            }
        }
        return leverages
    }

    /// What each observation differs from a prediction by all the others, in the unit of the observations.
    ///
    /// For independent errors r_i / (1 - h_i) without solving again (Rodgers 2000, and Wahba 1990, Spline Models
    /// for Observational Data, section 4.2); for correlated ones (G⁻¹ d)_i / (G⁻¹)_ii with G = H B Hᵀ + R.
    public static func leaveOneOutResiduals(
        of problem: LinearProblem,
        _ posterior: Posterior
    ) throws(InversionError) -> [Double] {
        if case .independent = problem.observationError, posterior.space == .state {
            let residuals = zip(problem.observations, posterior.modelledPosterior).map { $0 - $1 }
            return zip(residuals, try leverages(of: problem, posterior)).map { $0 / (1 - $1) }
        }
        let factor = try innovation(of: problem)
        return zip(factor.solve(problem.innovations), factor.inverse().diagonal).map { $0 / $1 }
    }

    private static func innovation(of problem: LinearProblem) throws(InversionError) -> Cholesky {
        let projected = GaussianSolver.projectedPrior(problem)
        return try GaussianSolver.innovationFactor(problem, projected: projected)
    }

    /// Observation error variance that the residuals imply over the one assumed, for each group:
    /// mean(d_a d_b) / mean(sigma²) with d_b = y - H x_prior and d_a = y - H x_posterior (Desroziers et al. 2005,
    /// QJRMS 131, 3385). One where R is right; a group without members gives nil.
    ///
    /// - Parameter groups: for each observation the number of its group, 0 ..< groupCount.
    public static func desroziersRatios(
        of problem: LinearProblem,
        _ posterior: Posterior,
        groups: [Int],
        groupCount: Int
    ) throws(InversionError) -> [Double?] {
        try checkLength("groups", groups.count, problem.observationCount)
        let sigma = problem.observationError.sigma
        var implied = [Double](repeating: 0, count: groupCount)
        var assumed = implied
        for index in groups.indices {
            precondition((0..<groupCount).contains(groups[index]), "no such group")
            let before = problem.observations[index] - posterior.modelledPrior[index]
            let after = problem.observations[index] - posterior.modelledPosterior[index]
            implied[groups[index]] += before * after
            assumed[groups[index]] += sigma[index] * sigma[index]
        }
        return zip(implied, assumed).map { $1 > 0 ? $0 / $1 : nil }
    }
}
