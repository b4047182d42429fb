import LinearAlgebra

/// A solved problem with independent observation errors, from which groups can be taken out.
struct IndependentFit {
    private let problem: LinearProblem
    private let posterior: Posterior
    private let sigma: [Double]
    private let priorFactor: ErrorFactor
    /// S = L Lᵀ.
    private let root: Matrix

    /// Smallest pivot of I - H_g S H_gᵀ R_g⁻¹ at which ten digits are left of the thirteen that S has.
    private static let smallestPivot = 1e-3

    init(_ problem: LinearProblem, _ posterior: Posterior) throws(InversionError) {
        guard case .independent(let sigma) = problem.observationError else { throw .correlatedObservations }
        self.problem = problem
        self.posterior = posterior
        self.sigma = sigma
        priorFactor = try ErrorFactor(problem.priorError, name: "prior_covariance")
        root = try factored(posterior.covariance, "posterior covariance").factor
    }

    func withheld(_ name: String, _ members: [Int]) throws(InversionError) -> WithheldGroup {
        let group = whitened(members, posterior.modelledPosterior)
        if let result = try downdated(name, group) { return result }
        return try refitted(name, group)
    }

    /// Rows of H and residuals of a group in units of the errors of its observations.
    private struct Rows {
        let members: [Int]
        let sigma: [Double]
        let jacobian: Matrix
        let residuals: [Double]
    }

    private func whitened(_ members: [Int], _ modelled: [Double]) -> Rows {
        let sigma = members.map { self.sigma[$0] }
        var jacobian = problem.jacobian.rows(at: members)
        jacobian.scaleRows(by: sigma.map { 1 / $0 })
        let residuals = zip(members, sigma).map { (problem.observations[$0] - modelled[$0]) / $1 }
        return Rows(members: members, sigma: sigma, jacobian: jacobian, residuals: residuals)
    }

    /// - Returns: nil where too many digits would be lost.
    private func downdated(_ name: String, _ group: Rows) throws(InversionError) -> WithheldGroup? {
        let spread = group.jacobian.times(root)
        let isFew = spread.rows <= spread.columns
        let kept =
            isFew
            ? identity(plus: -1, productTransposed: spread) : identity(plus: -1, transposedProduct: spread)
        guard let factor = try? Cholesky(factoring: kept),
            factor.factor.diagonal.allSatisfy({ $0 * $0 >= Self.smallestPivot })
        else { return nil }
        let part = isFew ? few(group, spread, factor) : many(group, spread, factor)
        return WithheldGroup(
            name: name,
            observations: group.members,
            residuals: zip(part.residuals, group.sigma).map { $0 * $1 },
            residualSigma: zip(part.variances, group.sigma).map { $0.squareRoot() * $1 },
            chiSquare: dotProduct(group.residuals, part.residuals),
            meanChange: part.meanChange,
            sigmaWithout: part.varianceWithout.map { $0.squareRoot() },
            informationAdded: bits(-factor.logDeterminant),
            informationAlone: try informationAlone(group.jacobian)
        )
    }

    private struct Part {
        /// In units of the errors.
        let residuals: [Double]
        let variances: [Double]
        let meanChange: [Double]
        let varianceWithout: [Double]
    }

    /// With F = R^-1/2 H L and C Cᵀ = I - F Fᵀ.
    private func few(_ group: Rows, _ spread: Matrix, _ factor: Cholesky) -> Part {
        let residuals = factor.solve(group.residuals)
        let lost = factor.forwardSolve(spread.timesTransposed(root)).squaredColumnNorms
        return Part(
            residuals: residuals,
            variances: factor.inverse().diagonal,
            meanChange: root.times(spread.transposedTimes(residuals)),
            varianceWithout: zip(posterior.covariance.diagonal, lost).map { $0 + $1 }
        )
    }

    /// With C Cᵀ = I - Fᵀ F: (I - F Fᵀ)⁻¹ = I + F (C Cᵀ)⁻¹ Fᵀ.
    private func many(_ group: Rows, _ spread: Matrix, _ factor: Cholesky) -> Part {
        let weights = factor.solve(spread.transposedTimes(group.residuals))
        let correction = spread.times(weights)
        return Part(
            residuals: zip(group.residuals, correction).map { $0 + $1 },
            variances: factor.solveFromRight(spread, transposed: true).squaredRowNorms.map { 1 + $0 },
            meanChange: root.times(weights),
            varianceWithout: factor.solveFromRight(root, transposed: true).squaredRowNorms
        )
    }

    /// Leaves the group out and solves.
    private func refitted(_ name: String, _ group: Rows) throws(InversionError) -> WithheldGroup {
        let rest = problem.leavingOut(observations: group.members)
        let mean: [Double]
        let covariance: Matrix
        if rest.observationCount == 0 {
            (mean, covariance) = (problem.priorMean, problem.priorError.matrix)
        } else {
            let solution = try GaussianSolver.solve(rest)
            (mean, covariance) = (solution.mean, solution.covariance)
        }
        let rows = whitened(group.members, problem.jacobian.times(mean))
        let without = try factored(covariance, "covariance without \(name)").factor
        let spread = rows.jacobian.times(without)
        let factor = try factored(identity(plus: 1, transposedProduct: spread), "covariance of \(name)")
        let explained = factor.forwardSolve(spread.transposedTimes(rows.residuals))
        return WithheldGroup(
            name: name,
            observations: group.members,
            residuals: zip(rows.residuals, rows.sigma).map { $0 * $1 },
            residualSigma: zip(spread.squaredRowNorms, rows.sigma).map { (1 + $0).squareRoot() * $1 },
            chiSquare: squaredNorm(rows.residuals) - squaredNorm(explained),
            meanChange: zip(posterior.mean, mean).map { $0 - $1 },
            sigmaWithout: covariance.diagonal.map { $0.squareRoot() },
            informationAdded: bits(factor.logDeterminant),
            informationAlone: try informationAlone(group.jacobian)
        )
    }

    private func informationAlone(_ whitened: Matrix) throws(InversionError) -> Double {
        let spread = priorFactor.timesFactor(whitened)
        let inner =
            spread.rows <= spread.columns
            ? identity(plus: 1, productTransposed: spread) : identity(plus: 1, transposedProduct: spread)
        return bits(try factored(inner, "information of a group").logDeterminant)
    }
}

extension ErrorFactor {
    /// a·L.
    func timesFactor(_ a: consuming Matrix) -> Matrix {
        switch self {
        case .diagonal(let sigma):
            a.scaleColumns(by: sigma)
            return a
        case .dense(let cholesky): return a.times(cholesky.factor)
        }
    }
}
