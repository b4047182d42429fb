public import Quantities

/// A matrix that dense algebra cannot work with.
public enum LinearAlgebraError: Fault, Equatable {
    /// The leading minor of this order is not positive, so the matrix has no Cholesky factor.
    case notPositiveDefinite(order: Int)
    /// The element at this place is NaN or infinite.
    case notFinite(row: Int, column: Int)
    /// BLAS and LAPACK are built with 32-bit indices.
    case tooLarge(rows: Int, columns: Int)
    /// Elimination found no pivot at this order.
    case singular(order: Int)
    /// The eigenvalues of a matrix of this order were not found.
    case notConverged(order: Int)
    /// The matrix should have been square.
    case notSquare(rows: Int, columns: Int)

    public var exitStatus: ExitStatus { .badData }

    public var what: String {
        switch self {
        case .notPositiveDefinite: "the matrix is not positive definite"
        case .singular: "the matrix is singular"
        case .notConverged: "the iteration for eigenvalues does not converge"
        case .notFinite: "the matrix holds a value that is not finite"
        case .tooLarge: "the matrix is too large for 32-bit indices"
        case .notSquare: "the matrix is not square"
        }
    }

    public var place: String {
        switch self {
        case .singular(let order): "column \(order)"
        case .notPositiveDefinite(let order): "leading minor of order \(order)"
        case .notConverged(let order): "\(order) x \(order)"
        case .notFinite(let row, let column): "row \(row), column \(column)"
        case .tooLarge(let rows, let columns), .notSquare(let rows, let columns): "\(rows) x \(columns)"
        }
    }

    public var remedy: String {
        switch self {
        case .notPositiveDefinite: "check that the covariance has positive variances and no exact duplicates"
        case .notFinite, .notSquare, .singular, .notConverged: "check the input"
        case .tooLarge: "aggregate the observations or the state"
        }
    }
}
