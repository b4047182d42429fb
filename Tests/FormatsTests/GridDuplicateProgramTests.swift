import Foundation
import TestSupport
import Testing

/// Soundings that several files hold: the same in every number they count once, and otherwise nobody can tell which
/// is right.
@Suite struct GridDuplicateProgramTests {
    private func grid(_ folder: TemporaryFolder, _ arguments: [String]) async throws -> ProgramRun {
        try await ProgramRun.run(Places.crosswind, ["grid"] + arguments, directory: folder.url)
    }

    private let output = ["--grid", "global-2deg", "--output", "l3.nc", "--json"]

    @Test func exactRepeatsCountOnce() async throws {
        let folder = try TemporaryFolder()
        var made = MadeLiteFile()
        try await made.write(to: folder.file("a.nc4").path)
        // The same soundings in another file: one of them bad there.
        made.flags = [0, 1, 0]
        try await made.write(to: folder.file("b.nc4").path)
        for files in [["a.nc4", "b.nc4"], ["b.nc4", "a.nc4"]] {
            let run = try await grid(folder, files + output)
            #expect(run.status == 0, "\(run.standardError)")
            #expect(run.standardOutput.contains(#""rejected":{"duplicate":2,"quality_flag":1}"#))
            #expect(run.standardOutput.contains(#""soundings_used":3"#))
        }
    }

    /// A file whose soundings another one gave in part, given twice: nothing of it counts again.
    @Test func aFileGivenTwiceBesideAnotherCountsOnce() async throws {
        let folder = try TemporaryFolder()
        try await MadeLiteFile().write(to: folder.file("a.nc4").path)
        var made = MadeLiteFile()
        made.ids[2] += 100
        try await made.write(to: folder.file("b.nc4").path)
        for kept in [[], ["--sums", "kept"], ["--sums", "kept"]] {
            let run = try await grid(folder, ["b.nc4", "a.nc4", "b.nc4"] + output + kept)
            #expect(
                run.standardOutput.contains(#""soundings_used":4"#),
                "\(run.standardOutput) \(run.standardError)"
            )
            #expect(run.standardOutput.contains(#""rejected":{"duplicate":5}"#), "\(run.standardOutput)")
        }
    }

    /// What comes again shows nothing new of biases.
    @Test func repeatsGoByTheChecksOnce() async throws {
        let folder = try TemporaryFolder()
        try await MadeLiteFile().write(to: folder.file("a.nc4").path)
        var made = MadeLiteFile()
        made.ids[2] += 100
        try await made.write(to: folder.file("b.nc4").path)
        let run = try await grid(folder, ["a.nc4", "b.nc4", "--check-biases"] + output)
        #expect(run.standardOutput.contains(#""soundings_used":4"#), "\(run.standardError)")
        #expect(run.standardOutput.contains(#""soundings":4,"surfaces""#), "\(run.standardOutput)")
    }

    static let changes: [@Sendable (inout MadeLiteFile) -> Void] = [
        { $0.columns[1] += 0.01 }, { $0.uncertainties[1] += 0.01 }, { $0.latitudes[1] += 0.01 },
        { $0.times[1] += 0.1 },
    ]

    @Test(arguments: changes.indices) func soundingsThatDisagreeAreRefused(change: Int) async throws {
        let folder = try TemporaryFolder()
        var made = MadeLiteFile()
        try await made.write(to: folder.file("a.nc4").path)
        Self.changes[change](&made)
        try await made.write(to: folder.file("b.nc4").path)
        for files in [["a.nc4", "b.nc4"], ["b.nc4", "a.nc4"]] {
            let run = try await grid(folder, files + output)
            #expect(run.status == 65)
            let words = "b.nc4 repeats 1 sounding of a.nc4 with other values"
            #expect(run.standardError.contains(words), "\(run.standardError)")
        }
        #expect(!FileManager.default.fileExists(atPath: folder.file("l3.nc").path))
    }

    /// Of three files each overlaps the next; kept sums are compared by reading their file once more.
    @Test func keptSumsAreComparedToo() async throws {
        let folder = try TemporaryFolder()
        var made = MadeLiteFile()
        try await made.write(to: folder.file("a.nc4").path)
        made.ids[0] += 100
        try await made.write(to: folder.file("b.nc4").path)
        made.columns[2] += 1
        made.ids[1] += 100
        try await made.write(to: folder.file("c.nc4").path)
        let kept = ["--sums", "kept"]
        #expect(try await grid(folder, ["a.nc4"] + output + kept).status == 0)
        let two = try await grid(folder, ["a.nc4", "b.nc4"] + output + kept)
        #expect(two.status == 0, "\(two.standardError)")
        #expect(two.standardOutput.contains(#""rejected":{"duplicate":2}"#), "\(two.standardOutput)")
        // Both are kept as if alone; together their common soundings count once all the same.
        let again = try await grid(folder, ["b.nc4", "a.nc4"] + output + kept)
        #expect(again.standardOutput.contains(#""rejected":{"duplicate":2}"#), "\(again.standardOutput)")
        let three = try await grid(folder, ["a.nc4", "b.nc4", "c.nc4"] + output + kept)
        #expect(three.status == 65)
        #expect(three.standardError.contains("c.nc4 repeats 1 sounding of a.nc4"), "\(three.standardError)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("kept").path)
        #expect(!names.contains { $0.hasPrefix("c.nc4") })
    }

    @Test func tablesWithoutIdentifiersAreComparedByTimePlaceAndColumn() async throws {
        let folder = try TemporaryFolder()
        let header = "time,latitude,longitude,xco2,xco2_uncertainty\n"
        try Data((header + "2020-01-01,10,100,400,1\n").utf8).write(to: folder.file("a.csv"))
        try Data((header + "2020-01-02,10,100,400,2\n").utf8).write(to: folder.file("b.csv"))
        let days = try await grid(folder, ["a.csv", "b.csv"] + output)
        #expect(days.standardOutput.contains(#""soundings_used":2"#), "\(days.standardError)")
        try Data((header + "2020-01-01,10,100,400,2\n").utf8).write(to: folder.file("c.csv"))
        let other = try await grid(folder, ["a.csv", "c.csv"] + output)
        #expect(other.status == 65 && other.standardError.contains("c.csv repeats 1 sounding of a.csv"))
    }
}
