import Foundation
public import LinearAlgebra

/// How the prior errors of state elements depend on their distance.
public struct PriorCorrelation: Equatable, Sendable {
    public enum Form: String, Codable, Sendable {
        /// exp(-d / length).
        case exponential
        /// Matérn of order 3/2, (1 + √3 d / length) exp(-√3 d / length): smoother fields.
        case matern32 = "matern_3_2"
    }

    public let form: Form
    /// Symmetric, zero on the diagonal, in the unit of the length; infinite for elements that never correlate, such
    /// as those of different sectors.
    public let distances: Matrix

    /// - Throws: ``InversionError`` when distances are not square, negative, NaN or not symmetric, or an element is
    ///   away from itself.
    public init(form: Form, distances: Matrix) throws(InversionError) {
        try checkLength("columns of the distances", distances.columns, distances.rows)
        for row in 0..<distances.rows {
            guard distances[row, row] == 0 else { throw .outOfRange("diagonal of the distances", index: row) }
            for column in 0..<row {
                guard distances[row, column] >= 0 else {
                    throw .outOfRange("distances", index: row * distances.columns + column)
                }
                guard distances[row, column] == distances[column, row] else {
                    throw .notSymmetric("distances", row: row, column: column)
                }
            }
        }
        self.form = form
        self.distances = distances
    }

    /// Correlations at a length.
    public func matrix(length: Double) -> Matrix { mapped { value($0 / length) } }

    /// Their derivatives by the logarithm of the length.
    func derivative(length: Double) -> Matrix { mapped { $0.isInfinite ? 0 : slope($0 / length) } }

    /// The covariance of elements with these standard deviations.
    public func covariance(sigma: [Double], length: Double) -> Matrix {
        scaled(matrix(length: length), by: sigma)
    }

    func derivative(sigma: [Double], length: Double) -> Matrix {
        scaled(derivative(length: length), by: sigma)
    }

    private func value(_ ratio: Double) -> Double {
        switch form {
        case .exponential: exp(-ratio)
        case .matern32: ratio.isInfinite ? 0 : (1 + 3.0.squareRoot() * ratio) * exp(-3.0.squareRoot() * ratio)
        }
    }

    /// -r · dc/dr at r = distance / length.
    private func slope(_ ratio: Double) -> Double {
        switch form {
        case .exponential: ratio * exp(-ratio)
        case .matern32: 3 * ratio * ratio * exp(-3.0.squareRoot() * ratio)
        }
    }

    private func mapped(_ function: (Double) -> Double) -> Matrix {
        Matrix(rows: distances.rows, columns: distances.columns, storage: distances.storage.map(function))
    }

    private func scaled(_ matrix: consuming Matrix, by sigma: [Double]) -> Matrix {
        matrix.scaleRows(by: sigma)
        matrix.scaleColumns(by: sigma)
        return matrix
    }
}
