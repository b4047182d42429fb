import Geo
import Gridding
import Observations
import Quantities
import TestSupport
import Testing

/// Soundings of several products in the same cells.
@Suite struct MixedProductTests {
    /// Ten soundings with priors and kernels in the western half of the box and as many without in all of it.
    private func batches(levels: Int = 0) -> (with: SoundingBatch, without: SoundingBatch) {
        var random = SeededGenerator(seed: 3)
        let with = randomBatch(&random, count: 10, levels: 5)
        var without = SoundingBatch(product: "table", gas: .co2, scale: .co2X2007, levels: levels)
        let other = randomBatch(&random, count: 10, firstID: 500)
        (without.ids, without.times, without.columns) = (other.ids, other.times, other.columns)
        (without.longitudes, without.latitudes) = (other.longitudes, other.latitudes)
        without.uncertainties = other.uncertainties
        without.priorColumns = other.columns.map { _ in .nan }
        return (with, without)
    }

    private func sums(_ batch: SoundingBatch, _ plan: GriddingPlan) throws -> FileSums {
        var sums = FileSums(plan)
        try sums.add(place(batch, plan))
        sums.finish()
        return sums
    }

    @Test func aCellHasAMeanPriorOnlyWhereEverySoundingHasOne() throws {
        let plan = GriddingPlan(grid: try tenByTen(step: 2), withProfiles: false)
        let (with, without) = batches()
        let own = try #require(try sums(with, plan).columns().first)
        var both = try sums(with, plan)
        try both.merge(try sums(without, plan))
        var reversed = try sums(without, plan)
        try reversed.merge(try sums(with, plan))
        #expect(both.encoded() == reversed.encoded())
        let columns = try #require(both.columns().first)
        let shared = try #require(try sums(without, plan).columns().first).cells
        for (index, cell) in columns.cells.enumerated() {
            if shared.contains(cell) {
                #expect(columns.priorColumns[index].isNaN)
            } else {
                let place = try #require(own.cells.firstIndex(of: cell))
                #expect(columns.priorColumns[index] == own.priorColumns[place])
            }
        }
        #expect(columns.priorColumns.contains { $0.isFinite } && columns.priorColumns.contains { $0.isNaN })
        let kept = try FileSums(decoding: both.encoded())
        let same = try #require(kept.columns().first).priorColumns.map(\.bitPattern)
        #expect(same == columns.priorColumns.map(\.bitPattern))
    }

    @Test func withKernelsTheMixIsRefusedInWords() throws {
        let plan = GriddingPlan(grid: try tenByTen(step: 2))
        let (with, without) = batches()
        var sums = try sums(with, plan)
        let error = #expect(throws: GriddingError.self) { try sums.add(place(without, plan)) }
        #expect(
            error?.line == "soundings with no kernels cannot be averaged with others that have kernels of 5 "
                + "elements: table; grid each product on its own, or without kernels"
        )
    }

    @Test func bothScalesAreNamedAlsoWhereOneIsNotStated() throws {
        let plan = GriddingPlan(grid: try tenByTen(step: 2), withProfiles: false)
        var sums = try sums(batches().with, plan)
        let other = SoundingBatch(product: "q", gas: .co2, scale: .unstated, levels: 0)
        let error = #expect(throws: GriddingError.self) { try sums.add(place(other, plan)) }
        #expect(
            error?.what
                == "soundings on a scale that is not stated cannot be averaged with others on WMO-CO2-X2007"
        )
    }

    @Test func sharesOfAProductAreAddedUpAndSeveralInstrumentsRemarkedOn() {
        let day = ProductShare(product: "OCO-2 B11", platform: "OCO-2", soundings: 600)
        #expect(
            ProductShare.merged([day, day]) == [
                .init(product: "OCO-2 B11", platform: "OCO-2", soundings: 1200)
            ]
        )
        let older = ProductShare(product: "OCO-2 B10", platform: "OCO-2", soundings: 1)
        let other = ProductShare(product: "ACOS", platform: "GOSAT", soundings: 2)
        let none = ProductShare(product: "none", platform: "TanSat", soundings: 0)
        #expect(ProductShare.remark(ProductShare.merged([day, none])) == nil)
        #expect(ProductShare.remark([day, older])?.contains("several products") == true)
        #expect(ProductShare.remark([day, other])?.contains("several instruments") == true)
        #expect(older.text == "OCO-2 B10 (1 sounding)")
    }
}
