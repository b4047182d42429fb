import Geo
import Observations
import TestSupport
import Testing

@testable import Gridding

@Suite struct ProfileSumsTests {
    @Test(arguments: 0..<30 as Range<UInt64>) func aPageIsExactWhateverTheSumsGrowTo(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let (count, width) = (4, 7)
        // Small terms never leave 64 bits, large ones at once and in both directions.
        let magnitude = UInt64.max >> (seed % 40)
        var page = ProfilePage(count: count * width)
        var expected = [Int128](repeating: 0, count: count * width)
        for _ in 0..<200 {
            let start = Int(random.next() % UInt64(count)) * width
            let terms = (0..<width).map { _ in
                let size = Int64(truncatingIfNeeded: (random.next() & magnitude) >> 1)
                return random.next() % 3 == 0 ? -size : size
            }
            page.add(terms, at: start)
            for index in 0..<width { expected[start + index] += Int128(terms[index]) }
        }
        #expect(expected.indices.allSatisfy { page[$0] == expected[$0] })
        var twice = page
        for start in stride(from: 0, to: count * width, by: width) {
            twice.add(page, from: start, count: width, at: start)
        }
        #expect(expected.indices.allSatisfy { twice[$0] == 2 * expected[$0] })
        for place in expected.indices { twice[place] = -expected[place] }
        #expect(expected.indices.allSatisfy { twice[$0] == -expected[$0] })
    }

    /// Uncertainties down to a 64th of a ppm give weights that do not fit 64 bits.
    private func heavyBatch(_ random: inout SeededGenerator, count: Int) -> SoundingBatch {
        var batch = randomBatch(&random, count: count)
        for index in 0..<count where random.uniform() < 0.5 {
            batch.uncertainties[index] = 1.0 / 64 + 0.1 * random.uniform()
        }
        return batch
    }

    @Test(arguments: 0..<10 as Range<UInt64>) func heavyAndLightSoundingsInAnyOrderGiveTheSameBytes(
        seed: UInt64
    ) throws {
        var random = SeededGenerator(seed: seed)
        let plan = GriddingPlan(grid: try tenByTen(step: 5))
        let batch = heavyBatch(&random, count: 400)
        func sums(_ order: [Int]) throws -> FileSums {
            var sums = FileSums(plan)
            var anonymous = selection(batch, order)
            anonymous.ids = []
            try sums.add(place(anonymous, plan))
            return sums
        }
        let forward = try sums(Array(0..<400))
        #expect(try sums((0..<400).shuffled(using: &random)).encoded() == forward.encoded())
        var halves = try sums(Array(200..<400))
        halves.finish()
        var first = try sums(Array(0..<200))
        first.finish()
        try halves.merge(first)
        #expect(halves.encoded() == forward.encoded())
        #expect(try FileSums(decoding: forward.encoded()).encoded() == forward.encoded())
    }

    @Test(arguments: 0..<10 as Range<UInt64>) func profilesAreWeightedMeans(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let plan = GriddingPlan(grid: try tenByTen(step: 10))
        let batch = heavyBatch(&random, count: 300)
        var sums = FileSums(plan)
        try sums.add(place(batch, plan))
        let columns = try #require(sums.columns().first)
        let weights = batch.uncertainties.map { 1 / ($0 * $0) }
        func mean(_ values: [Double], _ level: Int, by others: [Double]? = nil) -> Double {
            var (sum, total) = (0.0, 0.0)
            for index in 0..<batch.count {
                let weight = weights[index] * (others?[index * batch.levels + level] ?? 1)
                sum += weight * values[index * batch.levels + level]
                total += weight
            }
            return sum / total
        }
        let shares = batch.pressureWeights
        let seen = zip(shares, batch.averagingKernels).map { $0 * $1 }
        let (found, kernels) = (columns.pressureWeights, columns.averagingKernels)
        let (priors, pressures) = (columns.priorProfiles, columns.pressures)
        for level in 0..<batch.levels {
            #expect(abs(found[level] / mean(shares, level) - 1) < 1e-12)
            #expect(abs(kernels[level] / mean(batch.averagingKernels, level, by: shares) - 1) < 1e-12)
            #expect(abs(priors[level] / mean(batch.priorProfiles, level, by: seen) - 1) < 1e-12)
            #expect(abs(pressures[level] / mean(batch.pressures, level) - 1) < 1e-12)
        }
    }
}

