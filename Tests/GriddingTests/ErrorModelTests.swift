import Foundation
import Geo
import Observations
import Quantities
import TestSupport
import Testing

@testable import Gridding

@Suite struct CorrelatedErrorTests {
    private func model(shared: Double = 0, noise: Double = 0, variability: Double = 0) throws -> ErrorModel {
        let correlation = try #require(
            ErrorCorrelation(
                partsPerMillion: 0.7,
                alongTrackKilometres: 12,
                acrossTrackFootprints: 3,
                variabilityPartsPerMillion: variability
            )
        )
        return try #require(
            ErrorModel(sharedPartsPerMillion: shared, noiseFactor: noise, correlation: correlation)
        )
    }

    private func columns(_ batches: [SoundingBatch], _ plan: GriddingPlan) throws -> GriddedColumns {
        var sums = FileSums(plan)
        for batch in batches { try sums.add(place(batch, plan)) }
        return try #require(sums.columns().first)
    }

    /// The sum over all pairs against the recursion over the track.
    @Test(arguments: 0..<20 as Range<UInt64>) func theRecursionIsTheSumOverAllPairs(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var batch = track(&random, count: 240)
        // A second overpass 20 minutes later, over the same cells.
        let later = batch.times[0].microseconds + 1_200_000_000
        for index in 120..<240 {
            for field: WritableKeyPath<SoundingBatch, [Double]> in [\.longitudes, \.latitudes] {
                batch[keyPath: field][index] = batch[keyPath: field][index - 120]
            }
            batch.times[index] = Instant(microseconds: later + batch.times[index - 120].microseconds)
        }
        let plan = GriddingPlan(
            grid: try tenByTen(step: 0.2),
            weighting: seed % 2 == 0 ? .inverseVariance : .equal,
            errorModel: try model(),
            withProfiles: false
        )
        let columns = try columns([batch], plan)
        for (index, cell) in columns.cells.enumerated() {
            let members = (0..<batch.count)
                .filter {
                    plan.grid.longitudeLatitude?.cell(
                        longitude: batch.longitudes[$0],
                        latitude: batch.latitudes[$0]
                    ) == cell
                }
            let expected = pairSum(members, batch, plan.weighting)
            #expect(abs(columns.standardErrors[index] / (0.7 * expected) - 1) < 1e-12)
            #expect(columns.coverages[index].isNaN)
        }
    }

    /// sqrt(Σᵢⱼ wᵢ wⱼ ρᵢⱼ) / Σ w.
    private func pairSum(_ members: [Int], _ batch: SoundingBatch, _ weighting: SoundingWeighting) -> Double {
        let weight = { (index: Int) in
            weighting == .equal ? 1 : 1 / (batch.uncertainties[index] * batch.uncertainties[index])
        }
        var sum = 0.0
        for a in members {
            for b in members where (a < 120) == (b < 120) {
                let seconds = abs(batch.times[a].seconds(since: batch.times[b]))
                let apart = abs(Double(batch.footprints[a]) - Double(batch.footprints[b]))
                sum += weight(a) * weight(b) * exp(-seconds * 6.75 / 12) * exp(-apart / 3)
            }
        }
        return sum.squareRoot() / members.reduce(0) { $0 + weight($1) }
    }

    @Test func nearSoundingsHardlyReduceTheErrorAndOverpassesDo() throws {
        var random = SeededGenerator(seed: 2)
        let batch = track(&random, count: 8)
        let plan = GriddingPlan(grid: try tenByTen(step: 10), weighting: .equal, errorModel: try model())
        let one = try columns([batch], plan).standardErrors[0]
        #expect(one > 0.35 && one < 0.7)
        var second = batch
        second.ids = batch.ids.map { $0 + 100 }
        second.times = batch.times.map { $0.advanced(bySeconds: 3600) }
        let two = try columns([batch, second], plan).standardErrors[0]
        #expect(abs(two / (one / 2.0.squareRoot()) - 1) < 1e-12)
    }

    /// Two footprints that cover a quarter and an eighth of a cell, by hand.
    @Test func theUncoveredPartOfACellHasAnError() throws {
        var batch = SoundingBatch(product: "p", gas: .co2, scale: .co2X2007, levels: 0)
        batch.ids = [1, 2]
        batch.times = [0, 1_000_000].map { Instant(microseconds: $0) }
        batch.longitudes = [0.25, 0.75]
        batch.latitudes = [0.25, 0.75]
        batch.columns = [400, 401]
        batch.uncertainties = [1, 1]
        batch.priorColumns = [400, 400]
        batch.cornerLongitudes = [0, 0.5, 0.5, 0, 0.5, 1, 1, 0.5]
        batch.cornerLatitudes = [0, 0, 0.5, 0.5, 0.75, 0.75, 1, 1]
        let none = try #require(
            ErrorCorrelation(
                partsPerMillion: 0,
                alongTrackKilometres: 15,
                acrossTrackFootprints: 4,
                variabilityPartsPerMillion: 2
            )
        )
        let plan = GriddingPlan(
            grid: try tenByTen(step: 1),
            method: .polygon,
            weighting: .area,
            errorModel: try #require(
                ErrorModel(sharedPartsPerMillion: 0.5, noiseFactor: 1, correlation: none)
            )
        )
        let columns = try columns([batch], plan)
        #expect(abs(columns.coverages[0] - 0.375) < 1e-12)
        let effective = 0.375 * 0.375 / (0.0625 + 0.015625)
        #expect(abs(columns.effectiveCounts[0] - effective) < 1e-12)
        #expect(abs(columns.means[0] - (400 + 1.0 / 3)) < 1e-12)
        let variance = 0.25 + 1 / effective + 4 * 0.625 / effective
        #expect(abs(columns.standardErrors[0] - variance.squareRoot()) < 1e-12)
    }

    @Test(arguments: [(-1.0, 1.0), (1, 0), (.nan, 1), (1, .infinity)]) func correlationsMustBeFinite(
        error: Double,
        length: Double
    ) {
        let correlation = ErrorCorrelation(
            partsPerMillion: error,
            alongTrackKilometres: length,
            acrossTrackFootprints: 1,
            variabilityPartsPerMillion: 0
        )
        #expect(correlation == nil)
    }
}
