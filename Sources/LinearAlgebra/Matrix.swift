/// A dense row-major matrix of doubles in one contiguous block.
public struct Matrix: Equatable, Sendable {
    public let rows: Int
    public let columns: Int
    /// Element (i, j) is at `i * columns + j`.
    public var storage: [Double]

    /// - Precondition: `storage.count == rows * columns`.
    public init(rows: Int, columns: Int, storage: [Double]) {
        precondition(storage.count == rows * columns, "storage does not fit the shape")
        self.rows = rows
        self.columns = columns
        self.storage = storage
    }

    public init(rows: Int, columns: Int) {
        self.init(rows: rows, columns: columns, storage: [Double](repeating: 0, count: rows * columns))
    }

    /// Square matrix with the given diagonal and zeros elsewhere.
    public init(diagonal: [Double]) {
        self.init(rows: diagonal.count, columns: diagonal.count)
        for index in diagonal.indices { self[index, index] = diagonal[index] }
    }

    public subscript(row: Int, column: Int) -> Double {
        get { storage[row * columns + column] }
        set { storage[row * columns + column] = newValue }
    }

    public var diagonal: [Double] { (0..<min(rows, columns)).map { self[$0, $0] } }
}
