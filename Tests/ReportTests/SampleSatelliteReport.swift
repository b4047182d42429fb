import Foundation
import Geo
import Gridding
import Observations
import Quantities
import Report
import TestSupport
import Testing

/// Three days of slanted swaths over a box of one-degree cells, with four made regions.
enum SampleSatelliteReport {
    static func make() throws -> SatelliteReport {
        let box = try #require(BoundingBox(west: 100, south: 20, east: 124, north: 44))
        let grid = try #require(LatitudeLongitudeGrid(box: box, stepDegrees: 1))
        let plan = GriddingPlan(grid: grid, window: .day, withProfiles: false)
        var sums = FileSums(plan)
        var files: [SatelliteReport.File] = []
        for day in 0..<3 {
            var file = FileSums(plan)
            try file.add(place(swaths(day: day), plan))
            file.finish()
            files.append(
                SatelliteReport.File(
                    name: "made_LtCO2_20010\(day + 1).nc4",
                    sha256: String(repeating: "\(day)", count: 64),
                    product: "Made Lite 1 <test>",
                    tally: file.tally
                )
            )
            try sums.merge(file)
        }
        return SatelliteReport(
            title: LocalizedName(english: "Carbon dioxide over the sample box", chinese: "样例区域二氧化碳柱浓度"),
            windows: sums.columns(),
            tally: sums.tally,
            files: files,
            regions: try regions(on: grid),
            caveats: [LocalizedName(english: "Made of invented soundings.", chinese: "本页数据为虚构观测。")],
            provenance: Provenance(
                software: "crosswind test",
                command: "crosswind grid made.nc4 --box 100,20,124,44 --step 1",
                configuration: "{ grid: \"sample\", weighting: \"inverse-variance\" }",
                inputs: [],
                environment: []
            )
        )
    }

    private static func swaths(day: Int) -> SoundingBatch {
        var generator = SeededGenerator(seed: UInt64(day + 1))
        var batch = SoundingBatch(product: "Made Lite 1", gas: .co2, scale: .co2X2019, levels: 0)
        batch.platform = "Made"
        batch.build = "B1"
        let start = Instant(CivilTime(year: 2020, month: 1, day: 1 + day))
        for track in 0..<3 {
            for step in 0..<260 {
                guard Double.random(in: 0..<1, using: &generator) < 0.7 else { continue }
                let latitude = 18 + Double(step) * 0.1
                let longitude = 104 + Double(track) * 7 - Double(day) * 0.7 - (latitude - 18) * 0.24
                let enhancement = 4 * exp(-pow((latitude - 34) / 6, 2) - pow((longitude - 114) / 5, 2))
                batch.ids.append(UInt64(day * 10_000 + track * 1000 + step))
                batch.times.append(Instant(microseconds: start.microseconds + Int64(step) * 333_000))
                batch.longitudes.append(longitude)
                batch.latitudes.append(latitude)
                batch.columns.append(412 + enhancement + Double.random(in: -1...1, using: &generator))
                batch.uncertainties.append(0.5)
                batch.priorColumns.append(411)
            }
        }
        batch.rejected = [.qualityFlag: 480 + day, .failedFilter: 12, .missingValue: 1]
        return batch
    }

    /// Four quarters of the grid, the western ones wider in the north, without a corner in the south-west.
    private static func regions(on grid: LatitudeLongitudeGrid) throws -> SatelliteRegions {
        let (west, east) = (grid.longitude.origin, grid.longitude.end)
        let (south, north) = (grid.latitude.origin, grid.latitude.end)
        let middle = (south + north) / 2
        func along(_ latitude: Double) -> Double {
            west + (0.4 + 0.2 * (latitude - south) / (north - south)) * (east - west)
        }
        func region(_ english: String, _ chinese: String, _ corners: [(Double, Double)]) throws -> Region {
            let ring = try RegionRing(closed: (corners + [corners[0]]).map { SIMD2($0.0, $0.1) })
            return try Region(
                name: LocalizedName(english: english, chinese: chinese),
                polygons: [RegionPolygon(outline: ring)]
            )
        }
        let (low, half, high) = (along(south), along(middle), along(north))
        let cut = (west + (low - west) / 2, south + (middle - south) / 2)
        let set = RegionSet(
            name: LocalizedName(english: "quarters", chinese: "四分区"),
            regions: [
                try region(
                    "South-west",
                    "西南",
                    [(cut.0, south), (low, south), (half, middle), (west, middle), (west, cut.1)]
                ),
                try region(
                    "North-west",
                    "西北",
                    [(west, middle), (half, middle), (high, north), (west, north)]
                ),
                try region(
                    "South-east",
                    "东南",
                    [(low, south), (east, south), (east, middle), (half, middle)]
                ),
                try region(
                    "North-east",
                    "东北",
                    [(half, middle), (east, middle), (east, north), (high, north)]
                ),
            ]
        )
        return SatelliteRegions(
            RegionFractions(set, on: .longitudeLatitude(grid)),
            credit: LocalizedName(english: "made for the test", chinese: "测试用区域")
        )
    }
}
