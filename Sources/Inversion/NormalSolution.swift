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
        let inner = try InnerInverse(normal, factor)
        let whitened = inner.solve(factor.transposedMultiply(normal.gradient))
        let (covariance, kernel) = inner.covarianceAndKernel(factor)
        return NormalSolution(
            increment: factor.multiply(whitened),
            covariance: covariance,
            averagingKernel: kernel,
            priorCost: squaredNorm(whitened),
            logDeterminantRatio: inner.logDeterminant
        )
    }
}

/// The factored matrix M = I + Lᵀ N L, with N = Hᵀ R⁻¹ H and B = L Lᵀ.
private enum InnerInverse {
    case symmetric(Cholesky)
    case general(LUFactor)

    init(_ normal: NormalEquations, _ factor: ErrorFactor) throws(InversionError) {
        let ones = [Double](repeating: 1, count: normal.stateCount)
        do {
            if normal.isSymmetric {
                var inner = factor.congruence(of: normal.information)
                inner.addToDiagonal(ones)
                self = .symmetric(try Cholesky(factoring: inner))
            } else {
                var inner = factor.generalCongruence(of: normal.information)
                inner.addToDiagonal(ones)
                self = .general(try LUFactor(factoring: inner))
            }
        } catch { throw .algebra("normal matrix", error) }
    }

    var logDeterminant: Double {
        switch self {
        case .symmetric(let cholesky): cholesky.logDeterminant
        case .general(let factor): factor.logAbsoluteDeterminant
        }
    }

    func solve(_ vector: [Double]) -> [Double] {
        switch self {
        case .symmetric(let cholesky): cholesky.solve(vector)
        case .general(let factor): factor.solve(vector)
        }
    }

    /// S = L M⁻¹ Lᵀ and A = I - S B⁻¹ = I - L M⁻¹ L⁻¹.
    ///
    /// With full L and M = C Cᵀ, S is formed as W Wᵀ with W = L C⁻ᵀ, which is symmetric to the bit. A is not
    /// formed as S N: where a few states are seen very well, that product loses seven digits.
    func covarianceAndKernel(_ factor: ErrorFactor) -> (covariance: Matrix, kernel: Matrix) {
        var retained: Matrix
        let covariance: Matrix
        switch (factor, self) {
        case (.diagonal(let sigma), _):
            var scaled = inverse
            scaled.scaleRows(by: sigma)
            retained = scaled
            retained.scaleColumns(by: sigma.map { 1 / $0 })
            scaled.scaleColumns(by: sigma)
            covariance = scaled
        case (.dense(let prior), .symmetric(let cholesky)):
            let root = cholesky.solveFromRight(prior.factor, transposed: true)
            covariance = .productTransposed(of: root)
            let inner = cholesky.solveFromRight(root, transposed: false)
            retained = prior.solveFromRight(inner, transposed: false)
        case (.dense(let prior), .general):
            let inner = prior.factor.times(inverse)
            covariance = inner.timesTransposed(prior.factor)
            retained = prior.solveFromRight(inner, transposed: false)
        }
        for index in retained.storage.indices { retained.storage[index] = -retained.storage[index] }
        retained.addToDiagonal([Double](repeating: 1, count: retained.rows))
        return (covariance, retained)
    }

    private var inverse: Matrix {
        switch self {
        case .symmetric(let cholesky): cholesky.inverse()
        case .general(let factor): factor.inverse()
        }
    }
}
