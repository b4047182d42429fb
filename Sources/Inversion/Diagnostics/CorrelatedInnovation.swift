import LinearAlgebra

/// A problem with a full R, from which groups of observations can be taken out: with G = H B Hᵀ + R, residuals are
/// (G⁻¹_gg)⁻¹ (G⁻¹ d)_g, which count the errors that a group shares with the others.
struct CorrelatedInnovation {
    private let problem: LinearProblem
    private let posterior: Posterior
    private let error: Matrix
    private let priorFactor: ErrorFactor
    /// G⁻¹ and R⁻¹.
    private let inverse: Matrix
    private let errorInverse: Matrix
    /// G⁻¹ d.
    private let weights: [Double]
    /// Gᵀ⁻¹ H B, observations x states.
    private let gain: Matrix

    init(_ problem: LinearProblem, _ posterior: Posterior, error: Matrix) throws(InversionError) {
        self.problem = problem
        self.posterior = posterior
        self.error = error
        priorFactor = try ErrorFactor(problem.priorError, name: "prior_covariance")
        let projected = GaussianSolver.projectedPrior(problem)
        let factor = try GaussianSolver.innovationFactor(problem, projected: projected)
        inverse = factor.inverse()
        errorInverse = try factored(error, "observation_covariance").inverse()
        weights = factor.solve(problem.innovations)
        gain = factor.solve(projected)
    }

    func withheld(_ name: String, _ members: [Int]) throws(InversionError) -> WithheldGroup {
        let precision = try factored(inverse.block(rows: members, columns: members), "precision of \(name)")
        let own = try factored(errorInverse.block(rows: members, columns: members), "precision of \(name)")
        let part = members.map { weights[$0] }
        let residuals = precision.solve(part)
        let gains = gain.rows(at: members)
        let lost = precision.forwardSolve(gains).squaredColumnNorms
        return WithheldGroup(
            name: name,
            observations: members,
            residuals: residuals,
            residualSigma: precision.inverse().diagonal.map { $0.squareRoot() },
            chiSquare: dotProduct(part, residuals),
            meanChange: gains.transposedTimes(residuals),
            sigmaWithout: zip(posterior.covariance.diagonal, lost).map { ($0 + $1).squareRoot() },
            informationAdded: bits(own.logDeterminant - precision.logDeterminant),
            informationAlone: try informationAlone(members)
        )
    }

    private func informationAlone(_ members: [Int]) throws(InversionError) -> Double {
        let marginal = error.block(rows: members, columns: members)
        let factor = try factored(marginal, "observation_covariance")
        let spread = priorFactor.timesFactor(factor.forwardSolve(problem.jacobian.rows(at: members)))
        let inner = identity(plus: 1, productTransposed: spread)
        return bits(try factored(inner, "information of a group").logDeterminant)
    }
}
