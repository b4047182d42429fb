import Foundation
import Geo
import Inventory
import NetCDF
import Quantities
import TestSupport
import Testing

@testable import Formats

/// Numbers that no inventory can mean, and units that contradict each other.
@Suite struct ImplausibleFluxTests {
    private static func options(_ unit: String? = nil) -> FluxReadOptions {
        var options = FluxReadOptions()
        options.mapping = FluxMapping(gas: .co2)
        options.mapping?.variable = "flux_of_co2"
        options.mapping?.unit = unit
        options.year = 2019
        return options
    }

    private func read(_ value: Double, _ options: FluxReadOptions) async throws -> FluxProduct {
        try await GridSketch(variables: [("flux_of_co2", value, "g m-2 s-1")])
            .read(named: "some.nc", options)
    }

    @Test(arguments: [-9999.0, -99999, -999, -999.9, 1e20, 1e30, 9.96921e36])
    func fillValuesThatAreNotDeclaredAreRefused(fill: Double) async throws {
        let error = await #expect(throws: NetCDFError.self) { try await read(fill, Self.options()) }
        let words = error?.what ?? ""
        #expect(words.contains("cells hold \(Float(fill))") && words.contains("missing="), "\(words)")
        var declared = Self.options()
        declared.mapping?.missing = fill
        let product = try await read(fill, declared)
        #expect(product.missingCells == product.fields[0].grid.cellCount)
        #expect(product.fields[0].tonnesInPeriod == 0 && product.uptake.cells == 0)
    }

    /// A sum of fill values is none of them.
    @Test func fillValuesOfOneOfSeveralSectorsAreRefused() async throws {
        let sketch = GridSketch(variables: [
            ("ene", 1, "kg m-2 s-1"), ("tro", -9999, "kg m-2 s-1"), ("ind", 1, "kg m-2 s-1"),
        ])
        let error = await #expect(throws: NetCDFError.self) {
            try await sketch.read(named: "CAMS-GLOB-ANT_carbon-dioxide_2019.nc", Self.options())
        }
        #expect(error?.what.contains("-9999") == true, "\(error?.what ?? "")")
    }

    @Test func uptakeIsCountedAndSummed() async throws {
        let product = try await read(-1e-6, Self.options())
        #expect(product.uptake.cells == product.fields[0].grid.cellCount)
        #expect(product.uptake.tonnes == product.fields[0].tonnesInPeriod && product.uptake.tonnes < 0)
        #expect(try await read(1e-6, Self.options()).uptake.cells == 0)
    }

    @Test func aUnitThatContradictsTheFileIsRefused() async throws {
        let error = await #expect(throws: NetCDFError.self) {
            try await read(1e-6, Self.options("kg m-2 s-1"))
        }
        let words = error?.what ?? ""
        #expect(words.contains("`g m-2 s-1`") && words.contains("`kg m-2 s-1`") && words.contains("unit!="))
        let plain = try await read(1e-6, Self.options())
        let same = try await read(1e-6, Self.options("g/m2/s"))
        #expect(same.fields[0].tonnesInPeriod == plain.fields[0].tonnesInPeriod)
        #expect(same.conversion.overruledUnit == nil)
        var overruled = Self.options("kg m-2 s-1")
        overruled.mapping?.overrulesUnit = true
        let product = try await read(1e-6, overruled)
        #expect(abs(product.fields[0].tonnesInPeriod / plain.fields[0].tonnesInPeriod - 1000) < 1e-9)
        #expect(product.conversion.overruledUnit == "g m-2 s-1")
    }

    @Test(arguments: ["-5", "-9999", "1e20"])
    func pointsThatCannotBeAreNamed(amount: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("p.csv").path
        try "ID,longitude,latitude,co2_emis_ty\na,110,30,5\nb,111,31,\(amount)\n"
            .write(toFile: path, atomically: true, encoding: .utf8)
        let error = #expect(throws: TableError.self) { try PointCatalogueFile.read(path) }
        #expect(error?.at.line == 3 && error?.at.column == "co2_emis_ty", "\(String(describing: error))")
    }
}
