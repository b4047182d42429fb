import Foundation

func logarithm(_ value: Double) -> Double { log(value) }

extension Matrix {
    /// Multiplies row i by `factors[i]`.
    public mutating func scaleRows(by factors: [Double]) {
        precondition(factors.count == rows, "factors do not fit the matrix")
        for row in 0..<rows {
            let factor = factors[row]
            for index in (row * columns)..<((row + 1) * columns) { storage[index] *= factor }
        }
    }

    /// Multiplies column j by `factors[j]`.
    public mutating func scaleColumns(by factors: [Double]) {
        precondition(factors.count == columns, "factors do not fit the matrix")
        for row in 0..<rows {
            let start = row * columns
            for column in 0..<columns { storage[start + column] *= factors[column] }
        }
    }

    /// Adds `values` to the diagonal.
    public mutating func addToDiagonal(_ values: [Double]) {
        precondition(rows == columns && values.count == rows, "values do not fit the diagonal")
        for index in 0..<rows { storage[index * columns + index] += values[index] }
    }

    /// The place of the first element at or below the diagonal that is NaN or infinite.
    var firstNotFiniteInLowerTriangle: (row: Int, column: Int)? {
        for row in 0..<rows {
            let start = row * columns
            for column in 0...row where !storage[start + column].isFinite { return (row, column) }
        }
        return nil
    }
}
