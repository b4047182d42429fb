import COpenBLAS
public import Concurrent
import Synchronization

extension LowerPanels {
    /// The lower triangular L with A = L·Lᵀ, of a symmetric matrix of which the lower triangle is read.
    ///
    /// With J, the exchange of first and last, J·A·J = Gᵀ·G for G = J·Lᵀ·J; elimination from the last row up works
    /// along rows, where products are fast.
    ///
    /// - Throws: ``LinearAlgebraError/notPositiveDefinite(order:)`` with the order of the first minor that is not
    ///   positive.
    public static func leftFactor(
        of matrix: Matrix,
        threads: Int = availableThreads
    ) throws(LinearAlgebraError) -> LowerPanels {
        var panels = LowerPanels(antitransposedLowerTriangleOf: matrix, threads: threads)
        try panels.factorRight(threads: threads)
        panels.antitranspose(threads: threads)
        return panels
    }

    /// Replaces a symmetric matrix A by the lower triangular G with A = Gᵀ·G, by elimination from the last row up.
    ///
    /// With it the root of a product stays triangular: for B = L·Lᵀ and I + Lᵀ·N·L = Gᵀ·G, the posterior covariance is
    /// X·Xᵀ with the lower triangular X = L·G⁻¹.
    ///
    /// - Throws: ``LinearAlgebraError/notPositiveDefinite(order:)`` with the order, counted from the end, of the first
    ///   trailing minor that is not positive; the panels then mean nothing.
    public mutating func factorRight(threads: Int = availableThreads) throws(LinearAlgebraError) {
        let failure = FirstFailure()
        withPanels { panels in
            FactorTasks(panels, failure).graph().run(threads: panels.layout.useful(threads))
        }
        if let order = failure.order { throw .notPositiveDefinite(order: order) }
    }
}

/// The tasks of a factorisation A = Gᵀ·G, row by row of tiles from the last one up, each row in groups of tiles.
///
/// What a group takes from all rows but the one below it is a task of its own, which keeps threads busy while the
/// diagonal is factored.
private struct FactorTasks: Sendable {
    private let panels: PanelAccess
    private let failure: FirstFailure
    private var layout: PanelLayout { panels.layout }

    init(_ panels: PanelAccess, _ failure: FirstFailure) {
        self.panels = panels
        self.failure = failure
    }

    func graph() -> TaskGraph {
        var graph = TaskGraph()
        /// For each group the task that finished it in the row below, and in the one below that.
        var below: [TaskGraph.Place] = []
        var second: [TaskGraph.Place] = []
        for row in (0..<layout.count).reversed() {
            let own = row / PanelLayout.group
            let diagonal = graph.add(after: [below.dropFirst(own).first]) { factor(row) }
            var finished: [TaskGraph.Place] = []
            for group in 0..<layout.groups(before: row) {
                let columns = layout.columns(ofGroup: group, before: row)
                let update = graph.add(after: second.isEmpty ? [] : [second[group], second[own]]) {
                    subtract(from: row, columns, rows: min(row + 2, layout.count)..<layout.count)
                }
                let waits = below.isEmpty ? [] : [below[group], below[own]]
                finished.append(graph.add(after: [update, diagonal] + waits) { finish(row, columns) })
            }
            // The first row below has no more groups than this one.
            (second, below) = (below, finished)
        }
        return graph
    }

    private func subtract(from row: Int, _ columns: Range<Int>, rows: Range<Int>) {
        guard failure.order == nil else { return }
        let target = panels.block(row, columns: columns)
        for inner in rows.reversed() {
            target.add(-1, panels.block(inner, row).transposed, panels.block(inner, columns: columns))
        }
    }

    private func factor(_ row: Int) {
        guard failure.order == nil else { return }
        let block = panels.block(row, row)
        for inner in ((row + 1)..<layout.count).reversed() {
            block.addSquare(of: panels.block(inner, row).transposed, scale: -1)
        }
        if let order = block.factorRight() { failure.set(layout.order - layout.start(row + 1) + order) }
    }

    private func finish(_ row: Int, _ columns: Range<Int>) {
        if row + 1 < layout.count { subtract(from: row, columns, rows: (row + 1)..<(row + 2)) }
        guard failure.order == nil else { return }
        panels.block(row, columns: columns).solve(lower: panels.block(row, row).transposed)
    }
}

/// The order of the minor that ended a factorisation. All later tasks wait for the one that fails, so that there is
/// one only.
private final class FirstFailure: Sendable {
    private let value = Mutex<Int?>(nil)
    var order: Int? { value.withLock { $0 } }
    func set(_ order: Int) { value.withLock { $0 = $0 ?? order } }
}

extension Block {
    /// A = Gᵀ·G for a tile of which the lower triangle is read; the order, counted from the end, of the first minor
    /// that is not positive, nil where all are.
    ///
    /// With J, the exchange of first and last, J·A·J = C·Cᵀ gives G = J·Cᵀ·J. To exchange both rows and columns is to
    /// reverse the storage, and the lower triangle by columns is the upper one by rows.
    fileprivate func factorRight() -> Int? {
        var values: [Double] = []
        values.reserveCapacity(rows * columns)
        for index in (0..<rows).reversed() {
            for column in (0..<columns).reversed() { values.append(row(index)[column]) }
        }
        let information = LAPACKE_dpotrf_work(
            LAPACK_COL_MAJOR,
            CChar(UInt8(ascii: "L")),
            blas(rows),
            &values,
            blas(rows)
        )
        for index in 0..<rows {
            for column in 0...index {
                row(index)[column] = values[(rows - 1 - index) * rows + rows - 1 - column]
            }
        }
        clearUpperTriangle()
        if information != 0 { return Int(information) }
        // NaN passes the test of the optimised routine.
        return (0..<rows).last { !(row($0)[$0] > 0 && row($0)[$0].isFinite) }.map { rows - $0 }
    }
}
