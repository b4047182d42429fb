public import Concurrent

extension LowerPanels {
    /// ‖Z·J·h‖² for each row h of a matrix, with J, the exchange of first and last, and the lower triangular Z that
    /// these panels hold: hᵀ·X·Xᵀ·h for X = J·Zᵀ·J, never below zero.
    ///
    /// - Precondition: `rows` has as many columns as the order.
    /// - Complexity: half of the operations of a product with X·Xᵀ.
    public func exchangedImageNorms(of rows: Matrix, threads: Int = availableThreads) -> [Double] {
        precondition(rows.columns == order, "matrices do not fit")
        guard rows.rows > 0, order > 0 else { return [Double](repeating: 0, count: rows.rows) }
        let layout = self.layout
        var reversed = rows.withReversedRows
        // One line of parts for each panel, which are added up in their order.
        var parts = [Double](repeating: 0, count: layout.count * rows.rows)
        reversed.storage.withUnsafeMutableBufferPointer { source in
            parts.withUnsafeMutableBufferPointer { parts in
                guard let source = source.baseAddress, let parts = parts.baseAddress else { return }
                let images = ImageNorms(
                    source: Block(source, rows: rows.rows, columns: layout.order),
                    parts: parts
                )
                withReadPanels { panels in
                    var graph = TaskGraph()
                    // The longest rows first.
                    for panel in (0..<layout.count).reversed() {
                        graph.add { images.form(panel, panels) }
                    }
                    graph.run(threads: layout.useful(threads))
                }
            }
        }
        return (0..<rows.rows).map { row in
            (0..<layout.count).reduce(0) { $0 + parts[$1 * rows.rows + row] }
        }
    }
}

/// Squares of the images of some rows, panel by panel; unchecked because each task writes parts of its own.
private struct ImageNorms: @unchecked Sendable {
    let source: Block
    let parts: UnsafeMutablePointer<Double>

    func form(_ panel: Int, _ factor: PanelAccess) {
        let end = factor.layout.start(panel + 1)
        let own = factor.block(panel, columns: 0..<end)
        withUnsafeTemporaryAllocation(of: Double.self, capacity: source.rows * own.rows) { scratch in
            guard let base = scratch.baseAddress else { return }
            let image = Block(base, rows: source.rows, columns: own.rows)
            image.add(1, source.part(rows: 0..<source.rows, columns: 0..<end), own.transposed, keeping: 0)
            for row in 0..<image.rows {
                let values = image.row(row)
                var sum = 0.0
                for column in 0..<image.columns { sum += values[column] * values[column] }
                parts[panel * source.rows + row] = sum
            }
        }
    }
}

extension Matrix {
    /// Each row from its last element to its first.
    fileprivate var withReversedRows: Matrix {
        let values = [Double](unsafeUninitializedCapacity: storage.count) { target, count in
            storage.withUnsafeBufferPointer { source in
                for row in 0..<rows {
                    let (first, last) = (row * columns, (row + 1) * columns - 1)
                    for offset in 0..<columns {
                        target.initializeElement(at: first + offset, to: source[last - offset])
                    }
                }
            }
            count = rows * columns
        }
        return Matrix(rows: rows, columns: columns, storage: values)
    }
}
