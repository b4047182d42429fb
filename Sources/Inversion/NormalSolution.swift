public import LinearAlgebra

/// What the normal equations and the prior covariance determine together.
public struct NormalSolution: Sendable {
    /// x - x_prior.
    public let increment: [Double]
    /// S = (Hᵀ R⁻¹ H + B⁻¹)⁻¹.
    public let covariance: Matrix
    /// Diagonal of A = S Hᵀ R⁻¹ H = I - S B⁻¹.
    public let averagingKernelDiagonal: [Double]
    /// (x - x_prior)ᵀ B⁻¹ (x - x_prior), the prior part of the cost.
    public let priorCost: Double
    /// ln det(I + Lᵀ Hᵀ R⁻¹ H L) with B = L Lᵀ: twice the information gained, in nats.
    public let logDeterminantRatio: Double
    /// (y - H x_prior)ᵀ (H B Hᵀ + R)⁻¹ (y - H x_prior), which is also the cost at the solution; means nothing where
    /// only the sums are known.
    public let innovationChiSquare: Double
    /// Bound of what rounding does to increment and covariance, in posterior standard deviations.
    public let roundingError: Double
    /// The element that has most part in it.
    let leastApart: Int
    let kernel: AveragingKernel

    /// A, complete. It costs about as much as the solution: ask for it once, and for its diagonal where that is
    /// enough.
    public var averagingKernel: Matrix { kernel.matrix }
    /// Degrees of freedom for signal, tr(A).
    public var degreesOfFreedomForSignal: Double { averagingKernelDiagonal.reduce(0, +) }
}

extension GaussianSolver {
    /// Solves the normal equations with a prior covariance.
    ///
    /// With B = L Lᵀ the matrix that is factored is I + Lᵀ (Hᵀ R⁻¹ H) L, whose eigenvalues are at least one: B is
    /// never inverted, so that strongly correlated priors lose no digits.
    ///
    /// - Throws: ``InversionError`` when lengths differ or a matrix is not positive definite.
    public static func solve(
        _ normal: consuming NormalEquations,
        priorError: ErrorModel
    ) throws(InversionError) -> NormalSolution {
        try priorError.validate("prior", count: normal.stateCount)
        switch normal.takeSums() {
        case .symmetric(let sums): return try solve(normal, sums, priorError)
        case .general(let matrix): return try solveByElimination(normal, matrix, priorError)
        }
    }

    private static func solve(
        _ normal: NormalEquations,
        _ sums: consuming LowerPanels,
        _ priorError: ErrorModel
    ) throws(InversionError) -> NormalSolution {
        let threads = normal.threads
        let factor = try priorFactor(priorError, threads: threads)
        let (inner, diagonal) = try innerFactor(sums, factor, priorError, threads: threads)
        let (norm, direction) = RoundingBound.inverseNorm(diagonal: diagonal) {
            inner.solve(inner.transposedSolve($0))
        }
        let whitened = inner.solve(inner.transposedSolve(factor.transposedTimes(normal.gradient)))
        let increment = factor.times(whitened)
        let sensitive = sensitiveRows(sums, priorError)
        let logDeterminant = inner.logDeterminantOfSquare
        let (root, known) = posteriorRoot(factor, inner, sensitive, threads: threads)
        var covariance = root.exchangedSquareBelow(threads: threads)
        let kernelDiagonal = kernelDiagonal(sums, covariance, priorError, sensitive, known)
        // Before the other half of the covariance takes as much memory.
        _ = consume sums
        covariance.mirrorLowerTriangle(threads: threads)
        return NormalSolution(
            increment: increment,
            covariance: covariance,
            averagingKernelDiagonal: kernelDiagonal,
            priorCost: squaredNorm(whitened),
            logDeterminantRatio: logDeterminant,
            innovationChiSquare: normal.innovationSquare - dotProduct(normal.gradient, increment),
            roundingError: RoundingBound.error(inverseNorm: norm, diagonal: diagonal, solution: whitened),
            leastApart: RoundingBound.peak(direction),
            kernel: .root(root, prior: priorError)
        )
    }

    /// L with B = L Lᵀ.
    private static func priorFactor(
        _ priorError: ErrorModel,
        threads: Int
    ) throws(InversionError) -> LowerPanels {
        switch priorError {
        case .independent(let sigma): return LowerPanels(diagonal: sigma)
        case .covariance(let matrix):
            do { return try LowerPanels.leftFactor(of: matrix, threads: threads) } catch {
                throw .algebra("prior_covariance", error)
            }
        }
    }

    /// What errors call it.
    static let normalMatrix = "normal matrix"

    /// G with I + Lᵀ N L = Gᵀ G, and the diagonal of the product.
    ///
    /// With this order of elimination X = L G⁻¹ is triangular, which saves two thirds of
    /// the operations that S = X Xᵀ takes otherwise.
    private static func innerFactor(
        _ sums: LowerPanels,
        _ root: LowerPanels,
        _ priorError: ErrorModel,
        threads: Int
    ) throws(InversionError) -> (factor: LowerPanels, diagonal: [Double]) {
        var inner: LowerPanels
        switch priorError {
        case .independent(let sigma):
            inner = sums
            inner.scaleBothSides(by: sigma)
        case .covariance: inner = sums.congruence(with: root, threads: threads)
        }
        inner.addToDiagonal(1)
        let diagonal = inner.diagonal
        do { try inner.factorRight(threads: threads) } catch {
            try checkFinite("squared sum of jacobian / observation_sigma by state", sums.diagonal)
            throw .algebra(normalMatrix, error)
        }
        return (inner, diagonal)
    }

