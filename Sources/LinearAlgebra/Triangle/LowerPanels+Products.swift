public import Concurrent

extension LowerPanels {
    /// Adds aᵀ·a.
    ///
    /// - Parameters:
    ///   - rows: rows of `a` that count.
    ///   - scales: what each of these rows is multiplied by first.
    /// - Precondition: `a` has as many columns as the order.
    public mutating func addTransposedProduct(
        of a: Matrix,
        rows: Range<Int>,
        scaledBy scales: [Double],
        threads: Int = availableThreads
    ) {
        precondition(a.columns == order && scales.count == rows.count, "matrices do not fit")
        precondition(rows.lowerBound >= 0 && rows.upperBound <= a.rows, "rows outside the matrix")
        guard !rows.isEmpty, order > 0 else { return }
        let layout = self.layout
        a.storage.withUnsafeBufferPointer { source in
            guard let base = source.baseAddress else { return }
            let factor = ScaledRows(base + rows.lowerBound * layout.order, scales, layout)
            withPanels { panels in
                var graph = TaskGraph()
                // The largest products first.
                for panel in (0..<layout.count).reversed() {
                    for group in 0..<layout.groups(before: panel) {
                        let columns = layout.columns(ofGroup: group, before: panel)
                        graph.add { panels.block(panel, columns: columns).addProduct(factor, panel, columns) }
                    }
                    graph.add { panels.block(panel, panel).addSquare(factor, panel) }
                }
                graph.run(threads: layout.useful(threads))
            }
        }
    }

    /// J·Zᵀ·Z·J with J, the exchange of first and last, for the lower triangular Z that these panels hold: X·Xᵀ for
    /// X = J·Zᵀ·J. It is complete and symmetric to the bit.
    public func exchangedSquare(threads: Int = availableThreads) -> Matrix {
        var result = exchangedSquareBelow(threads: threads)
        result.mirrorLowerTriangle(threads: threads)
        return result
    }

    /// The same at and below the diagonal; above it nothing is set, so that memory there is not taken yet.
    public func exchangedSquareBelow(threads: Int = availableThreads) -> Matrix {
        let layout = self.layout
        let storage = [Double](unsafeUninitializedCapacity: order * order) { target, count in
            count = layout.order * layout.order
            guard let base = target.baseAddress else { return }
            let square = ExchangedSquare(base, layout)
            withReadPanels { panels in
                var graph = TaskGraph()
                // The longest sums first.
                for panel in 0..<layout.count {
                    for group in 0..<layout.groups(before: panel + 1) {
                        let columns = layout.columns(ofGroup: group, before: panel + 1)
                        graph.add { square.form(panel, columns, panels) }
                    }
                }
                graph.run(threads: layout.useful(threads))
            }
        }
        return Matrix(rows: order, columns: order, storage: storage)
    }
}

/// Rows of a matrix, each with its scale; unchecked because nothing is written.
private struct ScaledRows: @unchecked Sendable {
    private let source: UnsafePointer<Double>
    private let scales: [Double]
    private let squares: [Double]
    private let layout: PanelLayout

    init(_ source: UnsafePointer<Double>, _ scales: [Double], _ layout: PanelLayout) {
        self.source = source
        self.scales = scales
        squares = scales.map { $0 * $0 }
        self.layout = layout
    }

    /// Rows as they are taken at once.
    var blocks: [Range<Int>] {
        stride(from: 0, to: scales.count, by: PanelLayout.edge).map {
            $0..<min($0 + PanelLayout.edge, scales.count)
        }
    }

    /// Some columns of some rows as they stand.
    func block(_ rows: Range<Int>, columns: Range<Int>) -> Block {
        Block(
            UnsafeMutablePointer(mutating: source) + rows.lowerBound * layout.order + columns.lowerBound,
            rows: rows.count,
            columns: columns.count,
            stride: layout.order
        )
    }

    /// The columns of a tile in some rows, multiplied by the scales or by their squares.
    func withScaled(
        _ rows: Range<Int>,
        tile: Int,
        bySquares isSquared: Bool,
        _ body: (Block) -> Void
    ) {
        let factors = isSquared ? squares : scales
        let plain = block(rows, columns: layout.range(tile))
        withUnsafeTemporaryAllocation(of: Double.self, capacity: plain.rows * plain.columns) { scratch in
            guard let base = scratch.baseAddress else { return }
            let scaled = Block(base, rows: plain.rows, columns: plain.columns)
            for row in 0..<plain.rows {
                let (from, to, factor) = (plain.row(row), scaled.row(row), factors[rows.lowerBound + row])
                for column in 0..<plain.columns { to[column] = from[column] * factor }
            }
            body(scaled)
        }
    }
}

extension Block {
    /// Adds some columns, before the diagonal, of panel `row` of aᵀ·a.
    fileprivate func addProduct(_ a: ScaledRows, _ row: Int, _ columns: Range<Int>) {
        for rows in a.blocks {
            a.withScaled(rows, tile: row, bySquares: true) {
                add(1, $0.transposed, a.block(rows, columns: columns))
            }
        }
    }

    /// Adds a tile on the diagonal of aᵀ·a.
    fileprivate func addSquare(_ a: ScaledRows, _ row: Int) {
        for rows in a.blocks {
            a.withScaled(rows, tile: row, bySquares: false) { addSquare(of: $0.transposed) }
        }
        mirrorLowerTriangle()
    }
}

/// J·A·J at and below the diagonal of a row-major square matrix, for a symmetric A of which tasks form parts of the
/// lower triangle; unchecked like ``PanelAccess``.
private struct ExchangedSquare: @unchecked Sendable {
    private let base: UnsafeMutablePointer<Double>
    private let layout: PanelLayout

    init(_ base: UnsafeMutablePointer<Double>, _ layout: PanelLayout) {
        self.base = base
        self.layout = layout
    }

    /// Some columns, at or before the diagonal, of a panel of Zᵀ·Z.
    func form(_ panel: Int, _ columns: Range<Int>, _ factor: PanelAccess) {
        let rows = layout.range(panel)
        withUnsafeTemporaryAllocation(of: Double.self, capacity: rows.count * columns.count) { scratch in
            guard let start = scratch.baseAddress else { return }
            let part = Block(start, rows: rows.count, columns: columns.count)
            part.becomeTransposedLower(factor, panel, columns, factor)
            let edge = 32
            for top in stride(from: 0, to: rows.count, by: edge) {
                for left in stride(from: 0, to: columns.count, by: edge) {
                    let corner = (rows.lowerBound + top, columns.lowerBound + left)
                    place(
                        part.part(
                            rows: top..<min(top + edge, rows.count),
                            columns: left..<min(left + edge, columns.count)
                        ),
                        at: corner
                    )
                }
            }
        }
    }

    /// Puts what stands at or below the diagonal in its place there.
    private func place(_ part: Block, at corner: (row: Int, column: Int)) {
        let (order, last) = (layout.order, layout.order - 1)
        for index in 0..<part.rows {
            let row = last - corner.row - index
            let values = part.row(index)
            let count = max(0, min(part.columns, corner.row + index - corner.column + 1))
            for offset in 0..<count {
                let column = last - corner.column - offset
                base[column * order + row] = values[offset]
            }
        }
    }
}
