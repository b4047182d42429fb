import Foundation
import NetCDF
import TestSupport
import Testing

/// `crosswind grid` when it is used, mixed or ended as it should not be.
@Suite struct GridMishapTests {
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

    private let global = ["--grid", "global-2deg", "--output", "l3.nc"]

    @Test(arguments: [
        ("FILE --grid global-2deg --grid global-0.5deg --output x.nc", "--grid"),
        ("FILE --grid global-2deg --box 0,0,10,10 --output x.nc", "--box"),
        ("FILE --inspect --output x.nc", "--output"), ("FILE --inspect --csv x.csv", "--csv"),
        ("FILE --inspect --threads 2", "--threads"),
        ("FILE --grid global-2deg --output a --output b", "--output"),
    ])
    func optionsThatContradictAreUsageErrors(arguments: String, named: String) async throws {
        let folder = try TemporaryFolder()
        let words = arguments.replacing("FILE", with: SatelliteFiles.first).split(separator: " ")
        let run = try await grid(folder, words.map(String.init))
        #expect(run.status == 64)
        #expect(run.standardError.contains("crosswind grid \(named);"), "\(run.standardError)")
        #expect(try names(in: folder).isEmpty)
    }

    @Test func severalInstrumentsAreNamedWithTheirSoundingsAndWarnedOf() async throws {
        let folder = try TemporaryFolder()
        var made = MadeLiteFile()
        made.title = "OCO-2 Lite"
        try await made.write(to: folder.file("oco2.nc4").path)
        made.platform = "OCO-3"
        made.title = nil
        made.flags = [0, 0, 1]
        try await made.write(to: folder.file("oco3.nc4").path)
        let files = ["oco2.nc4", "oco3.nc4"]
        let outputs = ["--csv", "x.csv", "--page", "page"]
        let run = try await grid(folder, files + global + outputs)
        #expect(run.status == 0, "\(run.standardError)")
        for part in [
            "OCO-2 Lite B11 (3 soundings)", "OCO-3 B11 (2 soundings)", "warning", "several instruments",
        ] {
            #expect(run.standardOutput.contains(part), "\(part)")
        }
        #expect(!run.standardOutput.contains("OCO-2 OCO-2"))
        let json = try await grid(folder, files + global + ["--json"])
        #expect(json.standardOutput.contains(#"{"platform":"OCO-3","product":"OCO-3 B11","soundings":2}"#))
        #expect(json.standardOutput.contains(#""warnings":["soundings of several instruments"#))
        let table = try String(contentsOf: folder.file("x.csv"), encoding: .utf8)
        #expect(table.contains("OCO-3 B11 (2 soundings)"))
        let source = try await attribute("source", folder.file("l3.nc").path)
        #expect(source?.contains("OCO-2 Lite B11 (3 soundings); OCO-3 B11 (2 soundings)") == true)
        let comment = try await attribute("comment", folder.file("l3.nc").path)
        #expect(comment?.contains("several instruments are averaged as they are") == true)
        let page = try String(contentsOf: folder.file("page/soundings-en.html"), encoding: .utf8)
        #expect(page.contains("OCO-3 B11 (2 soundings)") && page.contains("averaged as they are"))
        let alone = try await grid(folder, ["oco2.nc4"] + global + ["--json"])
        #expect(alone.standardOutput.contains(#""warnings":[]"#))
    }

    @NetCDFThread
    private func attribute(_ name: String, _ path: String) throws -> String? {
        try NetCDFFile(reading: path).text(name)
    }

    @Test func whenNothingIsReadTheRefusalSaysSo() async throws {
        let folder = try TemporaryFolder()
        var made = MadeLiteFile()
        made.flags = [1, 1, 1]
        try await made.write(to: folder.file("bad.nc4").path)
        let run = try await grid(folder, ["bad.nc4"] + global)
        #expect(run.status == 65)
        #expect(run.standardError.contains("(read 3, quality_flag 3)"), "\(run.standardError)")
        try Data("time,latitude,longitude,xco2\n".utf8).write(to: folder.file("empty.csv"))
        let empty = try await grid(folder, ["empty.csv", "--assume-uncertainty", "1"] + global)
        #expect(empty.status == 65)
        #expect(!empty.standardError.contains("read 0, "), "\(empty.standardError)")
    }

    /// A run that was killed leaves its unfinished output; the next to the same place removes it, and nothing else.
    @Test func unfinishedOutputsOfDeadRunsAreRemoved() async throws {
        let folder = try TemporaryFolder()
        let living = ProcessInfo.processInfo.processIdentifier
        // No process has so high a number (PID_MAX_LIMIT, 2^22).
        let dead = 1 << 22 + 5
        let stay = [
            "l3.nc.partial-\(living)", "l3.nc.partial-\(living)-0", "other.nc.partial-\(dead)",
            "l3.nc.partial-", "l3.nc.partial-\(dead)-1-2", "l3.nc.partial-\(dead)x", "l3.nc.partial",
            "l3.nc.partial--\(dead)",
        ]
        let gone = ["l3.nc.partial-\(dead)", "l3.nc.partial-\(dead)-3", "x.csv.partial-\(dead)"]
        for name in stay + gone { try Data("part".utf8).write(to: folder.file(name)) }
        try FileManager.default.createDirectory(
            at: folder.file("l3.nc.partial-\(dead)-9"),
            withIntermediateDirectories: false
        )
        let run = try await grid(folder, [SatelliteFiles.first] + global + ["--csv", "x.csv"])
        #expect(run.status == 0, "\(run.standardError)")
        #expect(try names(in: folder) == (stay + ["l3.nc", "x.csv", "l3.nc.partial-\(dead)-9"]).sorted())
    }

    /// Gaps of a million cells are filled for longer than the test needs. That takes the processors from all other
    /// tests, so the signal is sent by a thread that waits for nothing else.
    @Test(arguments: [(SIGTERM, 143, "SIGTERM"), (SIGINT, 130, "SIGINT"), (SIGHUP, 129, "SIGHUP")])
    func aRunThatIsAskedToEndSaysSo(signal: Int32, status: Int32, name: String) async throws {
        let folder = try TemporaryFolder()
        let words = [
            "grid", SatelliteFiles.first, "--box", "-180,-90,180,90", "--step", "0.25", "--output",
            folder.file("l3.nc").path, "--maps", folder.file("maps.nc").path,
        ]
        let run = try await RunningProgram.crosswind(words) { program in
            for _ in 0..<60_000 where children(of: program).isEmpty { usleep(1000) }
            for child in children(of: program) { kill(child, signal) }
        }.finish()
        #expect(run.status == status)
        #expect(run.standardError == "crosswind: ended by \(name) before all results were written\n")
        let left = try names(in: folder)
        #expect(left.isEmpty || left == ["l3.nc"])
    }
}

/// The children of a process.
private func children(of process: Int32) -> [Int32] {
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
    return threads.flatMap { thread in
        let path = "/proc/\(process)/task/\(thread)/children"
        let list = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        return list.split(separator: " ").compactMap { Int32($0) }
    }
}
