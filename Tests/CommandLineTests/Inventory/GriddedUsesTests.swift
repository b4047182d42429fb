import Formats
import Foundation
import TestSupport
import Testing

private let plants = Places.fixtures.appending(path: "edgar-layout-power-eastasia.nc").path

private func inventory(_ arguments: [String]) async throws -> ProgramRun {
    try await ProgramRun.run(Places.crosswind, ["inventory"] + arguments, directory: Places.repository)
}

/// One rectangle from 100 to 120 E and 20 to 40 N, without the rest of the fixture.
private func outlines(_ folder: TemporaryFolder) throws -> String {
    let ring = "[[100,20],[120,20],[120,40],[100,40],[100,20]]"
    let text = """
        {"type":"FeatureCollection","name":"box","features":[{"type":"Feature",
        "properties":{"name_en":"Box","name_zh":"方框","code":"B"},
        "geometry":{"type":"Polygon","coordinates":[\(ring)]}}]}
        """
    let path = folder.file("box.geojson")
    try Data(text.utf8).write(to: path)
    return path.path
}

@Suite struct RegridVerbTests {
    private struct Account: Decodable {
        struct Period: Decodable {
            let source_tonnes: Double
            let inside_tonnes: Double
            let outside_tonnes: Double
            let target_tonnes: Double
            let relative_residual: Double
        }
        let gas: String
        let rows: Int
        let periods: [Period]
        let cells_beyond_source: Int
    }

    @Test func theTotalIsKeptAndTheFileHoldsIt() async throws {
        let folder = try TemporaryFolder()
        let output = folder.file("coarse.nc").path
        let run = try await inventory([
            plants, "--year", "2018", "--regrid", "--grid", "china-0.5deg", "--output", output, "--json",
            "--tables", folder.file("tables").path,
        ])
        #expect(run.status == 0, "\(run.standardError)")
        let account = try JSONDecoder().decode(Account.self, from: Data(run.standardOutput.utf8))
        let period = try #require(account.periods.first)
        #expect(account.gas == "co2" && account.rows == 102 && account.cells_beyond_source == 3024)
        #expect(abs(period.relative_residual) < 1e-12)
        #expect(abs(period.source_tonnes / 1e6 - 6854.37) < 0.01)
        #expect(abs(period.source_tonnes - period.inside_tonnes - period.outside_tonnes) < 1)
        let back = try await inventory([
            output, "--json",
        ])
        #expect(back.status == 0, "\(back.standardError)")
        let tonnes = try #require(back.standardOutput.firstMatch(of: /"tonnes":([0-9.]+)/)?.1)
        #expect(abs((Double(tonnes) ?? 0) / period.target_tonnes - 1) < 1e-6)
        for name in ["regrid.csv", "regrid.json", "regrid-en.txt", "regrid-zh.txt"] {
            let path = folder.file("tables").appending(path: name).path
            #expect(FileManager.default.fileExists(atPath: path), "\(name)")
        }
        let chinese = try String(
            contentsOf: folder.file("tables").appending(path: "regrid-zh.txt"),
            encoding: .utf8
        )
        #expect(chinese.contains("目标外") && chinese.contains("3024格在源网格之外"))
    }

    @Test func sectorFilesAreAddedUpWithoutTheirSums() async throws {
        let folder = try TemporaryFolder()
        func copy(_ code: String) throws -> String {
            let path = folder.file("v8.0_FT2022_GHG_CO2_2018_\(code)_flx.nc")
            try FileManager.default.copyItem(atPath: plants, toPath: path.path)
            return path.path
        }
        let files = try ["ENE", "TRO", "TOTALS"].map(copy)
        let output = folder.file("sum.nc").path
        let grid = ["--box", "70,15,138,55", "--step", "1", "--output", output]
        let run = try await inventory(files + ["--regrid", "--json"] + grid)
        #expect(run.status == 0, "\(run.standardError)")
        let account = try JSONDecoder().decode(Account.self, from: Data(run.standardOutput.utf8))
        #expect(abs((account.periods.first?.target_tonnes ?? 0) / 1e6 - 2 * 6854.37) < 0.01)
        #expect(run.standardOutput.contains("TOTALS: it is the sum of the sectors"))
        let one = try await inventory(files + ["--categories", "ENE"])
        #expect(one.standardOutput.contains("total    6854371136 t"))
        let none = try await inventory(files + ["--categories", "ENN"])
        #expect(none.status == 64 && none.standardError.contains("a sector of the files: ENE, TRO, TOTALS"))
        let twice = try await inventory([files[0], files[0], files[1]])
        #expect(twice.status == 64 && twice.standardError.contains("ENE is given by"))
    }

