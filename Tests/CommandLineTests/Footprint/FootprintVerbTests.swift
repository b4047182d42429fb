import Foundation
import Quantities
import TestSupport
import Testing

@testable import crosswind

/// `crosswind footprint` on a day of ERA5 over a power station.
@Suite struct FootprintVerbTests {
    static let weather = ["pl", "sl"].map { "met/era5-matimba/Matimba_ERA5-\($0)-20210725.nc" }
    static var hasWeather: Bool { weather.allSatisfy { Places.shared($0) != nil } }

    private func footprint(_ folder: TemporaryFolder, _ words: String, _ more: [String] = []) async throws
        -> ProgramRun
    {
        let files = Self.weather.compactMap { Places.shared($0)?.path }
        let words = words.split(separator: " ").flatMap { word in
            word == "WEATHER" ? ["--meteorology"] + files : [String(word)]
        }
        return try await ProgramRun.run(
            Places.crosswind,
            ["footprint"] + words + more,
            environment: ["SWIFT_BACKTRACE": "enable=no", "SOURCE_DATE_EPOCH": "1700000000"],
            directory: folder.url
        )
    }

    private static let place = "--at 27.6,-23.7,10 --time 2021-07-25T18:00:00Z"
    private static let grid = "--box 26,-25,29,-23 --step 0.1 --hours 3 --particles 60"

