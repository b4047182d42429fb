import LinearAlgebra
import TestSupport

extension Matrix {
    static func random(_ rows: Int, _ columns: Int, _ random: inout SeededGenerator) -> Matrix {
        Matrix(rows: rows, columns: columns, storage: (0..<rows * columns).map { _ in random.normal() })
    }

    /// Symmetric positive definite with eigenvalues of order one.
    static func randomCovariance(_ order: Int, _ random: inout SeededGenerator) -> Matrix {
        var result = productTransposed(of: .random(order, order + 3, &random))
        result.addToDiagonal([Double](repeating: 0.5, count: order))
        return result
    }

    static func identity(_ order: Int) -> Matrix { Matrix(diagonal: [Double](repeating: 1, count: order)) }

    func distance(to other: Matrix) -> Double {
        zip(storage, other.storage).map { abs($0 - $1) }.max() ?? 0
    }

    /// The triple loop that BLAS is compared with.
    func timesByHand(_ other: Matrix) -> Matrix {
        var result = Matrix(rows: rows, columns: other.columns)
        for row in 0..<rows {
            for column in 0..<other.columns {
                for inner in 0..<columns { result[row, column] += self[row, inner] * other[inner, column] }
            }
        }
        return result
    }
}

func distance(_ a: [Double], _ b: [Double]) -> Double {
    precondition(a.count == b.count)
    return zip(a, b).map { abs($0 - $1) }.max() ?? 0
}