@Suite struct CentreCellsTests {
    @Test(arguments: 0..<20 as Range<UInt64>) func cellsAreThoseOfTheGrid(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let steps = [0.1, 0.05, 1.0 / 3, 0.25, 2.5, 0.3]
        let step = steps[Int(seed) % steps.count]
        let west = [73, -180, 0, 179.9, -20.7][Int(seed) % 5]
        let columns = seed % 4 == 0 ? Int((360 / step).rounded()) : 37
        let rows = min(41, Int(20 / step))
        let longitude = try #require(UniformAxis(origin: west, step: step, count: columns))
        let latitude = try #require(UniformAxis(origin: seed % 3 == 0 ? -90 : 18, step: step, count: rows))
        guard let grid = LatitudeLongitudeGrid(latitude: latitude, longitude: longitude) else { return }
        let cells = CentreCells(grid)
        var (longitudes, latitudes): ([Double], [Double]) = ([], [])
        func check(_ x: Double, _ y: Double) {
            longitudes.append(x)
            latitudes.append(y)
        }
        for _ in 0..<500 {
            check(
                west + step * Double(columns + 4) * (random.uniform() - 0.02),
                latitude.origin + step * Double(rows + 4) * (random.uniform() - 0.02)
            )
        }
        // On every edge, a digit beside it, and a turn away.
        let middle = latitude.centre(rows / 2)
        for column in 0...columns {
            let edge = longitude.edge(column)
            for x in [edge, edge.nextUp, edge.nextDown, edge + 360, edge - 360] { check(x, middle) }
        }
        for row in 0...rows {
            let edge = latitude.edge(row)
            for y in [edge, edge.nextUp, edge.nextDown] { check(longitude.centre(3), y) }
        }
        for odd in [Double.nan, .infinity, -1e300] { check(odd, middle) }
        let found = cells.cells(longitudes: longitudes, latitudes: latitudes)
        let expected = zip(longitudes, latitudes).map { grid.cell(longitude: $0, latitude: $1) ?? -1 }
        let others = found.indices.filter { Int(found[$0]) != expected[$0] }
        #expect(others.map { [longitudes[$0], latitudes[$0]] } == [])
    }
}

@Suite struct SoundingIDGathererTests {
    @Test(arguments: 0..<40 as Range<UInt64>) func idsInAnyOrderAreGatheredOnce(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        // Some ascend all the way, some come late, some twice.
        let disorder = seed % 4 == 0 ? 0 : random.uniform()
        var given: [UInt64] = []
        var id = seed % 3 == 0 ? UInt64(0) : 2_015_010_100_000_001
        for _ in 0..<300 {
            given.append(id)
            id += 1 + random.next() % (seed % 2 == 0 ? 10 : 100_000)
            if random.uniform() < 0.05 { given.append(given[Int(random.next() % UInt64(given.count))]) }
        }
        if disorder > 0.5 { given.shuffle(using: &random) } else if disorder == 0 { given.sort() }
        let excluded = Set(given.filter { _ in random.uniform() < 0.1 })
        var gatherer = SoundingIDGatherer(excluding: seed % 5 == 0 ? excluded : [])
        var seen: Set<UInt64> = seed % 5 == 0 ? excluded : []
        let already = seen
        let agrees = given.map { gatherer.insert($0) == seen.insert($0).inserted }
        #expect(!agrees.contains(false))
        #expect(gatherer.ids.unpacked == seen.subtracting(already).sorted())
    }
}