    @Test(.enabled(if: hasWeather)) func aRunWritesWhatItSays() async throws {
        let folder = try TemporaryFolder()
        let outputs = "--output f.nc --page pages --particles-output p.csv --json"
        let run = try await footprint(folder, "WEATHER \(Self.place) \(Self.grid) \(outputs)")
        #expect(run.status == 0, "\(run.standardError)")
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(run.standardOutput.utf8)) as? [String: Any]
        )
        let rows = try #require(object["receptors"] as? [[String: Any]])
        let sum = try #require(rows.first?["sum"] as? Double)
        #expect(sum > 0.1 && sum < 20)
        // The sum of the particles' influence is that of the footprint, but for what lies outside of the grid.
        let table = try String(contentsOf: folder.file("p.csv"), encoding: .utf8).split(separator: "\n")
        let influence =
            table.dropFirst().reduce(0) { $0 + (Double($1.split(separator: ",")[7]) ?? .nan) } / 60
        #expect(influence >= sum * 0.99 && influence < sum * 1.3)
        for language in ["en", "zh"] {
            let page = try String(
                contentsOf: folder.file("pages/footprints-\(language).html"),
                encoding: .utf8
            )
            #expect(page.contains("</html>") && page.contains("<svg"))
        }
        #expect(run.standardOutput.contains("\"share_outside\":"))
        let history = try String(decoding: Data(contentsOf: folder.file("f.nc")), as: UTF8.self)
        #expect(history.contains("--at 27.6,-23.7,10 --time 2021-07-25T18:00:00Z --box 26,-25,29,-23"))
        let look = try await footprint(folder, "--inspect f.nc --json")
        #expect(look.status == 0)
        #expect(look.standardOutput.contains("\"footprints\":1"))
    }

    @Test(.enabled(if: hasWeather)) func threadsDoNotChangeABit() async throws {
        let folder = try TemporaryFolder()
        for threads in ["1", "2"] {
            let options = "\(Self.place) \(Self.grid) --threads \(threads) --output f.nc"
            #expect(try await footprint(folder, "WEATHER " + options).status == 0)
            // The name of the output is part of the command that the file tells.
            try FileManager.default.moveItem(at: folder.file("f.nc"), to: folder.file("f\(threads).nc"))
        }
        #expect(try Data(contentsOf: folder.file("f1.nc")) == Data(contentsOf: folder.file("f2.nc")))
    }

    @Test(.enabled(if: hasWeather)) func membersTellTheTransportError() async throws {
        let folder = try TemporaryFolder()
        let errors = "--members 3 --wind-error 3,100,500,6 --mixing-error 0.3,100,6 --json --output f.nc"
        let run = try await footprint(folder, "WEATHER \(Self.place) \(Self.grid) \(errors)")
        #expect(run.status == 0, "\(run.standardError)")
        #expect(run.standardOutput.contains("\"transport\":{"))
        #expect(run.standardOutput.contains("\"members\":3"))
    }

    @Test(.enabled(if: hasWeather)) func layoutsAreChanged() async throws {
        let folder = try TemporaryFolder()
        #expect(try await footprint(folder, "WEATHER \(Self.place) \(Self.grid) --output f.nc").status == 0)
        let paris = try await footprint(folder, "--convert f.nc --to paris --output p.nc --json")
        #expect(paris.status == 0, "\(paris.standardError)")
        let stilt = try await footprint(folder, "--convert f.nc --to stilt --output stilt --json")
        #expect(stilt.status == 0, "\(stilt.standardError)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("stilt").path).count == 1)
        for file in ["p.nc", "new.nc"] {
            let refused = try await footprint(folder, "--convert f.nc --to stilt --output \(file)")
            #expect(
                refused.status == 64 && refused.standardError.contains("a folder, where --to stilt writes")
            )
        }
        #expect(try await footprint(folder, "--inspect p.nc").standardOutput.contains("footprints         1"))
    }

    struct Refusal: Sendable, CustomStringConvertible {
        let arguments: String
        let status: Int32
        let words: [String]
        var description: String { arguments }
    }

    static let refusals = [
        Refusal(arguments: "\(place) \(grid)", status: 64, words: ["--meteorology"]),
        Refusal(arguments: "WEATHER \(grid) --output f.nc", status: 64, words: ["expected receptors"]),
        Refusal(arguments: "WEATHER \(place) --output f.nc", status: 64, words: ["expected a grid"]),
        Refusal(arguments: "WEATHER \(place) \(grid)", status: 64, words: ["--output"]),
        Refusal(
            arguments: "WEATHER \(place) \(grid) --receptors r.csv --output f.nc",
            status: 64,
            words: ["no meaning beside --at"]
        ),
        Refusal(
            arguments: "WEATHER --at 1,2 --time 2021-07-25T18:00:00Z \(grid) --output f.nc",
            status: 64,
            words: ["LON,LAT,HEIGHT"]
        ),
        Refusal(
            arguments: "WEATHER --at 27.6,-23.7,10 --time noon \(grid) --output f.nc",
            status: 64,
            words: ["`noon`", "ISO 8601"]
        ),
        Refusal(
            arguments: "WEATHER \(place) \(grid) --weather-memory 0 --output f.nc",
            status: 64,
            words: ["`0`", "from 0.001 to 1024"]
        ),
        Refusal(
            arguments: "WEATHER --receptors none.csv \(grid) --output f.nc",
            status: 66,
            words: ["no such file: none.csv"]
        ),
        Refusal(
            arguments: "WEATHER --at 27.6,-23.7,10 --time 2021-07-25T02:00:00Z \(grid) --output f.nc",
            status: 66,
            words: ["missing at 2021-07-24T23:00:00Z"]
        ),
        Refusal(
            arguments: "WEATHER --at 57.6,-23.7,10 --time 2021-07-25T18:00:00Z \(grid) --output f.nc",
            status: 65,
            words: ["receptor `receptor`", "outside of the weather"]
        ),
        Refusal(
            arguments: "WEATHER \(place) --hours 3 --box 0,50,1,51 --step 0.1 --output f.nc",
            status: 65,
            words: ["grid `box 0,50,1,51 step 0.1`", "outside of the weather"]
        ),
        Refusal(
            arguments: "WEATHER \(place) \(grid) --wind-error 2,100,500,6 --output f.nc",
            status: 64,
            words: ["--members"]
        ),
        Refusal(
            arguments: "WEATHER \(place) \(grid) --members 2 --wind-error 2,100,500 --output f.nc",
            status: 64,
            words: ["M/S,KM,M,HOURS"]
        ),
        Refusal(arguments: "--inspect", status: 64, words: ["at least one file"]),
        Refusal(arguments: "--inspect none.nc", status: 66, words: ["none.nc"]),
        Refusal(arguments: "--inspect f.nc --seed 2", status: 64, words: ["no meaning beside --inspect"]),
        Refusal(
            arguments: "--convert f.nc --to flexpart --output o.nc",
            status: 64,
            words: ["crosswind, stilt, paris"]
        ),
        Refusal(arguments: "--flux f.nc", status: 64, words: ["--footprints"]),
        Refusal(arguments: "--csv f.csv", status: 64, words: ["--flux"]),
    ]

    @Test(.enabled(if: hasWeather), arguments: refusals) func refusalsSayWhatIsWrong(refusal: Refusal)
        async throws
    {
        let folder = try TemporaryFolder()
        let run = try await footprint(folder, refusal.arguments)
        #expect(run.status == refusal.status, "\(run.standardError)")
        for word in refusal.words { #expect(run.standardError.contains(word), "\(run.standardError)") }
        #expect(run.standardError.hasPrefix("crosswind: "))
        #expect(run.standardError.split(separator: "\n").count == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == [])
    }

    private static let name = "footprints/name/MHD-10magl_UKV_hfo-1234zee_EUROPE_201401_test.nc"
    private static let edgar =
        "inversion/rhime-uk/flux_total_ch4_europe_edgar7_2019-01-01_2019-12-31_data.nc"

    /// Enhancements of methane at Mace Head, computed with numpy from the same files, ppb.
    @Test(.enabled(if: Places.shared(edgar) != nil && Places.shared(name) != nil))
    func fluxesTimesFootprintsAreThoseOfThePeer() async throws {
        let folder = try TemporaryFolder()
        let flux = try #require(Places.shared(Self.edgar)).path
        let name = try #require(Places.shared(Self.name)).path
        let run = try await footprint(folder, "--json --csv e.csv --flux", [flux, "--footprints", name])
        #expect(run.status == 0, "\(run.standardError)")
        let lines = try String(contentsOf: folder.file("e.csv"), encoding: .utf8).split(separator: "\n")
        #expect(lines[0] == "file,receptor,time,ch4_ppm,residual_ppm,missing_share")
        let values = try lines.dropFirst().prefix(5).map { try #require(Double($0.split(separator: ",")[3])) }
        let expected = [
            1.9700674024983953, 2.252416208307719, 2.769514271861773, 3.4568531287026665, 6.323338174056258,
        ]
        #expect(values.count == expected.count)
        for (value, ppb) in zip(values, expected) { #expect(abs(value * 1000 / ppb - 1) < 1e-9) }
    }

    @Test func progressTellsRateAndTimeLeft() {
        #expect(StepProgress.line("receptors", done: 0, of: 500, seconds: 1) == "receptors: 0 of 500")
        #expect(
            StepProgress.line("receptors", done: 20, of: 500, seconds: 4)
                == "receptors: 20 of 500, 5.0 a second, 96 s left"
        )
        #expect(
            StepProgress.line("receptors", done: 1, of: 3, seconds: 8)
                == "receptors: 1 of 3, 0.12 a second, 16 s left"
        )
    }
}
