import LinearAlgebra
import TestSupport
import Testing

/// Dense work that threads share: what BLAS gives, and the same bits for any number of threads.
@Suite struct SharedWorkTests {
    static let shapes = [(1, 1, 1), (3, 5, 2), (255, 300, 257), (700, 40, 900), (900, 800, 30)]

    @Test(arguments: shapes) func productsAreThoseOfOneThread(rows: Int, inner: Int, columns: Int) {
        var random = SeededGenerator(seed: 1)
        let (a, b) = (Matrix.random(rows, inner, &random), Matrix.random(inner, columns, &random))
        let alone = a.times(b, threads: 1)
        #expect(alone.distance(to: a.times(b)) < 1e-10)
        #expect(a.times(b, threads: 2) == alone && a.times(b, threads: 5) == alone)
        var scaled = a
        scaled.scaleColumns(by: (0..<inner).map { 1 + Double($0 % 3) })
        let square = scaled.timesTransposedSymmetric(a, threads: 1)
        #expect(square.distance(to: scaled.timesTransposed(a)) < 1e-10)
        #expect(square == scaled.timesTransposedSymmetric(a, threads: 3))
        #expect(square.worstAsymmetry == nil)
    }

    @Test(arguments: [1, 20, 257, 900]) func solutionsAreThoseOfOneThread(order: Int) throws {
        var random = SeededGenerator(seed: 2)
        var matrix = Matrix.productTransposed(of: .random(order, 20, &random))
        matrix.addToDiagonal([Double](repeating: 3, count: order))
        let factor = try Cholesky(factoring: matrix, threads: 1)
        let expected = try Cholesky(factoring: matrix)
        #expect(factor.factor.distance(to: expected.factor) < 1e-11)
        #expect(try Cholesky(factoring: matrix, threads: 3).factor == factor.factor)
        let right = Matrix.random(order, 700, &random)
        let solution = factor.forwardSolve(right, threads: 1)
        #expect(solution.distance(to: expected.forwardSolve(right)) < 1e-10)
        #expect(solution == factor.forwardSolve(right, threads: 4))
        let less = Matrix.random(30, order, &random)
        let alone = matrix.subtractingSquare(of: less, threads: 1)
        var plain = matrix
        plain.addTransposedProduct(of: less, scale: -1)
        plain.mirrorLowerTriangle()
        #expect(alone.distance(to: plain) < 1e-11 && alone.worstAsymmetry == nil)
        #expect(alone == matrix.subtractingSquare(of: less, threads: 3))
    }

    @Test func aMatrixThatIsNotPositiveDefiniteIsRefused() {
        for order in [4, 800] {
            var matrix = Matrix(diagonal: [Double](repeating: 1, count: order))
            matrix[order - 2, order - 2] = -1
            #expect(throws: LinearAlgebraError.self) { try Cholesky(factoring: matrix, threads: 2) }
            matrix[order - 2, order - 2] = .nan
            #expect(throws: LinearAlgebraError.notFinite(row: order - 2, column: order - 2)) {
                try Cholesky(factoring: matrix, threads: 2)
            }
        }
    }

    @Test func emptyMatricesAreProductsToo() {
        let none = Matrix(rows: 3, columns: 0).times(Matrix(rows: 0, columns: 2), threads: 2)
        #expect(none == Matrix(rows: 3, columns: 2))
        #expect(Matrix(rows: 0, columns: 3).times(Matrix(rows: 3, columns: 2), threads: 2).rows == 0)
    }

    /// hᵀ·X·Xᵀ·h with X = J·Zᵀ·J.
    @Test(arguments: [1, 255, 257, 800]) func imageNormsAreThoseOfTheSquare(order: Int) throws {
        var random = SeededGenerator(seed: 3)
        var matrix = Matrix.productTransposed(of: .random(order, 20, &random))
        matrix.addToDiagonal([Double](repeating: 3, count: order))
        let panels = try LowerPanels.leftFactor(of: matrix)
        let square = panels.exchangedSquare()
        let rows = Matrix.random(9, order, &random)
        let norms = panels.exchangedImageNorms(of: rows, threads: 1)
        let expected = rows.times(square).timesTransposed(rows).diagonal
        #expect(zip(norms, expected).allSatisfy { abs($0 - $1) <= 1e-12 * $1 })
        #expect(norms == panels.exchangedImageNorms(of: rows, threads: 3))
        #expect(panels.exchangedImageNorms(of: Matrix(rows: 0, columns: order)).isEmpty)
    }
}