    @Test(arguments: [
        (["--regrid"], 64, "a grid: --grid NAME"), (["--regrid", "--grid", "china-0.5deg"], 64, "--output"),
        (
            ["--regrid", "--box", "0,0,10,10", "--step", "1", "--output", "x.nc"], 65,
            "lies within the inventory"
        ),
        (["--regrid", "--grid", "china-0.5deg", "--output", "no/x.nc"], 74, "the folder does not exist"),
        (["--regrid", "--grid", "chian-0.5deg", "--output", "x.nc"], 64, "china-0.5deg"),
        (["--regrid", "--regions", "x.geojson"], 64, "no meaning beside --regrid"),
        (["--grid", "china-0.5deg"], 64, "no meaning without --regrid"),
        (["--carbon", "12/44"], 64, "molar or 44/12"), (["--month", "13"], 64, "from 1 to 12"),
        (["--earth-radius", "6371"], 64, "metres from 6300000"),
        (["--mapping", "variabel=x,gas=co2"], 64, "is it `variable`?"),
        (["--mapping", "variable=x"], 64, "gas=co2, ch4"),
        (["--categories", "emi_co3"], 65, "is it `emi_co2`?"),
        (["--remainder", "nearest"], 64, "no meaning without --regions"),
        (["--regions", "nowhere.geojson"], 66, "no such file"),
        (["--regions", "README.md"], 65, "not JSON"),
        (["--hours"], 64, "--profile"), (["--profile", "x.csv"], 64, "no meaning without --hours"),
        (["--points", "x.csv"], 64, "no file beside --points"),
    ])
    func whatCannotBeDoneIsOneLine(_ arguments: [String], _ status: Int32, _ words: String) async throws {
        let run = try await inventory([plants, "--year", "2018"] + arguments)
        #expect(run.status == status, "\(run.standardError)")
        #expect(run.standardError.contains(words), "\(run.standardError)")
        #expect(run.standardOutput.isEmpty)
    }

    @Test func anInventoryThatWasCutIsNotRegridded() async throws {
        let folder = try TemporaryFolder()
        let output = folder.file("x.nc").path
        let arguments = [plants, "--year", "2016", "--regrid", "--grid", "china-0.5deg", "--output", output]
        let run = try await inventory(arguments)
        #expect(run.status == 65 && run.standardError.contains("the file's own total"))
        #expect(!FileManager.default.fileExists(atPath: output))
        #expect(try await inventory(arguments + ["--allow-mismatch"]).status == 0)
        let own = try await inventory([
            plants, "--year", "2018", "--regrid", "--grid", "china-0.5deg", "--output", plants,
        ])
        #expect(own.status == 64 && own.standardError.contains("the output is the input"))
    }
}

@Suite struct InventoryRegionsTests {
    private struct Summary: Decodable {
        struct Region: Decodable {
            let name: String
            let name_zh: String
            let tonnes: Double
            let beyond_outline_tonnes: Double
        }
        struct Period: Decodable { let tonnes: Double }
        let periods: [Period]
        let regions: [Region]
        let unassigned_tonnes: Double
    }

