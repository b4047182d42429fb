import COpenBLAS

extension Matrix {
    /// Adds scale · aᵀ·a to the lower triangle; what stands above the diagonal is left as it is until
    /// ``mirrorLowerTriangle()``.
    ///
    /// - Precondition: self is square of the order `a.columns`.
    public mutating func addTransposedProduct(of a: Matrix, scale: Double = 1) {
        precondition(rows == columns && a.columns == rows, "matrices do not fit")
        rankUpdate(a, CblasTrans, inner: a.rows, scale)
    }

    /// Adds scale · a·aᵀ to the lower triangle, like ``addTransposedProduct(of:scale:)``.
    ///
    /// - Precondition: self is square of the order `a.rows`.
    public mutating func addProductTransposed(of a: Matrix, scale: Double = 1) {
        precondition(rows == columns && a.rows == rows, "matrices do not fit")
        rankUpdate(a, CblasNoTrans, inner: a.columns, scale)
    }

    private mutating func rankUpdate(
        _ a: Matrix,
        _ transposition: CBLAS_TRANSPOSE,
        inner: Int,
        _ scale: Double
    ) {
        guard rows > 0, inner > 0 else { return }
        BLASConfiguration.ensurePinned()
        cblas_dsyrk(
            CblasRowMajor,
            CblasLower,
            transposition,
            blas(rows),
            blas(inner),
            scale,
            a.storage,
            blas(a.columns),
            1,
            &storage,
            blas(rows)
        )
    }

    /// aᵀ·a, complete.
    public static func transposedProduct(of a: Matrix) -> Matrix {
        var result = Matrix(rows: a.columns, columns: a.columns)
        result.addTransposedProduct(of: a)
        result.mirrorLowerTriangle()
        return result
    }

    /// a·aᵀ, complete.
    public static func productTransposed(of a: Matrix) -> Matrix {
        var result = Matrix(rows: a.rows, columns: a.rows)
        result.addProductTransposed(of: a)
        result.mirrorLowerTriangle()
        return result
    }

    /// Copies the lower triangle onto the upper one, in blocks that stay in cache.
    public mutating func mirrorLowerTriangle() {
        precondition(rows == columns, "matrix is not square")
        let order = rows
        let block = 64
        for top in stride(from: 0, to: order, by: block) {
            for left in stride(from: 0, through: top, by: block) {
                for row in top..<min(top + block, order) {
                    for column in left..<min(left + block, row) {
                        storage[column * order + row] = storage[row * order + column]
                    }
                }
            }
        }
    }

    mutating func clearUpperTriangle() {
        for row in 0..<rows {
            for column in (row + 1)..<max(columns, row + 1) { storage[row * columns + column] = 0 }
        }
    }

    /// Largest |a(i,j) - a(j,i)| relative to sqrt(|a(i,i) a(j,j)|), with its place; nil when symmetric to the bit.
    public var worstAsymmetry: (row: Int, column: Int, relative: Double)? {
        precondition(rows == columns, "matrix is not square")
        var worst: (row: Int, column: Int, relative: Double)?
        // In blocks that stay in cache.
        let block = 64
        for top in stride(from: 0, to: rows, by: block) {
            for left in stride(from: 0, through: top, by: block) {
                for row in top..<min(top + block, rows) {
                    for column in left..<min(left + block, row) {
                        let difference = abs(self[row, column] - self[column, row])
                        guard difference != 0 else { continue }
                        let relative = difference / abs(self[row, row] * self[column, column]).squareRoot()
                        if !(relative <= worst?.relative ?? 0) { worst = (row, column, relative) }
                    }
                }
            }
        }
        return worst
    }

    /// The order of a matrix of which LAPACK will read the lower triangle.
    ///
    /// - Throws: ``LinearAlgebraError`` when it is not square, too large, or not finite there.
    func symmetricSize() throws(LinearAlgebraError) -> Int32 {
        guard rows == columns else { throw .notSquare(rows: rows, columns: columns) }
        guard let size = Int32(exactly: rows) else { throw .tooLarge(rows: rows, columns: rows) }
        if let place = firstNotFiniteInLowerTriangle {
            throw .notFinite(row: place.row, column: place.column)
        }
        return size
    }
}
