import Geo
import Observations
import Quantities
import TestSupport
import Testing

@testable import Gridding

@Suite struct FileSumsTests {
    /// Every part of the engine at once: polygons, months, profiles, correlated errors.
    private func plan(_ weighting: SoundingWeighting = .areaAndPrecision) throws -> GriddingPlan {
        GriddingPlan(
            grid: try tenByTen(step: 0.5),
            method: .polygon,
            weighting: weighting,
            errorModel: .orbitingCarbonObservatory,
            window: .day
        )
    }

    private func sums(_ batches: [SoundingBatch], _ plan: GriddingPlan) throws -> FileSums {
        var sums = FileSums(plan)
        for batch in batches { try sums.add(place(batch, plan)) }
        sums.finish()
        return sums
    }

    @Test(arguments: 0..<10 as Range<UInt64>) func blocksOfAnySizeGiveTheSameBytes(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let track = track(&random, count: 500)
        let plan = try plan()
        let expected = try sums([track], plan).encoded()
        var blocks: [SoundingBatch] = []
        var start = 0
        while start < track.count {
            let end = min(start + 1 + Int(random.next() % 90), track.count)
            blocks.append(selection(track, Array(start..<end)))
            start = end
        }
        let found = try sums(blocks, plan)
        #expect(found.encoded() == expected)
        #expect(found.tally.used > 100)
    }

    @Test(arguments: 0..<10 as Range<UInt64>) func filesInAnyOrderGiveTheSameBytes(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let plan = try plan()
        let files = try (0..<6).map { file in
            try sums([track(&random, count: 150, firstID: UInt64(1 + 1000 * file), startDay: file / 2)], plan)
        }
        let expected = try merged(files, plan).encoded()
        #expect(try merged(files.shuffled(using: &random), plan).encoded() == expected)
        let stored = try files.map { try FileSums(decoding: $0.encoded()) }
        #expect(try merged(stored.shuffled(using: &random), plan).encoded() == expected)
        let halves = try [merged(Array(stored[..<2]), plan), merged(Array(stored[2...]), plan)]
        let again = try FileSums(decoding: merged(halves, plan).encoded())
        #expect(again.encoded() == expected)
        #expect(again.columns().count == 3)
        expectSameBits(again.columns(), try merged(files, plan).columns())
    }

    private func merged(_ files: [FileSums], _ plan: GriddingPlan) throws -> FileSums {
        var all = FileSums(plan)
        for file in files { try all.merge(file) }
        return all
    }

