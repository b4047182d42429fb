import Foundation
import Geo
import Inventory
import NetCDF
import Quantities
import TestSupport
import Testing

@testable import Formats

/// A small flux file in any of the layouts.
struct FluxFileSketch: Sendable {
    var latitudes: [Double] = [-45, 45]
    var longitudes: [Double] = [45, 135, 225, 315]
    var variable = "emi_co2"
    var values: [Double] = [1, 2, 3, 4, 5, 6, 7, 8]
    var times: [Double]?
    var attributes: [(String, NetCDFAttribute)] = [("units", "kg m-2 s-1")]
    var global: [(String, NetCDFAttribute)] = []

    @NetCDFThread
    func write(to path: String) throws {
        var writer = try NetCDFWriter(replacing: path)
        for (name, value) in global { try writer.setAttribute(name, value) }
        try writer.defineDimension("lat", length: latitudes.count)
        try writer.defineDimension("lon", length: longitudes.count)
        if let times { try writer.defineDimension("time", length: times.count) }
        try writer.defineVariable("lat", .float, dimensions: ["lat"], attributes: [])
        try writer.defineVariable("lon", .float, dimensions: ["lon"], attributes: [])
        let dimensions = times == nil ? ["lat", "lon"] : ["lat", "lon", "time"]
        try writer.defineVariable(variable, .double, dimensions: dimensions, attributes: attributes)
        if times != nil {
            let unit: (String, NetCDFAttribute) = ("units", "days since 2019-01-01")
            try writer.defineVariable("time", .int64, dimensions: ["time"], attributes: [unit])
        }
        try writer.write(latitudes, to: "lat")
        try writer.write(longitudes, to: "lon")
        try writer.write(values, to: variable)
        if let times { try writer.write(times, to: "time") }
        try writer.commit()
    }

    func read(named name: String = "v6.0_CO2_2015_TOTALS.0.1x0.1.nc", year: Int? = nil) async throws
        -> FluxProduct
    {
        let folder = try TemporaryFolder()
        let path = folder.file(name).path
        try await write(to: path)
        return try await FluxFile.read(path, year: year)
    }

    func refusal(named name: String = "v6.0_CO2_2015_TOTALS.0.1x0.1.nc") async -> NetCDFError? {
        do {
            _ = try await read(named: name)
            return nil
        } catch { return error as? NetCDFError }
    }
}

@Suite struct EDGARFileTests {
    @Test func plantsOfEastAsiaSumToTheirDeclaredTotal() async throws {
        let path = Places.fixtures.appending(path: "edgar-layout-power-eastasia.nc").path
        let product = try await FluxFile.read(path, year: 2018)
        let field = try #require(product.fields.first)
        #expect(product.layout == .edgarFlux)
        #expect(field.gas == .co2)
        #expect(field.nonZeroCells == 2492)
        #expect(abs(field.tonnesInPeriod / 1e6 - 6854.37) < 0.005)
        let totals = try #require(product.totals)
        #expect(totals.passes)
        #expect(abs(totals.declaredTonnes - 6.85437e9) < 1)
        #expect(abs(totals.relativeDifference) < 1e-6)
        // The raw sum and the sum over the arranged field are the same emission.
        #expect(abs(totals.computedTonnes / field.tonnesInPeriod - 1) < 1e-9)
    }

    @Test func withoutAYearTheFixtureIsRefused() async throws {
        let path = Places.fixtures.appending(path: "edgar-layout-power-eastasia.nc").path
        let error = await #expect(throws: NetCDFError.self) { try await FluxFile.read(path) }
        #expect(error?.what.contains("year") == true)
    }

