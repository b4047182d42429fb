import Geo
import Gridding
import Observations
import Quantities
import TestSupport
import Testing

@Suite struct SoundingGridderTests {
    /// Three soundings of which two share a cell: all numbers by hand.
    private func byHand(_ weighting: SoundingWeighting) throws -> GriddedColumns {
        var batch = SoundingBatch(product: "p", gas: .co2, scale: .co2X2007, levels: 1)
        batch.ids = [1, 2, 3]
        batch.times = [30, 10, 20].map { Instant(microseconds: $0) }
        batch.longitudes = [0.5, 0.7, 5.5]
        batch.latitudes = [0.5, 0.1, 0.5]
        batch.columns = [390, 392, 400]
        batch.uncertainties = [1, 2, 0.5]
        batch.priorColumns = [380, 384, 390]
        batch.averagingKernels = [1, 0.5, 1]
        batch.pressureWeights = [1, 1, 1]
        batch.priorProfiles = [380, 384, 390]
        batch.pressures = [1000, 900, 800]
        let model = try #require(ErrorModel(sharedPartsPerMillion: 0.6, noiseFactor: 2))
        var gridder = try SoundingGridder(grid: tenByTen(step: 1), weighting: weighting, errorModel: model)
        try gridder.add(batch)
        return try #require(gridder.columns())
    }

    @Test func inverseVarianceMeanByHand() throws {
        let columns = try byHand(.inverseVariance)
        #expect(columns.cells == [0, 5])
        #expect(columns.counts == [2, 1])
        #expect(columns.weights == [1.25, 4])
        #expect(abs(columns.means[0] - (390 + 392 * 0.25) / 1.25) < 1e-12)
        #expect(columns.means[1] == 400)
        // (Σ (wσ)²) / (Σw)² = (1 + 0.25) / 1.25² = 0.8
        #expect(abs(columns.standardErrors[0] - (0.36 + 4 * 0.8).squareRoot()) < 1e-12)
        #expect(abs(columns.standardErrors[1] - (0.36 + 4 * 0.25).squareRoot()) < 1e-12)
        #expect(abs(columns.standardDeviations[0] - 2.0.squareRoot()) < 1e-12)
        #expect(columns.standardDeviations[1].isNaN)
        #expect(abs(columns.priorColumns[0] - 380.8) < 1e-12)
        #expect(abs(columns.averagingKernels[0] - 0.9) < 1e-12)
        #expect(abs(columns.pressures[0] - 980) < 1e-9)
        #expect(columns.firstSounding.microseconds == 10)
        #expect(columns.lastSounding.microseconds == 30)
    }

    /// More cells than one part takes, over several windows.
    @Test func columnsMadeInPartsAreTheSame() async throws {
        var random = SeededGenerator(seed: 11)
        let batch = randomBatch(&random, count: 100_000, levels: 1)
        let plan = GriddingPlan(grid: try tenByTen(step: 0.05), window: .eightDays)
        var sums = FileSums(plan)
        try sums.add(place(batch, plan))
        sums.finish()
        let (whole, parts) = (sums.columns(), await sums.columnsInParallel())
        #expect(whole.count == 2 && parts.count == 2 && whole.allSatisfy { $0.cells.count > 16_384 })
        for (one, other) in zip(whole, parts) {
            #expect(one.cells == other.cells && one.counts == other.counts)
            #expect(one.means == other.means && one.standardErrors == other.standardErrors)
            #expect(one.weights == other.weights && one.effectiveCounts == other.effectiveCounts)
            #expect(one.priorColumns == other.priorColumns)
            #expect(one.standardDeviations.map(\.bitPattern) == other.standardDeviations.map(\.bitPattern))
            #expect(one.averagingKernels == other.averagingKernels)
        }
    }

    @Test func equalWeightsByHand() throws {
        let columns = try byHand(.equal)
        #expect(columns.weights == [2, 1])
        #expect(abs(columns.means[0] - 391) < 1e-12)
        #expect(abs(columns.standardErrors[0] - (0.36 + 4 * 5.0 / 4).squareRoot()) < 1e-12)
    }

    @Test func theErrorOfAMeanDoesNotFallBelowItsSharedPart() throws {
        var random = SeededGenerator(seed: 3)
        var gridder = try SoundingGridder(grid: tenByTen(step: 10))
        try gridder.add(randomBatch(&random, count: 20_000))
        let error = try #require(gridder.columns()).standardErrors[0]
        #expect(error > 0.8 && error < 0.8001)
    }

    @Test(arguments: 0..<20 as Range<UInt64>) func anyOrderAndAnySplitGiveTheSameBits(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let whole = randomBatch(&random, count: 400)
        var reference = try SoundingGridder(grid: tenByTen(step: 2.5))
        try reference.add(whole)
        let expected = try #require(reference.columns())
        var permuted = try SoundingGridder(grid: tenByTen(step: 2.5))
        var rest = Array(0..<400).shuffled(using: &random)[...]
        while !rest.isEmpty {
            let count = Int(random.next() % 150)
            try permuted.add(selection(whole, Array(rest.prefix(count))))
            rest = rest.dropFirst(count)
        }
        let columns = try #require(permuted.columns())
        #expect(columns.cells == expected.cells)
        for field: KeyPath<GriddedColumns, [Double]> in [
            \.means, \.weights, \.standardErrors, \.standardDeviations, \.priorColumns, \.averagingKernels,
            \.pressureWeights, \.priorProfiles, \.pressures,
        ] {
            #expect(columns[keyPath: field].map(\.bitPattern) == expected[keyPath: field].map(\.bitPattern))
        }
        #expect(permuted.tally == reference.tally)
    }

