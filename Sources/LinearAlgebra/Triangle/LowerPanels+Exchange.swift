public import Concurrent

extension LowerPanels {
    /// J·Aᵀ·J with J, the exchange of first and last: element (i, j) becomes element (n-1-j, n-1-i).
    public func antitransposed(threads: Int = availableThreads) -> LowerPanels {
        var result = self
        result.antitranspose(threads: threads)
        return result
    }

    /// Becomes J·Aᵀ·J where it is; the matrix is triangular.
    public mutating func antitranspose(threads: Int = availableThreads) {
        withPanels { panels in
            var graph = TaskGraph()
            for panel in 0..<panels.layout.count { graph.add { Self.exchange(panel, of: panels) } }
            graph.run(threads: panels.layout.useful(threads))
        }
    }

    /// Exchanges the elements of a panel with i + j < n - 1 with those in their places, which are beyond, in blocks
    /// that stay in cache.
    private static func exchange(_ panel: Int, of panels: PanelAccess) {
        let (last, edge) = (panels.layout.order - 1, 32)
        let rows = panels.layout.range(panel)
        let width = rows.upperBound
        let first = panels.row(rows.lowerBound)
        for left in stride(from: 0, to: width, by: edge) {
            for top in stride(from: rows.lowerBound, to: rows.upperBound, by: edge) {
                for column in left..<min(left + edge, width) {
                    let other = panels.row(last - column)
                    let end = min(top + edge, rows.upperBound, last - column)
                    for row in stride(from: max(top, column), to: end, by: 1) {
                        let place = (row - rows.lowerBound) * width + column
                        (first[place], other[last - row]) = (other[last - row], first[place])
                    }
                }
            }
        }
    }

    /// The same of a symmetric matrix of which the lower triangle is read.
    init(antitransposedLowerTriangleOf matrix: Matrix, threads: Int) {
        precondition(matrix.rows == matrix.columns, "matrix is not square")
        self.init(unsetOrder: matrix.rows)
        let order = matrix.rows
        matrix.storage.withUnsafeBufferPointer { source in
            guard let base = source.baseAddress else { return }
            let rows = SourceRows(base: base, order: order)
            fill(threads: threads) { rows.base + $0 * rows.order }
        }
    }

    private mutating func fill(
        threads: Int,
        from source: @escaping @Sendable (Int) -> UnsafePointer<Double>
    ) {
        withPanels { panels in
            var graph = TaskGraph()
            for panel in 0..<panels.layout.count {
                graph.add { Self.fill(panel, of: panels, from: source) }
            }
            graph.run(threads: panels.layout.useful(threads))
        }
    }

    /// In blocks that stay in cache; zeros above the diagonal.
    private static func fill(
        _ panel: Int,
        of panels: PanelAccess,
        from source: (Int) -> UnsafePointer<Double>
    ) {
        let (last, edge) = (panels.layout.order - 1, 32)
        let rows = panels.layout.range(panel)
        let width = rows.upperBound
        let first = panels.row(rows.lowerBound)
        for left in stride(from: 0, to: width, by: edge) {
            let columns = left..<min(left + edge, width)
            for top in stride(from: rows.lowerBound, to: rows.upperBound, by: edge) {
                let end = min(top + edge, rows.upperBound)
                for column in columns {
                    let values = source(last - column)
                    for row in top..<end {
                        let isAbove = column > row
                        first[(row - rows.lowerBound) * width + column] = isAbove ? 0 : values[last - row]
                    }
                }
            }
        }
    }
}

/// Unchecked because nothing is written.
private struct SourceRows: @unchecked Sendable {
    let base: UnsafePointer<Double>
    let order: Int
}
