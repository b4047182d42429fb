import Formats
import Foundation
import Inventory
import Quantities
import TestSupport
import Testing

@Suite struct CombustionGasTests {
    private func account(_ sets: [String], _ rows: String) throws -> Account {
        let shipped = try ShippedFactors()
        return try shipped.method(sets).account(of: try shipped.activities(rows))
    }

    private func line(_ account: Account, _ species: String) -> AccountLine? {
        account.lines.first { $0.factor.species == species }
    }

    /// 2006 IPCC, Volume 2, Tables 2.2 and 2.3, kg/TJ.
    @Test(arguments: [
        ("ipcc-2006-energy-industries", "bituminous_coal", 1.0, 1.5),
        ("ipcc-2006-manufacturing", "bituminous_coal", 10, 1.5),
        ("ipcc-2006-energy-industries", "diesel", 3, 0.6), ("ipcc-2006-manufacturing", "natural_gas", 1, 0.1),
        ("ipcc-2006-energy-industries", "natural_gas", 1, 0.1), ("ipcc-2006-manufacturing", "peat", 2, 1.5),
        ("ipcc-2006-energy-industries", "msw_fossil", 30, 4),
    ])
    func defaultsAreThoseOfTheTables(
        _ name: String,
        _ carrier: String,
        _ methane: Double,
        _ nitrousOxide: Double
    )
        throws
    {
        let shipped = try ShippedFactors()
        let records = try shipped.folder.set(name, shipped.catalogue).records(of: carrier)
        #expect(records.map(\.species) == ["ch4", "n2o"] && records.allSatisfy { $0.basis == .gigajoule })
        for (record, value) in zip(records, [methane, nitrousOxide]) {
            #expect(abs(record.tonnesPerUnit * 1e6 - value) < 1e-9)
            #expect(record.hasOwnUncertainty && record.source.contains("Chapter 2, Table 2."))
        }
    }

    @Test func theCalorificValueOfTheCarbonFactorMakesTheEnergy() throws {
        let account = try account(
            ["gbt-2589-style", "ipcc-2006-energy-industries"],
            "青岛,原煤,2019,1000,吨,规上工业,combustion,metered,x\n"
        )
        #expect(account.lines.map(\.factor.species) == ["co2", "ch4", "n2o"])
        let methane = try #require(line(account, "ch4"))
        #expect(abs(methane.tonnes - 1000 * 20.908 * 1e-6) < 1e-12)
        #expect(abs(methane.tonnesCarbonDioxideEquivalent - 28 * methane.tonnes) < 1e-12)
        #expect(methane.basis == .gigajoule && methane.units == 20908)
        #expect(
            abs(methane.factor.lowerRelative95 - 0.7) < 1e-9 && abs(methane.factor.upperRelative95 - 2) < 1e-9
        )
        let nitrousOxide = try #require(line(account, "n2o"))
        #expect(abs(nitrousOxide.tonnes - 1000 * 20.908 * 1.5e-6) < 1e-12)
        #expect(account.total(.gas, "ch4")?.mean == methane.tonnesCarbonDioxideEquivalent)
    }

    @Test func boundsOfTheCalorificValueEnterToo() throws {
        let account = try account(
            ["ipcc-2006", "ipcc-2006-energy-industries"],
            "青岛,lignite,2019,1000,吨,规上工业,combustion,metered,x\n"
        )
        let methane = try #require(line(account, "ch4"))
        let upper = (4 + (9.7 / 11.9) * (9.7 / 11.9)).squareRoot()
        #expect(abs(methane.factor.upperRelative95 - upper) < 1e-9)
    }

    @Test func feedstockGivesNoMethane() throws {
        let rows = "青岛,原油,2019,10,吨,规上工业,feedstock,metered,x\n"
        let account = try account(["gbt-2589-style", "ipcc-2006-energy-industries"], rows)
        #expect(account.lines.map(\.factor.species) == ["co2"])
    }

    @Test func methaneWithoutACalorificValueIsRefused() throws {
        let rows = "青岛,原煤,2019,10,吨,规上工业,combustion,metered,x\n"
        let error = #expect(throws: AccountingError.self) {
            try account(["ipcc-2006-energy-industries"], rows)
        }
        #expect(error?.what.contains("per gigajoule") == true)
    }

    @Test func wideFactorsStayPositiveInDraws() {
        let methane = RelativeDistribution.fitting(lower95: 0.7, upper95: 2)
        #expect(methane.quantile(1e-9) > 0)
        #expect(abs(methane.quantile(0.025) - 0.3) < 1e-9 && abs(methane.quantile(0.975) - 3) < 1e-9)
    }
}
