import Geo
import Gridding
import Observations
import Quantities
import TestSupport
import Testing

@Suite struct SoundingContentsTests {
    private func plan(_ method: FootprintMethod = .polygon) throws -> GriddingPlan {
        let box = try #require(BoundingBox(west: -1, south: -1, east: 11, north: 11))
        return GriddingPlan(
            grid: try #require(LatitudeLongitudeGrid(box: box, stepDegrees: 1)),
            method: method,
            weighting: .area
        )
    }

    private func contents(_ batches: [SoundingBatch], of ids: Set<UInt64>) throws -> SoundingContents {
        var contents = SoundingContents(of: ids)
        let plan = try plan()
        for batch in batches { contents.add(place(batch, plan)) }
        return contents
    }

    @Test(arguments: 0..<20 as Range<UInt64>) func theOrderAndTheBlocksAreOfNoMatter(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let batch = track(&random, count: 40)
        let whole = try contents([batch], of: Set(batch.ids))
        let parts = [selection(batch, Array(20..<40)), selection(batch, Array((0..<20).reversed()))]
        #expect(whole.differing(from: try contents(parts, of: Set(batch.ids))) == 0)
    }

    /// Every number that a sounding brings along counts.
    @Test func eachChangedNumberIsSeenOnce() throws {
        var random = SeededGenerator(seed: 7)
        let batch = track(&random, count: 16)
        let ids = Set(batch.ids)
        let whole = try contents([batch], of: ids)
        let changes: [(inout SoundingBatch) -> Void] = [
            { $0.columns[3] += 1e-9 }, { $0.uncertainties[3] += 1e-9 }, { $0.priorColumns[3] += 1e-9 },
            { $0.longitudes[3] += 1e-9 }, { $0.latitudes[3] += 1e-9 },
            { $0.times[3] = $0.times[3].advanced(bySeconds: 1e-6) }, { $0.cornerLongitudes[13] += 1e-9 },
            { $0.cornerLatitudes[13] += 1e-9 }, { $0.averagingKernels[3 * $0.levels] += 1e-9 },
            { $0.pressureWeights[3 * $0.levels] += 1e-9 }, { $0.priorProfiles[3 * $0.levels] += 1e-9 },
            { $0.pressures[3 * $0.levels] += 1e-9 }, { $0.footprints[3] += 1 },
        ]
        for (index, change) in changes.enumerated() {
            var other = batch
            change(&other)
            #expect(whole.differing(from: try contents([other], of: ids)) == 1, "change \(index)")
        }
    }

    @Test func missingPriorsAndZerosOfEitherSignAreTheSame() throws {
        var random = SeededGenerator(seed: 8)
        var batch = track(&random, count: 8)
        (batch.averagingKernels, batch.pressureWeights, batch.priorProfiles) = ([], [], [])
        batch.pressures = []
        var flat = SoundingBatch(product: "made", gas: .co2, scale: .co2X2007, levels: 0)
        (flat.ids, flat.times, flat.columns) = (batch.ids, batch.times, batch.columns)
        (flat.longitudes, flat.latitudes) = (batch.longitudes, batch.latitudes)
        (flat.uncertainties, flat.footprints) = (batch.uncertainties, batch.footprints)
        (flat.cornerLongitudes, flat.cornerLatitudes) = (batch.cornerLongitudes, batch.cornerLatitudes)
        flat.priorColumns = [Double](repeating: .nan, count: 8)
        flat.longitudes[0] = 0
        var other = flat
        other.longitudes[0] = -0.0
        other.priorColumns[1] = -.nan
        let first = try contents([flat], of: Set(flat.ids))
        #expect(first.differing(from: try contents([other], of: Set(flat.ids))) == 0)
    }

    /// Of an identifier that comes twice in a file the first counts; what is in one file alone is not compared.
    @Test func theFirstOfAnIdentifierIsCompared() throws {
        var random = SeededGenerator(seed: 9)
        let batch = track(&random, count: 8)
        var again = selection(batch, [2])
        again.columns[0] += 1
        let ids: Set = [batch.ids[2], batch.ids[5], 77]
        let whole = try contents([batch], of: ids)
        #expect(whole.differing(from: try contents([selection(batch, [2]), again], of: ids)) == 0)
        #expect(whole.differing(from: try contents([again, selection(batch, [2])], of: ids)) == 1)
        #expect(whole.differing(from: try contents([], of: [77])) == 0)
    }
}

@Suite struct PolarFootprintTests {
    private func tally(_ batch: SoundingBatch, _ grid: CellGrid) -> [RejectionReason: Int] {
        let plan = GriddingPlan(grid: grid, method: .polygon, weighting: .area, withProfiles: false)
        return place(batch, plan).tally.rejected
    }

    /// One round the pole, one beside it, one without corners.
    private func batch() -> SoundingBatch {
        var batch = SoundingBatch(product: "made", gas: .ch4, scale: .unstated, levels: 0)
        for index in 0..<3 {
            batch.ids.append(UInt64(index + 1))
            batch.times.append(Instant(microseconds: 0))
            batch.longitudes.append(0)
            batch.latitudes.append(index == 0 ? 90 : 89.5)
            batch.columns.append(1.9)
            batch.uncertainties.append(0.01)
            batch.priorColumns.append(.nan)
        }
        batch.cornerLongitudes = [-135, -45, 45, 135] + [-1, 1, 1, -1] + [.nan, 0, 0, 0]
        batch.cornerLatitudes = [89.9, 89.9, 89.9, 89.9] + [89.4, 89.4, 89.6, 89.6] + [0, 0, 0, 0]
        return batch
    }

    @Test func footprintsRoundAPoleHaveAReasonOfTheirOwn() throws {
        let box = try #require(BoundingBox(west: -180, south: -90, east: 180, north: 90))
        let grid = CellGrid.longitudeLatitude(try #require(LatitudeLongitudeGrid(box: box, stepDegrees: 1)))
        #expect(tally(batch(), grid) == [.polarFootprint: 1, .invalidFootprint: 1])
        var round = batch()
        (round.cornerLongitudes, round.cornerLatitudes) = ([], [])
        round.fieldOfViewKilometres = 10.5
        #expect(tally(round, grid) == [.polarFootprint: 1])
        round.latitudes = round.latitudes.map { -$0 }
        #expect(tally(round, grid) == [.polarFootprint: 1])
    }
}
