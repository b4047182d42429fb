import Concurrent
import LinearAlgebra
import TestSupport
import Testing

@Suite struct SparseMatrixTests {
    private func random(seed: UInt64, rows: Int, columns: Int, filled: Double) throws -> SparseMatrix {
        var random = SeededGenerator(seed: seed)
        var elements: [SparseElement] = []
        for row in 0..<rows {
            for column in 0..<columns where random.uniform() < filled {
                elements.append(SparseElement(row: row, column: column, value: random.normal()))
            }
        }
        return try SparseMatrix(rows: rows, columns: columns, elements: elements.shuffled(using: &random))
    }

    @Test(arguments: 0..<20 as Range<UInt64>) func productsAreThoseOfTheDenseMatrix(seed: UInt64) async throws
    {
        var generator = SeededGenerator(seed: seed + 100)
        let rows = 1 + Int(generator.next() % 30)
        let columns = 1 + Int(generator.next() % 30)
        let sparse = try random(seed: seed, rows: rows, columns: columns, filled: 0.3)
        let state = (0..<columns).map { _ in generator.normal() }
        let forcing = (0..<rows).map { _ in generator.normal() }
        for (ours, dense) in zip(await sparse.apply(state), sparse.dense.times(state)) {
            #expect(abs(ours - dense) < 1e-13)
        }
        for (ours, dense) in zip(
            await sparse.applyTransposed(forcing),
            sparse.dense.transposedTimes(forcing)
        ) { #expect(abs(ours - dense) < 1e-13) }
    }

    /// 700,000 elements make two bands and two blocks of rows.
    @Test func productsDoNotDependOnTheThread() async throws {
        var random = SeededGenerator(seed: 7)
        var builder = try SparseRows(columns: 1000)
        for _ in 0..<1400 {
            let first = Int(random.next() % 2)
            let columns = Array(stride(from: first, to: 1000, by: 2))
            try builder.append(columns: columns, values: columns.map { _ in random.normal() })
        }
        let matrix = builder.matrix
        #expect(matrix.elementCount > 600_000)
        let forcing = (0..<1400).map { _ in random.normal() }
        let state = (0..<1000).map { _ in random.normal() }
        let pooled = (await matrix.apply(state), await matrix.applyTransposed(forcing))
        let thread = ThreadExecutor(name: "one")
        defer { thread.shutdown() }
        let alone = await withTaskExecutorPreference(thread) {
            (await matrix.apply(state), await matrix.applyTransposed(forcing))
        }
        #expect(pooled.0 == alone.0)
        #expect(pooled.1 == alone.1)
        let dense = matrix.dense
        let worst = zip(pooled.1, dense.transposedTimes(forcing)).map { abs($0 - $1) }.max()
        #expect((worst ?? 1) < 1e-11)
        #expect(zip(pooled.0, dense.times(state)).allSatisfy { abs($0 - $1) < 1e-11 })
    }

    @Test func rowsMayComeUnsortedAndEmpty() async throws {
        var builder = try SparseRows(columns: 4)
        try builder.append(columns: [3, 0], values: [2, 5])
        try builder.append(columns: [], values: [])
        try builder.append(columns: [1, 2], values: [0, 7])
        let matrix = builder.matrix
        #expect(matrix.elementCount == 3)
        #expect(matrix.dense.storage == [5, 0, 0, 2, 0, 0, 0, 0, 0, 0, 7, 0])
        #expect(await matrix.apply([1, 1, 1, 1]) == [7, 0, 7])
        #expect(await matrix.applyTransposed([1, 1, 1]) == [5, 0, 7, 2])
    }

    @Test func duplicatesAreAddedOnDemandOnly() throws {
        let twice = [SparseElement(row: 0, column: 1, value: 2), SparseElement(row: 0, column: 1, value: 3)]
        #expect(throws: SparseMatrixError.duplicate(row: 0, column: 1)) {
            try SparseMatrix(rows: 1, columns: 2, elements: twice)
        }
        let sum = try SparseMatrix(rows: 1, columns: 2, elements: twice, addsDuplicates: true)
        #expect(sum.dense.storage == [0, 5])
    }

    @Test func badElementsAreNamed() throws {
        func element(_ row: Int, _ column: Int, _ value: Double) -> SparseElement {
            SparseElement(row: row, column: column, value: value)
        }
        let cases: [(SparseElement, SparseMatrixError)] = [
            (element(2, 0, 1), .outside(row: 2, column: 0)),
            (element(-1, 0, 1), .outside(row: -1, column: 0)),
            (element(1, 3, 1), .outside(row: 1, column: 3)),
            (element(1, 2, .nan), .notFinite(row: 1, column: 2)),
        ]
        for (bad, error) in cases {
            #expect(throws: error) {
                try SparseMatrix(rows: 2, columns: 3, elements: [element(0, 0, 1), bad])
            }
        }
        #expect(throws: SparseMatrixError.shape(rows: -1, columns: 3)) {
            try SparseMatrix(rows: -1, columns: 3, elements: [])
        }
        var builder = try SparseRows(columns: 3)
        #expect(throws: SparseMatrixError.wrongLength(row: 0, columns: 2, values: 1)) {
            try builder.append(columns: [0, 1], values: [1])
        }
        // What was refused has left nothing behind.
        try builder.append(columns: [2], values: [4])
        #expect(builder.matrix.dense.storage == [0, 0, 4])
        #expect(throws: SparseMatrixError.shape(rows: 0, columns: 1 << 40)) {
            try SparseRows(columns: 1 << 40)
        }
    }
}
