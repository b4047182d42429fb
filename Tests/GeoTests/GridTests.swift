import Geo
import TestSupport
import Testing

@Suite struct GridTests {
    static func grid(_ west: Double, _ south: Double, _ east: Double, _ north: Double, _ step: Double) throws
        -> LatitudeLongitudeGrid
    {
        let box = try #require(BoundingBox(west: west, south: south, east: east, north: north))
        return try #require(LatitudeLongitudeGrid(box: box, stepDegrees: step))
    }

    @Test(arguments: [0.1, 0.5, 2, 45]) func cellsOfTheGlobeAddUpToTheSphere(step: Double) throws {
        let grid = try Self.grid(-180, -90, 180, 90, step)
        let sum = (0..<grid.rows).reduce(0.0) { $0 + grid.cellAreaSquareMetres(row: $1) }
        let sphere = 4 * Double.pi * Earth.authalicRadiusMetres * Earth.authalicRadiusMetres
        #expect(abs(sum * Double(grid.columns) / sphere - 1) < 1e-12)
    }

    /// One degree at the equator: R² (π/180) sin(1°) = 1.2364e10 m2.
    @Test func areaOfACellAtTheEquator() throws {
        let grid = try Self.grid(0, 0, 10, 10, 1)
        #expect(abs(grid.cellAreaSquareMetres(row: 0) - 1.236_403_2e10) < 1e6)
        #expect(grid.cellAreaSquareMetres(row: 0) > grid.cellAreaSquareMetres(row: 9))
    }

    @Test(arguments: [
        (-180.0, -90.0, 0), (179.999, -89.9, 179), (180, 0, 45 * 180), (0, 90, 89 * 180 + 90),
        (-180, 90, 89 * 180), (360, -90, 90), (-1e-16, -90, 89), (539.5, -90, 179),
    ])
    func cellsOfAGlobalGrid(longitude: Double, latitude: Double, cell: Int) throws {
        let grid = try Self.grid(-180, -90, 180, 90, 2)
        #expect(grid.cell(longitude: longitude, latitude: latitude) == cell)
    }

    @Test(arguments: [
        (-0.5, 359), (-1e-16, 359), (0.0, 0), (180, 180), (-180, 180), (359.9999999999999, 359),
    ])
    func gridsFromZeroTo360TakeNegativeLongitudes(longitude: Double, column: Int) throws {
        let grid = try Self.grid(0, -90, 360, 90, 1)
        let cell = try #require(grid.cell(longitude: longitude, latitude: -90))
        // A point nearer to the edge than rounding may fall on either side of the circle's seam.
        #expect(cell == column || (longitude == -1e-16 && cell == 0))
    }

    @Test func aBoxOverTheAntimeridianIsOneGrid() throws {
        let grid = try Self.grid(170, -10, -170, 10, 5)
        #expect(grid.columns == 4)
        #expect(grid.cell(longitude: 179.9, latitude: -10) == 1)
        #expect(grid.cell(longitude: -179.9, latitude: -10) == 2)
        #expect(grid.cell(longitude: -170, latitude: 0) == nil)
        #expect(grid.cell(longitude: 0, latitude: 0) == nil)
        #expect(grid.cell(longitude: 172, latitude: 10) == nil)
    }

    @Test(arguments: [0.1, 0.05, 0.25, 0.3]) func everyLowerEdgeBelongsToItsCell(step: Double) throws {
        let grid = try Self.grid(73, 3, 136, 54, step)
        for column in 0..<grid.columns {
            #expect(grid.cell(longitude: grid.longitude.edge(column), latitude: 3) == column)
            #expect(grid.cell(longitude: grid.longitude.centre(column), latitude: 3.01) == column)
        }
        for row in 0..<grid.rows {
            #expect(grid.cell(longitude: 73, latitude: grid.latitude.edge(row)) == row * grid.columns)
        }
    }

    @Test func aGlobalGridHasACellForEveryPoint() throws {
        let grid = try Self.grid(-180, -90, 180, 90, 0.1)
        var random = SeededGenerator(seed: 1)
        for _ in 0..<20_000 {
            let longitude = random.uniform() * 720 - 360
            let latitude = random.uniform() * 180 - 90
            #expect(grid.cell(longitude: longitude, latitude: latitude) != nil)
        }
        for longitude in [179.99999999999997, -180.0, 180, 359.99999999999994] {
            for latitude in [-90.0, 90, 89.99999999999999] {
                #expect(grid.cell(longitude: longitude, latitude: latitude) != nil)
            }
        }
    }

    @Test(arguments: [(Double.nan, 0.0), (0, .nan), (.infinity, 0), (0, 90.1), (0, -91), (1e300, 0)])
    func impossiblePointsHaveNoCell(longitude: Double, latitude: Double) throws {
        let grid = try Self.grid(-180, -90, 180, 90, 2)
        #expect(grid.cell(longitude: longitude, latitude: latitude) == nil)
    }

    @Test(arguments: [0.7, 0, -1, Double.nan, 1e-9, 100])
    func stepsThatDoNotDivideTheBoxAreRefused(step: Double) throws {
        let box = try #require(BoundingBox(west: 0, south: 0, east: 10, north: 10))
        #expect(LatitudeLongitudeGrid(box: box, stepDegrees: step) == nil)
    }

    @Test func axesFromCentresOfSinglePrecision() throws {
        let centres = (0..<620).map { Double(Float(73.05 + 0.1 * Double($0))) }
        let axis = try #require(UniformAxis(centres: centres))
        #expect(axis.count == 620)
        #expect(abs(axis.origin - 73) < 1e-4)
        #expect(UniformAxis(centres: [0, 1, 3]) == nil)
        #expect(UniformAxis(centres: [1, 0]) == nil)
        #expect(UniformAxis(centres: [1]) == nil)
    }
}
