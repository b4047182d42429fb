import Foundation
import Geo
import Quantities
import Testing

@Suite struct ProjectedGridTests {
    private func grid(
        _ projection: MapProjection,
        x: ClosedRange<Double>,
        y: ClosedRange<Double>,
        step: Double
    ) throws -> ProjectedGrid {
        try #require(ProjectedGrid(projection: projection, x: x, y: y, stepMetres: step))
    }

    private func square(_ west: Double, _ south: Double, _ east: Double, _ north: Double) throws -> Region {
        let corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
        let ring = try RegionRing(closed: corners.map { SIMD2($0.0, $0.1) })
        return try Region(name: "square", polygons: [RegionPolygon(outline: ring)])
    }

    /// Of an equal-area projection every cell has the area it has in the plane, small or large, here or there.
    @Test(arguments: [500.0, 20_000, 100_000, 400_000]) func cellsOfAnEqualAreaProjectionAreEqual(
        step: Double
    )
        throws
    {
        let middles = [(0.0, 0.0), (11_000_000, 4_400_000), (-5_000_000, -5_600_000)]
        for (x, y) in middles {
            let grid = try grid(
                CylindricalEqualArea.projection,
                x: x...(x + 3 * step),
                y: (y - step)...(y + step),
                step: step
            )
            // What parabolas leave out grows with the fourth power of their length, at most 100 km.
            let slack = 4e-9 + 5e-7 * pow(min(step, 100_000) / 100_000, 4)
            for area in grid.areasSquareMetres(of: Array(0..<6)) {
                #expect(abs(area / (step * step) - 1) < slack, "\(x), \(y): \(area / (step * step) - 1)")
            }
        }
    }

    /// With the pole in a corner, in the middle of a side, and within a cell.
    @Test(arguments: [(0.0, 0.0), (0.5, 0), (0.5, 0.5), (0.3, 0.2)])
    func aPoleIsNoDifferentPlace(offset: (x: Double, y: Double)) throws {
        let step = 25_000.0
        let (x, y) = (-2 * step + offset.x * step, -2 * step + offset.y * step)
        let grid = try grid(
            PolarEqualArea.projection,
            x: x...(x + 4 * step),
            y: y...(y + 4 * step),
            step: step
        )
        let lattice = CellLattice(grid, rows: 0..<4)
        for area in grid.areasSquareMetres(of: Array(0..<16)) + lattice.areasSquareMetres {
            #expect(abs(area / (step * step) - 1) < 1e-8, "\(area / (step * step) - 1)")
        }
        #expect(lattice.longitudes == grid.centres(of: Array(0..<16)).longitudes)
    }

    @Test func aCellOwnsItsLowerEdges() throws {
        let grid = try grid(CylindricalEqualArea.projection, x: 0...30_000, y: -20_000...0, step: 10_000)
        #expect((grid.rows, grid.columns) == (2, 3))
        #expect(grid.cell(x: 0, y: -20_000) == 0 && grid.cell(x: 10_000, y: -10_000) == 4)
        #expect(grid.cell(x: 29_999, y: -1) == 5)
        #expect(grid.cell(x: 30_000, y: -1) == nil && grid.cell(x: .nan, y: -1) == nil)
        #expect(ProjectedGrid(projection: grid.projection, x: 0...1, y: 0...1, stepMetres: 0.3) == nil)
    }

