import LinearAlgebra
import TestSupport
import Testing

@Suite struct EigenAndRootTests {
    private func draws(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
        var random = SeededGenerator(seed: seed)
        return Matrix(
            rows: rows,
            columns: columns,
            storage: (0..<rows * columns).map { _ in random.normal() }
        )
    }

    private func largest(_ a: Matrix, _ b: Matrix) -> Double {
        zip(a.storage, b.storage).map { abs($0 - $1) }.max() ?? 0
    }

    @Test func thePairHasItsEigenvaluesByHand() throws {
        let eigen = try SymmetricEigen(decomposing: Matrix(rows: 2, columns: 2, storage: [2, 9, 1, 2]))
        #expect(abs(eigen.values[0] - 1) < 1e-14)
        #expect(abs(eigen.values[1] - 3) < 1e-14)
    }

    @Test(arguments: [1, 3, 8, 40]) func vectorsAreOrthonormalAndRebuildTheMatrix(order: Int) throws {
        let matrix = Matrix.productTransposed(of: draws(order, order + 1, seed: UInt64(order)))
        let eigen = try SymmetricEigen(decomposing: matrix)
        #expect(eigen.values == eigen.values.sorted())
        let identity = Matrix(diagonal: [Double](repeating: 1, count: order))
        #expect(largest(eigen.vectors.timesTransposed(eigen.vectors), identity) < 1e-13)
        let scale = eigen.values[order - 1]
        #expect(largest(eigen.mapped { max(0, $0) }, matrix) < 1e-13 * scale)
        let root = eigen.mapped { max(0, $0).squareRoot() }
        #expect(root.worstAsymmetry == nil)
        #expect(largest(root.times(root), matrix) < 1e-12 * scale)
    }

    @Test func badMatricesAreRefused() {
        #expect(throws: LinearAlgebraError.notSquare(rows: 1, columns: 2)) {
            try SymmetricEigen(decomposing: Matrix(rows: 1, columns: 2))
        }
        #expect(throws: LinearAlgebraError.notFinite(row: 1, column: 0)) {
            try SymmetricEigen(decomposing: Matrix(rows: 2, columns: 2, storage: [1, 0, .nan, 1]))
        }
        #expect(throws: LinearAlgebraError.notFinite(row: 0, column: 1)) {
            try Matrix(rows: 1, columns: 2, storage: [1, .infinity]).triangularRoot()
        }
    }

    @Test(arguments: [(1, 1), (3, 3), (4, 9), (30, 50)]) func theRootOfAWideMatrixHasItsProduct(
        rows: Int,
        columns: Int
    ) throws {
        let wide = draws(rows, columns, seed: 5)
        let root = try wide.triangularRoot()
        #expect(root.columns == rows)
        #expect(largest(.productTransposed(of: root), .productTransposed(of: wide)) < 1e-12 * Double(columns))
        for row in 0..<rows {
            for column in (row + 1)..<max(rows, row + 1) { #expect(root[row, column] == 0) }
        }
    }

    @Test func aMatrixWithoutFullRankHasARoot() throws {
        let root = try Matrix(rows: 2, columns: 3, storage: [3, 4, 0, 6, 8, 0]).triangularRoot()
        #expect(
            largest(.productTransposed(of: root), Matrix(rows: 2, columns: 2, storage: [25, 50, 50, 100]))
                < 1e-13
        )
    }
}
