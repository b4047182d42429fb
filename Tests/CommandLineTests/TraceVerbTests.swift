import Foundation
import Quantities
import TestSupport
import Testing

/// `crosswind trace`, also on controlled releases of methane at METEC, Colorado (Daniels et al. 2024, Elementa 12,
/// 00110), of which nobody here wrote what is true.
@Suite struct TraceVerbTests {
    private static let folder = "park-releases"
    static var hasReleases: Bool { Places.shared(folder + "/releases.csv") != nil }

    private func crosswind(_ arguments: [String], in folder: TemporaryFolder? = nil) async throws
        -> ProgramRun
    {
        try await ProgramRun.run(
            Places.crosswind,
            ["trace"] + arguments,
            environment: ["SWIFT_BACKTRACE": "enable=no"],
            directory: folder?.url
        )
    }

    private func shared(_ name: String) throws -> String {
        try #require(Places.shared(Self.folder + "/" + name)).path
    }

    /// The table of wind there has a column `wind_from_deg` with angles that are counted counter-clockwise from east,
    /// whither the wind blows: 270 less those of the anemometers published with it.
    private func site(_ readings: String, _ angle: String = "math") throws -> [String] {
        [
            readings, "--sensors", try shared("sensors.csv"), "--wind", try shared("wind.csv"),
            "--sources", try shared("sources.csv"), "--wind-angle", angle, "--pressure", "840",
        ]
    }

    private struct Summary: Decodable {
        struct Interval: Decodable {
            let lower95: Double
            let upper95: Double
        }
        struct Rate: Decodable {
            let rate_kg_h: Double
            let interval: Interval
        }
        struct Source: Decodable {
            let name: String
            let probability: Double
            let alone: Rate?
        }
        struct Event: Decodable {
            let start: String
            let end: String
            let sources: [Source]
        }
        struct Input: Decodable {
            let name: String
            let sha256: String
        }
        let events: [Event]
        let warnings: [String]
        let inputs: [Input]
        let software: String
        let command: String
    }

    private struct Release {
        let source: String
        let start: Double
        let end: Double
        let rate: Double
    }

    private func seconds(_ time: String) throws -> Double {
        try #require(Instant(iso8601: time)).secondsSince1970
    }

    private func releases() throws -> [Release] {
        let text = try String(contentsOfFile: try shared("releases.csv"), encoding: .utf8)
        return try text.split(whereSeparator: \.isNewline).dropFirst().map { line in
            let fields = line.split(separator: ",").map(String.init)
            return Release(
                source: fields[0],
                start: try seconds(fields[4]),
                end: try seconds(fields[5]),
                rate: try #require(Double(fields[6]))
            )
        }
    }

    /// The published method finds 6 of 17 releases of that week; of the nine here this one is to find seven, and rates
    /// within 95 % of eight or so, half of them within a factor of two. Found: nine, nine and five.
    @Test(.enabled(if: hasReleases)) func controlledReleasesAreFound() async throws {
        let run = try await crosswind(try site(try shared("readings.csv")) + ["--json"])
        #expect(run.status == 0, "\(run.standardError)")
        let summary = try JSONDecoder().decode(Summary.self, from: Data(run.standardOutput.utf8))
        #expect(summary.warnings.isEmpty && summary.inputs.count == 4)
        #expect(summary.inputs.allSatisfy { $0.sha256.count == 64 })
        var (right, covered, near, logs) = (0, 0, 0, 0.0)
        let releases = try releases()
        for release in releases {
            let overlaps = try summary.events.map { event in
                min(try seconds(event.end), release.end) - max(try seconds(event.start), release.start)
            }
            let most = try #require(overlaps.indices.max { overlaps[$0] < overlaps[$1] })
            guard overlaps[most] > 0 else { continue }
            let event = summary.events[most]
            if event.sources[0].name == release.source { right += 1 }
            guard let rate = event.sources.first(where: { $0.name == release.source })?.alone else {
                continue
            }
            if (rate.interval.lower95...rate.interval.upper95).contains(release.rate) { covered += 1 }
            if (0.5...2).contains(rate.rate_kg_h / release.rate) { near += 1 }
            logs += log(rate.rate_kg_h / release.rate) / Double(releases.count)
        }
        #expect(right >= 7 && covered >= 7 && near >= 4, "\(right) \(covered) \(near)")
        #expect((0.6...2.2).contains(exp(logs)), "\(exp(logs))")
    }

    /// The day that comes with the repository goes well with the angles as they are; read as their column says, the
    /// sources tell that they are not so.
    @Test(.enabled(if: hasReleases)) func windWithOtherAnglesIsDoubted() async throws {
        let readings = Places.deploy.appending(path: "records/park-readings.csv").path
        let right = try await crosswind(try site(readings))
        #expect(right.status == 0 && !right.standardOutput.contains("warning"), "\(right.standardError)")
        #expect(right.standardOutput.contains("events"))
        let later = ["--from", "2022-05-11T12:00:00Z"]
        let wrong = try await crosswind(try site(try shared("readings.csv"), "from") + later)
        #expect(wrong.status == 0)
        #expect(wrong.standardOutput.contains("warning"))
        #expect(wrong.standardOutput.contains("counter-clockwise from east"))
        #expect(wrong.standardOutput.contains("try --wind-angle math\n"))
    }

    // MARK: - Small tables