    @Test(.enabled(if: Places.shared("inventory/edgar_openghg_test") != nil))
    func subsampledFilesFailTheirTotals() async throws {
        let folder = try #require(Places.shared("inventory/edgar_openghg_test"))
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasPrefix("yearly__v") && $0.hasSuffix(".nc") }
        #expect(names.count == 6)
        for name in names {
            let path = folder.appending(path: name).path
            let totals = try #require(try await FluxFile.checkTotals(path))
            #expect(!totals.passes)
            let error = await #expect(throws: NetCDFError.self) { try await FluxFile.read(path) }
            #expect(error?.what.contains("do not tile the globe; they sum to") == true)
        }
        let carbonDioxide = try #require(names.first { $0.contains("excl_short") })
        let totals = try await FluxFile.checkTotals(folder.appending(path: carbonDioxide).path)
        #expect(totals?.declaredTonnes == 3.63676e10)
    }

    @Test func aGlobeFromZeroIsRolledToGreenwich() async throws {
        let field = try #require(try await FluxFileSketch().read().fields.first)
        #expect(field.grid.longitude.centres == [-135, -45, 45, 135])
        let perKilogram = 1e9 / 44.0095
        let kilograms = field.microMolesPerSquareMetreSecond.map { ($0 / perKilogram).rounded() }
        #expect(kilograms == [3, 4, 1, 2, 7, 8, 5, 6])
        #expect(field.period.start == Instant(iso8601: "2015-01-01T00:00:00Z"))
    }

    @Test func tonnesPerCellGiveTheSameTotalWhateverTheYear() async throws {
        var sketch = FluxFileSketch(variable: "emissions")
        sketch.attributes = [("units", "Tonnes"), ("substance", "CO2bio"), ("year", "2016")]
        let product = try await sketch.read(named: "anything.nc")
        #expect(product.layout == .edgarEmissions)
        let field = try #require(product.fields.first)
        #expect(abs(field.tonnesInPeriod - 36) < 1e-10)
        #expect(field.period.seconds == 366 * 86_400)
    }

    @Test func fluxesOfTheNewReleaseAreRead() async throws {
        var sketch = FluxFileSketch(variable: "fluxes")
        sketch.attributes = [("units", "kg m-2 s-1")]
        sketch.global = [("substance", "CH4")]
        let product = try await sketch.read(named: "v8.0_FT2022_GHG_CH4_2021_TOTALS_flx.nc")
        #expect(product.layout == .edgarFluxes)
        #expect(product.fields.first?.gas == .ch4)
        #expect(product.fields.first?.period.start == Instant(iso8601: "2021-01-01T00:00:00Z"))
        sketch.global = [("substance", "GWP_100_AR5_GHG")]
        #expect(await sketch.refusal()?.what.contains("GWP_100_AR5_GHG") == true)
    }

    @Test func missingCellsAreCountedAndEmitNothing() async throws {
        var sketch = FluxFileSketch()
        sketch.values[2] = .nan
        let product = try await sketch.read()
        #expect(product.missingCells == 1)
        #expect(product.fields.first?.nonZeroCells == 7)
    }

    @Test func whatDoesNotFitIsNamed() async throws {
        var leap = FluxFileSketch()
        leap.attributes.append(("cell_method", "time: mean (interval: 1 year, 366 days)"))
        #expect(await leap.refusal()?.what.contains("366 days") == true)
        var unit = FluxFileSketch()
        unit.attributes = [("units", "people km-2")]
        #expect(await unit.refusal()?.what.contains("people km-2") == true)
        var infinite = FluxFileSketch()
        infinite.values[0] = .infinity
        #expect(await infinite.refusal()?.what.contains("infinite at row 0, column 2") == true)
        var axis = FluxFileSketch()
        axis.longitudes = [0, 10, 30, 40]
        #expect(await axis.refusal()?.what.contains("do not tile the globe") == true)
        let other = FluxFileSketch(variable: "population")
        #expect(await other.refusal()?.what.contains("not a known flux layout") == true)
        #expect(await FluxFileSketch().refusal(named: "without-year.nc")?.exitStatus == .badData)
    }

    @Test func anotherYearThanTheFilesIsRefused() async throws {
        await #expect(throws: NetCDFError.self) { try await FluxFileSketch().read(year: 2016) }
    }

    @Test func filesThatAreNoneAreRefused() async throws {
        let folder = try TemporaryFolder()
        let empty = folder.file("empty_2015.nc")
        try Data().write(to: empty)
        let error = await #expect(throws: NetCDFError.self) { try await FluxFile.read(empty.path) }
        #expect(error?.exitStatus == .badData)
        let whole = try Data(contentsOf: Places.fixtures.appending(path: "edgar-layout-power-eastasia.nc"))
        let cut = folder.file("cut_2015.nc")
        try whole.prefix(whole.count / 2).write(to: cut)
        let damage = await #expect(throws: NetCDFError.self) { try await FluxFile.read(cut.path) }
        #expect(damage?.exitStatus == .badData)
    }
}

