import TestSupport
import Testing

@testable import LinearAlgebra

@Suite struct ColumnBandsTests {
    /// By rows, with values that tell where they come from; some rows are empty, one column is in all others.
    private struct Scene {
        let columns: Int
        var rowStarts = [0]
        var columnIndices: [Int32] = []
        var values: [Double] = []

        init(seed: UInt64) {
            var random = SeededGenerator(seed: seed)
            columns = 1 + Int(random.next() % 60)
            let crowded = Int(random.next() % UInt64(columns))
            for row in 0..<40 {
                let share = random.uniform()
                for column in 0..<columns where row % 5 > 0 && (column == crowded || random.uniform() < share)
                {
                    columnIndices.append(Int32(column))
                    values.append(Double(row * 1000 + column))
                }
                rowStarts.append(values.count)
            }
        }

        func bands(_ bands: Int, blocks: Int) -> ColumnBands {
            ColumnBands(
                columns: columns,
                rowStarts: rowStarts,
                columnIndices: columnIndices,
                values: values,
                bands: bands,
                blocks: blocks
            )
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>) func everyElementIsOnceInItsBandAndBlock(seed: UInt64) {
        let scene = Scene(seed: seed)
        for (count, blocks) in [(0, 0), (1, 3), (2, 1), (5, 4), (100, 100)] {
            let bands = scene.bands(count, blocks: blocks)
            #expect(bands.count <= max(1, count))
            #expect(bands.blockCount <= max(1, blocks))
            for edges in [bands.edges, bands.rowEdges] {
                #expect(zip(edges, edges.dropFirst()).allSatisfy { $0 < $1 })
            }
            #expect([bands.edges.first, bands.rowEdges.first] == [0, 0])
            #expect([bands.edges.last, bands.rowEdges.last] == [scene.columns, 40])
            var seen: [Double] = []
            for band in 0..<bands.count {
                var inBand: [Int] = []
                for block in 0..<bands.blockCount {
                    for run in bands.runs(band: band, block: block) {
                        inBand.append(run)
                        let row = Int(bands.rows[run])
                        #expect((bands.rowEdges[block]..<bands.rowEdges[block + 1]).contains(row))
                        for place in bands.starts[run]..<bands.starts[run + 1] {
                            let column = Int(bands.columnIndices[place])
                            #expect((bands.edges[band]..<bands.edges[band + 1]).contains(column))
                            #expect(bands.values[place] == Double(row * 1000 + column))
                            seen.append(bands.values[place])
                        }
                    }
                }
                #expect(inBand == Array(bands.runs(band: band)))
            }
            #expect(seen.sorted() == scene.values.sorted())
        }
    }

    @Test func piecesHaveAboutEqualNumbersOfElements() {
        var rowStarts = [0]
        var columns: [Int32] = []
        // Half of the elements are in a tenth of the columns.
        for row in 0..<900 {
            columns += row % 2 == 0 ? Array(0..<100) : stride(from: 102, to: 1000, by: 9).map { Int32($0) }
            rowStarts.append(columns.count)
        }
        let bands = ColumnBands(
            columns: 1000,
            rowStarts: rowStarts,
            columnIndices: columns,
            values: columns.map { Double($0) },
            bands: 4,
            blocks: 3
        )
        func elements(_ runs: Range<Int>) -> Int {
            bands.starts[runs.upperBound] - bands.starts[runs.lowerBound]
        }
        let inBands = (0..<bands.count).map { elements(bands.runs(band: $0)) }
        let inBlocks = (0..<bands.blockCount).map { block in
            (0..<bands.count).reduce(0) { $0 + elements(bands.runs(band: $1, block: block)) }
        }
        #expect(inBands.count == 4)
        #expect(inBlocks.count == 3)
        for pieces in [inBands, inBlocks] {
            #expect(pieces.reduce(0, +) == columns.count)
            #expect(pieces.allSatisfy { abs($0 * pieces.count - columns.count) < columns.count / 20 })
        }
    }
}
