import Formats
import Foundation
import Inventory
import Quantities
import TestSupport
import Testing

/// The shipped tables.
struct ShippedFactors {
    let folder = FactorFolder(folders: [Places.deploy.appending(path: "factors").path])
    let catalogue: FuelCatalogue

    init() throws { catalogue = try folder.catalogue() }

    func method(_ sets: [String], grid: AccountingMethod.GridChoice? = nil) throws -> AccountingMethod {
        try folder.method(sets: sets, grid: grid)
    }

    func activities(_ rows: String) throws -> [ActivityRecord] {
        let temporary = try TemporaryFolder()
        let file = temporary.file("activity.csv")
        let header = "region,carrier,period,quantity,unit,scope,use,quality,source\n"
        try Data((header + rows).utf8).write(to: file)
        return try ActivityTable.read(csvFile: file.path, catalogue)
    }

    func set(_ rows: String, header: String = "set,version,carrier,basis,t_per_unit,source") throws
        -> FactorSet
    {
        let temporary = try TemporaryFolder()
        let file = temporary.file("factors.csv")
        try Data("\(header)\n\(rows)\n".utf8).write(to: file)
        return try FactorSet(csvFile: file.path, catalogue)
    }
}

@Suite struct QingdaoTests {
    private func account(_ sets: [String], kilogramsPerKilowattHour: Double = 0.5810) throws -> Account {
        let shipped = try ShippedFactors()
        let file = Places.deploy.appending(path: "cases/qingdao-2019/activity.csv").path
        let method = try shipped.method(
            sets,
            grid: .stated(
                kilogramsPerKilowattHour: kilogramsPerKilowattHour,
                source: "national average, MEE 2022"
            )
        )
        return try method.account(of: try ActivityTable.read(csvFile: file, shipped.catalogue))
    }

    /// 1e4 t.
    private func carrier(_ account: Account, _ key: String) -> Double? {
        account.lines.first { $0.carrier == key }.map { $0.tonnes / 1e4 }
    }

    @Test(arguments: [
        ("raw_coal", 2083.8), ("coke", 414.5), ("coke_oven_gas", 33.8), ("blast_furnace_gas", 545),
        ("crude_oil", 3685.1),
        ("gasoline", 7.9), ("kerosene", 0.02), ("diesel", 16.6), ("fuel_oil", 21.8), ("lpg", 25.8),
        ("refinery_gas", 110.8),
        ("heat", 277.3), ("electricity", 1073),
    ])
    func everyCarrierGivesItsPrintedNumber(_ key: String, _ printed: Double) throws {
        let account = try account(["gbt-2589-style"])
        let digits = printed == printed.rounded() ? 0.5 : key == "kerosene" ? 0.005 : 0.0501
        let value = try #require(carrier(account, key))
        #expect(abs(value - printed) <= digits, "\(value)")
    }

    @Test func theLowerDerivedGasesGiveTheLowerEnds() throws {
        let account = try account(["derived-gases-low", "gbt-2589-style"])
        #expect(abs(try #require(carrier(account, "coke_oven_gas")) - 29.8) <= 0.05)
        #expect(abs(try #require(carrier(account, "blast_furnace_gas")) - 473) <= 0.5)
        let line = try #require(account.lines.first { $0.carrier == "blast_furnace_gas" })
        #expect(line.factor.set == "derived-gases-low")
        #expect(account.lines.first { $0.carrier == "coke" }?.factor.set == "gbt-2589-style")
    }

    @Test func combustionIsApartFromFeedstockAndImports() throws {
        let account = try account(["derived-gases-low", "gbt-2589-style"])
        let combustion = try #require(account.total(.combustion))
        #expect(abs(combustion.mean / 1e4 - 3184) <= 0.5)
        #expect(abs(account.naiveSumTonnes / 1e4 - 6869) <= 0.5)
        #expect(abs(try #require(account.total(.feedstock)).mean / 1e4 - 3685.1) <= 0.05)
        #expect(abs(try #require(account.total(.importedElectricity)).mean / 1e4 - 1073) <= 0.5)
        #expect(abs(try #require(account.total(.importedHeat)).mean / 1e4 - 277.3) <= 0.05)
        let direct = try #require(account.total(AccountBoundary.scope1))
        #expect(direct.mean == combustion.mean && direct.standardDeviation > 0)
        let all = try #require(account.total(.scope1AndImports))
        #expect(abs(all.mean / 1e4 - (3184.3 + 1073 + 277.3)) <= 1)
        #expect(account.year == 2019 && account.scope == .aboveScaleIndustry)
    }

