import LinearAlgebra
import TestSupport
import Testing

@Suite struct ProductTests {
    @Test(arguments: 0..<20 as Range<UInt64>) func productsEqualTheTripleLoop(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let (rows, inner, columns) = (1 + Int(seed) % 5, 1 + Int(seed) % 7, 1 + Int(seed) % 3)
        let a = Matrix.random(rows, inner, &random)
        let b = Matrix.random(inner, columns, &random)
        let expected = a.timesByHand(b)
        #expect(a.times(b).distance(to: expected) < 1e-13)
        #expect(a.transposed().transposedTimes(b).distance(to: expected) < 1e-13)
        #expect(a.timesTransposed(b.transposed()).distance(to: expected) < 1e-13)
        let vector = (0..<inner).map { _ in random.normal() }
        let column = a.timesByHand(Matrix(rows: inner, columns: 1, storage: vector)).storage
        #expect(distance(a.times(vector), column) < 1e-13)
        #expect(distance(a.transposed().transposedTimes(vector), column) < 1e-13)
    }

    @Test(arguments: [1, 3, 64, 65, 130]) func rankUpdateIsCompleteAndSymmetric(order: Int) {
        var random = SeededGenerator(seed: 7)
        let a = Matrix.random(order + 2, order, &random)
        let product = Matrix.transposedProduct(of: a)
        #expect(product.distance(to: a.transposed().times(a)) < 1e-11)
        #expect(product.worstAsymmetry == nil)
        let other = Matrix.productTransposed(of: a)
        #expect(other.distance(to: a.times(a.transposed())) < 1e-11)
    }

    @Test func aProductOverNothingIsZero() {
        let a = Matrix(rows: 2, columns: 0)
        #expect(a.times(Matrix(rows: 0, columns: 3)) == Matrix(rows: 2, columns: 3))
        #expect(a.times([]) == [0, 0])
    }

    @Test func scalingActsOnRowsAndColumns() {
        var matrix = Matrix(rows: 2, columns: 3, storage: [1, 2, 3, 4, 5, 6])
        matrix.scaleRows(by: [2, 10])
        matrix.scaleColumns(by: [1, 0, -1])
        #expect(matrix.storage == [2, 0, -6, 40, 0, -60])
        #expect(matrix.rows(1..<2).storage == [40, 0, -60])
    }

    @Test func asymmetryNamesItsPlace() throws {
        var matrix = Matrix.identity(3)
        matrix[2, 0] = 0.5
        let worst = try #require(matrix.worstAsymmetry)
        #expect(worst.row == 2 && worst.column == 0 && worst.relative == 0.5)
    }

    @Test func productsGoOnWithoutTheThreadsOfTheStart() {
        BLASConfiguration.endIdleThreads()
        BLASConfiguration.endIdleThreads()
        let a = Matrix(rows: 2, columns: 2, storage: [1, 2, 3, 4])
        #expect(a.times(a).storage == [7, 10, 15, 22])
    }

    @Test func oneThreadIsTheDefault() {
        #expect(BLASConfiguration.threads == 1)
        #expect(!BLASConfiguration.core.isEmpty)
    }
}
