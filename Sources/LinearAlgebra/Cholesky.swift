import COpenBLAS

/// The factor L of a symmetric positive definite matrix A = L·Lᵀ.
///
/// LAPACK stores by columns: the lower triangle of a row-major matrix is the upper triangle of the same block
/// read by columns. Every LAPACK call below therefore says `U` and nothing is transposed.
public struct Cholesky: Sendable {
    /// L, row-major, zeros above the diagonal.
    public let factor: Matrix

    /// Factors a matrix of which only the lower triangle is read; its storage is reused when it is not shared.
    ///
    /// - Throws: ``LinearAlgebraError`` when the matrix is not square, not finite, too large or not positive
    ///   definite.
    public init(factoring matrix: consuming Matrix) throws(LinearAlgebraError) {
        let size = try matrix.symmetricSize()
        BLASConfiguration.ensurePinned()
        let information = LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, upper, size, &matrix.storage, max(1, size))
        guard information == 0 else { throw .notPositiveDefinite(order: Int(information)) }
        matrix.clearUpperTriangle()
        factor = matrix
    }

    /// A factor that was found in panels.
    public init(factor panels: LowerPanels) { factor = panels.triangularMatrix }

    public var order: Int { factor.rows }

    /// ln det A.
    public var logDeterminant: Double { 2 * factor.diagonal.reduce(0) { $0 + logarithm($1) } }

    /// A⁻¹, complete.
    public func inverse() -> Matrix {
        var result = factor
        guard order > 0 else { return result }
        let information = LAPACKE_dpotri_work(
            LAPACK_COL_MAJOR,
            upper,
            blas(order),
            &result.storage,
            blas(order)
        )
        // A positive diagonal is the only condition, and the factorisation saw to it.
        precondition(information == 0, "the factor is singular")
        result.mirrorLowerTriangle()
        return result
    }

    /// A⁻¹·b.
    public func solve(_ vector: [Double]) -> [Double] { backwardSolve(forwardSolve(vector)) }

    /// A⁻¹·B.
    public func solve(_ matrix: Matrix) -> Matrix {
        triangularSolve(CblasLeft, CblasTrans, triangularSolve(CblasLeft, CblasNoTrans, matrix))
    }

    /// L⁻¹·b.
    public func forwardSolve(_ vector: [Double]) -> [Double] { triangularSolve(CblasNoTrans, vector) }

    /// L⁻ᵀ·b.
    public func backwardSolve(_ vector: [Double]) -> [Double] { triangularSolve(CblasTrans, vector) }

    /// L⁻¹·B.
    public func forwardSolve(_ matrix: Matrix) -> Matrix { triangularSolve(CblasLeft, CblasNoTrans, matrix) }

    /// B·L⁻ᵀ, or B·L⁻¹ when not transposed.
    public func solveFromRight(_ matrix: consuming Matrix, transposed: Bool) -> Matrix {
        triangularSolve(CblasRight, transposed ? CblasTrans : CblasNoTrans, matrix)
    }

    /// L·b.
    public func multiply(_ vector: [Double]) -> [Double] { triangularMultiply(CblasNoTrans, vector) }

    /// Lᵀ·b.
    public func transposedMultiply(_ vector: [Double]) -> [Double] { triangularMultiply(CblasTrans, vector) }

    /// Lᵀ·N·L for a symmetric N of which the lower triangle is read; only the lower triangle of the result
    /// counts.
    public func congruence(of symmetric: consuming Matrix) -> Matrix {
        precondition(symmetric.rows == order && symmetric.columns == order, "matrices do not fit")
        guard order > 0 else { return symmetric }
        // For itype 2 and 'U', dsygst forms U·A·Uᵀ; read by rows, U is Lᵀ.
        let information = LAPACKE_dsygst_work(
            LAPACK_COL_MAJOR,
            2,
            upper,
            blas(order),
            &symmetric.storage,
            blas(order),
            factor.storage,
            blas(order)
        )
        precondition(information == 0, "dsygst refuses its arguments")
        return symmetric
    }
}

private let upper = CChar(UInt8(ascii: "U"))

extension Cholesky {
    private func triangularSolve(_ transposition: CBLAS_TRANSPOSE, _ vector: [Double]) -> [Double] {
        triangular(cblas_dtrsv, transposition, vector)
    }

    private func triangularMultiply(_ transposition: CBLAS_TRANSPOSE, _ vector: [Double]) -> [Double] {
        triangular(cblas_dtrmv, transposition, vector)
    }

    /// dtrsv and dtrmv take the same arguments.
    private typealias TriangularRoutine = (
        CBLAS_ORDER, CBLAS_UPLO, CBLAS_TRANSPOSE, CBLAS_DIAG, Int32, UnsafePointer<Double>?, Int32,
        UnsafeMutablePointer<Double>?, Int32
    ) -> Void

    private func triangular(
        _ routine: TriangularRoutine,
        _ transposition: CBLAS_TRANSPOSE,
        _ vector: [Double]
    ) -> [Double] {
        precondition(vector.count == order, "vector does not fit the matrix")
        var result = vector
        guard order > 0 else { return result }
        let size = blas(order)
        routine(
            CblasRowMajor,
            CblasLower,
            transposition,
            CblasNonUnit,
            size,
            factor.storage,
            size,
            &result,
            1
        )
        return result
    }

    private func triangularSolve(
        _ side: CBLAS_SIDE,
        _ transposition: CBLAS_TRANSPOSE,
        _ matrix: consuming Matrix
    ) -> Matrix {
        precondition((side == CblasLeft ? matrix.rows : matrix.columns) == order, "matrices do not fit")
        guard matrix.rows > 0, matrix.columns > 0 else { return matrix }
        cblas_dtrsm(
            CblasRowMajor,
            side,
            CblasLower,
            transposition,
            CblasNonUnit,
            blas(matrix.rows),
            blas(matrix.columns),
            1,
            factor.storage,
            blas(order),
            &matrix.storage,
            blas(matrix.columns)
        )
        return matrix
    }
}
