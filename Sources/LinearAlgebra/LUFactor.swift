import COpenBLAS

/// The factors P·L·U of a general square matrix, for systems that are symmetric only up to somebody's rounding.
public struct LUFactor: Sendable {
    private let factors: Matrix
    private let pivots: [Int32]

    /// - Throws: ``LinearAlgebraError`` when the matrix is not square, not finite, too large or singular.
    public init(factoring matrix: consuming Matrix) throws(LinearAlgebraError) {
        let order = matrix.rows
        guard order == matrix.columns else { throw .notSquare(rows: order, columns: matrix.columns) }
        guard let size = Int32(exactly: order) else { throw .tooLarge(rows: order, columns: order) }
        if let place = matrix.firstNotFinite { throw .notFinite(row: place.row, column: place.column) }
        BLASConfiguration.ensurePinned()
        var pivots = [Int32](repeating: 0, count: order)
        // Read by columns the block is the transpose, so that the solves below ask for the transpose again.
        let information = LAPACKE_dgetrf_work(
            LAPACK_COL_MAJOR,
            size,
            size,
            &matrix.storage,
            max(1, size),
            &pivots
        )
        guard information == 0 else { throw .singular(order: Int(information)) }
        factors = matrix
        self.pivots = pivots
    }

    public var order: Int { factors.rows }

    /// ln |det A|.
    public var logAbsoluteDeterminant: Double { factors.diagonal.reduce(0) { $0 + logarithm(abs($1)) } }

    /// A⁻¹·b.
    public func solve(_ vector: [Double]) -> [Double] {
        precondition(vector.count == order, "vector does not fit the matrix")
        var result = vector
        solve(&result, columns: 1, transposed: true)
        return result
    }

    /// A⁻¹. Columns of the identity solved with Aᵀ are rows of A⁻¹ when read by rows.
    public func inverse() -> Matrix {
        var result = Matrix(diagonal: [Double](repeating: 1, count: order))
        solve(&result.storage, columns: order, transposed: false)
        return result
    }

    private func solve(_ values: inout [Double], columns: Int, transposed: Bool) {
        guard order > 0 else { return }
        let transposition = CChar(transposed ? UInt8(ascii: "T") : UInt8(ascii: "N"))
        let size = blas(order)
        let information = LAPACKE_dgetrs_work(
            LAPACK_COL_MAJOR,
            transposition,
            size,
            blas(columns),
            factors.storage,
            size,
            pivots,
            &values,
            size
        )
        precondition(information == 0, "dgetrs refuses its arguments")
    }
}