    private func write(_ folder: TemporaryFolder, _ tables: [String: String] = [:]) throws {
        var readings = "time,sensor,ch4_ppm\n", wind = "time,wind_speed_m_s,wind_from_deg\n"
        for minute in 0..<300 {
            let time = String(format: "2026-05-01T%02d:%02d:00Z", minute / 60, minute % 60)
            for (number, sensor) in ["a", "b", "c", "d"].enumerated() {
                let plume = number == 0 && (150..<200).contains(minute) ? 1.5 : 0
                let wiggle = Double((minute * 7 + number * 3) % 11) / 1000
                readings += "\(time),\(sensor),\(2 + plume + wiggle)\n"
            }
            wind += "\(time),3,\(270 + minute % 20 - 10)\n"
        }
        let all = [
            "readings.csv": readings, "wind.csv": wind,
            "sensors.csv":
                "sensor,lon,lat,height_m\na,116.0006,40,2\nb,116,40.0006,2\nc,115.9994,40,2\nd,116,39.9994,2\n",
            "sources.csv": "source,lon,lat,height_m\ntank,116,40,2\nfar,116.05,40,2\n",
        ].merging(tables) { _, other in other }
        for (name, text) in all {
            try text.write(to: folder.file(name), atomically: true, encoding: .utf8)
        }
    }

    private static let tables = ["readings.csv", "--sensors", "sensors.csv", "--wind", "wind.csv"]

    @Test func aTableOfEventsNamesWhatItWasMadeOf() async throws {
        let folder = try TemporaryFolder()
        try write(folder)
        let run = try await crosswind(
            Self.tables + ["--sources", "sources.csv", "--output", "events.csv"],
            in: folder
        )
        #expect(run.status == 0, "\(run.standardError)")
        #expect(run.standardOutput.contains("tank") && run.standardOutput.contains("not constrained"))
        let lines = try String(contentsOf: folder.file("events.csv"), encoding: .utf8).split(separator: "\n")
        #expect(lines.count { $0.hasPrefix("# input: ") } == 4)
        let header = try #require(lines.firstIndex { $0.hasPrefix("event,start,end,source,probability") })
        let columns = lines[header].split(separator: ",", omittingEmptySubsequences: false).count
        #expect(lines.count == header + 3)
        for line in lines[(header + 1)...] {
            #expect(line.split(separator: ",", omittingEmptySubsequences: false).count == columns)
        }
        #expect(lines[header + 1].hasPrefix("1,2026-05-01T02:30:00Z,2026-05-01T03:30:00Z,tank,"))
    }

    /// Air takes 17 s for the 51 m from the tank: short against a quarter of an hour, and longer than 12 s.
    @Test(arguments: [("15", false), ("0.2", true)])
    func airThatTakesLongerThanAWindowIsToldOf(minutes: String, expected: Bool) async throws {
        let folder = try TemporaryFolder()
        try write(folder)
        let run = try await crosswind(
            Self.tables + ["--sources", "sources.csv", "--window", minutes],
            in: folder
        )
        #expect(run.status == 0, "\(run.standardError)")
        let warning =
            "warning     from `tank` air takes up to 0.284 min to the sensor of the peak, longer than "
        #expect(run.standardOutput.contains(warning + "the windows of 0.2 min (event 1") == expected)
        #expect(run.standardOutput.contains("warning") == expected, "\(run.standardOutput)")
    }

    @Test func aScanTellsThePlaceAndItsRegion() async throws {
        let folder = try TemporaryFolder()
        try write(folder)
        let run = try await crosswind(
            Self.tables + ["--scan=115.9994,39.9996,116.0005,40.0004", "--step", "15", "--heights", "2"],
            in: folder
        )
        #expect(run.status == 0, "\(run.standardError)")
        #expect(run.standardOutput.contains("best place") && run.standardOutput.contains("m2 (95 %)"))
    }

    @Test(arguments: [
        (["--sources", "sources.csv", "--stability", "G"], "A to F", Int32(64)),
        ([], "--sources", 64),
        (["--sources", "sources.csv", "--step", "5"], "--scan", 64),
        (["--scan=1,2,3", "--step", "5"], "W,S,E,N", 64),
        (["--scan=115,39,117,41", "--step", "1"], "places to look at", 65),
        (["--scan=100,39,100.001,39.001", "--step", "10"], "the box to scan", 65),
        (["--sources", "none.csv"], "none.csv", 66),
        (["--sources", "twice.csv"], "stands twice", 65),
        (["--sources", "elsewhere.csv"], "check the coordinates", 65),
        (["--sources", "sources.csv", "--gas", "co2"], "co2_ppm", 65),
        (["--sources", "sources.csv", "--from", "2027-01-01T00:00:00Z"], "no reading can be used", 65),
        (["--sources", "sources.csv", "--background", "percentile=80"], "percentile=P,HOURS", 64),
        (["--sources", "sources.csv", "--window", "nan"], "--window", 64),
        (["--sources", "sources.csv", "--output", "wind.csv"], "wind.csv", 64),
        (["--sources", "sources.csv", "--wind-angle", "maths"], "math-from", 64),
    ])
    func whatCannotBeDoneIsSaidInOneLine(options: [String], said: String, status: Int32) async throws {
        let folder = try TemporaryFolder()
        try write(
            folder,
            [
                "twice.csv": "source,lon,lat,height_m\ntank,116,40,2\ntank,116,40,3\n",
                "elsewhere.csv": "source,lon,lat,height_m\ntank,103,31,2\n",
            ]
        )
        let run = try await crosswind(Self.tables + options, in: folder)
        #expect(run.status == status, "\(run.standardError)")
        #expect(run.standardError.contains(said), "\(run.standardError)")
        #expect(run.standardError.split(separator: "\n").count == 1)
    }
}
