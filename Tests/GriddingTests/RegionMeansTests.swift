import Geo
import Gridding
import Quantities
import TestSupport
import Testing

@Suite struct RegionMeansTests {
    private func square(_ west: Double, _ south: Double, _ east: Double, _ north: Double) throws -> Region {
        let corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
        let ring = try RegionRing(closed: corners.map { SIMD2($0.0, $0.1) })
        return try Region(name: "square", polygons: [RegionPolygon(outline: ring)])
    }

    private func columns(step: Double) throws -> GriddedColumns {
        var random = SeededGenerator(seed: 11)
        let plan = GriddingPlan(grid: try tenByTen(step: step))
        var sums = FileSums(plan)
        try sums.add(place(randomBatch(&random, count: 400), plan))
        return try #require(sums.columns().first)
    }

    private func means(_ regions: [Region], _ columns: GriddedColumns) -> [RegionMean] {
        columns.regionMeans(RegionFractions(RegionSet(name: "set", regions: regions), on: columns.grid))
    }

    @Test func theRegionOfTheWholeGridHasItsMean() throws {
        let columns = try columns(step: 1)
        let mean = try #require(means([square(-1, -1, 11, 11)], columns).first)
        let column = try #require(mean.column)
        #expect(abs(column.mean - columns.areaMean.mean) < 1e-10)
        #expect(abs(column.standardDeviation - columns.areaMean.standardDeviation) < 1e-12)
        #expect(mean.cells == columns.cells.count)
        #expect(mean.soundingsByCell == 400)
        #expect(mean.coveredShare < 1)
    }

    @Test func oneCellAndAHalfByHand() throws {
        let columns = try columns(step: 2)
        let mean = try #require(means([square(0, 2, 3, 4)], columns).first)
        let column = try #require(mean.column)
        // Cells 5 and 6 of one row, of which half of the second is within.
        let (a, b) = (
            try #require(columns.cells.firstIndex(of: 5)), try #require(columns.cells.firstIndex(of: 6))
        )
        #expect(abs(column.mean - (columns.means[a] + columns.means[b] / 2) / 1.5) < 1e-10)
        let shared = columns.errorModel.sharedPartsPerMillion
        let noise = [a, b].map { columns.standardErrors[$0] * columns.standardErrors[$0] - shared * shared }
        let variance = shared * shared + (noise[0] + noise[1] / 4) / 2.25
        #expect(abs(column.standardDeviation * column.standardDeviation - variance) < 1e-12)
        #expect(mean.cells == 2)
        #expect(mean.soundingsByCell == columns.counts[a] + columns.counts[b])
        #expect(abs(mean.coveredShare - 1) < 1e-12)
    }

    @Test func aRegionWithoutDataSaysSo() throws {
        let mean = try #require(means([square(20, 20, 30, 30)], columns(step: 1)).first)
        #expect(mean.column == nil)
        #expect(mean.coveredShare == 0)
        #expect(mean.cells == 0)
    }
}
