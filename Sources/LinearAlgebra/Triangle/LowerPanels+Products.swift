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

    /// Lᵀ·N·L for the symmetric N that these panels hold.
    ///
    /// - Parameter factor: L, lower triangular.
    public func congruence(with factor: LowerPanels, threads: Int = availableThreads) -> LowerPanels {
        precondition(factor.order == order, "matrices do not fit")
        var product = LowerPanels(unsetOrder: order)
        var result = LowerPanels(unsetOrder: order)
        withReadPanels { symmetric in
            factor.withReadPanels { factor in
                product.withPanels { product in
                    result.withPanels { result in
                        Self.congruenceGraph(symmetric, factor, product, result)
                            .run(threads: symmetric.layout.useful(threads))
                    }
                }
            }
        }
        return result
    }

    /// T = N·L at and below the diagonal, then Lᵀ·T, both by panels from the last one up.
    private static func congruenceGraph(
        _ symmetric: PanelAccess,
        _ factor: PanelAccess,
        _ product: PanelAccess,
        _ result: PanelAccess
    ) -> TaskGraph {
        let layout = symmetric.layout
        var graph = TaskGraph()
        var finished: [[TaskGraph.Place]] = []
        for panel in (0..<layout.count).reversed() {
            let groups = layout.groups(before: panel + 1)
            finished.append(
                (0..<groups).map { group in
                    let columns = layout.columns(ofGroup: group, before: panel + 1)
                    return graph.add { product.becomeProduct(panel, columns, symmetric, factor) }
                }
            )
            for group in 0..<groups {
                let columns = layout.columns(ofGroup: group, before: panel + 1)
                // Panels below have all groups of this one.
                graph.add(after: finished.map { $0[group] }) {
                    result.block(panel, columns: columns)
                        .becomeTransposedLower(factor, panel, columns, product)
                    // Rounding leaves the triangles of a tile on the diagonal a few units apart.
                    if columns.upperBound == layout.start(panel + 1) {
                        result.block(panel, panel).mirrorLowerTriangle()
                    }
                }
            }
        }
        return graph
    }

    /// J·Zᵀ·Z·J with J, the exchange of first and last, for the lower triangular Z that these panels hold: X·Xᵀ for
    /// X = J·Zᵀ·J. It is complete and symmetric to the bit.
    public func exchangedSquare(threads: Int = availableThreads) -> Matrix {
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

extension PanelAccess {
    /// Some columns, at or before the diagonal, of panel `row` become those of N·L.
    fileprivate func becomeProduct(
        _ row: Int,
        _ columns: Range<Int>,
        _ symmetric: PanelAccess,
        _ factor: PanelAccess
    ) {
        let target = block(row, columns: columns)
        // The last panel of L has all columns, so that it sets what the others add to.
        for inner in (0..<layout.count).reversed() {
            let width = min(columns.upperBound, layout.start(inner + 1)) - columns.lowerBound
            guard width > 0 else { continue }
            let part = target.part(rows: 0..<target.rows, columns: 0..<width)
            let right = factor.block(inner, columns: columns.prefix(width))
            let keep = inner == layout.count - 1 ? 0.0 : 1
            if inner <= row {
                part.add(1, symmetric.block(row, inner), right, keeping: keep)
            } else {
                part.add(1, symmetric.block(inner, row).transposed, right, keeping: keep)
            }
        }
    }
}

extension Block {
    /// Becomes some columns of panel `row` of Lᵀ·T, for lower triangular L and T.
    fileprivate func becomeTransposedLower(
        _ factor: PanelAccess,
        _ row: Int,
        _ columns: Range<Int>,
        _ other: PanelAccess
    ) {
        become(transposedLower: factor.block(row, row), times: other.block(row, columns: columns))
        for inner in (row + 1)..<max(factor.layout.count, row + 1) {
            add(1, factor.block(inner, row).transposed, other.block(inner, columns: columns))
        }
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

/// J·A·J in a row-major square matrix for an A of which tasks form parts of the lower triangle; unchecked like
/// ``PanelAccess``.
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

    /// Puts what stands at or below the diagonal in both its places.
    private func place(_ part: Block, at corner: (row: Int, column: Int)) {
        let (order, last) = (layout.order, layout.order - 1)
        for index in 0..<part.rows {
            let row = last - corner.row - index
            let values = part.row(index)
            let count = max(0, min(part.columns, corner.row + index - corner.column + 1))
            for offset in 0..<count {
                let column = last - corner.column - offset
                base[row * order + column] = values[offset]
                base[column * order + row] = values[offset]
            }
        }
    }
}
