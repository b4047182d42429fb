public import LinearAlgebra

/// What the normal equations and the prior covariance determine together.
public struct NormalSolution: Sendable {
    /// x - x_prior.
    public let increment: [Double]
    /// S = (Hᵀ R⁻¹ H + B⁻¹)⁻¹.
    public let covariance: Matrix
    /// A = S Hᵀ R⁻¹ H = I - S B⁻¹.
    public let averagingKernel: Matrix
    /// (x - x_prior)ᵀ B⁻¹ (x - x_prior), the prior part of the cost.
    public let priorCost: Double
    /// ln det(I + Lᵀ Hᵀ R⁻¹ H L) with B = L Lᵀ: twice the information gained, in nats.
    public let logDeterminantRatio: Double
}

extension GaussianSolver {
    /// Solves the normal equations with a prior covariance.
    ///
    /// With B = L Lᵀ the matrix that is factored is I + Lᵀ (Hᵀ R⁻¹ H) L, whose eigenvalues are at least one: B is
    /// never inverted, so that strongly correlated priors lose no digits.
    ///
    /// - Throws: ``InversionError`` when lengths differ or a matrix is not positive definite.
    public static func solve(
        _ normal: NormalEquations,
        priorError: ErrorModel
    ) throws(InversionError) -> NormalSolution {
        try priorError.validate("prior", count: normal.stateCount)
        let factor = try ErrorFactor(priorError, name: "prior_covariance")
        let information = normal.information
        var inner = factor.congruence(of: information)
        inner.addToDiagonal([Double](repeating: 1, count: normal.stateCount))
        let cholesky: Cholesky
        do { cholesky = try Cholesky(factoring: inner) } catch { throw .algebra("normal matrix", error) }
        let whitened = cholesky.solve(factor.transposedMultiply(normal.gradient))
        let covariance = covariance(factor, cholesky)
        return NormalSolution(
            increment: factor.multiply(whitened),
            covariance: covariance,
            averagingKernel: covariance.times(information),
            priorCost: squaredNorm(whitened),
            logDeterminantRatio: cholesky.logDeterminant
        )
    }

    /// L M⁻¹ Lᵀ with M = C Cᵀ; for a full L as W Wᵀ with W = L C⁻ᵀ, which is symmetric to the bit.
    private static func covariance(_ factor: ErrorFactor, _ cholesky: Cholesky) -> Matrix {
        switch factor {
        case .diagonal(let sigma):
            var covariance = cholesky.inverse()
            covariance.scaleRows(by: sigma)
            covariance.scaleColumns(by: sigma)
            return covariance
        case .dense(let prior):
            return .productTransposed(of: cholesky.solveFromRight(prior.factor))
        }
    }
}