    @Test func theProvincialFactorOf2021GivesTheOtherPrintedNumber() throws {
        let shipped = try ShippedFactors()
        let grid = try shipped.folder.gridFactors()
        let here = TablePlace(file: "x")
        let record = try grid.record(region: "山东省", year: 2021, at: here)
        #expect(record.kilogramsPerKilowattHour == 0.6838)
        let account = try account(
            ["gbt-2589-style"],
            kilogramsPerKilowattHour: record.kilogramsPerKilowattHour
        )
        #expect(abs(try #require(carrier(account, "electricity")) - 1263) <= 0.5)
    }

    @Test func theReaderIsWarnedOfDerivedCarriers() throws {
        let warnings = try account(["gbt-2589-style"]).warnings
        let doubled = warnings.filter { $0.kind == .possibleDoubleCount }
        #expect(doubled.contains { $0.text.english.contains("`blast_furnace_gas` is made from `coke`") })
        #expect(doubled.allSatisfy { ($0.tonnes ?? 0) > 0 && !$0.places.isEmpty })
        #expect(warnings.contains { $0.kind == .unverifiedFactor })
    }

    @Test func theAccountCanBeWrittenWithItsLineage() throws {
        let account = try account(["gbt-2589-style"])
        let decoded = try JSONDecoder().decode(Account.self, from: try account.json())
        #expect(decoded.lines == account.lines && decoded.totals == account.totals)
        let rows = account.linesCSV.split(separator: "\n")
        #expect(rows.count == 14)
        #expect(rows[1].contains("gbt-2589-style.csv"))
        #expect(account.totalsCSV.contains("boundary,scope1_and_imports"))
    }
}

