import Foundation
import Quantities
import TestSupport
import Testing

/// `crosswind footprint --problem`, and `crosswind invert` on what it writes.
@Suite struct FootprintProblemVerbTests {
    private static let footprints = "footprints/name/MHD-10magl_UKV_hfo-1234zee_EUROPE_201401_test.nc"
    private static let flux = "inversion/rhime-uk/flux_total_ch4_europe_edgar7_2019-01-01_2019-12-31_data.nc"
    private static let mask = "inversion/rhime-uk/country_EUROPE.nc"
    static var hasFiles: Bool { [footprints, flux, mask].allSatisfy { Places.shared($0) != nil } }

    private func crosswind(_ folder: TemporaryFolder, _ words: String) async throws -> ProgramRun {
        let known = ["FOOT": Self.footprints, "FLUX": Self.flux, "MASK": Self.mask]
        let arguments = words.split(separator: " ").map { word in
            known.reduce(String(word)) { $0.replacing($1.key, with: Places.shared($1.value)?.path ?? "") }
        }
        return try await ProgramRun.run(
            Places.crosswind,
            arguments,
            environment: ["SWIFT_BACKTRACE": "enable=no", "SOURCE_DATE_EPOCH": "1700000000"],
            directory: folder.url
        )
    }

    private func writeTable(_ folder: TemporaryFolder) throws {
        try """
        name,time,value_ppb,sigma_ppb,background_ppb,group
        MHD,2014-01-01T00:00:00Z,1905,1,1900,Mace Head
        MHD,2014-01-01T01:20:00Z,1905,1,1900,Mace Head
        MHD,2014-01-01T02:00:00Z,1906,1,1900,Mace Head
        TAC,2014-01-01T05:00:00Z,1907,1,1900,Tacolneston
        """.write(to: folder.file("obs.csv"), atomically: true, encoding: .utf8)
    }

    @Test(.enabled(if: hasFiles)) func whatItWritesIsSolvedPreviewedAndDiagnosed() async throws {
        let folder = try TemporaryFolder()
        try writeTable(folder)
        let inputs = "--footprints FOOT --flux FLUX --observations obs.csv"
        let made = try await crosswind(
            folder,
            "footprint --problem p.nc \(inputs) --basis quadtree=12 --regions MASK --model-error 0.002"
        )
        #expect(made.status == 0, "\(made.standardError)")
        #expect(made.standardOutput.contains("3 of 4 used"))
        #expect(made.standardOutput.contains("1 observations of TAC"))
        #expect(made.standardOutput.contains("2 footprints of MHD"))
        for words in ["", "--diagnostics", "--preview"] {
            let run = try await crosswind(folder, "invert --problem p.nc --json \(words)")
            #expect(run.status == 0, "\(words): \(run.standardError)")
            if words.isEmpty { #expect(run.standardOutput.contains("IRELAND")) }
        }
        let sparse = try await crosswind(folder, "footprint --problem s.nc \(inputs) --layout sparse --json")
        #expect(sparse.status == 0 && sparse.standardOutput.contains("\"states\":110758"))
        let solved = try await crosswind(folder, "invert --problem s.nc --json")
        #expect(solved.status == 0, "\(solved.standardError)")
    }

    @Test(
        .enabled(if: hasFiles),
        arguments: [
            ("--problem p.nc --flux FLUX --observations obs.csv", "--footprints"),
            ("--problem p.nc --footprints FOOT --observations obs.csv", "--flux"),
            ("--problem p.nc --footprints FOOT --flux FLUX", "--observations"),
            (
                "--problem p.nc --footprints FOOT --flux FLUX --observations obs.csv --basis quadtree",
                "quadtree=N"
            ),
            (
                "--problem p.nc --footprints FOOT --flux FLUX --observations obs.csv --basis regions",
                "without regions"
            ),
            ("--problem p.nc --footprints FOOT --flux FLUX --observations obs.csv --hours 3", "--hours"),
            (
                "--problem p.nc --footprints FOOT --flux FLUX --observations obs.csv --boundary-sigma 1",
                "--boundary"
            ),
            ("--basis native", "--problem"),
            ("--footprints FOOT --flux FLUX --flux FLUX", "--flux"),
        ]
    )
    func whatDoesNotGoTogetherIsRefused(words: String, said: String) async throws {
        let folder = try TemporaryFolder()
        try writeTable(folder)
        let run = try await crosswind(folder, "footprint " + words)
        #expect(run.status == 64, "\(run.standardError)")
        #expect(run.standardError.contains(said), "\(run.standardError)")
        #expect(!FileManager.default.fileExists(atPath: folder.file("p.nc").path))
    }
}
