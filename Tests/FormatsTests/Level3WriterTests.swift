import Formats
import Foundation
import Geo
import Gridding
import NetCDF
import Observations
import Quantities
import TestSupport
import Testing

@Suite struct Level3WriterTests {
    /// The first real day on cells of two degrees, written to a fresh folder.
    private func written() async throws -> (GriddedColumns, TemporaryFolder, String) {
        let box = try #require(BoundingBox(west: -180, south: -90, east: 180, north: 90))
        let grid = try #require(LatitudeLongitudeGrid(box: box, stepDegrees: 2))
        let plan = GriddingPlan(grid: grid)
        var sums = FileSums(plan)
        try sums.add(place(try await SoundingFile.open(SatelliteFiles.first).readAll(), plan))
        let columns = try #require(sums.columns().first)
        let folder = try TemporaryFolder()
        let path = folder.file("level3.nc").path
        let provenance = FileProvenance(
            command: "crosswind grid",
            configuration: "grid=test",
            seed: nil,
            inputs: [try FileProvenance.Input(ofFile: SatelliteFiles.first)],
            created: Instant(microseconds: 0)
        )
        try await Level3Writer.write(columns, tally: sums.tally, provenance: provenance, to: path)
        return (columns, folder, path)
    }

    /// Of two windows, with and without profiles, and of more tiles than are packed at once.
    @Test(arguments: [true, false], Level3Layout.allCases)
    func tilesPackedAheadGiveTheSameBytes(withProfiles: Bool, layout: Level3Layout) async throws {
        let product = try await Level3Products.realDays(withProfiles: withProfiles, stepDegrees: 0.5)
        let folder = try TemporaryFolder()
        let (plain, ahead) = (folder.file("plain.nc"), folder.file("ahead.nc"))
        try await Level3Writer.write(product, layout: layout, to: plain.path)
        let tiles = try await Level3Writer.tilesAhead(product, layout: layout)
        try await Level3Writer.write(product, layout: layout, ahead: tiles, to: ahead.path)
        let bytes = try Data(contentsOf: plain)
        #expect(bytes.count > 10_000)
        #expect(try Data(contentsOf: ahead) == bytes)
    }

    @Test @NetCDFThread func fieldsComeBackWhereTheyBelong() async throws {
        let (columns, folder, path) = try await written()
        defer { withExtendedLifetime(folder) {} }
        let file = try NetCDFFile(reading: path)
        let shape = [1, 90, 180]
        let means = try file.doubles("xco2", shape: shape)
        let errors = try file.doubles("xco2_standard_error", shape: shape)
        let counts = try file.integers("xco2_nobs")
        #expect(means.count(where: { $0.isFinite }) == columns.cells.count)
        #expect(counts.reduce(0, +) == 350)
        for (index, cell) in columns.cells.enumerated() {
            #expect(means[cell] == columns.means[index])
            #expect(errors[cell] == columns.standardErrors[index])
            #expect(counts[cell] == Int64(columns.counts[index]))
        }
        let scatter = try file.doubles("xco2_stddev", shape: shape)
        #expect(scatter.count(where: { $0.isFinite }) == columns.counts.count(where: { $0 > 1 }))
    }

    @Test @NetCDFThread func profilesAreStoredByLevel() async throws {
        let (columns, folder, path) = try await written()
        defer { withExtendedLifetime(folder) {} }
        let file = try NetCDFFile(reading: path)
        #expect(
            try file.dimensionNames(of: "averaging_kernel") == ["time", "level", "latitude", "longitude"]
        )
        for (name, expected) in [
            ("averaging_kernel", columns.averagingKernels), ("pressure_weight", columns.pressureWeights),
            ("prior_profile", columns.priorProfiles), ("pressure_levels", columns.pressures),
        ] {
            let values = try file.doubles(name, shape: [1, 20, 90, 180])
            #expect(values.count(where: { $0.isFinite }) == columns.cells.count * 20)
            for (index, cell) in columns.cells.enumerated() {
                for level in 0..<20 {
                    #expect(values[level * 16_200 + cell] == Double(Float(expected[index * 20 + level])))
                }
            }
        }
    }

    @Test @NetCDFThread func coordinatesAndBoundsAreThoseOfTheGrid() async throws {
        let (_, folder, path) = try await written()
        defer { withExtendedLifetime(folder) {} }
        let file = try NetCDFFile(reading: path)
        let latitudes = try file.doubles("latitude")
        #expect(latitudes.first == -89 && latitudes.last == 89)
        #expect(try file.doubles("longitude_bnds").prefix(4) == [-180, -178, -178, -176])
        let day = Instant(CivilTime(year: 2009, month: 9, day: 1)).secondsSince1970
        #expect(try file.doubles("time_bnds") == [day, day + 86_400])
        #expect(try file.doubles("time") == [day + 43_200])
        let bounds = file.text("bounds", of: "latitude")
        #expect(bounds == "latitude_bnds")
    }

    @Test @NetCDFThread func theFileSaysWhatItWasMadeFrom() async throws {
        let (_, folder, path) = try await written()
        defer { withExtendedLifetime(folder) {} }
        let file = try NetCDFFile(reading: path)
        let attributes = [
            "Conventions", "command", "configuration", "software", "inputs_sha256", "soundings_rejected",
        ].map { file.text($0) ?? "" }
        let digest = try SHA256.hexDigest(ofFile: SatelliteFiles.first)
        let name = try #require(SatelliteFiles.first.split(separator: "/").last)
        #expect(
            attributes == [
                "CF-1.8, ACDD-1.3", "crosswind grid", "grid=test", "crosswind \(Version.current)",
                "\(digest)  \(name)", "quality_flag: 635",
            ]
        )
        let scale = file.text("calibration_scale", of: "xco2")
        #expect(scale == "WMO-CO2-X2007")
    }
}