    @Test func cornersGoRoundTheirCentre() throws {
        let grid = try grid(CylindricalEqualArea.projection, x: 0...20_000, y: 0...20_000, step: 10_000)
        let lattice = CellLattice(grid, rows: 1..<2)
        #expect(lattice.count == 2)
        let corners = zip(lattice.cornerLongitudes[4...], lattice.cornerLatitudes[4...])
        let expected = [(10_000.0, 10_000.0), (20_000, 10_000), (20_000, 20_000), (10_000, 20_000)]
        for ((longitude, latitude), (x, y)) in zip(corners, expected) {
            let places = grid.projection.places(x: [x], y: [y])
            #expect(
                abs(longitude - places.longitudes[0]) < 1e-12 && abs(latitude - places.latitudes[0]) < 1e-12
            )
        }
    }

    /// The cap round the pole in four sectors that meet there: together they cover the cells of the cap once.
    @Test func regionsTileTheCellsRoundAPole() throws {
        let step = 50_000.0
        let grid = try grid(
            PolarEqualArea.projection,
            x: -1_000_000...1_000_000,
            y: -1_000_000...1_000_000,
            step: step
        )
        let sectors = try stride(from: -180.0, to: 180, by: 90).map { try square($0, 85, $0 + 90, 90) }
        let fractions = RegionFractions(RegionSet(name: "cap", regions: sectors), on: .projected(grid))
        var sums = [Double](repeating: 0, count: grid.cellCount)
        for (index, found) in fractions.regions.enumerated() {
            for (cell, part) in zip(found.cells, found.fractions) { sums[Int(cell)] += part }
            let area = found.fractions.reduce(0, +) * step * step
            #expect(abs(area / fractions.areaSquareMetres(of: index) - 1) < 1e-5)
        }
        let centres = grid.centres(of: Array(0..<grid.cellCount))
        for (cell, latitude) in centres.latitudes.enumerated() {
            if latitude > 85.5 { #expect(abs(sums[cell] - 1) < 1e-9) }
            if latitude < 84.5 { #expect(sums[cell] == 0) }
        }
    }

    /// A region may reach round the whole Earth, far beyond the projection of the grid.
    @Test func largeRegionsAreCutToTheGrid() throws {
        let grid = try grid(CylindricalEqualArea.projection, x: 0...500_000, y: 0...500_000, step: 50_000)
        let whole = RegionSet(
            name: "all",
            regions: [try square(-180, -90, 180, 90), try square(2, -80, 100, 80)]
        )
        let fractions = RegionFractions(whole, on: .projected(grid))
        #expect(fractions.regions[0].fractions == [Double](repeating: 1, count: 100))
        let x = 2 * Authalic.axis * .pi / 180
        let expected = (500_000 - x) * 500_000 / 2.5e9
        #expect(abs(fractions.regions[1].fractions.reduce(0, +) - expected) < 1e-6)
    }

    /// `π a² q` is the area between the equator and a parallel.
    @Test func theAreaOfARegionIsThatOnTheEllipsoid() throws {
        let box = try square(10, 20, 40, 70)
        let expected = Authalic.axis * Authalic.axis / 2 * (Authalic.q(70) - Authalic.q(20)) * 30 * .pi / 180
        #expect(abs(box.ellipsoidAreaSquareMetres / expected - 1) < 1e-8)
        // The authalic sphere alone is a few parts in a thousand off.
        #expect(abs(box.areaSquareMetres / expected - 1) > 1e-4)
    }

    @Test func footprintsInThePlaneHaveTheirShapes() {
        var footprint = Footprint()
        let (x, y) = ([0.0, 2000, 2000, 0], [0.0, 0, 1500, 1500])
        #expect(footprint.setPolygon(x: x[...], y: y[...]) == .simple)
        #expect(footprint.setPolygon(x: [0, 2000, 0, 2000], y: [0, 0, 1500, 1500]) == .reordered)
        #expect(footprint.setPolygon(x: [0, 2000, .nan, 0], y: y[...]) == .invalid)
        #expect(footprint.setPolygon(x: [0, 2e7, 2e7, 0], y: y[...]) == .invalid)
        #expect(footprint.setPolygon(x: [0, 2000, 2000, 0], y: [0, 0, 0, 0]) == .invalid)
        #expect(footprint.setPolygon(x: [0, 2000, 2000], y: [0, 0, 1500]) == .invalid)
    }
}
