import COpenBLAS

/// Products and solutions that threads share. The parts are cut by the shapes alone, and each is the work of one task,
/// so that the number of threads changes no bit of them.
extension Matrix {
    /// self · other.
    public func times(_ other: Matrix, threads: Int) -> Matrix {
        precondition(columns == other.rows, "matrices do not fit")
        var result = Matrix(unsetRows: rows, columns: other.columns)
        result.formStrips(threads: threads, self, other) { target, a, b, strip in
            let all = 0..<target.columns
            target.part(rows: strip, columns: all)
                .add(1, a.part(rows: strip, columns: 0..<a.columns), b, keeping: 0)
        }
        return result
    }

    /// self · otherᵀ where it is known to be symmetric, complete: half of the operations.
    ///
    /// - Precondition: both have the same shape.
    public func timesTransposedSymmetric(_ other: Matrix, threads: Int) -> Matrix {
        precondition(rows == other.rows && columns == other.columns, "matrices do not fit")
        var result = Matrix(unsetRows: rows, columns: rows)
        result.formStrips(threads: threads, self, other) { target, a, b, strip in
            let own = 0..<strip.upperBound
            target.part(rows: strip, columns: own)
                .add(
                    1,
                    a.part(rows: strip, columns: 0..<a.columns),
                    b.part(rows: own, columns: 0..<b.columns).transposed,
                    keeping: 0
                )
        }
        result.mirrorLowerTriangle()
        return result
    }

    /// self - aᵀ·a, complete, of a symmetric self.
    public consuming func subtractingSquare(of a: Matrix, threads: Int) -> Matrix {
        precondition(rows == columns && a.columns == rows, "matrices do not fit")
        var square = LowerPanels(order: rows)
        let ones = [Double](repeating: 1, count: a.rows)
        square.addTransposedProduct(of: a, rows: 0..<a.rows, scaledBy: ones, threads: threads)
        square.withReadPanels { panels in
            for row in 0..<rows {
                let values = panels.row(row)
                for column in 0...row { storage[row * columns + column] -= values[column] }
            }
        }
        mirrorLowerTriangle()
        return self
    }

    /// Copies the lower triangle onto the upper one, in blocks that stay in cache.
    public mutating func mirrorLowerTriangle(threads: Int) {
        precondition(rows == columns, "matrix is not square")
        let (order, edge) = (rows, 64)
        let strips = Self.strips(order)
        withBlock { shared in
            var graph = TaskGraph()
            for strip in strips {
                graph.add {
                    let block = shared.block
                    for left in stride(from: strip.lowerBound, to: strip.upperBound, by: edge) {
                        for top in stride(from: left, to: order, by: edge) {
                            for column in left..<min(left + edge, strip.upperBound) {
                                let target = block.row(column)
                                for row in stride(
                                    from: max(top, column + 1),
                                    to: min(top + edge, order),
                                    by: 1
                                ) {
                                    target[row] = block.row(row)[column]
                                }
                            }
                        }
                    }
                }
            }
            graph.run(threads: strips.count < 3 ? 1 : threads)
        }
    }

    /// Whatever memory holds, for tasks that set every element.
    private init(unsetRows rows: Int, columns: Int) {
        let values = [Double](unsafeUninitializedCapacity: rows * columns) { _, count in
            count = rows * columns
        }
        self.init(rows: rows, columns: columns, storage: values)
    }

    /// Runs a body for strips of rows, the last one first as it may be the longest.
    private mutating func formStrips(
        threads: Int,
        _ a: Matrix,
        _ b: Matrix,
        _ body: @escaping @Sendable (Block, Block, Block, Range<Int>) -> Void
    ) {
        guard !storage.isEmpty else { return }
        guard a.columns > 0 else {
            storage = [Double](repeating: 0, count: storage.count)
            return
        }
        let strips = Self.strips(rows)
        withBlock { target in
            a.withReadBlock { first in
                b.withReadBlock { second in
                    var graph = TaskGraph()
                    for strip in strips.reversed() {
                        graph.add { body(target.block, first.block, second.block, strip) }
                    }
                    graph.run(threads: strips.count < 3 ? 1 : threads)
                }
            }
        }
    }

    /// Rows, or columns, of one task.
    static func strips(_ count: Int) -> [Range<Int>] {
        stride(from: 0, to: count, by: PanelLayout.edge).map { $0..<min($0 + PanelLayout.edge, count) }
    }

    /// - Parameter body: reads and writes elements while it runs, not afterwards. Not called where there are none.
    mutating func withBlock(_ body: (SharedBlock) -> Void) {
        BLASConfiguration.ensurePinned()
        let (rows, columns) = (self.rows, self.columns)
        storage.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress, rows > 0, columns > 0 else { return }
            body(SharedBlock(block: Block(base, rows: rows, columns: columns)))
        }
    }

    /// - Parameter body: reads elements while it runs and writes none. Not called where there are none.
    func withReadBlock(_ body: (SharedBlock) -> Void) {
        BLASConfiguration.ensurePinned()
        storage.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress, rows > 0, columns > 0 else { return }
            body(
                SharedBlock(block: Block(UnsafeMutablePointer(mutating: base), rows: rows, columns: columns))
            )
        }
    }
}

/// The elements of a matrix for the tasks of a graph.
///
/// Unchecked because tasks share the memory: each writes a strip of its own, and what they read is not written.
struct SharedBlock: @unchecked Sendable {
    let block: Block
}

extension Cholesky {
    /// As ``init(factoring:)``, by several threads where the matrix is large.
    ///
    /// - Throws: ``LinearAlgebraError`` as there.
    public init(factoring matrix: consuming Matrix, threads: Int) throws(LinearAlgebraError) {
        guard PanelLayout(order: matrix.rows).count >= 3 else {
            try self.init(factoring: matrix)
            return
        }
        _ = try matrix.symmetricSize()
        let panels = try LowerPanels.leftFactor(of: matrix, threads: threads)
        matrix = Matrix(rows: 0, columns: 0)
        self.init(factor: panels)
    }

    /// L⁻¹·B, by strips of columns.
    public func forwardSolve(_ matrix: consuming Matrix, threads: Int) -> Matrix {
        precondition(matrix.rows == order, "matrices do not fit")
        let strips = Matrix.strips(matrix.columns)
        matrix.withBlock { target in
            factor.withReadBlock { factor in
                var graph = TaskGraph()
                for strip in strips {
                    graph.add {
                        target.block.part(rows: 0..<target.block.rows, columns: strip)
                            .solve(lower: factor.block)
                    }
                }
                graph.run(threads: strips.count < 2 ? 1 : threads)
            }
        }
        return matrix
    }
}
