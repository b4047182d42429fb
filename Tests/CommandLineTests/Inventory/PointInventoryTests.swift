import Foundation
import TestSupport
import Testing

private func inventory(_ arguments: [String]) async throws -> ProgramRun {
    try await ProgramRun.run(Places.crosswind, ["inventory"] + arguments, directory: Places.repository)
}

@Suite struct PointInventoryTests {
    private let folder: TemporaryFolder
    private let regions: String

    init() throws {
        folder = try TemporaryFolder()
        func feature(_ code: String, _ west: Int) -> String {
            let east = west + 2
            let ring = "[[\(west),30],[\(east),30],[\(east),32],[\(west),32],[\(west),30]]"
            return """
                {"type":"Feature","properties":{"name_en":"\(code) land","name_zh":"\(code)地","code":"\(code)"},
                "geometry":{"type":"Polygon","coordinates":[\(ring)]}}
                """
        }
        let text = #"{"type":"FeatureCollection","features":[\#(feature("A", 110)),\#(feature("B", 113))]}"#
        try Data(text.utf8).write(to: folder.file("regions.geojson"))
        regions = folder.file("regions.geojson").path
    }

    private func catalogue(_ rows: String) throws -> String {
        let header = "ID,ISO3,fuel,longitude,latitude,co2_emis_ty,ID_MonthFact\n"
        try Data((header + rows).utf8).write(to: folder.file("plants.csv"))
        return folder.file("plants.csv").path
    }

    private static let rows = """
        in,CHN,coal,111,31,100,FM_1
        near,CHN,coal,112.1,31,10,FM_1
        between,CHN,coal,112.5,31,1,FM_1
        far,CHN,coal,120,31,1000,FM_2
        null,CHN,coal,0,0,10000,FM_1

        """

    private struct Summary: Decodable {
        struct Region: Decodable {
            let code: String
            let units: Int
            let tonnes: Double
            let nearest_units: Int
        }
        struct Gridding: Decodable {
            let target_tonnes: Double
            let outside_tonnes: Double
        }
        let tonnes: Double
        let regions: [Region]
        let unassigned: [String]
        let unassigned_tonnes: Double
        let null_island: [String]
        let ambiguous: [String]
        let unresolved_profiles: [String]?
        let gridding: Gridding?
        let outputs: [String]
    }

    private func summary(_ arguments: [String]) async throws -> Summary {
        let run = try await inventory(arguments + ["--json"])
        #expect(run.status == 0, "\(run.standardError)")
        return try JSONDecoder().decode(Summary.self, from: Data(run.standardOutput.utf8))
    }

    @Test func eachPointIsInARegionOrNamed() async throws {
        let profiles = folder.file("profiles")
        try FileManager.default.createDirectory(at: profiles, withIntermediateDirectories: false)
        let weights = (1...12).map { _ in "1" }.joined(separator: ",")
        let months = (1...12).map { "m\($0)" }.joined(separator: ",")
        try Data("ID_MonthFact,\(months)\nFM_1,\(weights)\n".utf8).write(
            to: profiles.appending(path: "m.csv")
        )
        let output = folder.file("out")
        let plants = try catalogue(Self.rows)
        let summary = try await summary([
            "--points", plants, "--regions", regions, "--profiles", profiles.path, "--box", "110,30,116,32",
            "--step", "0.5", "--year", "2019", "--output", output.path,
        ])
        #expect(summary.tonnes == 11111)
        #expect(summary.regions.map(\.tonnes) == [111, 0] && summary.regions[0].nearest_units == 2)
        #expect(summary.unassigned == ["far", "null"] && summary.unassigned_tonnes == 11000)
        #expect(summary.null_island == ["null"] && summary.ambiguous == ["between"])
        #expect(summary.unresolved_profiles == ["FM_2"])
        #expect(summary.gridding?.target_tonnes == 111 && summary.gridding?.outside_tonnes == 11000)
        #expect(summary.outputs.contains("points.nc"))
        let grid = try await inventory([
            output.appending(path: "points.nc").path, "--mapping", "gas=co2,variable=flux_co2",
        ])
        #expect(grid.standardOutput.contains("total    111 t in 3 cells"), "\(grid.standardError)")
        let table = try String(contentsOf: output.appending(path: "points.csv"), encoding: .utf8)
        #expect(table.contains("far,120.0,31.0,CO₂,1000.0,t/year,,,unassigned,,"))
        #expect(table.contains("null_island") && table.contains("A land,inside"))
    }

    @Test func overridesSettleWhatOutlinesCannot() async throws {
        let overrides = folder.file("overrides.csv")
        try Data("id,region\nbetween,B\n".utf8).write(to: overrides)
        let plants = try catalogue(Self.rows)
        let arguments = ["--points", plants, "--regions", regions, "--overrides", overrides.path]
        let summary = try await summary(arguments)
        #expect(summary.regions.map(\.tonnes) == [110, 1] && summary.ambiguous.isEmpty)
        let chinese = try await inventory(arguments + ["--lang", "zh"])
        #expect(chinese.standardOutput.contains("A地") && chinese.standardOutput.contains("无坐标"))
        try Data("id,region\nbetwen,B\n".utf8).write(to: overrides)
        let name = try await inventory(arguments)
        #expect(name.status == 65 && name.standardError.contains("is it `between`?"))
        try Data("id,region\nbetween,C\n".utf8).write(to: overrides)
        let code = try await inventory(arguments)
        #expect(
            code.status == 65 && code.standardError.contains("line 2") && code.standardError.contains("`C`")
        )
    }

    @Test(arguments: [
        ([], 64, "--regions, or a grid"), (["--grid", "china-0.5deg"], 64, "--year"),
        (["--grid", "china-0.5deg", "--year", "2019"], 64, "--output"),
        (["--overrides", "x.csv", "--grid", "china-0.5deg"], 64, "no meaning without --regions"),
        (["--regions", "R", "--gas", "sf6"], 64, "co2, ch4"),
        (["--regions", "R", "--gas", "ch4"], 65, "no such column"),
        (["--regions", "R", "--reach", "-1"], 64, "0 to 1000"),
        (["--regions", "R", "--year", "2019"], 64, "no meaning without --grid"),
        (["--regions", "R", "--profiles", "nowhere"], 66, "no such folder"),
        (["--regions", "R", "--profiles", "deploy"], 65, "no table here begins"),
        (["--regions", "R", "--regrid"], 64, "no meaning beside"),
    ])
    func whatCannotBeDoneIsOneLine(_ given: [String], _ status: Int32, _ words: String) async throws {
        let plants = try catalogue(Self.rows)
        let run = try await inventory(["--points", plants] + given.map { $0 == "R" ? regions : $0 })
        #expect(run.status == status, "\(run.standardError)")
        #expect(run.standardError.contains(words), "\(run.standardError)")
        #expect(run.standardOutput.isEmpty)
    }

    @Test(arguments: [
        ("a,CHN,coal,111,31,x,\n", "line 2"), ("a,CHN,coal,500,31,1,\n", "no longitude and latitude"),
        ("a,CHN,coal,111,31,1,\na,CHN,coal,111,31,1,\n", "stands twice"), ("", "no points"),
    ])
    func badCataloguesAreRefused(_ rows: String, _ words: String) async throws {
        let run = try await inventory(["--points", try catalogue(rows), "--regions", regions])
        #expect(run.status == 65 && run.standardError.contains(words), "\(run.standardError)")
    }
}
