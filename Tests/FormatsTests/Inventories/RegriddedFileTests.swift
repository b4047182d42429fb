import Foundation
import Geo
import Inventory
import NetCDF
import Quantities
import TestSupport
import Testing

@testable import Formats

private func plants() async throws -> FluxProduct {
    try await FluxFile.read(
        Places.fixtures.appending(path: "edgar-layout-power-eastasia.nc").path,
        year: 2018
    )
}

private let provenance = FileProvenance(
    command: "crosswind inventory",
    configuration: "{}",
    seed: nil,
    inputs: [.init(name: "a.nc", sha256: "00")],
    created: nil
)

@Suite struct RegriddedFileTests {
    @Test func whatIsWrittenIsReadWithTheSameTotal() async throws {
        let product = try await plants()
        let source = product.fields[0]
        // Twice as coarse along, two and a half times across.
        let (rows, columns) = (source.grid.latitude, source.grid.longitude)
        let latitude = try #require(UniformAxis(origin: rows.origin, step: 2 * rows.step, count: 200))
        let longitude = try #require(
            UniformAxis(origin: columns.origin, step: 2.5 * columns.step, count: 272)
        )
        let grid = try #require(LatitudeLongitudeGrid(latitude: latitude, longitude: longitude))
        let regridded = Regridding(from: source.grid, to: .longitudeLatitude(grid)).apply(source)
        #expect(abs(regridded.account.relativeResidual) < 1e-9)
        #expect(abs(regridded.account.targetTonnes / 1e6 - 6854.37) < 0.005)
        let folder = try TemporaryFolder()
        let path = folder.file("coarse.nc").path
        try await RegriddedFile.write(
            [regridded],
            to: path,
            conversion: product.conversion,
            provenance: provenance
        )
        var options = FluxReadOptions()
        options.mapping = FluxMapping(gas: .co2)
        options.mapping?.variable = RegriddedFile.variable(.co2)
        let back = try await GriddedInventoryFile.read(path, options)
        #expect(back.fields[0].period == source.period)
        // Fluxes are stored in single precision.
        #expect(abs(back.fields[0].tonnesInPeriod / source.tonnesInPeriod - 1) < 1e-7)
        try await check(path)
    }

    @NetCDFThread
    private func check(_ path: String) throws {
        let file = try NetCDFFile(reading: path)
        #expect(file.text("inputs_sha256") == "00  a.nc")
        #expect(file.text("source_unit") == "kg m-2 s-1")
        #expect(try file.doubles("grid_tonnes").count == 1)
        #expect(file.text("carbon_ratio")?.hasPrefix("none") == true)
    }

    @Test func sameInputsGiveTheSameBytes() async throws {
        let product = try await plants()
        let folder = try TemporaryFolder()
        var bytes: [Data] = []
        for name in ["a.nc", "b.nc"] {
            let path = folder.file(name).path
            let flux = RegriddedFlux(product.fields[0])
            try await RegriddedFile.write(
                [flux],
                to: path,
                conversion: product.conversion,
                provenance: provenance
            )
            bytes.append(try Data(contentsOf: URL(filePath: path)))
        }
        #expect(bytes[0] == bytes[1])
    }

    @Test func aProjectedGridKeepsTheTotalToo() async throws {
        let path = Places.repository.appending(path: "grids/china-albers-25km.json").path
        let definition = try GridDefinition(json5File: path)
        let product = try await plants()
        let box = try #require(BoundingBox(west: 70, south: 10, east: 140, north: 60))
        let coarse = try #require(LatitudeLongitudeGrid(box: box, stepDegrees: 1))
        let first = Regridding(from: product.fields[0].grid, to: .longitudeLatitude(coarse)).apply(
            product.fields[0]
        )
        let field = try #require(first.field)
        let regridded = Regridding(from: field.grid, to: definition.grid).apply(field)
        #expect(abs(regridded.account.relativeResidual) < 1e-9)
        #expect(regridded.account.targetTonnes > 0.5 * regridded.account.sourceTonnes)
        let folder = try TemporaryFolder()
        let output = folder.file("albers.nc").path
        try await RegriddedFile.write(
            [regridded],
            to: output,
            conversion: product.conversion,
            provenance: provenance
        )
        try await checkProjected(output, regridded)
    }

    @NetCDFThread
    private func checkProjected(_ path: String, _ flux: RegriddedFlux) throws {
        let file = try NetCDFFile(reading: path)
        let areas = try file.doubles("cell_area")
        let values = try file.doubles("flux_co2")
        let tonnes = zip(areas, values).reduce(0) { $0 + $1.0 * $1.1 } * 1e-3 * flux.period.seconds
        #expect(abs(tonnes / flux.account.targetTonnes - 1) < 1e-6)
        #expect(file.text("crs_wkt", of: "crs")?.isEmpty == false)
    }
}

