import Foundation
import NetCDF
import TestSupport
import Testing

/// What `crosswind grid` refuses, in words that say what is wrong, before it reads or writes anything.
@Suite struct GridRefusalProgramTests {
    private func grid(_ folder: TemporaryFolder, _ arguments: [String]) async throws -> ProgramRun {
        try await ProgramRun.run(
            Places.crosswind,
            ["grid"] + arguments,
            environment: ["SWIFT_BACKTRACE": "enable=no"],
            directory: folder.url
        )
    }

    private func names(in folder: TemporaryFolder) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
    }

    struct Refusal: Sendable, CustomStringConvertible {
        let arguments: String
        let status: Int32
        let words: [String]
        var description: String { arguments }
    }

    /// `FILE` stands for a real day, `EMPTY` for an empty argument.
    static let refusals = [
        Refusal(
            arguments: "FILE --grid global-2deg --limit xco2_averaging_kernel=0..1",
            status: 65,
            words: ["has 20 values a sounding", "xco2_averaging_kernel"]
        ),
        Refusal(
            arguments: "FILE --grid global-2deg --limit column=380..385 --limit column=386..390",
            status: 64,
            words: ["column=386..390", "no value is within both"]
        ),
        Refusal(arguments: "FILE --box 10,10,10,20 --step 1", status: 64, words: ["west equals east"]),
        Refusal(arguments: "FILE --box 200,0,370,10 --step 1", status: 64, words: ["from -180 to 360"]),
        Refusal(arguments: "FILE --box -180,0,300,10 --step 1", status: 64, words: ["wider than 360"]),
        Refusal(arguments: "FILE --box 0,20,10,10 --step 1", status: 64, words: ["south below north"]),
        Refusal(arguments: "FILE --box 0,0,10,95 --step 1", status: 64, words: ["latitudes from -90 to 90"]),
        Refusal(arguments: "FILE", status: 64, words: ["--grid NAME, or --box"]),
        Refusal(arguments: "FILE --grid global-2deg --page l3.nc", status: 64, words: ["a folder"]),
        Refusal(arguments: "FILE --grid global-2deg --page EMPTY", status: 64, words: ["a folder"]),
        Refusal(arguments: "FILE --grid global-2deg --page /proc/xx", status: 74, words: ["/proc/xx"]),
        Refusal(arguments: "FILE --grid global-2deg --page /dev/full/x", status: 74, words: ["no folder"]),
        Refusal(arguments: "FILE --grid global-2deg --page FILE/x", status: 74, words: ["no folder"]),
        Refusal(arguments: "FILE --grid global-2deg --csv /dev/full/x.csv", status: 74, words: ["no folder"]),
        Refusal(arguments: "FILE --grid global-2deg --maps /proc/x.nc", status: 74, words: ["/proc/x.nc"]),
        Refusal(arguments: "FILE --grid global-2deg --sums FILE", status: 64, words: ["a folder"]),
        Refusal(arguments: "FILE --grid global-2deg --sums FILE/x", status: 74, words: ["no folder"]),
        Refusal(
            arguments: "FILE --grid global-2deg --tccon t.nc --tccon ./t.nc",
            status: 64,
            words: ["./t.nc", "another file"]
        ),
        Refusal(arguments: "FILE --grid global-2deg --scale x2019", status: 65, words: ["leave --scale out"]),
        Refusal(
            arguments: "--grid global-2deg --sums empty",
            status: 64,
            words: ["no sums are kept", "empty"]
        ),
        Refusal(arguments: "FILE --box 0,80,10,90 --step 1", status: 65, words: ["check the grid or box"]),
        Refusal(
            arguments: "FILE --grid global-2deg --limit column=9..10",
            status: 65,
            words: ["widen --limit"]
        ),
    ]

    @Test(arguments: refusals) func refusalsSayWhatIsWrongAndLeaveNothing(refusal: Refusal) async throws {
        let folder = try TemporaryFolder()
        let arguments = refusal.arguments.replacing("FILE", with: SatelliteFiles.first).split(separator: " ")
        let run = try await grid(
            folder,
            arguments.map { $0 == "EMPTY" ? "" : String($0) } + ["--output", "l3.nc"]
        )
        #expect(run.status == refusal.status, "\(run.standardError)")
        #expect(run.standardError.split(separator: "\n").count == 1)
        for word in refusal.words { #expect(run.standardError.contains(word), "\(run.standardError)") }
        #expect(!run.standardError.contains("NSCocoa"))
        #expect(try names(in: folder).isEmpty)
    }

    /// Two limits on one variable both hold, in any order.
    @Test func limitsOfOneNameBothHold() async throws {
        let folder = try TemporaryFolder()
        try await MadeLiteFile().write(to: folder.file("a.nc4").path)
        let limits = ["--limit", "column=400.5..", "--limit", "column=..401.5"]
        for limits in [limits, [limits[2], limits[3], limits[0], limits[1]]] {
            let run = try await grid(
                folder,
                ["a.nc4", "--grid", "global-2deg", "--output", "l3.nc", "--json"] + limits
            )
            #expect(run.standardOutput.contains(#""soundings_used":1"#), "\(run.standardOutput)")
        }
    }

    @Test func whatCanBeInspectedIsShownBeforeTheError() async throws {
        let folder = try TemporaryFolder()
        try Data("a;b\n1;2\n".utf8).write(to: folder.file("bad.csv"))
        let files = ["bad.csv", SatelliteFiles.first, "none.nc"]
        let text = try await grid(folder, ["--inspect"] + files)
        #expect(text.status == 65)
        #expect(text.standardOutput.contains("soundings read             985"), "\(text.standardOutput)")
        #expect(text.standardError.contains("semicolons") && text.standardError.contains("none.nc"))
        let json = try await grid(folder, ["--inspect", "--json"] + files)
        #expect(json.status == 65 && json.standardOutput.contains(#""good":350"#))
        let none = try await grid(folder, ["--inspect", "--json", "none.nc"])
        #expect(none.status == 66 && none.standardOutput.isEmpty)
    }

    @Test func filesOfTwoScalesAreNamed() async throws {
        let folder = try TemporaryFolder()
        try await MadeLiteFile().write(to: folder.file("lite.nc4").path)
        let table = "time,latitude,longitude,xco2,xco2_uncertainty\n2020-01-01,10,100,400,1\n"
        try Data(table.utf8).write(to: folder.file("table.csv"))
        let files = ["table.csv", "lite.nc4"]
        let output = ["--grid", "global-2deg", "--no-kernels", "--output", "l3.nc"]
        let run = try await grid(folder, files + output)
        #expect(run.status == 65)
        for word in ["table.csv does not go with lite.nc4", "scale that is not stated"] {
            #expect(run.standardError.contains(word), "\(run.standardError)")
        }
        #expect(try names(in: folder) == ["lite.nc4", "table.csv"])
    }

    @Test func soundingsWithoutKernelsAreNotComparedWithTheGround() async throws {
        let folder = try TemporaryFolder()
        let table = "time,latitude,longitude,xco2,xco2_uncertainty\n2020-01-01,10,100,400,1\n"
        try Data(table.utf8).write(to: folder.file("table.csv"))
        let output = ["--grid", "global-2deg", "--output", "l3.nc", "--tccon", "site.nc"]
        let run = try await grid(folder, ["table.csv"] + output)
        #expect(run.status == 65)
        #expect(run.standardError.contains("without kernels"), "\(run.standardError)")
        #expect(run.standardError.contains("table.csv"), "\(run.standardError)")
    }
}
