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
            guard let values = source.baseAddress else { return }
            withUnsafeTemporaryAllocation(of: Double.self, capacity: rows.count * layout.order) { scratch in
                guard let base = scratch.baseAddress else { return }
                let factor = ScaledRows(base, values + rows.lowerBound * layout.order, scales, layout)
                withPanels { panels in
                    Self.productGraph(panels, factor).run(threads: layout.useful(threads))
                }
            }
        }
    }

    private static func productGraph(_ panels: PanelAccess, _ factor: ScaledRows) -> TaskGraph {
        let layout = panels.layout
        var graph = TaskGraph()
        let scaled = factor.parts.map { part in graph.add { factor.scale(part) } }
        // The largest products first.
        for panel in (0..<layout.count).reversed() {
            for group in 0..<layout.groups(before: panel) {
                let columns = layout.columns(ofGroup: group, before: panel)
                graph.add(after: scaled) {
                    let left = factor.columns(layout.range(panel)).transposed
                    panels.block(panel, columns: columns).add(1, left, factor.columns(columns))
                }
            }
            graph.add(after: scaled) {
                let block = panels.block(panel, panel)
                block.addSquare(of: factor.columns(layout.range(panel)).transposed)
                block.mirrorLowerTriangle()
            }
        }
        return graph
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

/// Rows of a matrix and where they are put, each multiplied by its scale; unchecked like ``PanelAccess``.
private struct ScaledRows: @unchecked Sendable {
    private let base: UnsafeMutablePointer<Double>
    private let source: UnsafePointer<Double>
    private let scales: [Double]
    private let layout: PanelLayout

    init(
        _ base: UnsafeMutablePointer<Double>,
        _ source: UnsafePointer<Double>,
        _ scales: [Double],
        _ layout: PanelLayout
    ) {
        self.base = base
        self.source = source
        self.scales = scales
        self.layout = layout
    }

    /// Rows that are scaled by one task each.
    var parts: [Range<Int>] {
        stride(from: 0, to: scales.count, by: 32).map { $0..<min($0 + 32, scales.count) }
    }

    func scale(_ rows: Range<Int>) {
        for row in rows {
            let (from, to, scale) = (source + row * layout.order, base + row * layout.order, scales[row])
            for column in 0..<layout.order { to[column] = from[column] * scale }
        }
    }

    func columns(_ range: Range<Int>) -> Block {
        Block(base + range.lowerBound, rows: scales.count, columns: range.count, stride: layout.order)
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
