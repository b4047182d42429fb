import Foundation
import Geo
import GeoTIFF
import Inventory
import NetCDF
import Quantities
import TestSupport
import Testing

@testable import Formats

/// A small file of several variables over latitude and longitude, with a time axis or without.
struct GridSketch: Sendable {
    var latitudes: [Double] = [-45, 45]
    var longitudes: [Double] = [-135, -45, 45, 135]
    var months = 0
    /// With their values, one for all cells and months, and units.
    var variables: [(name: String, value: Double, unit: String)]
    var timeUnit: String?
    var global: [(String, NetCDFAttribute)] = []

    @NetCDFThread
    func write(to path: String) throws {
        var writer = try NetCDFWriter(replacing: path)
        for (name, value) in global { try writer.setAttribute(name, value) }
        try writer.defineDimension("lat", length: latitudes.count)
        try writer.defineDimension("lon", length: longitudes.count)
        try writer.defineVariable("lat", .float, dimensions: ["lat"], attributes: [])
        try writer.defineVariable("lon", .float, dimensions: ["lon"], attributes: [])
        if months > 0 { try writer.defineDimension("time", length: months) }
        if let timeUnit {
            let unit: (String, NetCDFAttribute) = ("units", .text(timeUnit))
            try writer.defineVariable("time", .double, dimensions: ["time"], attributes: [unit])
        }
        let dimensions = (months > 0 ? ["time"] : []) + ["lat", "lon"]
        for variable in variables {
            try writer.defineVariable(
                variable.name,
                .double,
                dimensions: dimensions,
                attributes: variable.unit.isEmpty ? [] : [("units", .text(variable.unit))]
            )
        }
        try writer.write(latitudes, to: "lat")
        try writer.write(longitudes, to: "lon")
        // The middle of January and every 31 days on: one stamp in each month of a year.
        if timeUnit != nil { try writer.write((0..<months).map { 14 + 30.4 * Double($0) }, to: "time") }
        let count = latitudes.count * longitudes.count * max(1, months)
        for variable in variables {
            try writer.write([Double](repeating: variable.value, count: count), to: variable.name)
        }
        try writer.commit()
    }

    func read(named name: String, _ options: FluxReadOptions = FluxReadOptions()) async throws -> FluxProduct
    {
        let folder = try TemporaryFolder()
        let path = folder.file(name).path
        try await write(to: path)
        return try await GriddedInventoryFile.read(path, options)
    }
}

private func earthArea(_ field: FluxField) -> Double {
    (0..<field.grid.rows).reduce(0) {
        $0 + field.grid.cellAreaSquareMetres(row: $1) * Double(field.grid.columns)
    }
}

@Suite struct GriddedLayoutTests {
    @Test func odiacCountsCarbonOnLandAndOfBunkers() async throws {
        let sketch = GridSketch(months: 12, variables: [("land", 3, ""), ("intl_bunker", 1, "")])
        let product = try await sketch.read(named: "odiac2022_1x1d_2020.nc")
        #expect(product.layout == .odiac)
        #expect(product.conversion.carbonRatio == .molarMasses)
        #expect(product.conversion.categories == ["land", "intl_bunker"])
        #expect(product.fields.count == 12)
        let february = product.fields[1]
        #expect(february.period.seconds == 29 * 86_400)
        let expected = 4 * 1e-6 * earthArea(february) * 29 * 44.0095 / 12.011
        #expect(abs(february.tonnesInPeriod / expected - 1) < 1e-12)
        var options = FluxReadOptions()
        options.carbon = .wholeNumbers
        options.categories = ["land"]
        let land = try await sketch.read(named: "odiac2022_1x1d_2020.nc", options)
        let ratio = land.fields[1].tonnesInPeriod / february.tonnesInPeriod
        #expect(abs(ratio - 0.75 * (44.0 / 12) / (44.0095 / 12.011)) < 1e-12)
        #expect(land.conversion.skipped == ["intl_bunker: not asked for"])
    }

