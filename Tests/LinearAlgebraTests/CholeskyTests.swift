import Foundation
import LinearAlgebra
import Quantities
import TestSupport
import Testing

@Suite struct CholeskyTests {
    @Test func aSmallFactorIsTheOneByHand() throws {
        // [4 2; 2 5] = [2 0; 1 2] [2 1; 0 2], determinant 16.
        let cholesky = try Cholesky(factoring: Matrix(rows: 2, columns: 2, storage: [4, 2, 2, 5]))
        #expect(cholesky.factor.storage == [2, 0, 1, 2])
        #expect(abs(cholesky.logDeterminant - log(16)) < 1e-15)
        #expect(distance(cholesky.solve([8, 9]), [11.0 / 8, 5.0 / 4]) < 1e-15)
        #expect(
            cholesky.inverse().distance(
                to: Matrix(rows: 2, columns: 2, storage: [5, -2, -2, 4].map { $0 / 16 })
            ) < 1e-16
        )
    }

    @Test(arguments: 0..<25 as Range<UInt64>) func solvesInvertTheMatrix(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let order = 1 + Int(seed) * 3
        let matrix = Matrix.randomCovariance(order, &random)
        let cholesky = try Cholesky(factoring: matrix)
        let factor = cholesky.factor
        #expect(factor.timesTransposed(factor).distance(to: matrix) < 1e-11)
        #expect(matrix.times(cholesky.inverse()).distance(to: .identity(order)) < 1e-10)
        let right = Matrix.random(order, 4, &random)
        #expect(matrix.times(cholesky.solve(right)).distance(to: right) < 1e-10)
        let vector = (0..<order).map { _ in random.normal() }
        #expect(distance(matrix.times(cholesky.solve(vector)), vector) < 1e-10)
        #expect(distance(factor.times(cholesky.forwardSolve(vector)), vector) < 1e-10)
        #expect(distance(cholesky.multiply(vector), factor.times(vector)) < 1e-12)
        #expect(distance(cholesky.transposedMultiply(vector), factor.transposedTimes(vector)) < 1e-12)
        let wide = Matrix.random(3, order, &random)
        let fromRight = cholesky.solveFromRight(wide, transposed: true)
        #expect(fromRight.timesTransposed(factor).distance(to: wide) < 1e-10)
        #expect(cholesky.solveFromRight(wide, transposed: false).times(factor).distance(to: wide) < 1e-10)
        let middle = Matrix.randomCovariance(order, &random)
        var congruent = cholesky.congruence(of: middle)
        congruent.mirrorLowerTriangle()
        #expect(congruent.distance(to: factor.transposedTimes(middle.times(factor))) < 1e-9 * Double(order))
    }

    @Test func theOrderOfTheFirstBadMinorIsNamed() {
        let matrix = Matrix(rows: 3, columns: 3, storage: [1, 0, 0, 0, 1, 2, 0, 2, 1])
        #expect(throws: LinearAlgebraError.notPositiveDefinite(order: 3)) { try Cholesky(factoring: matrix) }
        let negative = Matrix(diagonal: [1, -1, 1])
        #expect(throws: LinearAlgebraError.notPositiveDefinite(order: 2)) {
            try Cholesky(factoring: negative)
        }
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity]) func valuesThatAreNotFiniteAreRefused(value: Double)
    {
        var matrix = Matrix.identity(3)
        matrix[2, 1] = value
        #expect(throws: LinearAlgebraError.notFinite(row: 2, column: 1)) { try Cholesky(factoring: matrix) }
    }

    @Test func aMatrixThatIsNotSquareIsRefused() {
        let matrix = Matrix(rows: 2, columns: 3)
        #expect(throws: LinearAlgebraError.notSquare(rows: 2, columns: 3)) { try Cholesky(factoring: matrix) }
    }

    @Test func theErrorIsOneLine() {
        let error = LinearAlgebraError.notPositiveDefinite(order: 4)
        #expect(error.line.contains("leading minor of order 4"))
        #expect(error.exitStatus.rawValue == 65)
    }

    @Test func nothingIsFactoredFromNothing() throws {
        let cholesky = try Cholesky(factoring: Matrix(rows: 0, columns: 0))
        #expect(cholesky.logDeterminant == 0)
        #expect(cholesky.solve([]) == [])
    }
}

@Suite struct LUFactorTests {
    @Test(arguments: 0..<15 as Range<UInt64>) func eliminationInvertsTheMatrix(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let order = 1 + Int(seed) * 2
        var matrix = Matrix.random(order, order, &random)
        matrix.addToDiagonal([Double](repeating: 4, count: order))
        let factor = try LUFactor(factoring: matrix)
        #expect(matrix.times(factor.inverse()).distance(to: .identity(order)) < 1e-10)
        let vector = (0..<order).map { _ in random.normal() }
        #expect(distance(matrix.times(factor.solve(vector)), vector) < 1e-10)
    }

    @Test func theDeterminantIsTheOneByHand() throws {
        let factor = try LUFactor(factoring: Matrix(rows: 2, columns: 2, storage: [1, 2, 3, 4]))
        #expect(abs(factor.logAbsoluteDeterminant - log(2)) < 1e-15)
    }

    @Test func aSingularMatrixIsRefused() {
        let matrix = Matrix(rows: 2, columns: 2, storage: [1, 2, 2, 4])
        #expect(throws: LinearAlgebraError.singular(order: 2)) { try LUFactor(factoring: matrix) }
    }
}
