public import Concurrent

extension LowerPanels {
    /// Lᵀ·N·L for the symmetric N that these panels hold.
    ///
    /// - Parameter factor: L, lower triangular.
    public func congruence(with factor: LowerPanels, threads: Int = availableThreads) -> LowerPanels {
        precondition(factor.order == order, "matrices do not fit")
        var product = LowerPanels(unsetOrder: order)
        withReadPanels { symmetric in
            factor.withReadPanels { factor in
                product.withPanels { product in
                    Self.congruenceGraph(symmetric, factor, product)
                        .run(threads: symmetric.layout.useful(threads))
                }
            }
        }
        return product
    }

    /// Panels that are formed from T at once before they take its place.
    private static let wave = 2

    /// T = N·L at and below the diagonal, by panels from the last one up; then Lᵀ·T in the place of T from the first
    /// panel down, since a panel of it needs those of T at and below its own.
    private static func congruenceGraph(
        _ symmetric: PanelAccess,
        _ factor: PanelAccess,
        _ product: PanelAccess
    ) -> TaskGraph {
        let layout = symmetric.layout
        var graph = TaskGraph()
        var products = [[TaskGraph.Place]](repeating: [], count: layout.groups(before: layout.count))
        for panel in (0..<layout.count).reversed() {
            for group in 0..<layout.groups(before: panel + 1) {
                let columns = layout.columns(ofGroup: group, before: panel + 1)
                products[group].append(
                    graph.add { product.becomeProduct(panel, columns, symmetric, factor) }
                )
            }
        }
        for (group, formed) in products.enumerated() {
            var before = formed
            for first in stride(from: group * PanelLayout.group, to: layout.count, by: wave) {
                let parts = (first..<min(first + wave, layout.count)).map { panel in
                    CongruencePart(panel, layout.columns(ofGroup: group, before: panel + 1))
                }
                let known = parts.map { part in
                    graph.add(after: before) { part.form(factor, product) }
                }
                before = parts.map { part in graph.add(after: known) { part.put(into: product) } }
            }
        }
        return graph
    }
}

/// Some columns, at or before the diagonal, of a panel of Lᵀ·T beside their place.
///
/// Unchecked because one task fills it, and one that waits for that task empties it.
private final class CongruencePart: @unchecked Sendable {
    private let panel: Int
    private let columns: Range<Int>
    private var values: [Double] = []

    init(_ panel: Int, _ columns: Range<Int>) {
        self.panel = panel
        self.columns = columns
    }

    func form(_ factor: PanelAccess, _ product: PanelAccess) {
        let (rows, width) = (factor.layout.extent(panel), columns.count)
        values = [Double](unsafeUninitializedCapacity: rows * width) { target, count in
            count = rows * width
            guard let base = target.baseAddress else { return }
            Block(base, rows: rows, columns: width)
                .becomeTransposedLower(factor, panel, columns, product)
        }
    }

    func put(into product: PanelAccess) {
        let target = product.block(panel, columns: columns)
        values.withUnsafeBufferPointer { source in
            guard let base = source.baseAddress else { return }
            for row in 0..<target.rows {
                target.row(row).update(from: base + row * target.columns, count: target.columns)
            }
        }
        values = []
        // Rounding leaves the triangles of a tile on the diagonal a few units apart.
        if columns.upperBound == product.layout.start(panel + 1) {
            product.block(panel, panel).mirrorLowerTriangle()
        }
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
    func becomeTransposedLower(
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
