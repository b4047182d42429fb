import Foundation
import TestSupport
import Testing

/// `crosswind grid --regions` as an operator runs it.
@Suite struct GridRegionsProgramTests {
    private struct Summary: Decodable {
        struct Region: Decodable {
            let name: String
            let name_zh: String
            let mean_ppm: Double?
            let standard_error_ppm: Double?
            let covered_share: Double
            let cells: Int
            let soundings_by_cell: Int
        }

        let mean_ppm: Double
        let mean_standard_error_ppm: Double
        let regions: [Region]?
    }

    private static let regions = """
        {"type": "FeatureCollection", "name": "Halves", "map_approval": "GS(2024)0650", "features": [
          {"type": "Feature", "properties": {"name_en": "Earth", "name_zh": "全球"}, "geometry":
            {"type": "Polygon", "coordinates": [[[-180,-90],[180,-90],[180,90],[-180,90],[-180,-90]]]}},
          {"type": "Feature", "properties": {"name": "Pole"}, "geometry":
            {"type": "Polygon", "coordinates": [[[0,88],[90,88],[90,90],[0,90],[0,88]]]}}]}
        """

    private func grid(_ folder: TemporaryFolder, _ regions: String, _ more: [String] = []) async throws
        -> ProgramRun
    {
        let file = folder.file("regions.geojson")
        try Data(regions.utf8).write(to: file)
        let arguments = ["grid", SatelliteFiles.first, "--grid", "global-2deg", "--output", "l3.nc"]
        return try await ProgramRun.run(
            Places.crosswind,
            arguments + ["--regions", file.path] + more,
            environment: ["SWIFT_BACKTRACE": "enable=no"],
            directory: folder.url
        )
    }

    @Test func theWholeEarthIsARegion() async throws {
        let run = try await grid(TemporaryFolder(), Self.regions, ["--json"])
        #expect(run.status == 0, "\(run.standardError)")
        let summary = try JSONDecoder().decode(Summary.self, from: Data(run.standardOutput.utf8))
        let regions = try #require(summary.regions)
        try #require(regions.map(\.name) == ["Earth", "Pole"])
        #expect(regions[0].name_zh == "全球")
        #expect(abs(try #require(regions[0].mean_ppm) - summary.mean_ppm) < 1e-9)
        #expect(abs(try #require(regions[0].standard_error_ppm) - summary.mean_standard_error_ppm) < 1e-9)
        #expect(regions[0].soundings_by_cell == 350)
        #expect((0.01...0.1).contains(regions[0].covered_share))
        #expect(regions[1].mean_ppm == nil)
        #expect(regions[1].cells == 0)
    }

    @Test func aPersonReadsATable() async throws {
        let run = try await grid(TemporaryFolder(), Self.regions)
        for part in ["2 of Halves, map approval GS(2024)0650", "covered %", "Earth", "no data"] {
            #expect(run.standardOutput.contains(part), "\(run.standardOutput)")
        }
    }

    @Test func aBadRegionStopsBeforeAnythingIsRead() async throws {
        let folder = try TemporaryFolder()
        let run = try await grid(folder, Self.regions.replacing("[0,88],[90,88]", with: "[0,88],[90,98]"))
        #expect(run.status == 65)
        #expect(run.standardError.contains("`Pole` (feature 2)"), "\(run.standardError)")
        #expect(!FileManager.default.fileExists(atPath: folder.file("l3.nc").path))
    }

    @Test func thePageTellsTheCoverageOfRegionsAndTheirApproval() async throws {
        let folder = try TemporaryFolder()
        let run = try await grid(folder, Self.regions, ["--page", "page"])
        #expect(run.status == 0, "\(run.standardError)")
        let english = try String(contentsOf: folder.file("page/soundings-en.html"), encoding: .utf8)
        let chinese = try String(contentsOf: folder.file("page/soundings-zh.html"), encoding: .utf8)
        #expect(english.contains("Halves (map approval GS(2024)0650)"))
        #expect(english.contains("Earth"))
        #expect(chinese.contains("审图号：GS(2024)0650"))
        #expect(chinese.contains("全球"))
    }
}
