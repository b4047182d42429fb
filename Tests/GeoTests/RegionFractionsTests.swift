import Foundation
import Geo
import Quantities
import TestSupport
import Testing

@Suite struct RegionFractionsTests {
    private func grid(_ west: Double, _ south: Double, _ east: Double, _ north: Double, _ step: Double) throws
        -> LatitudeLongitudeGrid
    {
        let box = try #require(BoundingBox(west: west, south: south, east: east, north: north))
        return try #require(LatitudeLongitudeGrid(box: box, stepDegrees: step))
    }

    private func ring(_ corners: [(Double, Double)]) throws -> RegionRing {
        try RegionRing(closed: (corners + [corners[0]]).map { SIMD2($0.0, $0.1) })
    }

    private func box(_ west: Double, _ south: Double, _ east: Double, _ north: Double) throws -> RegionRing {
        try ring([(west, south), (east, south), (east, north), (west, north)])
    }

    private func region(_ outline: RegionRing, holes: [RegionRing] = []) throws -> Region {
        try Region(name: "area", polygons: [RegionPolygon(outline: outline, holes: holes)])
    }

    private func fractions(_ regions: [Region], _ grid: LatitudeLongitudeGrid) -> [[Int: Double]] {
        RegionFractions(RegionSet(name: "areas", regions: regions), on: grid).regions.map { found in
            Dictionary(uniqueKeysWithValues: zip(found.cells.map { Int($0) }, found.fractions))
        }
    }

    @Test func aBoxAlongTheEdgesOfCellsIsWholeCells() throws {
        let grid = try grid(73, 3, 136, 54, 0.1)
        let found = fractions([try region(box(73.3, 4.1, 75.7, 9.9))], grid)[0]
        #expect(found.count == 24 * 58)
        #expect(found.values.allSatisfy { $0 == 1 })
        #expect(found[11 * 630 + 3] == 1)
        #expect(found[10 * 630 + 3] == nil)
        #expect(found[11 * 630 + 2] == nil)
        #expect(found[68 * 630 + 26] == 1)
    }

    @Test func aTriangleByHand() throws {
        let grid = try grid(0, 0, 4, 4, 1)
        let found = fractions([try region(ring([(0.5, 0.5), (2.5, 0.5), (0.5, 2.5)]))], grid)[0]
        #expect(found == [0: 0.25, 1: 0.5, 2: 0.125, 4: 0.5, 5: 0.5, 8: 0.125])
    }

    @Test func aHoleIsLeftOut() throws {
        let grid = try grid(0, 0, 4, 4, 1)
        let found = fractions([try region(box(0, 0, 4, 4), holes: [box(1, 1, 2.5, 2)])], grid)[0]
        #expect(found.count == 15)
        #expect(found[5] == nil)
        #expect(found[6] == 0.5)
        #expect(found[0] == 1)
    }

    /// A lattice of quadrilaterals whose inner corners are moved at random, some far from convex.
    @Test(arguments: 0..<40 as Range<UInt64>) func regionsThatTileABoxAddUpToOne(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let side = 5
        var corners: [[SIMD2<Double>]] = []
        for row in 0...side {
            corners.append(
                (0...side).map { column in
                    let isInner = (1..<side).contains(row) && (1..<side).contains(column)
                    let shift = SIMD2(random.uniform(), random.uniform()) - 0.5
                    return SIMD2(172, -8) + 3.2
                        * (SIMD2(Double(column), Double(row)) + (isInner ? shift : .zero))
                }
            )
        }
        var regions: [Region] = []
        for row in 0..<side {
            for column in 0..<side {
                var quad = [
                    corners[row][column], corners[row][column + 1], corners[row + 1][column + 1],
                    corners[row + 1][column],
                ]
                if random.uniform() < 0.5 { quad.reverse() }
                let turned = quad.map { ($0.x >= 180 ? $0.x - 360 : $0.x, $0.y) }
                regions.append(try region(ring(turned)))
            }
        }
        for origin in [-180.0, 0] {
            let grid = try grid(origin, -12, origin + 360, 12, 0.75)
            var sums = [Double](repeating: 0, count: grid.cellCount)
            for found in fractions(regions, grid) { for (cell, part) in found { sums[cell] += part } }
            let whole = fractions([try region(box(172, -8, 188, 8))], grid)[0]
            for (cell, sum) in sums.enumerated() { #expect(abs(sum - whole[cell, default: 0]) < 1e-11) }
        }
    }

    @Test(arguments: 0..<100 as Range<UInt64>) func aQuadrilateralIsCutAsAFootprintIs(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let grid = try grid(0, 0, 6, 6, 0.5)
        let centre = SIMD2(6 * random.uniform(), 6 * random.uniform())
        let corners = (0..<4).map { corner in
            let angle = (Double(corner) + 0.8 * random.uniform()) * .pi / 2
            return centre + (0.2 + 1.5 * random.uniform()) * SIMD2(cos(angle), sin(angle))
        }
        var footprint = Footprint()
        let shape = footprint.setQuadrilateral(
            longitudes: (corners[0].x, corners[1].x, corners[2].x, corners[3].x),
            latitudes: (corners[0].y, corners[1].y, corners[2].y, corners[3].y)
        )
        try #require(shape != .invalid)
        var expected: [Int: Double] = [:]
        var overlaps = CellOverlaps(grid: grid)
        overlaps.forEachCell(under: footprint) { expected[$0] = $1 }
        let found = fractions([try region(ring(corners.map { ($0.x, $0.y) }))], grid)[0]
        for cell in 0..<grid.cellCount {
            #expect(abs(found[cell, default: 0] - expected[cell, default: 0]) < 1e-10)
        }
    }

    @Test func whatLiesBeyondTheGridCountsNowhere() throws {
        let grid = try grid(10, 10, 12, 12, 1)
        #expect(fractions([try region(box(0, 0, 9, 30))], grid)[0].isEmpty)
        #expect(fractions([try region(box(13, 0, 20, 30))], grid)[0].isEmpty)
        #expect(fractions([try region(box(0, 0, 30, 30))], grid)[0] == [0: 1, 1: 1, 2: 1, 3: 1])
        #expect(fractions([try region(ring([(0, 11), (11, 0), (22, 11), (11, 22)]))], grid)[0].count == 4)
    }

    @Test func theWholeEarthIsEveryCell() throws {
        let grid = try grid(-180, -90, 180, 90, 10)
        let found = fractions([try region(box(-180, -90, 180, 90))], grid)[0]
        #expect(found.count == 648)
        #expect(found.values.allSatisfy { $0 == 1 })
    }

    @Test func aCellGoesToTheRegionThatHasMostOfIt() throws {
        let grid = try grid(0, 0, 4, 1, 1)
        let regions = [try region(box(0, 0, 1.6, 1)), try region(box(1.6, 0, 2.7, 1))]
        let mask = RegionMask(RegionFractions(RegionSet(name: "areas", regions: regions), on: grid))
        #expect(mask.index == [0, 0, 1, -1])
        let less = [try region(box(0, 0, 1.3, 1)), try region(box(1.6, 0, 2.4, 1))]
        let gaps = RegionMask(RegionFractions(RegionSet(name: "areas", regions: less), on: grid))
        #expect(gaps.index == [0, 1, -1, -1])
    }
}
