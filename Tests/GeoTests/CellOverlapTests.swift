import Geo
import TestSupport
import Testing

/// Longitudes and latitudes of four corners.
private typealias Corners = (x: [Double], y: [Double])

@Suite struct CellOverlapTests {
    private func grid(_ west: Double, _ south: Double, _ east: Double, _ north: Double, _ step: Double) throws
        -> LatitudeLongitudeGrid
    {
        let box = try #require(BoundingBox(west: west, south: south, east: east, north: north))
        return try #require(LatitudeLongitudeGrid(box: box, stepDegrees: step))
    }

    private func footprint(_ corners: Corners) -> Footprint {
        var footprint = Footprint()
        _ = set(corners, &footprint)
        return footprint
    }

    private func shape(_ corners: Corners) -> FootprintShape {
        var footprint = Footprint()
        return set(corners, &footprint)
    }

    private func set(_ corners: Corners, _ footprint: inout Footprint) -> FootprintShape {
        footprint.setQuadrilateral(
            longitudes: (corners.x[0], corners.x[1], corners.x[2], corners.x[3]),
            latitudes: (corners.y[0], corners.y[1], corners.y[2], corners.y[3])
        )
    }

    private func overlaps(_ corners: Corners, _ grid: LatitudeLongitudeGrid) -> [Int: Double] {
        shape(corners) == .invalid ? [:] : overlaps(footprint(corners), grid)
    }

    private func overlaps(_ footprint: borrowing Footprint, _ grid: LatitudeLongitudeGrid) -> [Int: Double] {
        var cells: [Int: Double] = [:]
        var overlaps = CellOverlaps(grid: grid)
        overlaps.forEachCell(under: footprint) { cell, fraction in
            #expect(cells.updateValue(fraction, forKey: cell) == nil, "a cell came twice")
        }
        return cells
    }

    @Test func aSquareOverFourCellsByHand() throws {
        let grid = try grid(0, 0, 10, 10, 1)
        let found = overlaps(([0.75, 1.5, 1.5, 0.75], [0.5, 0.5, 1.25, 1.25]), grid)
        #expect(found == [0: 0.125, 1: 0.25, 10: 0.0625, 11: 0.125])
    }

    @Test func aDiamondByHand() throws {
        let grid = try grid(0, 0, 10, 10, 1)
        let found = overlaps(([2, 2.5, 2, 1.5], [1.5, 2, 2.5, 2]), grid)
        #expect(found.count == 4)
        #expect(found.values.allSatisfy { abs($0 - 0.125) < 1e-15 })
    }

    @Test func aFootprintInOneCellAndOneOverManyCells() throws {
        let grid = try grid(0, 0, 10, 10, 1)
        #expect(overlaps(([3.25, 3.5, 3.5, 3.25], [7.25, 7.25, 7.5, 7.5]), grid) == [73: 0.0625])
        let whole = overlaps(([2, 5, 5, 2], [2, 2, 5, 5]), grid)
        #expect(whole.count == 9 && whole.values.allSatisfy { $0 == 1 })
    }

    @Test(arguments: 0..<200 as Range<UInt64>) func areaIsConserved(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let step = [0.05, 0.1, 0.25, 1, 2.5][Int(seed % 5)]
        let grid = try grid(-180, -90, 180, 90, step)
        let corners = randomCorners(&random, size: 0.01 + 2 * random.uniform())
        guard shape(corners) != .invalid else { return }
        let footprint = footprint(corners)
        let covered = overlaps(footprint, grid).values.reduce(0, +) * step * step
        let area = footprint.areaSquareDegrees
        #expect(abs(covered / area - 1) < 1e-9)
    }

    @Test(arguments: 0..<100 as Range<UInt64>) func directionStartAndTurnsOfLongitudeDoNotMatter(seed: UInt64)
        throws
    {
        var random = SeededGenerator(seed: seed)
        let global = try grid(-180, -90, 180, 90, 0.5)
        let eastern = try grid(0, -90, 360, 90, 0.5)
        var corners = randomCorners(&random, size: 1.5)
        if seed % 2 == 0 {
            let shift = 180 - corners.x[0]
            corners.x = corners.x.map { $0 + shift }
        }
        let expected = overlaps(corners, global)
        let turned = (0..<4).map { ($0 + Int(seed % 4)) % 4 }
        let variants: [Corners] = [
            (corners.x.reversed(), corners.y.reversed()),
            (turned.map { corners.x[$0] }, turned.map { corners.y[$0] }),
            (corners.x.map { $0 > 180 ? $0 - 360 : $0 }, corners.y), (corners.x.map { $0 - 360 }, corners.y),
            (corners.x.map { $0 < 0 ? $0 + 360 : $0 }, corners.y),
        ]
        for variant in variants {
            expectSame(overlaps(variant, global), expected)
            let moved = overlaps(variant, eastern).map { cell, fraction in
                (cell / 720 * 720 + (cell % 720 + 360) % 720, fraction)
            }
            expectSame(Dictionary(uniqueKeysWithValues: moved), expected)
        }
    }

    private func expectSame(_ found: [Int: Double], _ expected: [Int: Double]) {
        for cell in Set(found.keys).union(expected.keys) {
            #expect(abs((found[cell] ?? 0) - (expected[cell] ?? 0)) < 1e-9)
        }
    }

    private func randomCorners(_ random: inout SeededGenerator, size: Double) -> Corners {
        let (x, y) = (360 * random.uniform() - 180, 170 * random.uniform() - 85)
        let offsets = [(-1.0, -1.0), (1, -1), (1, 1), (-1, 1)]
        let jitter = offsets.map { ($0.0 + random.uniform() - 0.5, $0.1 + random.uniform() - 0.5) }
        return (jitter.map { x + size * $0.0 }, jitter.map { min(max(y + size * $0.1, -90), 90) })
    }