    @Test(arguments: 0..<20 as Range<UInt64>, SoundingWeighting.allCases)
    func theOperatorOfACellIsTheMeanOfTheOperators(seed: UInt64, weighting: SoundingWeighting) throws {
        var random = SeededGenerator(seed: seed)
        let batch = randomBatch(&random, count: 300)
        let profile = (0..<5).map { _ in 370 + 60 * random.uniform() }
        let grid = try tenByTen(step: 5)
        var gridder = SoundingGridder(grid: grid, weighting: weighting)
        try gridder.add(batch)
        let columns = try #require(gridder.columns())
        for (index, cell) in columns.cells.enumerated() {
            var (sum, weights) = (0.0, 0.0)
            for sounding in 0..<batch.count
            where grid.cell(longitude: batch.longitudes[sounding], latitude: batch.latitudes[sounding])
                == cell
            {
                let sigma = batch.uncertainties[sounding]
                let isEqual = weighting == .equal || weighting == .area
                let weight = isEqual ? 1 : 1 / (sigma * sigma)
                weights += weight
                sum += weight * modelled(batch, sounding, profile)
            }
            #expect(abs(columns.column(at: index, for: profile) - sum / weights) < 1e-10)
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

    @Test func aLevelThatNoKernelSeesKeepsTheIdentity() throws {
        var random = SeededGenerator(seed: 5)
        var batch = randomBatch(&random, count: 50)
        for sounding in 0..<50 { batch.averagingKernels[sounding * 5] = 0 }
        var gridder = try SoundingGridder(grid: tenByTen(step: 10), weighting: .equal)
        try gridder.add(batch)
        let columns = try #require(gridder.columns())
        let profile = [1e3, 385, 386, 387, 388]
        let mean = (0..<50).reduce(0) { $0 + modelled(batch, $1, profile) } / 50
        #expect(abs(columns.column(at: 0, for: profile) - mean) < 1e-10)
        #expect(columns.priorProfiles.allSatisfy { $0.isFinite })
    }

    @Test func everySoundingIsCounted() throws {
        var random = SeededGenerator(seed: 9)
        var batch = randomBatch(&random, count: 10)
        batch.longitudes[0] = 20
        batch.columns[1] = .nan
        batch.uncertainties[2] = 0
        batch.uncertainties[3] = -1
        batch.averagingKernels[4 * 5] = .infinity
        batch.pressureWeights[5 * 5] = -999_999
        batch.rejected = [.qualityFlag: 7]
        var gridder = try SoundingGridder(grid: tenByTen(step: 1))
        try gridder.add(batch)
        try gridder.add(selection(batch, [9]))
        let tally = gridder.tally
        #expect(tally.read == 18)
        #expect(tally.used == 4)
        #expect(
            tally.rejected == [
                .qualityFlag: 7, .outsideGrid: 1, .missingValue: 1, .inconsistentOperator: 2,
                .invalidUncertainty: 2, .duplicate: 1,
            ]
        )
        #expect(tally.read == tally.used + tally.rejected.values.reduce(0, +))
    }

    @Test func whatMustNotBeAveragedIsRefused() throws {
        var random = SeededGenerator(seed: 1)
        let first = randomBatch(&random, count: 3)
        var gridder = try SoundingGridder(grid: tenByTen(step: 1))
        try gridder.add(first)
        let other = [
            SoundingBatch(product: "q", gas: .ch4, scale: .co2X2007, levels: 5),
            SoundingBatch(product: "q", gas: .co2, scale: .co2X2019, levels: 5),
            SoundingBatch(product: "q", gas: .co2, scale: .co2X2007, levels: 6),
        ]
        for batch in other {
            let error = #expect(throws: GriddingError.self) { try gridder.add(batch) }
            #expect(error?.exitStatus == .badData)
        }
    }

    @Test func aGridWithoutSoundingsHasNoColumns() throws {
        var gridder = try SoundingGridder(grid: tenByTen(step: 1))
        #expect(gridder.columns() == nil)
        var random = SeededGenerator(seed: 1)
        var batch = randomBatch(&random, count: 1)
        batch.latitudes[0] = -80
        try gridder.add(batch)
        #expect(gridder.columns() == nil)
        #expect(gridder.tally.rejected == [.outsideGrid: 1])
    }

    @Test func theMeanByAreaWeighsCellsAndKeepsTheSharedError() throws {
        let columns = try byHand(.equal)
        let mean = columns.areaMean
        #expect(abs(mean.mean - (391 + 400) / 2) < 1e-9)
        let noise = (4 * 1.25 + 4 * 0.25) / 4
        #expect(abs(mean.standardDeviation - (0.36 + noise).squareRoot()) < 1e-9)
    }

    @Test func errorModelsMustBeFinite() {
        #expect(ErrorModel(sharedPartsPerMillion: -1, noiseFactor: 1) == nil)
        #expect(ErrorModel(sharedPartsPerMillion: 1, noiseFactor: .nan) == nil)
        #expect(ErrorModel(sharedPartsPerMillion: 0, noiseFactor: 0) != nil)
    }
}
