public import Concurrent

extension LowerPanels {
    /// Replaces a lower triangular L by the lower triangular L·G⁻¹.
    ///
    /// - Parameter divisor: G, lower triangular without zeros on the diagonal.
    public mutating func divide(by divisor: LowerPanels, threads: Int = availableThreads) {
        precondition(divisor.order == order, "matrices do not fit")
        withPanels { panels in
            divisor.withReadPanels { divisor in
                var graph = TaskGraph()
                // The longest rows first.
                for panel in (0..<panels.layout.count).reversed() {
                    graph.add {
                        let columns = 0..<panels.layout.start(panel + 1)
                        panels.block(panel, columns: columns).divide(by: divisor, tiles: panel + 1)
                    }
                }
                graph.run(threads: panels.layout.useful(threads))
            }
        }
    }

    /// Diagonal of L·(Gᵀ·G)⁻¹·L⁻¹ at the given rows, where these panels hold X = L·G⁻¹.
    ///
    /// - Parameters:
    ///   - rows: in any order.
    ///   - factor: L.
    ///   - divisor: G.
    public func retainedDiagonal(
        at rows: [Int],
        factor: LowerPanels,
        divisor: LowerPanels,
        threads: Int = availableThreads
    ) -> [Double] {
        var result = [Double](repeating: 0, count: rows.count)
        result.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            let target = Results(base: base)
            withReadPanels { root in
                factor.withReadPanels { factor in
                    divisor.withReadPanels { divisor in
                        var graph = TaskGraph()
                        for start in stride(from: 0, to: rows.count, by: PanelLayout.edge) {
                            let part = Array(rows[start..<min(start + PanelLayout.edge, rows.count)])
                            graph.add {
                                let values = retained(part, root, factor, divisor)
                                for (index, value) in values.enumerated() {
                                    target.base[start + index] = value
                                }
                            }
                        }
                        graph.run(threads: root.layout.useful(threads))
                    }
                }
            }
        }
        return result
    }

    /// For each row i the root of Σ (N(i,k) σ(i) σ(k))², by which rounding of N·S can be judged.
    public func rowNorms(scaledBy sigma: [Double]) -> [Double] {
        precondition(sigma.count == order, "scales do not fit the matrix")
        let squares = rowSums { row, values, sums in
            var sum = 0.0
            for column in 0..<row {
                let term = values[column] * sigma[row] * sigma[column]
                sum += term * term
                sums[column] += term * term
            }
            let own = values[row] * sigma[row] * sigma[row]
            sums[row] += sum + own * own
        }
        return squares.map { $0.squareRoot() }
    }

    /// Diagonal of N·S for the symmetric N that these panels hold and a symmetric S.
    public func productDiagonal(with symmetric: Matrix) -> [Double] {
        precondition(symmetric.rows == order && symmetric.columns == order, "matrices do not fit")
        let order = self.order
        return symmetric.storage.withUnsafeBufferPointer { others in
            rowSums { row, values, sums in
                var sum = 0.0
                for column in 0..<row {
                    let term = values[column] * others[row * order + column]
                    sum += term
                    sums[column] += term
                }
                sums[row] += sum + values[row] * others[row * order + row]
            }
        }
    }

    /// - Parameter body: adds to the sums what a row contributes.
    private func rowSums(
        _ body: (Int, UnsafePointer<Double>, UnsafeMutableBufferPointer<Double>) -> Void
    ) -> [Double] {
        var sums = [Double](repeating: 0, count: order)
        sums.withUnsafeMutableBufferPointer { sums in
            withReadPanels { panels in
                for row in 0..<panels.layout.order { body(row, panels.row(row), sums) }
            }
        }
        return sums
    }
}

/// Unchecked because each task writes places of its own, and nothing is read before the last one has ended.
private struct Results: @unchecked Sendable {
    let base: UnsafeMutablePointer<Double>
}

extension Block {
    /// Becomes self·G⁻¹.
    ///
    /// - Parameter tiles: number of columns in tiles; all after them are zero.
    fileprivate func divide(by divisor: PanelAccess, tiles: Int) {
        for tile in (0..<tiles).reversed() {
            let range = divisor.layout.range(tile)
            let own = part(rows: 0..<rows, columns: range)
            own.divide(byLower: divisor.block(tile, tile))
            let before = 0..<range.lowerBound
            part(rows: 0..<rows, columns: before).add(-1, own, divisor.block(tile, columns: before))
        }
    }
}

/// Some elements of the diagonal of L·M⁻¹·L⁻¹: X(i,·) times G⁻ᵀ·L⁻¹·e(i).
private func retained(
    _ rows: [Int],
    _ root: PanelAccess,
    _ factor: PanelAccess,
    _ divisor: PanelAccess
) -> [Double] {
    let layout = root.layout
    var values = [Double](repeating: 0, count: rows.count * layout.order)
    return values.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return [] }
        let whole = Block(base, rows: rows.count, columns: layout.order)
        for (index, row) in rows.enumerated() { whole.row(index)[row] = 1 }
        // e(i)ᵀ·L⁻ᵀ, then ·G⁻¹.
        for tile in 0..<layout.count {
            let own = whole.part(rows: 0..<rows.count, columns: layout.range(tile))
            let before = 0..<layout.start(tile)
            own.add(
                -1,
                whole.part(rows: 0..<rows.count, columns: before),
                factor.block(tile, columns: before).transposed
            )
            own.divide(byLower: factor.block(tile, tile).transposed)
        }
        whole.divide(by: divisor, tiles: layout.count)
        return rows.enumerated().map { index, row in
            let (one, other) = (root.row(row), whole.row(index))
            return (0...row).reduce(0) { $0 + one[$1] * other[$1] }
        }
    }
}