    @Test func regionsAndTheRestSumToTheFile() async throws {
        let folder = try TemporaryFolder()
        let file = try outlines(folder)
        let output = folder.file("out")
        for remainder in ["unassigned", "nearest"] {
            let run = try await inventory([
                plants, "--year", "2018", "--regions", file, "--remainder", remainder, "--json", "--output",
                output.path,
            ])
            #expect(run.status == 0, "\(run.standardError)")
            let summary = try JSONDecoder().decode(Summary.self, from: Data(run.standardOutput.utf8))
            let sum = summary.regions.reduce(0) { $0 + $1.tonnes } + summary.unassigned_tonnes
            #expect(abs(sum / summary.periods[0].tonnes - 1) < 1e-12)
            #expect(summary.regions[0].name_zh == "方框")
            #expect((summary.regions[0].beyond_outline_tonnes > 0) == (remainder == "nearest"))
        }
        let table = try String(contentsOf: output.appending(path: "regions.csv"), encoding: .utf8)
        #expect(table.split(separator: "\n").count == 4 && table.contains("unassigned,未分配"))
        let text = try await inventory([plants, "--year", "2018", "--regions", file, "--lang", "zh"])
        #expect(text.standardOutput.contains("方框") && text.standardOutput.contains("未分配"))
    }
}

@Suite struct InventoryHoursTests {
    private func profiles(_ folder: TemporaryFolder) throws -> String {
        func table(_ name: String, _ weights: [String]) throws -> String {
            let header = "ID_\(name)," + weights.indices.map { "w\($0)" }.joined(separator: ",")
            let text = "\(header)\nA,\(weights.joined(separator: ","))\n"
            try Data(text.utf8).write(to: folder.file("\(name).csv"))
            return folder.file("\(name).csv").path
        }
        return try [
            table("month", (1...12).map { "\($0)" }),
            table("weekday", ["1", "1", "1", "1", "1", "0.5", "0"]),
            table("hour", (0..<24).map { $0 == 8 ? "2" : "1" }),
        ].joined(separator: ",")
    }

    private struct Summary: Decodable {
        struct Period: Decodable {
            let total_tonnes: Double
            let sum_of_hours_tonnes: Double
            let factors: [Double]
        }
        let periods: [Period]
    }

    @Test func theHoursSumToTheYear() async throws {
        let folder = try TemporaryFolder()
        let tables = try profiles(folder)
        let output = folder.file("hours")
        let run = try await inventory([
            plants, "--year", "2018", "--hours", "--profile", tables, "--utc-offset", "8", "--json",
            "--output",
            output.path,
        ])
        #expect(run.status == 0, "\(run.standardError)")
        let period = try #require(
            try JSONDecoder().decode(Summary.self, from: Data(run.standardOutput.utf8)).periods.first
        )
        #expect(period.factors.count == 8760)
        #expect(abs(period.sum_of_hours_tonnes / period.total_tonnes - 1) < 1e-12)
        // 2018 began on a Monday: at 8:00 of Beijing it is midnight UTC, with twice the weight of the next hour.
        #expect(abs(period.factors[0] / period.factors[1] - 2) < 1e-12)
        // The Sunday of 7 January, which begins at 16:00 UTC of the 6th, emits nothing.
        #expect(period.factors[(5 * 24 + 16)..<(6 * 24 + 16)].allSatisfy { $0 == 0 })
        let lines = try String(contentsOf: output.appending(path: "hours.csv"), encoding: .utf8).split(
            separator: "\n"
        )
        #expect(lines.count == 8761 && lines[1].hasPrefix("2018-01-01T00:00:00Z,"))
        let sun = try await inventory([
            plants, "--year", "2018", "--hours", "--profile", tables, "--lang", "zh",
        ])
        #expect(sun.standardOutput.contains("按太阳时"))
    }

    @Test func profilesThatDoNotGoTogetherAreRefused() async throws {
        let folder = try TemporaryFolder()
        let tables = try profiles(folder).split(separator: ",").map(String.init)
        func hours(_ arguments: String...) async throws -> ProgramRun {
            try await inventory([plants, "--year", "2018", "--hours", "--profile"] + arguments)
        }
        let twice = try await hours("\(tables[0]),\(tables[0])")
        #expect(twice.status == 65 && twice.standardError.contains("two profiles of the kind month"))
        let name = try await hours(tables[0], "--profile-id", "B")
        #expect(name.status == 65 && name.standardError.contains("no profile `B`"))
        let offset = try await hours(tables[0], "--utc-offset", "30")
        #expect(offset.status == 64 && offset.standardError.contains("from -12 to 14"))
        let missing = try await hours("nowhere.csv")
        #expect(missing.status == 66)
    }
}
