/// The elements of a sparse matrix, stored in bands of columns with about equal numbers of elements: band by band, in a
/// band row by row, in a row by column. What a row has in a band is a run.
///
/// A task that owns a band owns a part of Aᵀ·u, and a task that owns a block of rows a part of A·v. Each reads memory
/// in long stretches, nothing is summed twice, and the order of the terms follows from the matrix alone.
struct ColumnBands: Equatable, Sendable {
    /// Band b has the columns `edges[b] ..< edges[b + 1]`.
    let edges: [Int]
    /// Block k has the rows `rowEdges[k] ..< rowEdges[k + 1]`, with about equal numbers of elements.
    let rowEdges: [Int]
    /// The row of each run; runs are not empty.
    let rows: [Int32]
    /// Run r is at `starts[r] ..< starts[r + 1]` of the two arrays below.
    let starts: [Int]
    let columnIndices: [Int32]
    let values: [Double]
    /// Where the runs of band b in block k begin, at b * blocks + k; at the end their number.
    private let firstRuns: [Int]

    var count: Int { edges.count - 1 }
    var blockCount: Int { rowEdges.count - 1 }

    /// - Parameters:
    ///   - rowStarts: row i is at `rowStarts[i] ..< rowStarts[i + 1]` of columns and values.
    ///   - columnIndices: ascending within a row.
    ///   - bands: number of bands; those that would be empty are left out.
    ///   - blocks: number of blocks of rows, likewise.
    init(
        columns: Int,
        rowStarts: [Int],
        columnIndices: [Int32],
        values: [Double],
        bands: Int,
        blocks: Int
    ) {
        edges = Self.columnEdges(columns: columns, columnIndices: columnIndices, count: bands)
        rowEdges = Self.edges(lengths: zip(rowStarts.dropFirst(), rowStarts).map { $0 - $1 }, count: blocks)
        let runs = Self.runs(rowStarts, columnIndices, edges, rowEdges)
        rows = runs.rows
        firstRuns = runs.firsts
        var starts = [0]
        starts.reserveCapacity(runs.sources.count + 1)
        for source in runs.sources { starts.append(starts[starts.count - 1] + source.count) }
        self.starts = starts
        self.columnIndices = edges.count == 2 ? columnIndices : Self.sorted(columnIndices, runs.sources)
        self.values = edges.count == 2 ? values : Self.sorted(values, runs.sources)
    }

    /// Runs of a band in a block of rows.
    func runs(band: Int, block: Int) -> Range<Int> {
        let place = band * blockCount + block
        return firstRuns[place]..<firstRuns[place + 1]
    }

    func runs(band: Int) -> Range<Int> {
        firstRuns[band * blockCount]..<firstRuns[(band + 1) * blockCount]
    }

    /// Calls `body` with the arrays as pointers, because a bounds check for each takes longer than the multiplication.
    @inline(__always)
    func withPointers(
        _ body: (
            _ rows: UnsafeBufferPointer<Int32>,
            _ starts: UnsafeBufferPointer<Int>,
            _ columnIndices: UnsafeBufferPointer<Int32>,
            _ values: UnsafeBufferPointer<Double>
        ) -> Void
    ) {
        rows.withUnsafeBufferPointer { rows in
            starts.withUnsafeBufferPointer { starts in
                columnIndices.withUnsafeBufferPointer { columnIndices in
                    values.withUnsafeBufferPointer { body(rows, starts, columnIndices, $0) }
                }
            }
        }
    }

    private static func columnEdges(columns: Int, columnIndices: [Int32], count: Int) -> [Int] {
        guard count > 1 else { return [0, columns] }
        var members = [Int](repeating: 0, count: columns)
        for column in columnIndices { members[Int(column)] += 1 }
        return edges(lengths: members, count: count)
    }

    /// Cuts a line of things into at most `count` pieces of about equal length.
    private static func edges(lengths: [Int], count: Int) -> [Int] {
        let total = lengths.reduce(0, +)
        var edges = [0]
        var sum = 0
        for (place, length) in lengths.enumerated() {
            // Before this one enough has come for the pieces so far.
            if edges.count < count, place > edges[edges.count - 1], sum * count >= edges.count * total {
                edges.append(place)
            }
            sum += length
        }
        return edges + [lengths.count]
    }

    private struct Runs {
        var rows: [Int32] = []
        /// Places of their elements where these are stored by rows.
        var sources: [Range<Int>] = []
        var firsts = [0]
    }

    private static func runs(
        _ rowStarts: [Int],
        _ columnIndices: [Int32],
        _ edges: [Int],
        _ rowEdges: [Int]
    ) -> Runs {
        var runs = Runs()
        /// How much of each row is in the bands before.
        var next = Array(rowStarts.dropLast())
        for edge in edges.dropFirst() {
            for (start, end) in zip(rowEdges, rowEdges.dropFirst()) {
                for row in start..<end {
                    let first = next[row]
                    var place = first
                    while place < rowStarts[row + 1], columnIndices[place] < edge { place += 1 }
                    guard place > first else { continue }
                    next[row] = place
                    runs.rows.append(Int32(truncatingIfNeeded: row))
                    runs.sources.append(first..<place)
                }
                runs.firsts.append(runs.rows.count)
            }
        }
        return runs
    }

    private static func sorted<Element>(_ elements: [Element], _ sources: [Range<Int>]) -> [Element] {
        var result: [Element] = []
        result.reserveCapacity(elements.count)
        for source in sources { result.append(contentsOf: elements[source]) }
        return result
    }
}
