import Geo
import Quantities
import TestSupport
import Testing

@testable import Gridding

/// Every cell of 20 by 20 degrees at 412 ppm with noise and, in the middle, a city of 3 ppm over nine cells.
private struct CityField {
    let grid: LatitudeLongitudeGrid
    let field: ColumnField
    let city: Set<Int>

    init(seed: UInt64, slope: Double = 0) throws {
        var random = SeededGenerator(seed: seed)
        let box = try #require(BoundingBox(west: 100, south: 20, east: 120, north: 40))
        let grid = try #require(LatitudeLongitudeGrid(box: box, stepDegrees: 0.5))
        let middle = try #require(grid.cell(longitude: 110.1, latitude: 30.1))
        let city = Set([-1, 0, 1].flatMap { row in [-1, 0, 1].map { middle + row * grid.columns + $0 } })
        let cells = 0..<grid.cellCount
        field = try ColumnField(
            longitudes: cells.map { grid.longitude.centre($0 % grid.columns) },
            latitudes: cells.map { grid.latitude.centre($0 / grid.columns) },
            values: cells.map {
                let gradient = slope * (grid.latitude.centre($0 / grid.columns) - 30)
                return 412 + gradient + 0.3 * random.normal() + (city.contains($0) ? 3 : 0)
            },
            standardErrors: cells.map { _ in 0.3 },
            sharedPartsPerMillion: 0.8
        )
        self.grid = grid
        self.city = city
    }
}

@Test(
    arguments: [
        EnhancementBackground.regional, .latitudeBand(halfWidthDegrees: 1),
        .kriged(coreKilometres: 150, neighbours: 32),
    ]
)
func aCityStandsOutOfItsBackground(_ background: EnhancementBackground) async throws {
    let known = try CityField(seed: 9)
    let map = try await EnhancementMap(
        of: known.field,
        cells: Array(0..<known.grid.cellCount),
        on: .longitudeLatitude(known.grid),
        background: background
    )
    let city = known.city.map { map.enhancements[$0] }
    #expect(abs(city.reduce(0, +) / 9 - 3) < 0.4)
    var inside = 0
    for cell in known.city where abs(map.enhancements[cell] - 3) < 2 * map.standardErrors[cell] {
        inside += 1
    }
    #expect(inside >= 7)
    for cell in known.city {
        #expect(map.standardErrors[cell] > 0.3 && map.standardErrors[cell] < 0.5)
        let parts = (0.09 + map.backgroundStandardErrors[cell] * map.backgroundStandardErrors[cell])
            .squareRoot()
        #expect(abs(map.standardErrors[cell] - parts) < 1e-12)
    }
    let elsewhere = map.cells.filter { !known.city.contains($0) }.map { map.enhancements[$0] }
    #expect(abs(elsewhere.reduce(0, +) / Double(elsewhere.count)) < 0.05)
}

@Test func theMedianOfARingFollowsAGradient() async throws {
    let known = try CityField(seed: 4, slope: 0.5)
    let map = try await EnhancementMap(
        of: known.field,
        cells: Array(0..<known.grid.cellCount),
        on: .longitudeLatitude(known.grid)
    )
    let city = known.city.map { map.enhancements[$0] }
    #expect(abs(city.reduce(0, +) / 9 - 3) < 0.4)
}

/// The spread of medians over many draws is what one draw says of itself.
@Test func theStandardErrorOfAMedianNeedsNoDistribution() async throws {
    var medians: [Double] = []
    var errors: [Double] = []
    let box = try #require(BoundingBox(west: 100, south: 20, east: 120, north: 40))
    let grid = try #require(LatitudeLongitudeGrid(box: box, stepDegrees: 10))
    for seed in 1...200 {
        var random = SeededGenerator(seed: UInt64(seed))
        let field = try ColumnField(
            longitudes: (0..<101).map { _ in 110 },
            latitudes: (0..<101).map { $0 == 0 ? 30 : 31 },
            values: (0..<101).map { _ in 412 + random.normal() },
            standardErrors: (0..<101).map { _ in 0.1 }
        )
        let map = try await EnhancementMap(
            of: field,
            cells: [Int](repeating: 0, count: 101),
            on: .longitudeLatitude(grid),
            background: .percentile(50, beyondKilometres: 50, withinKilometres: 200)
        )
        #expect(map.backgroundCounts[0] == 100)
        medians.append(map.backgrounds[0])
        errors.append(map.backgroundStandardErrors[0])
        #expect(map.enhancements[1].isNaN)
    }
    let mean = medians.reduce(0, +) / 200
    let spread = (medians.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 199).squareRoot()
    #expect((0.85...1.2).contains(errors.reduce(0, +) / 200 / spread))
}