    @Test(arguments: [[0, 2, 1, 3], [0, 1, 3, 2], [1, 0, 2, 3]]) func crossedCornersArePutInOrder(
        order: [Int]
    ) throws {
        let grid = try grid(0, 0, 10, 10, 1)
        let corners: Corners = ([0.7, 2.4, 2.6, 0.8], [0.5, 0.4, 1.3, 1.6])
        let crossed = (order.map { corners.x[$0] }, order.map { corners.y[$0] })
        #expect(shape(corners) == .simple)
        #expect(shape(crossed) == .reordered)
        expectSame(overlaps(crossed, grid), overlaps(corners, grid))
    }

    @Test func aDentIsNoCrossing() throws {
        let grid = try grid(0, 0, 10, 10, 1)
        let dented: Corners = ([0, 3, 0.5, 0], [0, 0, 0.5, 3])
        #expect(shape(dented) == .simple)
        let area = footprint(dented).areaSquareDegrees
        #expect(abs(area - 1.5) < 1e-12)
        #expect(abs(overlaps(dented, grid).values.reduce(0, +) - 1.5) < 1e-12)
    }

    @Test(arguments: [
        ([0, 1, 1, Double.nan], [0, 0, 1, 1]), ([0, 1, 1, 0], [0, 0, .infinity, 1]),
        ([5, 5, 5, 5], [5, 5, 5, 5]),
        ([0, 1, 2, 3], [0, 1, 2, 3]), ([0, 1, 1, 0], [0, 0, 91, 91]),
        ([0, 90, 180, -90], [89.9, 89.9, 89.9, 89.9]),
        ([0, 10, 10, 0], [0, 0, 1, 1]), ([0, 1, 1, 0], [0, 0, 6, 6]), ([-999_999, 1, 1, 0], [0, 0, 1, 1]),
    ])
    func whatIsNoFootprintIsRefused(x: [Double], y: [Double]) {
        #expect(shape((x, y)) == .invalid)
    }

    @Test func nearThePoleAFootprintMayBeWideInLongitude() throws {
        let grid = try grid(-180, -90, 180, 90, 1)
        let corners: Corners = ([170, -150, -150, 170], [88.2, 88.2, 88.7, 88.7])
        let found = overlaps(corners, grid)
        #expect(found.count == 40)
        #expect(abs(found.values.reduce(0, +) - 20) < 1e-9)
    }

    @Test func whatLiesOutsideTheGridIsCutOff() throws {
        let grid = try grid(73, 18, 135, 54, 0.5)
        #expect(overlaps(([72, 74, 74, 72], [17, 17, 19, 19]), grid).values.reduce(0, +) == 4)
        #expect(overlaps(([134, 136, 136, 134], [53, 53, 55, 55]), grid).values.reduce(0, +) == 4)
        #expect(overlaps(([60, 61, 61, 60], [20, 20, 21, 21]), grid).isEmpty)
        #expect(overlaps(([80, 81, 81, 80], [55, 55, 56, 56]), grid).isEmpty)
    }

    /// A footprint over the open part of a grid that nearly closes the circle touches both its ends.
    @Test func bothEndsOfAGridThatNearlyClosesTheCircle() throws {
        let latitude = try #require(UniformAxis(origin: 0, step: 1, count: 10))
        let longitude = try #require(UniformAxis(origin: -179, step: 1, count: 358))
        let grid = try #require(LatitudeLongitudeGrid(latitude: latitude, longitude: longitude))
        #expect(overlaps(([178, -178, -178, 178], [0, 0, 1, 1]), grid) == [357: 1, 0: 1])
    }

    @Test(arguments: [(10.0, 0.0), (179.99, 40), (-60, -70)]) func aRoundFieldOfViewHasItsArea(
        longitude: Double,
        latitude: Double
    ) throws {
        var footprint = Footprint()
        let shape = footprint.setCircle(longitude: longitude, latitude: latitude, diameterKilometres: 10.5)
        #expect(shape == .simple)
        let kilometresPerDegree = Earth.authalicRadiusMetres * .pi / 180_000
        let area = footprint.areaSquareDegrees * kilometresPerDegree * kilometresPerDegree * cosine(latitude)
        #expect(abs(area / (.pi * 5.25 * 5.25) - 1) < 1e-3)
        let grid = try grid(-180, -90, 180, 90, 0.1)
        let covered = overlaps(footprint, grid).values.reduce(0, +) * 0.01
        let plane = footprint.areaSquareDegrees
        #expect(abs(covered / plane - 1) < 1e-9)
    }

    private func cosine(_ degrees: Double) -> Double {
        let grid = UniformAxis(origin: degrees - 1e-4, step: 2e-4, count: 1)
            .flatMap { rows in
                UniformAxis(origin: 0, step: 1, count: 1).flatMap {
                    LatitudeLongitudeGrid(latitude: rows, longitude: $0)
                }
            }
        let radius = Earth.authalicRadiusMetres * Double.pi / 180
        return (grid?.cellAreaSquareMetres(row: 0) ?? .nan) / (radius * radius * 2e-4)
    }

    @Test func aRoundFieldOfViewOverThePoleIsRefused() {
        var footprint = Footprint()
        for latitude in [89.99, -89.99, .nan] {
            let shape = footprint.setCircle(longitude: 0, latitude: latitude, diameterKilometres: 10)
            #expect(shape == .invalid)
        }
    }
}
