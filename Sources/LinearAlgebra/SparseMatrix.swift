/// One element of a sparse matrix.
public struct SparseElement: Hashable, Sendable {
    public let row: Int
    public let column: Int
    public let value: Double

    public init(row: Int, column: Int, value: Double) {
        self.row = row
        self.column = column
        self.value = value
    }
}

/// A sparse matrix: 12 bytes for each element that is stored.
///
/// There is no transposed copy, and both products are as fast: see ``ColumnBands``.
public struct SparseMatrix: Equatable, Sendable {
    public let rows: Int
    public let columns: Int
    let bands: ColumnBands

    /// Elements of one task at least: enough that it is worth its start.
    private static let taskElements = 1 << 18
    private static let mostBlocks = 32
    private static let mostBands = 8
    /// Mean number of elements of a row for each band: with less, runs would be too short to be quick.
    private static let leastRun = 16

    /// - Parameter rowStarts: row i is at `rowStarts[i] ..< rowStarts[i + 1]` of columns and values.
    /// - Precondition: columns are in range and ascend within a row; ``SparseRows`` makes sure of it.
    init(columns: Int, rowStarts: [Int], columnIndices: [Int32], values: [Double]) {
        rows = rowStarts.count - 1
        self.columns = columns
        let tasks = values.count / Self.taskElements
        bands = ColumnBands(
            columns: columns,
            rowStarts: rowStarts,
            columnIndices: columnIndices,
            values: values,
            bands: min(Self.mostBands, tasks, values.count / max(1, rows * Self.leastRun)),
            blocks: min(Self.mostBlocks, tasks)
        )
    }

    /// Elements in any order.
    ///
    /// - Parameter addsDuplicates: whether elements of one place are added; otherwise they are an error.
    /// - Throws: ``SparseMatrixError`` that names the first bad element.
    public init(
        rows: Int,
        columns: Int,
        elements: [SparseElement],
        addsDuplicates: Bool = false
    ) throws(SparseMatrixError) {
        guard rows >= 0 else { throw .shape(rows: rows, columns: columns) }
        var builder = try SparseRows(columns: columns, addsDuplicates: addsDuplicates)
        if let bad = elements.first(where: { !(0..<rows).contains($0.row) }) {
            throw .outside(row: bad.row, column: bad.column)
        }
        var rest = elements.sorted { $0.row < $1.row }[...]
        for row in 0..<rows {
            let members = rest.prefix { $0.row == row }
            rest = rest.dropFirst(members.count)
            try builder.append(columns: members.map(\.column), values: members.map(\.value))
        }
        self = builder.matrix
    }

    /// Number of stored elements.
    public var elementCount: Int { bands.values.count }

    /// The full matrix, for small ones.
    public var dense: Matrix {
        var result = Matrix(rows: rows, columns: columns)
        for (run, row) in bands.rows.enumerated() {
            for place in bands.starts[run]..<bands.starts[run + 1] {
                result[Int(row), Int(bands.columnIndices[place])] = bands.values[place]
            }
        }
        return result
    }
}

/// Builds a ``SparseMatrix`` row by row, for instance while footprints are read.
public struct SparseRows: Sendable {
    public let columns: Int
    private let addsDuplicates: Bool
    private var rowStarts = [0]
    private var columnIndices: [Int32] = []
    private var values: [Double] = []

    /// - Parameter addsDuplicates: whether elements of one place are added; otherwise they are an error.
    /// - Throws: ``SparseMatrixError/shape(rows:columns:)`` when columns are negative or beyond 32-bit indices.
    public init(columns: Int, addsDuplicates: Bool = false) throws(SparseMatrixError) {
        guard columns >= 0, Int32(exactly: columns) != nil else { throw .shape(rows: 0, columns: columns) }
        self.columns = columns
        self.addsDuplicates = addsDuplicates
    }

    public var rowCount: Int { rowStarts.count - 1 }

    /// Makes room for elements to come, where their number is known.
    public mutating func reserve(rows: Int, elements: Int) {
        rowStarts.reserveCapacity(rows + 1)
        columnIndices.reserveCapacity(elements)
        values.reserveCapacity(elements)
    }

    /// Adds one row. Zeros are not stored; columns may come in any order.
    ///
    /// - Throws: ``SparseMatrixError`` that names the element; the row is then not added.
    public mutating func append(columns: [Int], values: [Double]) throws(SparseMatrixError) {
        let row = rowCount
        guard row < Int32.max else { throw .shape(rows: row + 1, columns: self.columns) }
        guard columns.count == values.count else {
            throw .wrongLength(row: row, columns: columns.count, values: values.count)
        }
        for (column, value) in zip(columns, values) {
            guard (0..<self.columns).contains(column) else { throw .outside(row: row, column: column) }
            guard value.isFinite else { throw .notFinite(row: row, column: column) }
        }
        let isAscending = zip(columns, columns.dropFirst()).allSatisfy { $0 < $1 }
        if isAscending { store(columns, values) } else { try storeSorted(columns, values, row) }
        rowStarts.append(self.values.count)
    }

    private mutating func store(_ columns: [Int], _ values: [Double]) {
        for (column, value) in zip(columns, values) where value != 0 {
            columnIndices.append(Int32(truncatingIfNeeded: column))
            self.values.append(value)
        }
    }

    private mutating func storeSorted(
        _ columns: [Int],
        _ values: [Double],
        _ row: Int
    ) throws(SparseMatrixError) {
        // Stable, so that duplicates are added in the order in which they came.
        let order = columns.indices.sorted { (columns[$0], $0) < (columns[$1], $1) }
        var merged: [(column: Int, value: Double)] = []
        for index in order {
            if let last = merged.last, last.column == columns[index] {
                guard addsDuplicates else { throw .duplicate(row: row, column: columns[index]) }
                let sum = last.value + values[index]
                guard sum.isFinite else { throw .notFinite(row: row, column: columns[index]) }
                merged[merged.count - 1].value = sum
            } else {
                merged.append((columns[index], values[index]))
            }
        }
        store(merged.map(\.column), merged.map(\.value))
    }

    public var matrix: SparseMatrix {
        SparseMatrix(columns: columns, rowStarts: rowStarts, columnIndices: columnIndices, values: values)
    }
}