@Suite struct EDGARTextTests {
    @Test(
        arguments: [
            ("   3.63676e+013 kg/year", 3.63676e10), ("6.85437e+12 kg/year", 6.85437e9),
            ("12 Tonnes", 12), ("2 Gg/year", 2000),
        ]
    ) func declaredTotalsAreUnderstood(text: String, tonnes: Double) throws {
        let value = try #require(EDGARFlux.tonnes(text))
        #expect(abs(value - tonnes) <= 1e-12 * tonnes)
    }

    @Test(arguments: ["", "12", "kg/year", "1 stone", "nan kg/year"]) func otherTotalsAreNot(text: String) {
        #expect(EDGARFlux.tonnes(text) == nil)
    }

    @Test(
        arguments: [
            ("v6.0_CO2_excl_short-cycle_org_C_2015_TOTALS.0.1x0.1.nc", 2015),
            ("v8.0_FT2022_GHG_CO2_2021_ENE_emi.nc", 2021),
            ("v50_CH4_2015.5.3x5.1.nc", 2015), ("EDGAR_2024_GHG_CH4_1990.nc", 1990),
        ]
    ) func theYearIsTheLastOfTheName(name: String, year: Int) {
        #expect(EDGARFlux.yearInName(of: "/data/1999/\(name)") == year)
    }

    @Test func aNameWithoutAYearHasNone() {
        #expect(EDGARFlux.yearInName(of: "/data/2015/edgar.nc") == nil)
        #expect(EDGARFlux.yearInName(of: "FT2022.nc") == nil)
    }
}

@Suite struct OpenGHGFileTests {
    @Test func monthsLastUntilTheNextOne() async throws {
        var sketch = FluxFileSketch(variable: "flux")
        sketch.values = (0..<16).map(Double.init)
        sketch.times = [0, 31]
        sketch.attributes = [("units", "mol/m2/s"), ("species", "co2")]
        sketch.global = [("time_period", "1 month")]
        let product = try await sketch.read(named: "flux.nc")
        #expect(product.layout == .openghg)
        #expect(product.fields.map { $0.period.seconds / 86_400 } == [31, 28])
        // Time is the fastest dimension: even numbers belong to the first month.
        #expect(
            product.fields[0].microMolesPerSquareMetreSecond == [4, 6, 0, 2, 12, 14, 8, 10].map { $0 * 1e6 }
        )
        #expect(product.fields[1].microMolesPerSquareMetreSecond[0] == 5e6)
    }

    @Test func aLonePeriodNeedsItsLength() async throws {
        var sketch = FluxFileSketch(variable: "flux")
        sketch.times = [0]
        sketch.attributes = [("units", "mol/m2/s"), ("species", "co2")]
        #expect(await sketch.refusal()?.variable == "time")
        sketch.global = [("time_period", "1 year")]
        let field = try await sketch.read().fields.first
        #expect(field?.period.end == Instant(iso8601: "2020-01-01T00:00:00Z"))
    }

    @Test(.enabled(if: Places.shared("inversion/rhime-uk/country_EUROPE.nc") != nil))
    func methaneOfEuropeSumsOverItsCountries() async throws {
        let name = "inversion/rhime-uk/flux_total_ch4_europe_edgar7_2019-01-01_2019-12-31_data.nc"
        let flux = try #require(Places.shared(name))
        let countries = try #require(Places.shared("inversion/rhime-uk/country_EUROPE.nc"))
        let field = try #require(try await FluxFile.read(flux.path).fields.first)
        #expect(abs(field.tonnesInPeriod / 72.28002e6 - 1) < 1e-5)
        let mask = try await RegionMaskFile.read(countries.path)
        let aligned = try #require(mask.aligned(with: field.grid))
        let sum = field.tonnesInPeriod(in: aligned).reduce(0, +)
        #expect(abs(sum / field.tonnesInPeriod - 1) < 1e-12)
    }
}