    @Test func camsAddsItsSectorsAndNotTheirSum() async throws {
        let unit = "kg m-2 s-1"
        let sketch = GridSketch(
            months: 12,
            variables: SectorGrids.camsSectors.map { ($0, 1e-9, unit) } + [("sum", 14e-9, unit)],
            timeUnit: "days since 2021-01-01"
        )
        let product = try await sketch.read(named: "CAMS-GLOB-ANT_Glb_0.1x0.1_anthro_co2_v5.3_monthly.nc")
        #expect(product.layout == .camsGlobAnt)
        #expect(product.conversion.categories.count == 14)
        #expect(product.conversion.skipped == ["sum: it is the sum of the sectors"])
        #expect(
            product.fields.map { Int($0.period.seconds / 86_400) } == [
                31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31,
            ]
        )
        let flux = product.fields[0].microMolesPerSquareMetreSecond[0]
        #expect(abs(flux - 14 / 44.0095) < 1e-12)
        var options = FluxReadOptions()
        options.categories = ["enn"]
        let error = await #expect(throws: NetCDFError.self) {
            try await sketch.read(named: "CAMS-GLOB-ANT_Glb_0.1x0.1_anthro_co2_v5.3_monthly.nc", options)
        }
        #expect(error?.what.contains("is it `ene`?") == true)
    }

    @Test func gridFEDAddsFuelsPerCellAndMonth() async throws {
        let sketch = GridSketch(
            months: 12,
            variables: SectorGrids.gridFEDFuels.map { ($0, 1e6, "kg CO2 cell-1 month-1") }
        )
        let product = try await sketch.read(named: "GCP-GridFEDv2024.0_2019.nc")
        #expect(product.layout == .gridFED)
        #expect(product.fields.allSatisfy { abs($0.tonnesInPeriod - 8 * 5 * 1000) < 1e-6 })
        #expect(product.fields[0].period.start == Instant(iso8601: "2019-01-01T00:00:00Z"))
    }

    @Test(.enabled(if: Places.shared("inventory/edgar_openghg_test/ch4_intem.nc") != nil))
    func inTEMGivesItsPosteriorUnlessThePriorIsAskedFor() async throws {
        let path = try #require(Places.shared("inventory/edgar_openghg_test/ch4_intem.nc")).path
        let mean = try await GriddedInventoryFile.read(path)
        #expect(mean.layout == .inTEM)
        #expect(mean.fields.first?.gas == .ch4 && mean.fields.count == 10)
        #expect(mean.fields[1].period.seconds == 29 * 86_400)
        #expect(mean.conversion.categories == ["flux_mean"])
        var options = FluxReadOptions()
        options.categories = ["flux_prior"]
        let prior = try await GriddedInventoryFile.read(path, options)
        #expect(prior.fields[0].tonnesInPeriod != mean.fields[0].tonnesInPeriod)
    }

    @Test func anotherSphereKeepsTheAmountOfItsMaker() async throws {
        let sketch = GridSketch(variables: [("emi_co2", 1e-9, "kg m-2 s-1")])
        let name = "v6.0_CO2_2015_TOTALS.nc"
        let ours = try await sketch.read(named: name)
        var options = FluxReadOptions()
        options.earthRadiusMetres = 6_378_137
        let theirs = try await sketch.read(named: name, options)
        let ratio = theirs.fields[0].tonnesInPeriod / ours.fields[0].tonnesInPeriod
        #expect(abs(ratio - pow(6_378_137 / Earth.authalicRadiusMetres, 2)) < 1e-12)
        #expect(theirs.conversion.earthRadiusMetres == 6_378_137)
    }

    @Test func aMappingReadsWhatNoLayoutKnows() async throws {
        let sketch = GridSketch(variables: [("wetlands", 2, "")])
        var options = FluxReadOptions()
        options.mapping = FluxMapping(gas: .ch4)
        options.mapping?.variable = "wetlands"
        options.mapping?.unit = "t/cell/yr"
        options.year = 2019
        let product = try await sketch.read(named: "some.nc", options)
        #expect(product.layout == .mapped && product.fields[0].gas == .ch4)
        #expect(abs(product.fields[0].tonnesInPeriod - 16) < 1e-10)
        options.mapping?.unit = "bushels"
        let error = await #expect(throws: NetCDFError.self) {
            try await sketch.read(named: "some.nc", options)
        }
        #expect(error?.what.contains("bushels") == true)
    }

    @Test func sectorsOfEDGARAreAddedWithoutTotalsAndParts() async throws {
        let folder = try TemporaryFolder()
        var paths: [String] = []
        for (sector, value) in [
            ("TOTALS", 100.0), ("ENE", 1), ("PRO_FFF", 30), ("PRO_COAL", 2), ("PRO_OIL", 3), ("PRO_GAS", 4),
        ] {
            let path = folder.file("v8.0_FT2022_GHG_CO2_2022_\(sector)_emi.nc").path
            let global: [(String, NetCDFAttribute)] = [("substance", "CO2"), ("year", "2022")]
            try await GridSketch(variables: [("emissions", value, "Tonnes")], global: global).write(to: path)
            paths.append(path)
        }
        let product = try await GriddedInventoryFile.readSectors(paths)
        #expect(abs(product.fields[0].tonnesInPeriod - 8 * (1 + 2 + 3 + 4)) < 1e-9)
        #expect(product.conversion.categories == ["ENE", "PRO_COAL", "PRO_OIL", "PRO_GAS"])
        #expect(
            product.conversion.skipped == [
                "TOTALS: it is the sum of the sectors",
                "PRO_FFF: it is the sum of PRO_COAL, PRO_GAS, PRO_OIL",
            ]
        )
    }
}

