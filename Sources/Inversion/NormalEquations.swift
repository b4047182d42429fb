import Foundation
public import LinearAlgebra

/// The sums over observations that a state-space solution needs. They add up row by row, so that a problem can
/// be streamed from files with the memory of one block of rows and of one states x states matrix.
public struct NormalEquations: Sendable {
    /// Where `isSymmetric`, only the lower triangle counts.
    private var sums: Matrix
    /// False for sums of another program whose two triangles differ by its rounding.
    let isSymmetric: Bool
    /// Hᵀ R⁻¹ (y - H x_prior), one per state element.
    public private(set) var gradient: [Double]
    /// Observations added so far; 0 where only the sums are known.
    public private(set) var observationCount = 0
    /// dᵀ R⁻¹ d with d = y - H x_prior.
    public private(set) var innovationSquare = 0.0
    /// ln det R.
    public private(set) var errorLogDeterminant = 0.0

    public init(stateCount: Int) {
        sums = Matrix(rows: stateCount, columns: stateCount)
        gradient = [Double](repeating: 0, count: stateCount)
        isSymmetric = true
    }

    /// Sums that another program made, such as `KTinvSoK` and `KTinvSoyKxA` of the Integrated Methane Inversion.
    ///
    /// They are used as they stand, also where the triangles differ by rounding (1e-8 in files of that program);
    /// to average them would change its answer in the eighth digit.
    ///
    /// - Parameters:
    ///   - information: Hᵀ R⁻¹ H, symmetric.
    ///   - gradient: Hᵀ R⁻¹ (y - H x_prior).
    /// - Throws: ``InversionError`` when the shapes differ or values are not finite.
    public init(information: Matrix, gradient: [Double]) throws(InversionError) {
        guard !gradient.isEmpty else { throw .empty("state") }
        try checkLength("rows of the normal matrix", information.rows, gradient.count)
        try checkLength("columns of the normal matrix", information.columns, gradient.count)
        try checkFinite("normal matrix", information.storage)
        try checkFinite("gradient", gradient)
        if let worst = information.worstAsymmetry, !(worst.relative <= 1e-6) {
            throw .notSymmetric("normal matrix", row: worst.row, column: worst.column)
        }
        sums = information
        self.gradient = gradient
        isSymmetric = information.worstAsymmetry == nil
    }

    /// Hᵀ R⁻¹ H, states x states.
    public var information: Matrix {
        var complete = sums
        if isSymmetric { complete.mirrorLowerTriangle() }
        return complete
    }

    var stateCount: Int { gradient.count }

    /// Adds observations whose errors are independent of each other and of all others.
    ///
    /// - Parameters:
    ///   - jacobian: rows of H, observations x states.
    ///   - innovations: y - H x_prior of these rows.
    ///   - sigma: standard deviations, all positive.
    public mutating func add(jacobian: consuming Matrix, innovations: [Double], sigma: [Double]) {
        precondition(innovations.count == jacobian.rows && sigma.count == jacobian.rows, "rows differ")
        let factor = ErrorFactor.diagonal(sigma)
        jacobian.scaleRows(by: sigma.map { 1 / $0 })
        add(whitenedJacobian: jacobian, whitenedInnovations: factor.whiten(innovations))
        errorLogDeterminant += factor.logDeterminant
    }

    /// Adds observations whose errors depend on each other, but on no others.
    ///
    /// - Parameter covariance: R of these rows.
    /// - Throws: ``InversionError/algebra(_:_:)`` when it is not positive definite.
    public mutating func add(
        jacobian: Matrix,
        innovations: [Double],
        covariance: Matrix
    ) throws(InversionError) {
        precondition(innovations.count == jacobian.rows && covariance.rows == jacobian.rows, "rows differ")
        let cholesky: Cholesky
        do { cholesky = try Cholesky(factoring: covariance) } catch {
            throw .algebra("observation_covariance", error)
        }
        add(
            whitenedJacobian: cholesky.forwardSolve(jacobian),
            whitenedInnovations: cholesky.forwardSolve(innovations)
        )
        errorLogDeterminant += cholesky.logDeterminant
    }

    /// Adds rows that were already multiplied by the inverse Cholesky factor of R.
    mutating func add(whitenedJacobian: Matrix, whitenedInnovations: [Double]) {
        precondition(isSymmetric, "sums of another program are complete")
        sums.addTransposedProduct(of: whitenedJacobian)
        let part = whitenedJacobian.transposedTimes(whitenedInnovations)
        for index in gradient.indices { gradient[index] += part[index] }
        innovationSquare += squaredNorm(whitenedInnovations)
        observationCount += whitenedInnovations.count
    }

    /// Rows added at once by ``init(_:)``: small beside the matrices, large enough for BLAS.
    static let blockRows = 1024

    /// The sums of a whole problem. Where R is diagonal, H is taken in blocks of rows and never copied whole.
    ///
    /// - Throws: ``InversionError/algebra(_:_:)`` when a full R is not positive definite.
    public init(_ problem: LinearProblem) throws(InversionError) {
        self.init(stateCount: problem.stateCount)
        let innovations = problem.innovations
        switch problem.observationError {
        case .independent(let sigma):
            for start in stride(from: 0, to: problem.observationCount, by: Self.blockRows) {
                let block = start..<min(start + Self.blockRows, problem.observationCount)
                add(
                    jacobian: problem.jacobian.rows(block),
                    innovations: Array(innovations[block]),
                    sigma: Array(sigma[block])
                )
            }
        case .covariance(let matrix):
            try add(jacobian: problem.jacobian, innovations: innovations, covariance: matrix)
        }
    }
}
