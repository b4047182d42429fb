import Foundation
import TestSupport
import Testing

/// `crosswind grid` over files that come, change and go: each result is that of a run from scratch, byte for byte.
@Suite struct GridSumsProgramTests {
    private func grid(_ folder: TemporaryFolder, _ arguments: [String]) async throws -> ProgramRun {
        try await ProgramRun.run(Places.crosswind, ["grid"] + arguments, directory: folder.url)
    }

    private let options = ["--grid", "global-2deg", "--window", "day", "--output"]

    /// Three soundings of a day of their own, `shift` ppm above those of another build.
    private func write(_ day: Int, to file: URL, build: String = "B11", shift: Double = 0) async throws {
        var made = MadeLiteFile()
        made.build = build
        made.times = made.times.map { $0 + Double(day) * 86_400 }
        made.columns = made.columns.map { $0 + shift + Double(day) / 8 }
        made.ids = made.ids.map { $0 + Int64(day) * 100_000_000 }
        try await made.write(to: file.path)
    }

    private func same(_ folder: TemporaryFolder, _ a: String, _ b: String) throws -> Bool {
        try Data(contentsOf: folder.file(a)) == Data(contentsOf: folder.file(b))
    }

    @Test func threadsAndOrderLeaveTheBytesAsTheyAre() async throws {
        let folder = try TemporaryFolder()
        let days = [SatelliteFiles.first, SatelliteFiles.second]
        let runs = [
            days + options + ["a.nc", "--threads", "1"], days + options + ["b.nc", "--threads", "5"],
            days.reversed() + options + ["c.nc"],
        ]
        for arguments in runs {
            let run = try await grid(folder, arguments)
            #expect(run.status == 0, "\(run.standardError)")
        }
        #expect(try same(folder, "a.nc", "b.nc"))
        #expect(try same(folder, "a.nc", "c.nc"))
    }

    @Test func aDayIsAddedReplacedAndDropped() async throws {
        let folder = try TemporaryFolder()
        for day in 0..<3 { try await write(day, to: folder.file("day\(day).nc4")) }
        let kept = ["--sums", "kept"]
        #expect(try await grid(folder, ["day0.nc4", "day2.nc4"] + options + ["first.nc"] + kept).status == 0)
        let added = try await grid(folder, ["day1.nc4"] + options + ["added.nc", "--json"] + kept)
        #expect(added.standardOutput.contains(#""reused":["day0.nc4","day2.nc4"]"#))
        let all = ["day0.nc4", "day1.nc4", "day2.nc4"]
        #expect(try await grid(folder, all + options + ["scratch.nc"]).status == 0)
        #expect(try same(folder, "added.nc", "scratch.nc"))

        try await write(1, to: folder.file("day1-again.nc4"), build: "B12", shift: 0.5)
        let refused = try await grid(folder, ["day1-again.nc4"] + options + ["x.nc"] + kept)
        #expect(refused.status == 65)
        #expect(refused.standardError.contains("day1.nc4"))
        let replaced = try await grid(
            folder,
            ["day1-again.nc4", "--replace"] + options + ["replaced.nc"] + kept
        )
        #expect(replaced.status == 0, "\(replaced.standardError)")
        let others = ["day0.nc4", "day1-again.nc4", "day2.nc4"]
        #expect(try await grid(folder, others + options + ["scratch.nc"]).status == 0)
        #expect(try same(folder, "replaced.nc", "scratch.nc"))

        let dropped = try await grid(folder, ["--drop", "day0.nc4"] + options + ["dropped.nc"] + kept)
        #expect(dropped.status == 0, "\(dropped.standardError)")
        #expect(try await grid(folder, Array(others.dropFirst()) + options + ["scratch.nc"]).status == 0)
        #expect(try same(folder, "dropped.nc", "scratch.nc"))
    }

    @Test func sumsReadOtherwiseAreNotUsedAndAFailedRunDropsNothing() async throws {
        let folder = try TemporaryFolder()
        try await write(0, to: folder.file("day.nc4"))
        let kept = ["--sums", "kept"]
        #expect(try await grid(folder, ["day.nc4"] + options + ["x.nc"] + kept).status == 0)
        let limited = try await grid(
            folder,
            ["day.nc4"] + options + ["y.nc", "--limit", "column=0..400.5"] + kept
        )
        #expect(limited.status == 65)
        #expect(limited.standardError.contains("limit"))
        let failed = try await grid(folder, ["--drop", "day.nc4"] + options + ["no/such/x.nc"] + kept)
        #expect(failed.status != 0)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("kept").path)
        #expect(names.count == 1)
        let onto = try await grid(folder, ["day.nc4"] + options + ["kept/\(names[0])"] + kept)
        #expect(onto.status != 0)
    }

    @Test func outputsDoNotReplaceEachOther() async throws {
        let folder = try TemporaryFolder()
        try await write(0, to: folder.file("day.nc4"))
        let same = try await grid(folder, ["day.nc4"] + options + ["x.nc", "--csv", "./x.nc"])
        #expect(same.status == 64)
        let page = try await grid(folder, ["day.nc4"] + options + ["x.nc", "--page", "day.nc4"])
        #expect(page.status == 64)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["day.nc4"])
    }

