public import Quantities

/// Elements that make no sparse matrix.
public enum SparseMatrixError: Fault, Equatable {
    /// A count is negative or beyond 32-bit indices.
    case shape(rows: Int, columns: Int)
    /// An element lies outside the matrix.
    case outside(row: Int, column: Int)
    /// An element, or the sum of elements of one place, is NaN or infinite.
    case notFinite(row: Int, column: Int)
    /// Two elements have one place.
    case duplicate(row: Int, column: Int)
    /// A row has another number of values than of columns.
    case wrongLength(row: Int, columns: Int, values: Int)

    public var exitStatus: ExitStatus { .badData }

    public var what: String {
        switch self {
        case .shape: "the sparse matrix has an impossible shape"
        case .outside: "an element lies outside the sparse matrix"
        case .notFinite: "the sparse matrix holds a value that is not finite"
        case .duplicate: "an element of the sparse matrix occurs twice"
        case .wrongLength(_, let columns, let values): "a row has \(columns) columns and \(values) values"
        }
    }

    public var place: String {
        switch self {
        case .shape(let rows, let columns): "\(rows) x \(columns)"
        case .outside(let row, let column), .notFinite(let row, let column), .duplicate(let row, let column):
            "row \(row), column \(column)"
        case .wrongLength(let row, _, _): "row \(row)"
        }
    }

    public var remedy: String {
        switch self {
        case .shape: "aggregate the state"
        case .duplicate: "add up the contributions of one cell"
        case .notFinite: "leave out observations without a footprint"
        case .outside, .wrongLength: "check the grid that the elements belong to"
        }
    }
}
