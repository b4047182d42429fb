import Foundation
import LinearAlgebra
import TestSupport
import Testing

@Suite struct LowerPanelsTests {
    /// One tile, two and several, with and without a rest.
    static let orders = [1, 2, 7, 255, 256, 257, 600, 800]

    private func vector(_ count: Int, _ random: inout SeededGenerator) -> [Double] {
        (0..<count).map { _ in random.normal() }
    }

    private func covariance(_ order: Int, _ random: inout SeededGenerator) -> Matrix {
        var matrix = Matrix.productTransposed(of: .random(order, 20, &random))
        matrix.addToDiagonal([Double](repeating: 3, count: order))
        return matrix
    }

    @Test(arguments: orders) func aLeftFactorIsThatOfLAPACK(order: Int) throws {
        var random = SeededGenerator(seed: 1)
        let matrix = covariance(order, &random)
        let panels = try LowerPanels.leftFactor(of: matrix)
        let expected = try Cholesky(factoring: matrix)
        #expect(panels.triangularMatrix.distance(to: expected.factor) < 1e-11)
        #expect(abs(panels.logDeterminantOfSquare - expected.logDeterminant) < 1e-9)
        let v = vector(order, &random)
        #expect(distance(panels.times(v), expected.multiply(v)) < 1e-10)
        #expect(distance(panels.transposedTimes(v), expected.transposedMultiply(v)) < 1e-10)
        #expect(distance(panels.solve(v), expected.forwardSolve(v)) < 1e-10)
        #expect(distance(panels.transposedSolve(v), expected.backwardSolve(v)) < 1e-10)
    }

    @Test(arguments: orders) func aRightFactorGivesTheMatrixBack(order: Int) throws {
        var random = SeededGenerator(seed: 2)
        let matrix = covariance(order, &random)
        var panels = LowerPanels(lowerTriangleOf: matrix)
        try panels.factorRight()
        let factor = panels.triangularMatrix
        #expect(
            Matrix.transposedProduct(of: factor).distance(to: matrix) < 1e-11 * matrix.diagonal.reduce(1, max)
        )
    }

    @Test(arguments: orders) func aCongruenceIsTheProduct(order: Int) throws {
        var random = SeededGenerator(seed: 3)
        let (matrix, other) = (covariance(order, &random), covariance(order, &random))
        let factor = try LowerPanels.leftFactor(of: other)
        let expected = try Cholesky(factoring: other).congruence(of: matrix)
        let found = LowerPanels(lowerTriangleOf: matrix).congruence(with: factor).symmetricMatrix
        var complete = expected
        complete.mirrorLowerTriangle()
        #expect(found.distance(to: complete) < 1e-11 * complete.diagonal.reduce(1, max))
    }

    @Test(arguments: orders) func aQuotientTimesItsDivisorIsTheDividend(order: Int) throws {
        var random = SeededGenerator(seed: 4)
        let dividend = try LowerPanels.leftFactor(of: covariance(order, &random))
        let divisor = try LowerPanels.leftFactor(of: covariance(order, &random))
        var quotient = dividend
        quotient.divide(by: divisor)
        let product = quotient.triangularMatrix.times(divisor.triangularMatrix)
        #expect(product.distance(to: dividend.triangularMatrix) < 1e-11)
        let square = quotient.antitransposed().exchangedSquare()
        let root = quotient.triangularMatrix
        #expect(square.distance(to: .productTransposed(of: root)) < 1e-12)
        #expect(square.worstAsymmetry == nil)
        let rows = Array(stride(from: 0, to: order, by: 5))
        let retained = quotient.retainedDiagonal(at: rows, factor: dividend, divisor: divisor)
        let whole = try Cholesky(factoring: .productTransposed(of: dividend.triangularMatrix)).solve(square)
        #expect(distance(retained, rows.map { whole[$0, $0] }) < 1e-10)
    }

    @Test(arguments: orders) func sumsOfRowsAreProducts(order: Int) {
        var random = SeededGenerator(seed: 5)
        let a = Matrix.random(40, order, &random)
        var panels = LowerPanels(order: order)
        panels.addTransposedProduct(of: a, rows: 0..<13, scaledBy: [Double](repeating: 2, count: 13))
        panels.addTransposedProduct(of: a, rows: 13..<40, scaledBy: [Double](repeating: 2, count: 27))
        var expected = Matrix(rows: order, columns: order)
        expected.addTransposedProduct(of: a, scale: 4)
        expected.mirrorLowerTriangle()
        #expect(panels.symmetricMatrix.distance(to: expected) < 1e-11)
        let symmetric = covariance(order, &random)
        let diagonal = expected.times(symmetric).diagonal
        #expect(distance(panels.productDiagonal(with: symmetric), diagonal) < 1e-9)
        let norms = panels.rowNorms(scaledBy: [Double](repeating: 2, count: order))
        let squares = (0..<order).reduce(0) { $0 + 16 * expected[0, $1] * expected[0, $1] }
        #expect(abs(norms[0] - squares.squareRoot()) < 1e-9)
    }

    @Test(arguments: [(800, 1), (800, 300), (800, 799), (3, 2)]) func theFirstBadMinorIsNamed(
        order: Int,
        bad: Int
    ) {
        var diagonal = [Double](repeating: 1, count: order)
        diagonal[bad - 1] = -1
        #expect(throws: LinearAlgebraError.notPositiveDefinite(order: bad)) {
            try LowerPanels.leftFactor(of: Matrix(diagonal: diagonal))
        }
        diagonal[bad - 1] = .nan
        #expect(throws: LinearAlgebraError.notPositiveDefinite(order: bad)) {
            try LowerPanels.leftFactor(of: Matrix(diagonal: diagonal))
        }
    }

    /// Every tile is computed by one task in one order.
    @Test func theNumberOfThreadsChangesNoBit() throws {
        var random = SeededGenerator(seed: 6)
        let order = 900
        let (matrix, other) = (covariance(order, &random), covariance(order, &random))
        func everything(threads: Int) throws -> [[Double]] {
            let left = try LowerPanels.leftFactor(of: matrix, threads: threads)
            var sums = LowerPanels(lowerTriangleOf: other)
            let scales = [Double](repeating: 0.1, count: 100)
            sums.addTransposedProduct(of: matrix, rows: 50..<150, scaledBy: scales, threads: threads)
            var right = sums.congruence(with: left, threads: threads)
            let congruent = right.symmetricMatrix.storage
            right.addToDiagonal(1)
            try right.factorRight(threads: threads)
            var quotient = left
            quotient.divide(by: right, threads: threads)
            let square = quotient.antitransposed(threads: threads).exchangedSquare(threads: threads)
            let rows = [3, 800]
            let retained = quotient.retainedDiagonal(at: rows, factor: left, divisor: right, threads: threads)
            return [left.triangularMatrix.storage, congruent, square.storage, retained]
        }
        let alone = try everything(threads: 1)
        for threads in [2, 3, 5] { #expect(try everything(threads: threads) == alone) }
    }
}
