import COpenBLAS

/// A rectangle of doubles, row-major, somewhere in memory that outlives it.
struct Block {
    let base: UnsafeMutablePointer<Double>
    let rows: Int
    let columns: Int
    /// From one row to the next.
    let stride: Int

    init(_ base: UnsafeMutablePointer<Double>, rows: Int, columns: Int, stride: Int? = nil) {
        self.base = base
        self.rows = rows
        self.columns = columns
        self.stride = stride ?? columns
    }

    /// A part of the rectangle.
    func part(rows: Range<Int>, columns: Range<Int>) -> Block {
        Block(
            base + rows.lowerBound * stride + columns.lowerBound,
            rows: rows.count,
            columns: columns.count,
            stride: stride
        )
    }

    var transposed: TransposedBlock { TransposedBlock(block: self) }

    func row(_ index: Int) -> UnsafeMutablePointer<Double> { base + index * stride }

    func clearUpperTriangle() {
        for index in 0..<rows where index + 1 < columns {
            (row(index) + index + 1).update(repeating: 0, count: columns - index - 1)
        }
    }

    /// Copies the lower triangle onto the upper one.
    func mirrorLowerTriangle() {
        for index in 0..<rows {
            for column in 0..<index { row(column)[index] = row(index)[column] }
        }
    }
}

/// A rectangle read by columns.
struct TransposedBlock {
    let block: Block
}

/// A rectangle as one factor of a product.
protocol Factor {
    var block: Block { get }
    var transposition: CBLAS_TRANSPOSE { get }
}

extension Block: Factor {
    var block: Block { self }
    var transposition: CBLAS_TRANSPOSE { CblasNoTrans }
}

extension TransposedBlock: Factor {
    var transposition: CBLAS_TRANSPOSE { CblasTrans }
}

extension Block {
    /// Adds scale · a·b.
    ///
    /// - Parameter kept: what the block is multiplied by first; 0 sets it, whatever it holds.
    func add(_ scale: Double, _ a: some Factor, _ b: some Factor, keeping kept: Double = 1) {
        let inner = a.transposition == CblasNoTrans ? a.block.columns : a.block.rows
        guard rows > 0, columns > 0, inner > 0 else { return }
        cblas_dgemm(
            CblasRowMajor,
            a.transposition,
            b.transposition,
            blas(rows),
            blas(columns),
            blas(inner),
            scale,
            a.block.base,
            blas(a.block.stride),
            b.block.base,
            blas(b.block.stride),
            kept,
            base,
            blas(stride)
        )
    }

    /// Becomes Tᵀ·b for a lower triangular T with zeros above; a quarter of the tile is left out, which a product of
    /// triangles by BLAS would leave out too, but at half the speed.
    func become(transposedLower triangle: Block, times b: Block) {
        let (all, middle, order) = (0..<columns, triangle.rows / 2, triangle.rows)
        part(rows: 0..<middle, columns: all).add(
            1,
            triangle.part(rows: 0..<order, columns: 0..<middle).transposed,
            b,
            keeping: 0
        )
        part(rows: middle..<order, columns: all).add(
            1,
            triangle.part(rows: middle..<order, columns: middle..<order).transposed,
            b.part(rows: middle..<order, columns: all),
            keeping: 0
        )
    }

    /// Adds a·aᵀ or aᵀ·a to the lower triangle.
    func addSquare(of a: some Factor, scale: Double = 1) {
        let isTransposed = a.transposition == CblasTrans
        guard rows > 0, a.block.rows > 0, a.block.columns > 0 else { return }
        cblas_dsyrk(
            CblasRowMajor,
            CblasLower,
            a.transposition,
            blas(rows),
            blas(isTransposed ? a.block.rows : a.block.columns),
            scale,
            a.block.base,
            blas(a.block.stride),
            1,
            base,
            blas(stride)
        )
    }

    /// Becomes self·T⁻¹, or self·T⁻ᵀ where T is given transposed, for a lower triangular T.
    func divide(byLower triangle: some Factor) {
        triangularSolve(CblasRight, triangle)
    }

    /// Becomes T⁻¹·self, or T⁻ᵀ·self where T is given transposed.
    func solve(lower triangle: some Factor) {
        triangularSolve(CblasLeft, triangle)
    }

    private func triangularSolve(_ side: CBLAS_SIDE, _ triangle: some Factor) {
        guard rows > 0, columns > 0 else { return }
        cblas_dtrsm(
            CblasRowMajor,
            side,
            CblasLower,
            triangle.transposition,
            CblasNonUnit,
            blas(rows),
            blas(columns),
            1,
            triangle.block.base,
            blas(triangle.block.stride),
            base,
            blas(stride)
        )
    }
}
