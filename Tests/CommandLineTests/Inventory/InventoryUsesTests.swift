import Foundation
import TestSupport
import Testing

/// The other uses of the verb, and command lines that mean nothing.
@Suite struct InventoryUsesTests {
    private func crosswind(_ arguments: [String]) async throws -> ProgramRun {
        try await ProgramRun.run(Places.crosswind, ["inventory"] + arguments, directory: Places.repository)
    }

    private static let activity = "deploy/cases/qingdao-2019/activity.csv"

    @Test(arguments: [
        (["--account", activity], 65, "no factor set is chosen"),
        (["--account", activity, "--factors", "ipcc2006"], 65, "known factor sets: china-24-sector"),
        (["--account", "nowhere.csv", "--factors", "ipcc-2006"], 66, "no such file"),
        (
            ["--account", activity, "--factors", "ipcc-2006", "--boundary", "all"], 64,
            "scope1, scope1+imports"
        ),
        (["--account", activity, "--factors", "ipcc-2006", "--gwp", "AR7"], 64, "AR4, AR5 or AR6"),
        (
            ["--account", activity, "--factors", "ipcc-2006", "--grid-factor", "581"], 64,
            "kg/kWh from 0 to 1.4"
        ),
        (["--account", activity, "--factors", "ipcc-2006", "--monte-carlo", "5"], 64, "from 1000"),
        (["--account", activity, "--factors", "ipcc-2006", "--seed", "5"], 64, "without --monte-carlo"),
        (["--account", activity, "--factors", "gbt-2589-style"], 65, "no electricity factor of 青岛 for 2019"),
        (["--factors", "ipcc-2006", "x.nc"], 64, "no meaning without --account"),
        (["--tolerance", "5", "x.nc"], 64, "no meaning without --hierarchy"),
        (["--account", activity, "--hierarchy", "x.csv"], 64, "no meaning beside --hierarchy"),
        (["--account", activity, "--regions", "x.nc"], 64, "no meaning beside --account"),
        (["--account", activity, "extra"], 64, "no file beside --account"),
        (["--account", activity, "--account", activity], 64, "given twice"),
        (["--transfers", "x.csv"], 64, "--generation"),
        (["--check-sources", "deploy"], 65, "no table of a source"),
        (["--check-sources", "nowhere"], 66, "no such file"),
        (["--hierarchy", "x.csv", "--lang", "fr"], 64, "en or zh"),
    ])
    func commandLinesThatMeanNothingAreRefused(_ arguments: [String], _ status: Int32, _ words: String)
        async throws
    {
        let run = try await crosswind(arguments)
        #expect(run.status == status, "\(run.standardError)")
        #expect(run.standardError.contains(words), "\(run.standardError)")
        #expect(run.standardOutput.isEmpty)
    }

    @Test func anOutputNeverReplacesAnInput() async throws {
        let folder = try TemporaryFolder()
        let copy = folder.file("totals.csv")
        try FileManager.default.copyItem(at: Places.repository.appending(path: Self.activity), to: copy)
        let run = try await crosswind([
            "--account", copy.path, "--factors", "gbt-2589-style", "--grid-factor", "0.581", "--output",
            folder.url.path,
        ])
        #expect(run.status == 64 && run.standardError.contains("the output is the input"))
        #expect(try String(contentsOf: copy, encoding: .utf8).hasPrefix("region,sector"))
    }

    @Test func trendAndBalanceAreToldBesideTheAccount() async throws {
        let folder = try TemporaryFolder()
        let header = "region,carrier,period,quantity,unit,scope,use,quality,source\n"
        func activities(_ name: String, _ year: Int, _ amount: Int) throws -> String {
            let row = "青岛,原煤,\(year),\(amount),吨,规上工业,combustion,self_reported,x\n"
            try Data((header + row).utf8).write(to: folder.file(name))
            return folder.file(name).path
        }
        let (base, later) = (try activities("a.csv", 2019, 100), try activities("b.csv", 2021, 120))
        let balance = folder.file("balance.csv")
        try Data("carrier,unit,production,source\n原煤,吨,130,x\n".utf8).write(to: balance)
        let run = try await crosswind([
            "--account", later, "--factors", "gbt-2589-style", "--trend", base, "--balance", balance.path,
            "--monte-carlo", "5000",
        ])
        #expect(run.status == 0, "\(run.standardError)")
        #expect(run.standardOutput.contains("change from 2019 to 2021: 20.0 ± 8.5 percent points"))
        #expect(run.standardOutput.contains("more than 5 %, an explanation is due"))
        #expect(run.standardOutput.contains("by draws: 95 % of the changes lie from"))
    }

    @Test func transfersCarryEmissionsToWhereTheElectricityIsUsed() async throws {
        let folder = try TemporaryFolder()
        let (power, sent) = (folder.file("power.csv"), folder.file("sent.csv"))
        let rows = "a,1,Mt,1,TWh,x\nb,0,Mt,1,TWh,x\n"
        try Data("region,emission,emission_unit,generation,generation_unit,source\n\(rows)".utf8).write(
            to: power
        )
        try Data("from,to,delivered,unit,source\na,b,0.5,TWh,x\n".utf8).write(to: sent)
        let run = try await crosswind(["--transfers", sent.path, "--generation", power.path])
        #expect(run.status == 0, "\(run.standardError)")
        #expect(run.standardOutput.contains("500.0"))
        let json = try await crosswind(["--transfers", sent.path, "--generation", power.path, "--json"])
        #expect(json.standardOutput.contains(#""consumption_tonnes":500000"#))
    }

    @Test(.enabled(if: Places.shared("seeds") != nil))
    func theDocumentsDefectsAreTold() async throws {
        let seeds = try #require(Places.shared("seeds")).path
        let run = try await crosswind(["--check-sources", seeds])
        #expect(run.status == 0, "\(run.standardError)")
        for words in ["nothing was repaired", "-6476.73", "-6475.73", "B3 DEFECT: coal_control_2021_table6"] {
            #expect(run.standardOutput.contains(words), "\(words)")
        }
        let chinese = try await crosswind(["--check-sources", seeds, "--lang", "zh"])
        #expect(chinese.standardOutput.contains("未作任何修改") && chinese.standardOutput.contains("B3 缺陷"))
        let json = try await crosswind(["--check-sources", seeds, "--json"])
        #expect(json.standardOutput.contains(#""id":"B12""#))
    }

    @Test(.enabled(if: Places.shared("inventory/derived/ceads_province_totals_1997_2019.csv") != nil))
    func provincesBesideTheCountry() async throws {
        let file = try #require(Places.shared("inventory/derived/ceads_province_totals_1997_2019.csv"))
        let lines = try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline)
            .dropFirst()
        let rows = lines.compactMap { line -> String? in
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            return fields[3] == "2019" ? "\(fields[1]),\(fields[0]),China,\(fields[4]),Mt,2019,CEADs" : nil
        }
        let folder = try TemporaryFolder()
        let table = folder.file("levels.csv")
        let top = "region,name_zh,parent,value,unit,year,source\nChina,全国,,9794.756,Mt,2019,CEADs\n"
        try Data((top + rows.joined(separator: "\n") + "\n").utf8).write(to: table)
        let run = try await crosswind(["--hierarchy", table.path])
        #expect(run.status == 0, "\(run.standardError)")
        #expect(
            run.standardOutput.contains("1.109") && run.standardOutput.contains("parts exceed the parent")
        )
    }
}
