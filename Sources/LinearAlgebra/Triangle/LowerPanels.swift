/// The lower triangle of a symmetric or triangular matrix, kept in panels of rows: half of the memory of a
/// ``Matrix``, and work that threads can share.
///
/// Tiles on the diagonal are complete: mirrored where the matrix is symmetric, with zeros above the diagonal where it
/// is triangular. All results are a function of the values alone; the number of threads changes no bit of them.
public struct LowerPanels: Sendable {
    let layout: PanelLayout
    var storage: [Double]

    /// Zeros.
    public init(order: Int) {
        layout = PanelLayout(order: order)
        storage = [Double](repeating: 0, count: layout.storageCount)
    }

    /// Whatever memory holds, for a task graph that sets every element.
    init(unsetOrder order: Int) {
        let layout = PanelLayout(order: order)
        self.layout = layout
        storage = [Double](unsafeUninitializedCapacity: layout.storageCount) { _, count in
            count = layout.storageCount
        }
    }

    /// A diagonal matrix.
    public init(diagonal: [Double]) {
        self.init(order: diagonal.count)
        withPanels { panels in
            for row in diagonal.indices { panels.row(row)[row] = diagonal[row] }
        }
    }

    /// The lower triangle of a symmetric matrix; what stands above the diagonal is not read.
    ///
    /// - Precondition: the matrix is square.
    public init(lowerTriangleOf matrix: Matrix) {
        precondition(matrix.rows == matrix.columns, "matrix is not square")
        self.init(order: matrix.rows)
        let order = matrix.rows
        matrix.storage.withUnsafeBufferPointer { source in
            withPanels { panels in
                guard let base = source.baseAddress else { return }
                for row in 0..<order {
                    panels.row(row).update(from: base + row * order, count: row + 1)
                }
                for tile in 0..<panels.layout.count { panels.block(tile, tile).mirrorLowerTriangle() }
            }
        }
    }

    public var order: Int { layout.order }

    /// The complete matrix where the triangle is that of a symmetric one.
    public var symmetricMatrix: Matrix {
        var result = triangularMatrix
        result.mirrorLowerTriangle()
        return result
    }

    /// The complete matrix with zeros above the diagonal.
    public var triangularMatrix: Matrix {
        var result = Matrix(rows: order, columns: order)
        result.storage.withUnsafeMutableBufferPointer { target in
            withReadPanels { panels in
                guard let base = target.baseAddress else { return }
                for row in 0..<panels.layout.order {
                    (base + row * panels.layout.order).update(from: panels.row(row), count: row + 1)
                }
            }
        }
        return result
    }

    public var diagonal: [Double] {
        var values = [Double](repeating: 0, count: order)
        withReadPanels { panels in
            for row in values.indices { values[row] = panels.row(row)[row] }
        }
        return values
    }

    public mutating func addToDiagonal(_ value: Double) {
        withPanels { panels in
            for row in 0..<panels.layout.order { panels.row(row)[row] += value }
        }
    }

    /// Multiplies element (i, j) by `factors[i] * factors[j]`.
    public mutating func scaleBothSides(by factors: [Double]) {
        precondition(factors.count == order, "factors do not fit the matrix")
        withPanels { panels in
            factors.withUnsafeBufferPointer { factors in
                for row in factors.indices {
                    let (values, own) = (panels.row(row), factors[row])
                    let end = panels.layout.start(panels.layout.panel(of: row) + 1)
                    for column in 0..<end { values[column] *= own * factors[column] }
                }
            }
        }
    }
}

/// Panels for the tasks of a graph.
///
/// Unchecked because tasks share the memory: the graph lets none of them read or write a tile that another one writes
/// at the same time, and the memory stays where it is until the graph has ended.
struct PanelAccess: @unchecked Sendable {
    let layout: PanelLayout
    private let base: UnsafeMutablePointer<Double>

    init(_ layout: PanelLayout, _ base: UnsafeMutablePointer<Double>) {
        self.layout = layout
        self.base = base
    }

    /// Tile (row, column).
    func block(_ panel: Int, _ column: Int) -> Block { block(panel, columns: layout.range(column)) }

    /// Some columns of a panel.
    func block(_ panel: Int, columns: Range<Int>) -> Block {
        Block(
            base + layout.offset(panel) + columns.lowerBound,
            rows: layout.extent(panel),
            columns: columns.count,
            stride: layout.start(panel + 1)
        )
    }

    /// The first element of a row.
    func row(_ row: Int) -> UnsafeMutablePointer<Double> {
        let panel = layout.panel(of: row)
        return base + layout.offset(panel) + (row - layout.start(panel)) * layout.start(panel + 1)
    }
}

extension LowerPanels {
    /// - Parameter body: reads and writes panels while it runs, not afterwards. Not called where there are none.
    mutating func withPanels(_ body: (PanelAccess) -> Void) {
        BLASConfiguration.ensurePinned()
        let layout = self.layout
        storage.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress, layout.order > 0 else { return }
            body(PanelAccess(layout, base))
        }
    }

    /// - Parameter body: reads panels while it runs and writes none. Not called where there are none.
    func withReadPanels(_ body: (PanelAccess) -> Void) {
        BLASConfiguration.ensurePinned()
        storage.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress, layout.order > 0 else { return }
            body(PanelAccess(layout, UnsafeMutablePointer(mutating: base)))
        }
    }
}