    /// 0.7 ppm for each, no prior: the mean of a cell and its error by hand.
    @Test func aTableWithoutPriorsIsGridded() async throws {
        let folder = try TemporaryFolder()
        let table = """
            time,latitude,longitude,xco2
            2020-06-01T00:00:00Z,10.5,100.5,410
            2020-06-01T00:00:01Z,10.6,100.6,412
            2020-06-01T00:00:02Z,10.7,100.7,-999
            """
        try Data(table.utf8).write(to: folder.file("t.csv"))
        let run = try await grid(
            folder,
            [
                "t.csv", "--box", "100,10,102,12", "--step", "2", "--assume-uncertainty", "0.7",
                "--shared-error", "0", "--noise-factor", "1", "--output", "x.nc", "--json",
            ]
        )
        #expect(run.status == 0, "\(run.standardError)")
        #expect(run.standardOutput.contains(#""rejected":{"implausible_value":1}"#), "\(run.standardOutput)")
        #expect(run.standardOutput.contains(#""mean_ppm":411"#))
        #expect(run.standardOutput.contains(#""mean_standard_error_ppm":0.49497"#))
    }

    @Test func twoBuildsOfADayAreNotAveraged() async throws {
        let folder = try TemporaryFolder()
        try await write(0, to: folder.file("old.nc4"))
        try await write(0, to: folder.file("new.nc4"), build: "B12", shift: 1)
        let run = try await grid(folder, ["old.nc4", "new.nc4"] + options + ["x.nc"])
        #expect(run.status == 65)
        #expect(run.standardError.contains("two builds"))
    }

    @Test func aFileGivenTwiceCountsOnce() async throws {
        let folder = try TemporaryFolder()
        try await write(0, to: folder.file("day.nc4"))
        let run = try await grid(folder, ["day.nc4", "day.nc4"] + options + ["x.nc", "--json"])
        #expect(run.status == 0, "\(run.standardError)")
        #expect(run.standardOutput.contains(#""rejected":{"duplicate":3}"#))
    }

    @Test func keptSumsOfAnotherPlanOrDamagedAreRefused() async throws {
        let folder = try TemporaryFolder()
        try await write(0, to: folder.file("day.nc4"))
        let kept = ["--sums", "kept"]
        #expect(try await grid(folder, ["day.nc4"] + options + ["x.nc"] + kept).status == 0)
        let other = try await grid(
            folder,
            ["day.nc4", "--grid", "global-0.5deg", "--output", "y.nc"] + kept
        )
        #expect(other.status == 65)
        #expect(other.standardError.contains("another grid"))
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("kept").path)
        #expect(names.count == 1)
        let file = folder.file("kept/\(names[0])")
        var bytes = try Data(contentsOf: file)
        bytes[bytes.count / 2] ^= 0x10
        try bytes.write(to: file)
        let damaged = try await grid(folder, ["day.nc4"] + options + ["z.nc"] + kept)
        #expect(damaged.status == 65)
        #expect(damaged.standardError.split(separator: "\n").count == 1)
        let unknown = try await grid(
            folder,
            ["--drop", "night.nc4"] + options + ["z.nc", "--sums", "empty"]
        )
        #expect(unknown.status == 64)
    }

    @Test func everyOutputIsWritten() async throws {
        let folder = try TemporaryFolder()
        let outputs = [
            "--csv", "x.csv", "--geotiff", "x.tif", "--maps", "maps.nc", "--page", "page", "--check-biases",
            "--tccon", "none.nc",
        ]
        let days = [SatelliteFiles.first, SatelliteFiles.second]
        let missing = try await grid(folder, days + options + ["x.nc"] + outputs)
        #expect(missing.status == 66)
        let run = try await grid(folder, days + options + ["x.nc", "--json"] + outputs.dropLast(2))
        #expect(run.status == 0, "\(run.standardError)")
        for part in [#""kriging":[{"#, #""biases":{"#, #""comparisons":[]"#] {
            #expect(run.standardOutput.contains(part), "\(part)")
        }
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
        #expect(left == ["maps.nc", "page", "x.csv", "x.nc", "x.tif"])
        let pages = try FileManager.default.contentsOfDirectory(atPath: folder.file("page").path).sorted()
        #expect(pages == ["soundings-en.html", "soundings-zh.html"])
        let kept = try await grid(folder, days + options + ["y.nc", "--sums", "kept", "--check-biases"])
        #expect(kept.status == 64)
    }

    @Test func aFileIsInspected() async throws {
        let folder = try TemporaryFolder()
        let text = try await grid(folder, ["--inspect", SatelliteFiles.first])
        for part in ["985", "350", "quality_flag", "sum of weights", "20 levels"] {
            #expect(text.standardOutput.contains(part), "\(part)")
        }
        let json = try await grid(folder, ["--inspect", SatelliteFiles.first, "--json"])
        #expect(json.standardOutput.contains(#""good":350"#))
        #expect(try await grid(folder, ["--inspect"]).status == 64)
    }
}