    private func expectSameBits(_ a: [GriddedColumns], _ b: [GriddedColumns]) {
        #expect(a.map(\.cells) == b.map(\.cells))
        for field: KeyPath<GriddedColumns, [Double]> in [
            \.means, \.weights, \.standardErrors, \.coverages, \.effectiveCounts, \.averagingKernels,
        ] {
            #expect(
                a.map { $0[keyPath: field].map(\.bitPattern) }
                    == b.map { $0[keyPath: field].map(\.bitPattern) }
            )
        }
    }

    @Test(arguments: 0..<300 as Range<UInt64>) func damagedBytesAreRefused(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var bytes = try sums([track(&random, count: 20)], try plan()).encoded()
        if seed % 3 == 0 {
            bytes.removeLast(1 + Int(random.next() % UInt64(bytes.count)))
        } else {
            bytes[Int(random.next() % UInt64(bytes.count))] ^= UInt8(1 << (random.next() % 8))
        }
        #expect(throws: GriddingError.self) { try FileSums(decoding: bytes) }
    }

    /// With a checksum that fits, so that every later check is met.
    @Test(arguments: 0..<2000 as Range<UInt64>) func changedBytesWithAGoodChecksumNeverTrap(seed: UInt64)
        throws
    {
        var random = SeededGenerator(seed: seed)
        var bytes = try sums([track(&random, count: 3)], try plan()).encoded()
        bytes.removeLast(8)
        for _ in 0...(seed % 3) {
            let place = Int(random.next() % UInt64(seed % 2 == 0 ? min(bytes.count, 400) : bytes.count))
            bytes[place] = seed % 5 == 0 ? 0xff : UInt8(truncatingIfNeeded: random.next())
        }
        var writer = ByteWriter()
        writer.write(checksum(bytes[...]))
        guard let decoded = try? FileSums(decoding: bytes + writer.bytes) else { return }
        _ = decoded.columns()
        #expect(try FileSums(decoding: decoded.encoded()).encoded() == decoded.encoded())
    }

    @Test func aSoundingCountsOnceWithinAFile() throws {
        var random = SeededGenerator(seed: 4)
        let plan = try plan()
        let track = track(&random, count: 100)
        let used = try sums([track], plan).tally.used
        // Twice the same, and out of order.
        let again = try sums([track, selection(track, [50, 3, 99]), selection(track, [3])], plan)
        #expect(again.tally.used == used)
        let extra =
            again.tally.rejected[.duplicate, default: 0] + again.tally.rejected[.outsideGrid, default: 0]
        #expect(again.tally.read == used + extra)
        let backwards = try sums([selection(track, (0..<100).reversed()), track], plan)
        #expect(backwards.tally.used == used)
        #expect(backwards.ids == again.ids)
    }

    @Test func filesThatShareSoundingsAreFound() throws {
        var random = SeededGenerator(seed: 8)
        let plan = try plan()
        let track = track(&random, count: 200)
        let first = try sums([selection(track, Array(0..<120))], plan)
        let second = try sums([selection(track, Array(100..<200))], plan)
        let later = try sums([selection(track, Array(160..<200))], plan)
        #expect(!first.ids.mayShare(with: later.ids))
        let shared = first.sharedSoundings(with: second)
        #expect(!shared.isEmpty && shared.allSatisfy { track.ids[100..<120].contains($0) })
        var rest = FileSums(plan, excluding: Set(shared))
        try rest.add(place(selection(track, Array(100..<200)), plan))
        rest.finish()
        #expect(rest.tally.rejected[.duplicate] == shared.count)
        #expect(first.tally.used + rest.tally.used == (try sums([track], plan)).tally.used)
        #expect(first.sharedSoundings(with: rest).isEmpty)
    }

    @Test func levelsAndLayersAreNotMixed() throws {
        var random = SeededGenerator(seed: 1)
        let plan = GriddingPlan(grid: try tenByTen(step: 1))
        var layers = SoundingBatch(
            product: "q",
            gas: .co2,
            scale: .co2X2007,
            levels: 5,
            profileSupport: .layers
        )
        layers.rejected = [:]
        var sums = FileSums(plan)
        try sums.add(place(randomBatch(&random, count: 3), plan))
        #expect(throws: GriddingError.differentSupport("layers", product: "q")) {
            try sums.add(place(layers, plan))
        }
        let before = sums.encoded()
        #expect(sums.encoded() == before)
    }

    @Test(arguments: 0..<20 as Range<UInt64>, SoundingWeighting.allCases)
    func theOperatorOfAPolygonCellIsTheMeanOfTheOperators(seed: UInt64, weighting: SoundingWeighting) throws {
        var random = SeededGenerator(seed: seed)
        let support: ProfileSupport = seed % 2 == 0 ? .levels : .layers
        let batch = track(&random, count: 200, support: support)
        let plan = try plan(weighting)
        let block = place(batch, plan)
        let columns = try #require(try sums([batch], plan).columns().first)
        #expect(columns.pressures.count == columns.cells.count * batch.pressureCount)
        let profile = (0..<batch.levels).map { _ in 370 + 60 * random.uniform() }
        var (sum, weights) = ([Int32: Double](), [Int32: Double]())
        for (place, index) in block.soundings.enumerated() {
            let sigma = batch.uncertainties[Int(index)]
            let value = modelled(batch, Int(index), profile)
            for contribution in (place > 0 ? Int(block.ends[place - 1]) : 0)..<Int(block.ends[place]) {
                let area = weighting.usesArea ? block.overlaps[contribution] : 1
                let weight = area * (weighting.usesPrecision ? 1 / (sigma * sigma) : 1)
                weights[block.cells[contribution], default: 0] += weight
                sum[block.cells[contribution], default: 0] += weight * value
            }
        }
        for (index, cell) in columns.cells.enumerated() {
            let total = try #require(sum[Int32(cell)])
            let expected = total / (try #require(weights[Int32(cell)]))
            #expect(abs(columns.column(at: index, for: profile) / expected - 1) < 1e-12)
        }
    }

    /// The operator of one sounding: xa + Σ h a (x - xa).
    private func modelled(_ batch: SoundingBatch, _ sounding: Int, _ profile: [Double]) -> Double {
        (0..<batch.levels).reduce(batch.priorColumns[sounding]) { column, level in
            let element = sounding * batch.levels + level
            return column + batch.pressureWeights[element] * batch.averagingKernels[element]
                * (profile[level] - batch.priorProfiles[element])
        }
    }
}
