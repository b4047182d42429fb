import Foundation
import Geo
import Gridding
import NetCDF
import Observations
import Quantities
import TestSupport
import Testing

/// Real orbits of blended TROPOMI methane against exact grids made by another program.
@Suite(.enabled(if: Places.shared("satellite/tropomi-blended") != nil)) struct TropomiReferenceTests {
    static let orbits = [
        (
            "S5P_BLND_L2__CH4____20180501T032352_20180501T050523_02834_03_020400_20230614T000922.nc",
            "20180501T032352"
        ),
        (
            "S5P_BLND_L2__CH4____20180502T030455_20180502T044625_02848_03_020400_20230614T000922.nc",
            "20180502T030455"
        ),
    ]

    private func path(_ name: String) throws -> String {
        try #require(Places.shared("satellite/tropomi-blended/\(name)")).path
    }

    /// The soundings with the numbers that polygons need, ppm.
    @NetCDFThread private func batch(_ orbit: String) throws -> SoundingBatch {
        let file = try NetCDFFile(reading: try path(orbit))
        var batch = SoundingBatch(product: "blended", gas: .ch4, scale: .unstated, levels: 0)
        batch.columns = try file.doubles("methane_mixing_ratio_blended").map { $0 * 1e-3 }
        batch.uncertainties = try file.doubles("methane_mixing_ratio_precision").map { $0 * 1e-3 }
        batch.longitudes = try file.doubles("longitude")
        batch.latitudes = try file.doubles("latitude")
        batch.cornerLongitudes = try file.doubles("longitude_bounds")
        batch.cornerLatitudes = try file.doubles("latitude_bounds")
        batch.priorColumns = batch.columns
        batch.ids = batch.columns.indices.map { UInt64($0) }
        batch.times = batch.columns.indices.map { Instant(microseconds: 1_525_000_000_000_000 + Int64($0)) }
        return batch
    }

    @NetCDFThread private func reference(_ name: String) throws -> [String: [Double]] {
        let file = try NetCDFFile(reading: try path("reference-l3/ref_\(name).nc"))
        var fields: [String: [Double]] = [:]
        for field in ["mean", "weight", "neff", "nobs"] { fields[field] = try file.doubles(field) }
        return fields
    }

    @Test(arguments: orbits, [0.25, 0.1]) func polygonMeansAreThoseOfTheReference(
        orbit: (file: String, name: String),
        step: Double
    ) async throws {
        let batch = try await batch(orbit.file)
        let box = try #require(BoundingBox(west: 73, south: 18, east: 135, north: 54))
        let grid = try #require(LatitudeLongitudeGrid(box: box, stepDegrees: step))
        let plan = GriddingPlan(grid: grid, method: .polygon, weighting: .area, withProfiles: false)
        var sums = FileSums(plan)
        try sums.add(place(batch, plan))
        sums.finish()
        let columns = try #require(sums.columns().first)
        let reference = try await reference("\(orbit.name)_\(step)")
        let (weights, counts) = (try #require(reference["weight"]), try #require(reference["nobs"]))
        let (means, effective) = (try #require(reference["mean"]), try #require(reference["neff"]))
        #expect(columns.cells == counts.indices.filter { counts[$0] > 0 })
        var largest = 0.0
        for (index, cell) in columns.cells.enumerated() {
            #expect(Double(columns.counts[index]) == counts[cell])
            largest = max(largest, abs(columns.means[index] * 1e3 / means[cell] - 1))
            #expect(abs(columns.weights[index] - weights[cell]) < 1e-9)
            #expect(abs(columns.effectiveCounts[index] / effective[cell] - 1) < 1e-6)
        }
        #expect(largest < 1e-9)
        #expect(sums.tally.reordered == 0)
        #expect(sums.tally.read == batch.count)
    }
}
