import Concurrent
import Foundation
import LinearAlgebra

/// A kernel of the straight distance between cells of a regular plane grid, exactly, by circulant embedding (Dietrich
/// and Newsam 1997, SIAM J. Sci. Comput. 18, 1088).
///
/// The grid lies in a larger torus, on which the correlation is a convolution: C = P F⁻¹ Λ F Pᵀ with P the cut to the
/// grid. Where all Λ are positive, L = P F⁻¹ √Λ F is a root without any approximation; its controls are the values on
/// the torus, four or more for each cell. ``ProductCorrelation`` of two ``ExponentialAxis`` is much cheaper, and falls
/// with |Δx| + |Δy| instead.
public struct IsotropicGridCorrelation: CorrelationFactor {
    /// Cells of the grid, those of a row in turn.
    public let rows: Int
    public let columns: Int
    public var count: Int { rows * columns }
    public var controlCount: Int { torusRows * torusColumns }
    let torusRows: Int
    let torusColumns: Int
    /// √Λ / (torus size), at column · torusRows + row.
    private let roots: [Double]

    /// - Parameters:
    ///   - rowStep: distance of two rows in the unit of the kernel's length.
    ///   - columnStep: distance of two columns. Of a grid in degrees, that at the middle latitude.
    /// - Throws: ``InversionError`` when a step is not positive, or when the length is so large beside the grid that no
    ///   torus of a sixteenfold size on each side has positive Λ.
    public init(
        rows: Int,
        columns: Int,
        rowStep: Double,
        columnStep: Double,
        kernel: CorrelationKernel
    ) throws(InversionError) {
        try kernel.validate()
        guard rows > 0, columns > 0 else { throw .empty("correlation") }
        for (index, step) in [rowStep, columnStep].enumerated() where !(step > 0 && step.isFinite) {
            throw .notPositive("steps of the grid", index: index, value: step)
        }
        self.rows = rows
        self.columns = columns
        for enlargement in [1, 2, 4, 8] {
            guard let height = Self.torusSize(rows, enlargement),
                let width = Self.torusSize(columns, enlargement), height * width <= Self.mostControls
            else { throw .algebra("prior correlation", .tooLarge(rows: rows, columns: columns)) }
            let values = Self.eigenvalues(height, width, rowStep, columnStep, kernel)
            // What dropping the negative ones changes in any element of C.
            let change = values.reduce(0) { $0 - min(0, $1) } / Double(values.count)
            guard change <= 1e-13 else { continue }
            (torusRows, torusColumns) = (height, width)
            roots = values.map { max(0, $0).squareRoot() / Double(values.count) }
            return
        }
        throw .outOfRange("correlation length beside the size of the grid", index: 0)
    }

    static let mostControls = 1 << 26

    /// The next power of two that is at least twice the count; nil where that is beyond all bounds.
    private static func torusSize(_ count: Int, _ enlargement: Int) -> Int? {
        guard count <= mostControls else { return nil }
        var size = 1
        while size < 2 * count { size *= 2 }
        return size == 2 && count == 1 ? 1 : size * enlargement
    }

    /// Λ, the transform of one column of the torus matrix, at column · height + row.
    private static func eigenvalues(
        _ height: Int,
        _ width: Int,
        _ rowStep: Double,
        _ columnStep: Double,
        _ kernel: CorrelationKernel
    ) -> [Double] {
        var real = [Double](repeating: 0, count: height * width)
        var imaginary = real
        for row in 0..<height {
            let dy = Double(min(row, height - row)) * rowStep
            for column in 0..<width {
                let dx = Double(min(column, width - column)) * columnStep
                real[row * width + column] = kernel.correlation(at: hypot(dx, dy))
            }
        }
        FourierTransform(length: height).transform(real: &real, imaginary: &imaginary, width: width)
        real = transposed(real, rows: height, columns: width)
        imaginary = transposed(imaginary, rows: height, columns: width)
        FourierTransform(length: width).transform(real: &real, imaginary: &imaginary, width: height)
        return real
    }

    public func applyRoot(_ block: [Double], outer: Int, inner: Int) async -> [Double] {
        let layers = outer * inner
        let torus = await convolved(layers: layers) { layer, row, column in
            let member = row * torusColumns + column
            return block[(layer / inner * controlCount + member) * inner + layer % inner]
        }
        var result = [Double](repeating: 0, count: layers * count)
        for layer in 0..<layers {
            for row in 0..<rows {
                for column in 0..<columns {
                    let place = (layer / inner * count + row * columns + column) * inner + layer % inner
                    result[place] = torus[layer][row * torusColumns + column]
                }
            }
        }
        return result
    }

    public func applyTransposedRoot(_ block: [Double], outer: Int, inner: Int) async -> [Double] {
        let layers = outer * inner
        let torus = await convolved(layers: layers) { layer, row, column in
            guard row < rows, column < columns else { return 0 }
            return block[(layer / inner * count + row * columns + column) * inner + layer % inner]
        }
        var result = [Double](repeating: 0, count: layers * controlCount)
        for layer in 0..<layers {
            for member in 0..<controlCount {
                let place = (layer / inner * controlCount + member) * inner + layer % inner
                result[place] = torus[layer][member]
            }
        }
        return result
    }

    /// F⁻¹ √Λ F of each layer. Two layers go together, one as the real and one as the imaginary part: the map is real.
    private func convolved(
        layers: Int,
        _ value: @escaping @Sendable (_ layer: Int, _ row: Int, _ column: Int) -> Double
    ) async -> [[Double]] {
        let pairs = await parallelParts(chunks: (layers + 1) / 2) { pair in
            var real = [Double](repeating: 0, count: controlCount)
            var imaginary = real
            let isPair = 2 * pair + 1 < layers
            for row in 0..<torusRows {
                for column in 0..<torusColumns {
                    let place = row * torusColumns + column
                    real[place] = value(2 * pair, row, column)
                    if isPair { imaginary[place] = value(2 * pair + 1, row, column) }
                }
            }
            convolve(&real, &imaginary)
            return isPair ? [real, imaginary] : [real]
        }
        return Array(pairs.joined())
    }

    private func convolve(_ real: inout [Double], _ imaginary: inout [Double]) {
        let along = FourierTransform(length: torusRows)
        let across = FourierTransform(length: torusColumns)
        along.transform(real: &real, imaginary: &imaginary, width: torusColumns)
        real = Self.transposed(real, rows: torusRows, columns: torusColumns)
        imaginary = Self.transposed(imaginary, rows: torusRows, columns: torusColumns)
        across.transform(real: &real, imaginary: &imaginary, width: torusRows)
        for index in roots.indices {
            real[index] *= roots[index]
            imaginary[index] *= roots[index]
        }
        across.transform(real: &real, imaginary: &imaginary, width: torusRows, inverse: true)
        real = Self.transposed(real, rows: torusColumns, columns: torusRows)
        imaginary = Self.transposed(imaginary, rows: torusColumns, columns: torusRows)
        along.transform(real: &real, imaginary: &imaginary, width: torusColumns, inverse: true)
    }

    private static func transposed(_ values: [Double], rows: Int, columns: Int) -> [Double] {
        var result = [Double](repeating: 0, count: values.count)
        let tile = 32
        for top in stride(from: 0, to: rows, by: tile) {
            for left in stride(from: 0, to: columns, by: tile) {
                for row in top..<min(top + tile, rows) {
                    for column in left..<min(left + tile, columns) {
                        result[column * rows + row] = values[row * columns + column]
                    }
                }
            }
        }
        return result
    }
}
