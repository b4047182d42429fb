import COpenBLAS

extension Matrix {
    /// The lower triangular T, rows x rows, with T·Tᵀ = self·selfᵀ, by Householder reflections: the product is
    /// never formed, so that no digits are lost to its square, and a matrix without full rank has a root too.
    ///
    /// - Throws: ``LinearAlgebraError`` when an element is not finite or the matrix is too large.
    /// - Precondition: there are at least as many columns as rows.
    public consuming func triangularRoot() throws(LinearAlgebraError) -> Matrix {
        let (rows, columns) = (self.rows, self.columns)
        precondition(columns >= rows, "the root of a tall matrix is itself")
        guard let height = Int32(exactly: rows), let width = Int32(exactly: columns) else {
            throw .tooLarge(rows: rows, columns: columns)
        }
        if let place = firstNotFinite { throw .notFinite(row: place.row, column: place.column) }
        guard rows > 0 else { return Matrix(rows: 0, columns: 0) }
        BLASConfiguration.ensurePinned()
        var scales = [Double](repeating: 0, count: rows)
        var matrix = self
        // Read by columns the block is selfᵀ = Q·R; R read by rows is lower triangular.
        let information = LAPACKE_dgeqrf(
            LAPACK_COL_MAJOR,
            width,
            height,
            &matrix.storage,
            width,
            &scales
        )
        precondition(information == 0, "dgeqrf refuses its arguments")
        var root = Matrix(rows: rows, columns: rows)
        for row in 0..<rows {
            for column in 0...row { root[row, column] = matrix[row, column] }
        }
        return root
    }
}