@Suite struct FactorGuardTests {
    @Test func theSeedFactorPerPhysicalTonneIsRefusedWithTheReason() throws {
        let shipped = try ShippedFactors()
        let error = #expect(throws: AccountingError.self) {
            try shipped.set("mine,1,原煤,t,2.492,white paper")
        }
        let line = try #require(error?.line)
        #expect(line.contains("per tonne of standard coal (0.68 tC/tce x 44/12)"))
        #expect(line.contains("would give 1.78"))
        #expect(line.contains("line 2, column `t_per_unit`"))
    }

    @Test func theSeedFactorOfCrudeOilIsRefusedToo() throws {
        let shipped = try ShippedFactors()
        let error = #expect(throws: AccountingError.self) {
            try shipped.set("mine,1,原油,t,2.104,white paper")
        }
        #expect(error?.line.contains("would give 3.006") == true)
    }

    @Test func theSeedSetServesStandardCoalAloneAndWarns() throws {
        let shipped = try ShippedFactors()
        let method = try shipped.method(["seed-2022"])
        let physical = try shipped.activities("青岛,原煤,2019,100,吨,规上工业,combustion,metered,x\n")
        let error = #expect(throws: AccountingError.self) { try method.account(of: physical) }
        #expect(
            error?.what
                == "the activity of `raw_coal` is in physical tonnes and the factor of `seed-2022` is "
                + "per tonne of standard coal"
        )
        let standard = try shipped.activities("青岛,原煤,2019,100,吨标准煤,规上工业,combustion,metered,x\n")
        let account = try method.account(of: standard)
        #expect(abs(try #require(account.total(.combustion)).mean - 249.2) < 1e-9)
        #expect(
            account.warnings.contains {
                $0.kind == .factorSet && $0.text.english.contains("standard coal only")
            }
        )
    }

    @Test func aPhysicalTonneOfRawCoalGivesItsOwnFactor() throws {
        let shipped = try ShippedFactors()
        let set = try shipped.folder.set("gbt-2589-style", shipped.catalogue)
        #expect(abs(set.records(of: "raw_coal")[0].tonnesPerUnit - 1.9003) < 5e-5)
    }

    @Test func aFactorWithoutBasisIsRefused() throws {
        let shipped = try ShippedFactors()
        let error = #expect(throws: AccountingError.self) { try shipped.set("mine,1,diesel,,3.1,x") }
        #expect(error?.what == "a factor without a basis")
    }

    @Test(arguments: [
        ("mine,1,diesel,t,0.86,x", "carbon"), ("mine,1,diesel,t,3100,x", "kilograms"),
        ("mine,1,natural_gas,10k_Nm3,79.3,x", "twice"), ("mine,1,coke,t,4.0,x", "allows"),
        ("mine,1,diesel,tce,3.096,x", "allows"),
    ])
    func slipsAreNamed(_ row: String, _ word: String) throws {
        let shipped = try ShippedFactors()
        let error = #expect(throws: AccountingError.self) { try shipped.set(row) }
        #expect(error?.line.contains(word) == true, "\(error?.line ?? "")")
    }

    @Test func partsThatDisagreeAreRefused() throws {
        let shipped = try ShippedFactors()
        let header = "set,version,carrier,basis,ncv_gj,carbon_tc_per_gj,oxidation,t_per_unit,source"
        let error = #expect(throws: AccountingError.self) {
            try shipped.set("mine,1,raw_coal,t,20.908,0.02637,0.94,1.95,x", header: header)
        }
        #expect(error?.what.contains("1.95 and its parts give 1.9003") == true)
    }

    @Test(arguments: ["ipcc-2006", "china-24-sector", "gbt-2589-style", "derived-gases-low", "seed-2022"])
    func shippedSetsAreWhole(_ name: String) throws {
        let shipped = try ShippedFactors()
        #expect(shipped.folder.setNames.contains(name))
        let set = try shipped.folder.set(name, shipped.catalogue)
        #expect(set.id == name && set.records.allSatisfy { !$0.source.isEmpty && !$0.note.isEmpty })
    }

    @Test func ipccBoundsBecomeAsymmetricUncertainty() throws {
        let shipped = try ShippedFactors()
        let diesel = try shipped.folder.set("ipcc-2006", shipped.catalogue).records(of: "diesel")[0]
        #expect(abs(diesel.tonnesPerUnit - 43.0 * 0.0741) < 1e-12)
        let lower = ((1.6 / 43) * (1.6 / 43) + (1.5 / 74.1) * (1.5 / 74.1)).squareRoot()
        #expect(abs(diesel.lowerRelative95 - lower) < 1e-12)
        #expect(diesel.upperRelative95 < diesel.lowerRelative95 && diesel.hasOwnUncertainty)
    }

    @Test(arguments: [
        // IPCC AR4 WG1 Table 2.14, AR5 WG1 Table 8.A.1, AR6 WG1 Table 7.SM.7
        (AssessmentReport.fourth, "ch4", 25.0), (.fourth, "n2o", 298), (.fifth, "ch4", 28),
        (.fifth, "n2o", 265),
        (.fifth, "SF₆", 23500), (.sixth, "ch4", 27.9), (.sixth, "n2o", 273), (.sixth, "HFC134a", 1530),
        (.sixth, "NF3", 17400), (.sixth, "CF4", 7380),
    ])
    func potentialsAreThoseOfTheReports(_ report: AssessmentReport, _ name: String, _ value: Double) throws {
        let potentials = try ShippedFactors().folder.potentials(report)
        #expect(potentials.found(name)?.species.potential == value)
        #expect(Set(potentials.species.values.map(\.gas)) == Set(GreenhouseGas.allCases))
    }
}

