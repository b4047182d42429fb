import Formats
import Foundation
import Quantities
import TestSupport
import Testing

@testable import crosswind

/// Fluxes and curtains that meet nothing of a run, or a part of it.
@Suite struct FootprintCompanionTests {
    private static let folder = "inversion/rhime-uk"
    private static let flux = "\(folder)/flux_total_ch4_europe_edgar7_2019-01-01_2019-12-31_data.nc"
    private static let curtain = "\(folder)/bc_ch4_europe_cams_2019-01-01_2019-12-31_data.nc"
    private static let europe = "footprints/name/MHD-10magl_UKV_hfo-1234zee_EUROPE_201401_test.nc"
    static var hasFiles: Bool {
        ([flux, curtain, europe] + FootprintVerbTests.weather).allSatisfy { Places.shared($0) != nil }
    }

    private func footprint(_ folder: TemporaryFolder, _ words: String) async throws -> ProgramRun {
        let weather = FootprintVerbTests.weather.compactMap { Places.shared($0)?.path }
        let files = ["FLUX": Self.flux, "CURTAIN": Self.curtain, "EUROPE": Self.europe]
        let arguments = words.split(separator: " ").flatMap { word -> [String] in
            if word == "WEATHER" { return ["--meteorology"] + weather }
            return [files[String(word)].flatMap { Places.shared($0)?.path } ?? String(word)]
        }
        return try await ProgramRun.run(
            Places.crosswind,
            ["footprint"] + arguments,
            environment: ["SWIFT_BACKTRACE": "enable=no", "SOURCE_DATE_EPOCH": "1700000000"],
            directory: folder.url
        )
    }

    private static let run = """
        WEATHER --at 27.6,-23.7,10 --time 2021-07-25T18:00:00Z --box 26,-25,29,-23 --step 0.5 --hours 2 \
        --particles 20 --output f.nc
        """

    @Test(
        .enabled(if: hasFiles),
        arguments: [
            ("--flux FLUX", ["no cell of the grid 26,-25,29,-23", "take fluxes of the region"]),
            ("--background CURTAIN", ["beside the grid 26,-25,29,-23", "of the sides of the grid"]),
        ]
    )
    func whatLiesElsewhereIsRefusedBeforeTheRun(option: String, words: [String]) async throws {
        let folder = try TemporaryFolder()
        let run = try await footprint(folder, "\(Self.run) \(option)")
        #expect(run.status == 65, "\(run.standardOutput)")
        for word in words { #expect(run.standardError.contains(word), "\(run.standardError)") }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == [])
    }

    /// The curtain is a month of 2019, the footprints are of 2014.
    @Test(.enabled(if: hasFiles)) func sharesAndTheOneTimeOfACurtainAreTold() async throws {
        let folder = try TemporaryFolder()
        let run = try await footprint(
            folder,
            "--flux FLUX --footprints EUROPE --background CURTAIN --csv e.csv"
        )
        #expect(run.status == 0, "\(run.standardError)")
        #expect(run.standardOutput.contains("2019-01-01T00:00:00Z, which stands for all"))
        #expect(run.standardOutput.contains("left grid %  no curtain %"))
        let table = try String(contentsOf: folder.file("e.csv"), encoding: .utf8).split(separator: "\n")
        #expect(table[0].hasSuffix(",background_ppm,closure,background_missing_share"))
        #expect(Double(table[1].split(separator: ",")[8]).map { $0 > 0.4 && $0 < 0.5 } == true)
    }

    @Test(arguments: ["--meteorology", "--inspect", "--flux", "--observations", "--receptors"])
    func aFolderIsNoFile(option: String) async throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(at: folder.file("d"), withIntermediateDirectories: false)
        let run = try await footprint(folder, "\(option) d")
        #expect(run.status == 65)
        #expect(run.standardError.contains("a folder, where a file is read: d; name the files in it, as d/*"))
    }

    @Test func aBoxOfSwappedSidesIsRefused() async throws {
        let folder = try TemporaryFolder()
        let words = "--meteorology x.nc --at 1,2,3 --time 2021-07-25T18:00:00Z --step 1 --output f.nc --box"
        let run = try await footprint(folder, "\(words) 29,-25,26,-23")
        #expect(run.status == 64)
        #expect(run.standardError.contains("eastward from W to E are 357 degrees, so that both seem swapped"))
        // Across the antimeridian.
        #expect(try await footprint(folder, "\(words) 170,-25,-170,-23").standardError.contains("x.nc"))
    }

    @Test func everyRemarkIsInBothLanguages() throws {
        let remarks: [FootprintRemark] = [
            .gridBeyondWeather(0.4), .gridBeyondWeather(0.999), .fluxRegridded,
            .curtainOfOneTime(Instant(microseconds: 0)), .curtainOfOtherBox("1,2,3,4", grid: "2,3,4,5"),
            .standardAtmosphere(count: 2, first: "c"), .groundDiffers(column: "c", hectopascals: 31),
            .stationLeftOut("s", .noPlace), .stationLeftOut("s", .noInletHeight),
            .soundingsChosen(used: 1, good: 5, outside: 2, thinned: 2),
        ]
        for remark in remarks {
            #expect(remark.text.chinese.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) })
            #expect(!remark.text.english.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) })
            #expect(remark.text.chinese.firstMatch(of: /[a-z]{4,} [a-z]+ [a-z]+/) == nil)
        }
    }

    @Test func theCommandIsQuotedForAShell() {
        let words = [
            "footprint", "--at", "27.6,-23.7,10", "--threads", "2", "--output", "my file.nc", "--threads=3",
        ]
        #expect(
            GivenCommand.text(words, without: ["threads"])
                == "crosswind footprint --at 27.6,-23.7,10 --output 'my file.nc'"
        )
        #expect(GivenCommand.quoted("it's") == "'it'\\''s'")
        #expect(GivenCommand.quoted("") == "''")
        #expect(GivenCommand.quoted("$(x)") == "'$(x)'")
        #expect(GivenCommand.quoted("足迹.nc") == "足迹.nc")
    }
}
