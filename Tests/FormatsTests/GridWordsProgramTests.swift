import Foundation
import NetCDF
import TestSupport
import Testing

/// What `crosswind grid` says of its result, on the terminal and in its files.
@Suite struct GridWordsProgramTests {
    private func grid(_ folder: TemporaryFolder, _ arguments: [String]) async throws -> ProgramRun {
        try await ProgramRun.run(
            Places.crosswind,
            ["grid"] + arguments,
            environment: ["SOURCE_DATE_EPOCH": "1577836800"],
            directory: folder.url
        )
    }

    private let days = [SatelliteFiles.first, SatelliteFiles.second]

    @NetCDFThread
    private func text(_ name: String, of variable: String? = nil, _ path: String) throws -> String {
        let file = try NetCDFFile(reading: path)
        let text = if let variable { file.text(name, of: variable) } else { file.text(name) }
        return text ?? ""
    }

    @Test func windowsAreNamedByTheirDays() async throws {
        let folder = try TemporaryFolder()
        let output = ["--grid", "global-2deg", "--output", "l3.nc"]
        let season = try await grid(folder, [SatelliteFiles.first] + output + ["--window", "season"])
        #expect(season.standardOutput.contains("2009-09-01 to 2009-11-30  384."), "\(season.standardOutput)")
        let daily = try await grid(folder, days + output + ["--window", "day"])
        for day in ["2009-09-01  ", "2009-09-02  "] { #expect(daily.standardOutput.contains("\n" + day)) }
    }

    /// Centres do not know what they cover: no term for it is computed, and none is told.
    @Test(arguments: ["centre", "polygon"]) func theErrorIsToldAsItWasComputed(method: String) async throws {
        let folder = try TemporaryFolder()
        let arguments = ["--grid", "global-2deg", "--output", "l3.nc", "--error-model", "correlated"]
        let run = try await grid(folder, [SatelliteFiles.first] + arguments + ["--method", method])
        #expect(run.status == 0, "\(run.standardError)")
        let path = folder.file("l3.nc").path
        let comment = try await text("comment", of: "xco2_standard_error", path)
        let configuration = try await text("configuration", path)
        let isCovered = method == "polygon"
        #expect(comment.contains("s^2 (1 - coverage) / n_eff") == isCovered, "\(comment)")
        #expect(comment.contains("Baker et al. (2022)") && comment.contains("Kulawik"))
        #expect(configuration.contains("variability_ppm") == isCovered)
        #expect(run.standardOutput.contains("nothing for uncovered area") == !isCovered)
        let references = try await text("references", path)
        #expect(references.contains("gmd-15-649-2022"))
        #expect(references.contains("gmd-18-483-2025") == isCovered)
        #expect(try await text("long_name", of: "xco2_stddev", path).contains("without weights"))
    }

    @Test func mapsAreFlagsAndStandardNames() async throws {
        let folder = try TemporaryFolder()
        let output = ["--grid", "global-2deg", "--output", "l3.nc", "--maps", "maps.nc", "--window", "day"]
        let run = try await grid(folder, days + output)
        #expect(run.status == 0, "\(run.standardError)")
        for word in ["root of the sill", "left empty, farther than", "km from all soundings"] {
            #expect(run.standardOutput.contains(word), "\(run.standardOutput)")
        }
        #expect(!run.standardOutput.contains("beyond the range"))
        let maps = folder.file("maps.nc").path
        let meanings = "observed interpolated farther_than_reach unknown"
        #expect(try await text("flag_meanings", of: "gap_state", maps) == meanings)
        let name = "dry_atmosphere_mole_fraction_of_carbon_dioxide"
        for variable in ["xco2_filled", "xco2_background"] {
            #expect(try await text("standard_name", of: variable, maps) == name)
        }
        #expect(try await !text("variogram_duration_resolved", maps).isEmpty)
        let (states, fill) = try await states(maps)
        #expect(fill == -1 && states.allSatisfy { (0...3).contains($0) })
        #expect(states.contains(0))
    }

    @NetCDFThread
    private func states(_ path: String) throws -> (values: [Int64], fill: Double?) {
        let file = try NetCDFFile(reading: path)
        return (try file.integers("gap_state"), file.number("_FillValue", of: "gap_state"))
    }

    @Test func whatCouldNotBeComparedIsSaid() async throws {
        let folder = try TemporaryFolder()
        let output = ["--grid", "global-2deg", "--output", "l3.nc", "--check-biases"]
        let run = try await grid(folder, days + output + ["--assume-uncertainty", "1"])
        #expect(run.status == 0, "\(run.standardError)")
        for word in [
            "all 773 good soundings of the files, in the grid or not", "footprints: not compared",
            "swaths: not compared", "--assume-uncertainty has no effect on",
        ] { #expect(run.standardOutput.contains(word), "\(run.standardOutput)") }
    }

    @Test func thePageNamesGasAndGridInBothLanguages() async throws {
        let folder = try TemporaryFolder()
        let table = "time,latitude,longitude,xco2,xco2_uncertainty\n2020-01-01,10.5,100.5,400,1\n"
        try Data(table.utf8).write(to: folder.file("t.csv"))
        let box = ["--box", "100,10,102,12", "--step", "1", "--output", "l3.nc", "--page", "new/page"]
        let run = try await grid(folder, ["t.csv"] + box)
        #expect(run.status == 0, "\(run.standardError)")
        #expect(run.standardOutput.contains("XCO2 on a scale that is not stated"))
        let english = try String(contentsOf: folder.file("new/page/soundings-en.html"), encoding: .utf8)
        let chinese = try String(contentsOf: folder.file("new/page/soundings-zh.html"), encoding: .utf8)
        #expect(english.contains("<h1>XCO₂ of CSV soundings on box 100,10,102,12 step 1.0</h1>"))
        #expect(chinese.contains("XCO₂（网格：范围 100,10,102,12，步长 1.0°）"))
        #expect(chinese.contains("未说明") && !chinese.contains("unstated"))
    }

    @Test func theHelpNamesWhatThereIs() async throws {
        let folder = try TemporaryFolder()
        let help = try await grid(folder, ["--help"]).standardOutput
        for word in [
            "SOURCE_DATE_EPOCH", "creator_name", "license", "acknowledgement", "0.006", "Lorente et al. 2021",
            "xco2_uncertainty", "UTC where no zone", "polar_footprint", "2.5 of latitude", "at least 8",
        ] { #expect(help.contains(word), "\(word)") }
        #expect(help.split(separator: "\n").allSatisfy { $0.count <= 110 })
    }
}