    /// The antitranspose of X = L G⁻¹, and 1 - A(i,i) for some rows.
    private static func posteriorRoot(
        _ factor: consuming LowerPanels,
        _ inner: consuming LowerPanels,
        _ rows: [Int],
        threads: Int
    ) -> (LowerPanels, [Double]) {
        guard !rows.isEmpty else {
            factor.divide(by: inner, threads: threads)
            factor.antitranspose(threads: threads)
            return (factor, [])
        }
        var root = copy factor
        root.divide(by: inner, threads: threads)
        let known = root.retainedDiagonal(at: rows, factor: factor, divisor: inner, threads: threads)
        root.antitranspose(threads: threads)
        return (root, known)
    }

    /// Elements of which the averaging kernel cannot be had from N·S: S is exact to the rounding of B at least, and
    /// where a state is seen very well N takes that to any size. They are few but in extreme problems.
    private static func sensitiveRows(_ sums: LowerPanels, _ priorError: ErrorModel) -> [Int] {
        guard case .covariance(let prior) = priorError else { return [] }
        if sums.order <= 256 { return Array(0..<sums.order) }
        let norms = sums.rowNorms(scaledBy: prior.diagonal.map { $0.squareRoot() })
        // Errors of single terms are independent; 1e-12 of their root mean square is 1e-11 at worst.
        return norms.indices.filter { !(norms[$0] * 0x1p-53 <= 1e-12) }
    }

    private static func kernelDiagonal(
        _ sums: LowerPanels,
        _ covariance: Matrix,
        _ priorError: ErrorModel,
        _ sensitive: [Int],
        _ known: [Double]
    ) -> [Double] {
        if case .independent(let sigma) = priorError {
            return zip(covariance.diagonal, sigma).map { 1 - $0 / ($1 * $1) }
        }
        var diagonal =
            sensitive.count == sums.order
            ? [Double](repeating: 0, count: sums.order) : sums.productDiagonal(with: covariance)
        for (row, retained) in zip(sensitive, known) { diagonal[row] = 1 - retained }
        return diagonal
    }

    /// For sums that are not symmetric to the bit: LU of M = I + Lᵀ N L, then S = L M⁻¹ Lᵀ and A = I - L M⁻¹ L⁻¹.
    private static func solveByElimination(
        _ normal: NormalEquations,
        _ sums: Matrix,
        _ priorError: ErrorModel
    ) throws(InversionError) -> NormalSolution {
        let prior = try ErrorFactor(priorError, name: "prior_covariance")
        var matrix = prior.generalCongruence(of: sums)
        matrix.addToDiagonal([Double](repeating: 1, count: normal.stateCount))
        let diagonal = matrix.diagonal
        let inner: LUFactor
        do { inner = try LUFactor(factoring: matrix) } catch { throw .algebra(normalMatrix, error) }
        let whitened = inner.solve(prior.transposedMultiply(normal.gradient))
        let increment = prior.multiply(whitened)
        let inverse = inner.inverse()
        let shares = zip(diagonal, inverse.diagonal).map { abs($0 * $1) }
        let (covariance, kernel) = covarianceAndKernel(inverse, prior)
        return NormalSolution(
            increment: increment,
            covariance: covariance,
            averagingKernelDiagonal: kernel.diagonal,
            priorCost: squaredNorm(whitened),
            logDeterminantRatio: inner.logAbsoluteDeterminant,
            innovationChiSquare: normal.innovationSquare - dotProduct(normal.gradient, increment),
            roundingError: RoundingBound.unit * (shares.max() ?? 0),
            leastApart: RoundingBound.peak(shares),
            kernel: .complete(kernel)
        )
    }

    /// A is not formed as S N: where a few states are seen very well, that product loses seven digits.
    private static func covarianceAndKernel(
        _ inverse: Matrix,
        _ prior: ErrorFactor
    ) -> (covariance: Matrix, kernel: Matrix) {
        var retained: Matrix
        var covariance: Matrix
        switch prior {
        case .diagonal(let sigma):
            covariance = inverse
            covariance.scaleRows(by: sigma)
            retained = covariance
            retained.scaleColumns(by: sigma.map { 1 / $0 })
            covariance.scaleColumns(by: sigma)
        case .dense(let prior):
            let inner = prior.factor.times(inverse)
            covariance = inner.timesTransposed(prior.factor)
            retained = prior.solveFromRight(inner, transposed: false)
        }
        for index in retained.storage.indices { retained.storage[index] = -retained.storage[index] }
        retained.addToDiagonal([Double](repeating: 1, count: retained.rows))
        return (covariance, retained)
    }
}
