import Geo
import Gridding
import Observations
import Quantities
import TestSupport
import Testing

/// Degrees stretched to metres: a plane in which everything must come out as in longitude and latitude.
private struct Stretched: PlaneTransform {
    static let metres = 100_000.0

    func project(_ longitudes: inout [Double], _ latitudes: inout [Double]) {
        for index in longitudes.indices {
            longitudes[index] *= Self.metres
            latitudes[index] *= Self.metres
        }
    }

    func unproject(_ x: inout [Double], _ y: inout [Double]) {
        for index in x.indices {
            x[index] /= Self.metres
            y[index] /= Self.metres
        }
    }

    static func grid(step: Double, steps: String = "stretched") throws -> CellGrid {
        let projection = MapProjection(name: "stretched", steps: steps, transform: Stretched())
        let range = 0...(10 * metres)
        return .projected(
            try #require(ProjectedGrid(projection: projection, x: range, y: range, stepMetres: step * metres))
        )
    }
}

@Suite struct ProjectedPlacingTests {
    /// By the centre, by exact overlap and by the response of the instrument, with corners and with round views.
    @Test(arguments: FootprintMethod.allCases, [false, true])
    func aStretchedPlaneGivesTheSameCells(method: FootprintMethod, isRound: Bool) throws {
        var random = SeededGenerator(seed: 5)
        var batch = track(&random, count: 200)
        if isRound {
            (batch.cornerLongitudes, batch.cornerLatitudes) = ([], [])
            batch.fieldOfViewKilometres = 10.5
        }
        let flat = place(
            batch,
            GriddingPlan(grid: try tenByTen(step: 0.05), method: method, withProfiles: false)
        )
        let plan = GriddingPlan(grid: try Stretched.grid(step: 0.05), method: method, withProfiles: false)
        let projected = place(batch, plan)
        #expect(flat.soundings.count > 100)
        #expect(projected.soundings == flat.soundings && projected.cells == flat.cells)
        #expect(projected.tally == flat.tally)
        for (one, other) in zip(projected.overlaps, flat.overlaps) { #expect(abs(one - other) < 1e-6) }
    }

    @Test func aSoundingWithoutAPlaceIsOutside() throws {
        var random = SeededGenerator(seed: 6)
        var batch = randomBatch(&random, count: 3)
        batch.latitudes[1] = 95
        batch.longitudes[2] = .nan
        let plan = GriddingPlan(grid: try Stretched.grid(step: 1))
        let block = place(batch, plan)
        #expect(block.soundings == [0] && block.tally.rejected == [.outsideGrid: 2])
    }

    /// Stored sums name their projection: on the same grid they come back whole, on any other they are refused.
    @Test func sumsAreOfTheirProjection() throws {
        var random = SeededGenerator(seed: 7)
        let grid = try Stretched.grid(step: 1)
        let plan = GriddingPlan(grid: grid, method: .polygon, window: .day, withProfiles: true)
        var sums = FileSums(plan)
        try sums.add(place(track(&random, count: 100), plan))
        let bytes = sums.encoded()
        let again = try FileSums(decoding: bytes, on: grid)
        #expect(again.plan == plan && again.encoded() == bytes)
        let others: [CellGrid?] = [
            nil, .longitudeLatitude(try tenByTen(step: 1)), try Stretched.grid(step: 0.5),
            try Stretched.grid(step: 1, steps: "other"),
        ]
        for other in others {
            #expect(throws: GriddingError.differentGrid) { try FileSums(decoding: bytes, on: other) }
        }
    }
}
