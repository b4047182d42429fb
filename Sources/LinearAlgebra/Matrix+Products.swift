import COpenBLAS

/// Dimension as BLAS wants it. Callers with sizes from a file refuse large ones before they come here.
func blas(_ dimension: Int) -> Int32 {
    guard let value = Int32(exactly: dimension) else { preconditionFailure("beyond 32-bit indices") }
    return value
}

extension Matrix {
    /// self · other.
    public func times(_ other: Matrix) -> Matrix { generalProduct(self, CblasNoTrans, other, CblasNoTrans) }

    /// selfᵀ · other.
    public func transposedTimes(_ other: Matrix) -> Matrix {
        generalProduct(self, CblasTrans, other, CblasNoTrans)
    }

    /// self · otherᵀ.
    public func timesTransposed(_ other: Matrix) -> Matrix {
        generalProduct(self, CblasNoTrans, other, CblasTrans)
    }

    /// self · vector.
    public func times(_ vector: [Double]) -> [Double] {
        precondition(vector.count == columns, "vector does not fit the matrix")
        return product(vector, CblasNoTrans, count: rows)
    }

    /// selfᵀ · vector.
    public func transposedTimes(_ vector: [Double]) -> [Double] {
        precondition(vector.count == rows, "vector does not fit the matrix")
        return product(vector, CblasTrans, count: columns)
    }

    private func product(_ vector: [Double], _ transposition: CBLAS_TRANSPOSE, count: Int) -> [Double] {
        var result = [Double](repeating: 0, count: count)
        guard rows > 0, columns > 0 else { return result }
        BLASConfiguration.ensurePinned()
        cblas_dgemv(
            CblasRowMajor,
            transposition,
            blas(rows),
            blas(columns),
            1,
            storage,
            blas(columns),
            vector,
            1,
            0,
            &result,
            1
        )
        return result
    }

    /// The transpose as a new matrix.
    public func transposed() -> Matrix {
        var result = Matrix(rows: columns, columns: rows)
        for row in 0..<rows {
            for column in 0..<columns {
                result.storage[column * rows + row] = storage[row * columns + column]
            }
        }
        return result
    }

    /// The given rows as a new matrix.
    public func rows(_ range: Range<Int>) -> Matrix {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows outside the matrix")
        let slice = storage[(range.lowerBound * columns)..<(range.upperBound * columns)]
        return Matrix(rows: range.count, columns: columns, storage: Array(slice))
    }

    /// The place of the first element that is NaN or infinite; nil when all are finite.
    public var firstNotFinite: (row: Int, column: Int)? {
        storage.firstIndex { !$0.isFinite }.map { ($0 / columns, $0 % columns) }
    }
}

/// op(a) · op(b) with shapes checked.
private func generalProduct(
    _ a: Matrix,
    _ transposeA: CBLAS_TRANSPOSE,
    _ b: Matrix,
    _ transposeB: CBLAS_TRANSPOSE
) -> Matrix {
    let (rows, inner) = transposeA == CblasNoTrans ? (a.rows, a.columns) : (a.columns, a.rows)
    let (innerB, columns) = transposeB == CblasNoTrans ? (b.rows, b.columns) : (b.columns, b.rows)
    precondition(inner == innerB, "matrices do not fit")
    var result = Matrix(rows: rows, columns: columns)
    guard rows > 0, columns > 0, inner > 0 else { return result }
    BLASConfiguration.ensurePinned()
    cblas_dgemm(
        CblasRowMajor,
        transposeA,
        transposeB,
        blas(rows),
        blas(columns),
        blas(inner),
        1,
        a.storage,
        blas(a.columns),
        b.storage,
        blas(b.columns),
        0,
        &result.storage,
        blas(columns)
    )
    return result
}