@Suite struct ActivityTableTests {
    @Test func scopesAreNeverMixedAndBothRowsAreNamed() throws {
        let shipped = try ShippedFactors()
        let rows = try shipped.activities(
            """
            青岛,原煤,2019,100,吨,规上工业,combustion,metered,x
            青岛,焦炭,2019,100,吨,全社会,combustion,metered,x
            """
        )
        let error = #expect(throws: AccountingError.self) {
            try shipped.method(["gbt-2589-style"]).account(of: rows)
        }
        let line = try #require(error?.line)
        #expect(line.contains("`全社会` here and `规上工业` in"))
        #expect(
            line.contains("activity.csv, line 2") && line.contains("activity.csv, line 3, column `scope`")
        )
    }

    @Test(arguments: [
        ("青岛,原煤,2019,100,吨,,combustion,metered,x", "scope"),
        ("青岛,原煤,2019,100,万元,规上工业,combustion,metered,x", "unit"),
        ("青岛,原媒,2019,100,吨,规上工业,combustion,metered,x", "carrier"),
        ("青岛,原煤,2019,1万2,吨,规上工业,combustion,metered,x", "quantity"),
        ("青岛,原煤,2019,-5,吨,规上工业,combustion,metered,x", "quantity"),
        ("青岛,原煤,2019,,吨,规上工业,combustion,metered,x", "quantity"),
        ("青岛,原煤,去年,5,吨,规上工业,combustion,metered,x", "period"),
        ("青岛,原煤,2019,5,吨,规上工业,burning,metered,x", "use"),
        ("青岛,原煤,2019,5,吨,规上工业,combustion,guessed,x", "quality"),
        ("青岛,原煤,2019,5,吨,规上工业,combustion,metered,", "source"),
    ])
    func badFieldsAreToldWithLineAndColumn(_ row: String, _ column: String) throws {
        let shipped = try ShippedFactors()
        let error = #expect(throws: AccountingError.self) { try shipped.activities(row + "\n") }
        #expect(
            error?.place.hasSuffix("activity.csv, line 2, column `\(column)`") == true,
            "\(error?.line ?? "")"
        )
    }

    @Test(arguments: ["电力,2019,5,万千瓦时,规上工业,combustion", "原煤,2019,5,吨,规上工业,purchase"])
    func usesFitTheirCarriers(_ row: String) throws {
        let shipped = try ShippedFactors()
        let rows = try shipped.activities("山东,\(row),metered,x\n")
        #expect(throws: AccountingError.self) { try shipped.method(["gbt-2589-style"]).account(of: rows) }
    }

    @Test func theGridFactorIsThatOfTheSmallestGridAndTheYear() throws {
        let grid = try ShippedFactors().folder.gridFactors()
        let here = TablePlace(file: "a.csv", line: 2)
        #expect(try grid.record(region: "Shandong", year: 2022, at: here).kilogramsPerKilowattHour == 0.641)
        #expect(try grid.record(region: "山东", year: 2023, at: here).region == "华北")
        #expect(try grid.record(region: "海南", year: 2023, at: here).region == "全国")
        let error = #expect(throws: AccountingError.self) {
            try grid.record(region: "山东", year: 2019, at: here)
        }
        #expect(error?.remedy.contains("2021, 2022, 2023") == true)
    }

    @Test func sevenGasesEnterByTheirPotentials() throws {
        let shipped = try ShippedFactors()
        let rows = try shipped.activities(
            """
            青岛,CH4,2019,2,吨,规上工业,release,metered,x
            青岛,SF6,2019,1,千克,规上工业,release,metered,x
            青岛,HFC-134a,2019,1,吨,规上工业,release,estimated,x
            青岛,柴油,2019,10,吨,规上工业,combustion,metered,x
            """
        )
        let account = try shipped.method(["ipcc-2006"]).account(of: rows)
        #expect(account.total(.gas, "ch4")?.mean == 56)
        #expect(abs(try #require(account.total(.gas, "sf6")).mean - 23.5) < 1e-9)
        #expect(account.total(.gas, "hfcs")?.mean == 1300)
        let hfc = try #require(account.total(.gas, "hfcs"))
        #expect(abs(hfc.standardDeviation - 1300 * 0.15 / Estimate.coverageFactor95) < 1e-9)
    }

    @Test func exportsLeaveTheConsumptionTotalAlone() throws {
        let shipped = try ShippedFactors()
        let rows = try shipped.activities(
            """
            山东,原煤,2022,100,吨,全社会,combustion,metered,x
            山东,电力,2022,10,万千瓦时,全社会,purchase,metered,x
            山东,电力,2022,4,万千瓦时,全社会,export,metered,x
            """
        )
        let account = try shipped.method(["gbt-2589-style"]).account(of: rows)
        let coal = 100 * 20.908 * 0.02637 * 0.94 * 44 / 12
        #expect(abs(try #require(account.total(AccountBoundary.scope1)).mean - coal) < 1e-9)
        #expect(abs(try #require(account.total(.scope1AndImports)).mean - coal - 64.1) < 1e-9)
        #expect(abs(try #require(account.total(.consumption)).mean - coal - 64.1 + 25.64) < 1e-9)
    }

    @Test func energyInStandardCoalMeetsTheCarbonPerGigajoule() throws {
        let shipped = try ShippedFactors()
        let rows = try shipped.activities("青岛,原煤,2019,1,万吨标准煤,规上工业,combustion,metered,x\n")
        let account = try shipped.method(["gbt-2589-style"]).account(of: rows)
        let exact = 1e4 * 29.3076 * 0.02637 * 0.94 * 44 / 12
        #expect(abs(try #require(account.total(.combustion)).mean / exact - 1) < 1e-12)
    }

    @Test func rowsOfOneFuelShareTheErrorOfItsFactor() async throws {
        let shipped = try ShippedFactors()
        let rows = try shipped.activities(
            """
            青岛,原煤,2019,100,吨,规上工业,combustion,metered,x
            烟台,原煤,2019,300,吨,规上工业,combustion,invoiced,x
            烟台,柴油,2019,10,吨,规上工业,combustion,estimated,x
            """
        )
        let account = try shipped.method(["gbt-2589-style"]).account(of: rows)
        let coal = 20.908 * 0.02637 * 0.94 * 44 / 12
        let diesel = 10 * 42.652 * 0.0202 * 0.98 * 44 / 12
        // Factors 7 and 3 % by state, activities 2, 3 and 15 % by quality.
        let parts = [0.07 * 400 * coal, 0.02 * 100 * coal, 0.03 * 300 * coal, 0.03 * diesel, 0.15 * diesel]
        let half = parts.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let total = try #require(account.totals.first { $0.dimension == .boundary && $0.name == "scope1" })
        #expect(abs(total.percent95 / (100 * half / total.emission.mean) - 1) < 1e-12)
        let regions = EmissionCovariance(account.uncertain(.scope1))
        #expect(regions.groups == ["烟台", "青岛"])
        let shared = 0.07 * 100 * coal * 0.07 * 300 * coal
        let z = Estimate.coverageFactor95
        #expect(abs(regions.covariance[1] / (shared / (z * z)) - 1) < 1e-12)
        #expect(abs(regions.total.standardDeviation / total.emission.standardDeviation - 1) < 1e-12)
        let drawn = await MonteCarloInventory.run(account.uncertain(.scope1), draws: 20_000, seed: 4)
        #expect(abs(drawn.total.percent95 / total.percent95 - 1) < 0.03)
    }

    @Test func yearsAreNeverMixed() throws {
        let shipped = try ShippedFactors()
        let rows = try shipped.activities(
            "青岛,原煤,2019,1,吨,规上工业,combustion,metered,x\n青岛,原煤,2020,1,吨,规上工业,combustion,metered,x\n"
        )
        let error = #expect(throws: AccountingError.self) {
            try shipped.method(["gbt-2589-style"]).account(of: rows)
        }
        #expect(error?.what.contains("2020 here and 2019 in") == true)
    }

    @Test func rowsGivenTwiceAreAddedAndTold() throws {
        let shipped = try ShippedFactors()
        let row = "青岛,焦炭,2019,1,吨,规上工业,combustion,metered,x\n"
        let account = try shipped.method(["gbt-2589-style"]).account(of: try shipped.activities(row + row))
        #expect(account.lines.count == 2)
        #expect(account.warnings.contains { $0.kind == .givenTwice && $0.places.map(\.line) == [2, 3] })
    }

    @Test func twoAccountsGiveATrendWithItsUncertainty() async throws {
        let shipped = try ShippedFactors()
        let method = try shipped.method(["gbt-2589-style"])
        func account(_ year: Int, _ scope: String, _ amount: Int) throws -> Account {
            let row = "青岛,原煤,\(year),\(amount),吨,\(scope),combustion,self_reported,x\n"
            return try method.account(of: try shipped.activities(row))
        }
        let base = try account(2019, "规上工业", 100)
        let later = try account(2021, "规上工业", 120)
        let table = try TierOneTable(from: base, to: later)
        #expect(abs(table.trendPercent - 20) < 1e-9)
        // One fuel: its factor cancels, both activities err by 5 %.
        #expect(abs(table.trendPercentPoints - 1.2 * 5 * 2.0.squareRoot()) < 1e-9)
        #expect(abs(table.totalPercent - (25.0 + 49).squareRoot()) < 1e-9)
        let other = try account(2021, "全社会", 120)
        #expect(throws: AccountingError.self) { try TierOneTable(from: base, to: other) }
    }
}
