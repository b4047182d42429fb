import Foundation
import TestSupport
import Testing

/// `crosswind grid` on a projected grid as an operator runs it.
@Suite struct ProjectedGridProgramTests {
    private func grid(_ folder: TemporaryFolder, _ arguments: [String]) async throws -> ProgramRun {
        try await ProgramRun.run(
            Places.crosswind,
            ["grid"] + arguments,
            environment: ["SWIFT_BACKTRACE": "enable=no", "SOURCE_DATE_EPOCH": "1700000000"],
            directory: folder.url
        )
    }

    private func define(_ name: String, _ projection: String, in folder: TemporaryFolder) throws {
        let text = """
            {name: "x", projection: "\(projection)", x: {from: -3000000, to: 3000000},
             y: {from: -3000000, to: 3000000}, step_metres: 100000}
            """
        try Data(text.utf8).write(to: folder.file(name))
    }

    private static let first = "+proj=laea +lat_0=30 +lon_0=110 +datum=WGS84"
    private static let second = "+proj=laea +lat_0=30 +lon_0=111 +datum=WGS84"

    @Test func everyOutputIsWrittenAndTheSameOnAnyThreads() async throws {
        let folder = try TemporaryFolder()
        try define("own.json", Self.first, in: folder)
        let files = [SatelliteFiles.first, SatelliteFiles.second, "--grid", "own.json"]
        let all = ["--csv", "l3.csv", "--geotiff", "l3.tif", "--maps", "maps.nc", "--page", "page"]
        let run = try await grid(folder, files + all + ["--threads", "1", "--output", "one.nc"])
        #expect(run.status == 0 && run.standardError.isEmpty, "\(run.standardError)")
        let again = try await grid(folder, files + ["--threads", "4", "--output", "four.nc"])
        #expect(again.status == 0)
        let bytes = try ["one.nc", "four.nc"].map { try Data(contentsOf: folder.file($0)) }
        #expect(bytes[0] == bytes[1])
        let page = try String(contentsOf: folder.file("page/soundings-en.html"), encoding: .utf8)
        #expect(page.contains("60 × 60 cells of 100 km × 100 km in \(Self.first)"))
        #expect(FileManager.default.fileExists(atPath: folder.file("maps.nc").path))
    }

    @Test func keptSumsServeTheirProjectionAlone() async throws {
        let folder = try TemporaryFolder()
        try define("own.json", Self.first, in: folder)
        try define("other.json", Self.second, in: folder)
        let sums = ["--sums", "kept", "--output", "l3.nc"]
        let first = try await grid(folder, [SatelliteFiles.first, "--grid", "own.json"] + sums)
        #expect(first.status == 0)
        let both = try await grid(folder, [SatelliteFiles.second, "--grid", "own.json"] + sums)
        #expect(both.status == 0 && both.standardOutput.contains("from kept sums"))
        let files = [SatelliteFiles.first, SatelliteFiles.second]
        let whole = try await grid(folder, files + ["--grid", "own.json", "--output", "whole.nc"])
        #expect(whole.status == 0)
        let bytes = try ["l3.nc", "whole.nc"].map { try Data(contentsOf: folder.file($0)) }
        #expect(bytes[0] == bytes[1])
        for name in ["other.json", "global-2deg"] {
            let refused = try await grid(folder, [SatelliteFiles.first, "--grid", name] + sums)
            #expect(refused.status == 65 && refused.standardError.contains("another grid"))
        }
    }

    @Test func aLayoutOfLongitudeAndLatitudeIsRefused() async throws {
        let folder = try TemporaryFolder()
        let run = try await grid(
            folder,
            [SatelliteFiles.first, "--grid", "arctic-laea-50km", "--layout", "obs4mips", "--output", "x.nc"]
        )
        #expect(run.status == 64 && run.standardError.contains("projected grid"))
    }
}