@Suite struct MEICLayoutTests {
    @Test func theLongRowBeginsInTheNorthWest() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("2017_02_power_CO2.nc").path
        try await write(to: path)
        let product = try await GriddedInventoryFile.read(path)
        #expect(product.layout == .meic && product.conversion.categories == ["power"])
        let field = try #require(product.fields.first)
        #expect(field.period.seconds == 28 * 86_400)
        #expect(product.missingCells == 1)
        #expect(
            abs(field.tonnesInPeriod(cell: field.grid.cell(longitude: 70.1, latitude: 10.4) ?? -1) - 1)
                < 1e-12
        )
        #expect(abs(field.tonnesInPeriod - (1 + 2 + 3 + 4 + 5)) < 1e-10)
    }

    /// Two rows of three cells.
    @NetCDFThread
    private func write(to path: String) throws {
        var writer = try NetCDFWriter(replacing: path)
        try writer.defineDimension("side", length: 2)
        try writer.defineDimension("xysize", length: 6)
        for name in ["x_range", "y_range", "z_range", "spacing"] {
            try writer.defineVariable(name, .double, dimensions: ["side"], attributes: [])
        }
        try writer.defineVariable("dimension", .int32, dimensions: ["side"], attributes: [])
        try writer.defineVariable("z", .float, dimensions: ["xysize"], attributes: [])
        try writer.write([70, 70.75], to: "x_range")
        try writer.write([10, 10.5], to: "y_range")
        try writer.write([0.0, 5.0], to: "z_range")
        try writer.write([0.25, 0.25], to: "spacing")
        try writer.write([Int64(3), 2], to: "dimension")
        try writer.write([1.0, 2, 3, 4, -9999, 5], to: "z")
        try writer.commit()
    }

    @Test func theASCIIGridGivesTheSame() async throws {
        let folder = try TemporaryFolder()
        let file = folder.file("2017_02_power_CO2.asc")
        let text =
            "ncols 3\nnrows 2\nxllcorner 70\nyllcorner 10\ncellsize 0.25\nNODATA_value -9999\n1 2 3\n4 -9999 5\n"
        try text.write(to: file, atomically: true, encoding: .utf8)
        let product = try await GriddedInventoryFile.read(file.path)
        #expect(product.layout == .meicASCII && product.missingCells == 1)
        let field = try #require(product.fields.first)
        let north = try #require(field.grid.cell(longitude: 70.1, latitude: 10.4))
        #expect(abs(field.tonnesInPeriod(cell: north) - 1) < 1e-12)
        try text.replacing("4 -9999", with: "4 x").write(to: file, atomically: true, encoding: .utf8)
        let error = await #expect(throws: NetCDFError.self) { try await GriddedInventoryFile.read(file.path) }
        #expect(error?.place.hasSuffix("line 8") == true)
        try text.replacing(" 5", with: "").write(to: file, atomically: true, encoding: .utf8)
        await #expect(throws: NetCDFError.self) { try await GriddedInventoryFile.read(file.path) }
    }
}