@Suite(.enabled(if: Places.shared("inventory/natural_earth/ne_50m_admin1_china.geojson") != nil))
struct RegionTotalsTests {
    @Test func provincesAndTheRestSumToTheField() async throws {
        let set = try RegionFile.read(
            try #require(Places.shared("inventory/natural_earth/ne_50m_admin1_china.geojson")).path
        )
        let flux = RegriddedFlux(try await plants().fields[0])
        let fractions = RegionFractions(set, on: flux.grid)
        let plain = RegionTotals(flux, fractions: fractions)
        let near = RegionTotals(flux, fractions: fractions, remainder: .nearest)
        for totals in [plain, near] {
            let sum = totals.rows.reduce(0) { $0 + $1.tonnes } + totals.unassignedTonnes
            #expect(abs(sum / totals.totalTonnes - 1) < 1e-9)
            #expect(abs(totals.totalTonnes / 6_854.37e6 - 1) < 1e-6)
        }
        #expect(plain.rows.allSatisfy { $0.nearestTonnes == 0 })
        #expect(near.unassignedTonnes < plain.unassignedTonnes)
    }

    @Test func maskedLayersReplaceTheGlobalOneInside() async throws {
        let set = try RegionFile.read(
            try #require(Places.shared("inventory/natural_earth/ne_50m_admin1_china.geojson")).path
        )
        let field = try await plants().fields[0]
        let half = FluxField(
            grid: field.grid,
            gas: field.gas,
            microMolesPerSquareMetreSecond: field.microMolesPerSquareMetreSecond.map { $0 / 2 },
            period: field.period,
            source: "regional"
        )
        let fractions = RegionFractions(set, on: field.grid)
        let mask = InventoryLayer.mask(fractions, regions: Array(set.regions.indices))
        let layered = try LayeredInventory(
            [
                InventoryLayer(name: "global", category: "power", hierarchy: 1, field: field),
                InventoryLayer(name: "china", category: "power", hierarchy: 2, field: half, mask: mask),
                InventoryLayer(name: "ships", category: "shipping", hierarchy: 1, field: half),
            ],
            source: "layers"
        )
        let lines = Dictionary(uniqueKeysWithValues: layered.lines.map { ($0.name, $0) })
        let china = try #require(lines["china"])
        let global = try #require(lines["global"])
        #expect(abs(global.replacedTonnes / (2 * china.givenTonnes) - 1) < 1e-9)
        let kept = layered.lines.reduce(0) { $0 + $1.givenTonnes - $1.replacedTonnes }
        #expect(abs(layered.field.tonnesInPeriod / kept - 1) < 1e-9)
        #expect(throws: LayerError.equalRank("global", "other")) {
            try LayeredInventory(
                [
                    InventoryLayer(name: "global", category: "power", hierarchy: 1, field: field),
                    InventoryLayer(name: "other", category: "power", hierarchy: 1, field: half),
                ],
                source: "layers"
            )
        }
    }
}

@Suite(.enabled(if: Places.shared("inventory/factors/edgar_sector_map.csv") != nil)) struct SectorMapTests {
    @Test func whatTheMapLacksIsTold() throws {
        let path = try #require(Places.shared("inventory/factors/edgar_sector_map.csv")).path
        let map = try SectorMapFile.read(path, native: "edgar_code", standard: "gnfr", version: "1")
        let mapped = map.apply([("ENE", 10), ("IND", 3), ("NMM", 2), ("XYZ", 5)])
        #expect(mapped.totals == ["A": 10, "B": 5])
        #expect(mapped.unmapped == ["XYZ": 5] && mapped.unmappedTotal == 5)
    }
}