@Suite struct PictureLayoutTests {
    private func write(_ path: String, values: [Float]) throws {
        let layout = GeoTIFFLayout(
            columns: 3,
            rows: 2,
            west: 100,
            north: 30,
            longitudeStep: 0.5,
            latitudeStep: 0.5,
            bands: [.init(description: "emission", unit: "t")]
        )
        var writer = try GeoTIFFWriter(replacing: path, layout: layout)
        try writer.write(values, band: 0, strip: 0)
        try writer.commit()
    }

    @Test func odiacOnOneKilometreIsTonnesOfCarbon() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("odiac2022_1km_excl_intl_1807.tif").path
        try write(path, values: [1, 2, 3, .nan, 5, 6])
        let product = try await GriddedInventoryFile.read(path)
        #expect(product.layout == .odiacTIFF && product.missingCells == 1)
        let field = try #require(product.fields.first)
        #expect(field.period.start == Instant(iso8601: "2018-07-01T00:00:00Z"))
        #expect(abs(field.tonnesInPeriod / (17 * 44.0095 / 12.011) - 1) < 1e-12)
        let north = try #require(field.grid.cell(longitude: 100.1, latitude: 29.9))
        #expect(abs(field.tonnesInPeriod(cell: north) - 44.0095 / 12.011) < 1e-12)
        var options = FluxReadOptions()
        options.window = BoundingBox(west: 100.5, south: 29, east: 101.5, north: 30)
        let part = try await GriddedInventoryFile.read(path, options)
        #expect(part.fields[0].grid.cellCount == 4)
        #expect(abs(part.fields[0].tonnesInPeriod / (16 * 44.0095 / 12.011) - 1) < 1e-12)
    }

    @Test func aPictureWithoutAMappingIsRefusedAndACutOneToo() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("emission_2020.tif").path
        try write(path, values: [1, 2, 3, 4, 5, 6])
        let error = await #expect(throws: GeoTIFFError.self) { try await GriddedInventoryFile.read(path) }
        #expect(error?.what.contains("mapping") == true)
        let whole = try Data(contentsOf: URL(filePath: path))
        let cut = folder.file("odiac2022_1km_excl_intl_1808.tif")
        for length in stride(from: 8, to: whole.count - 1, by: 37) {
            try whole.prefix(length).write(to: cut)
            let damage = await #expect(throws: GeoTIFFError.self) {
                try await GriddedInventoryFile.read(cut.path)
            }
            #expect(damage?.exitStatus == .badData)
        }
    }
}

@Suite struct TableLayoutTests {
    private func read(_ text: String) async throws -> FluxProduct {
        let folder = try TemporaryFolder()
        try text.write(to: folder.file("grid_2019.csv"), atomically: true, encoding: .utf8)
        var options = FluxReadOptions()
        options.mapping = FluxMapping(gas: .co2)
        options.mapping?.variable = "emission"
        options.mapping?.unit = "t/cell/yr"
        return try await GriddedInventoryFile.read(folder.file("grid_2019.csv").path, options)
    }

    @Test func rowsBecomeCellsAndAbsentOnesEmitNothing() async throws {
        let product = try await read("lon,lat,emission\n100.5,30.5,7\n102.5,31.5,1\n101.5,30.5,2\n")
        let field = try #require(product.fields.first)
        #expect(field.grid.rows == 2 && field.grid.columns == 3 && field.nonZeroCells == 3)
        #expect(abs(field.tonnesInPeriod - 10) < 1e-12)
    }

    @Test func aCellThatStandsTwiceIsNamed() async throws {
        let error = await #expect(throws: TableError.self) {
            try await read("lon,lat,emission\n100.5,30.5,7\n101.5,31.5,1\n100.5,30.5,2\n")
        }
        #expect(error?.at.line == 4)
    }
}
