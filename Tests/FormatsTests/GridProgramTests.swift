import Foundation
import TestSupport
import Testing

/// `crosswind grid` as an operator runs it.
@Suite struct GridProgramTests {
    private struct Summary: Decodable {
        let soundings_read: Int
        let soundings_used: Int
        let rejected: [String: Int]
        let cells_filled: Int
        let mean_ppm: Double
        let output: String
    }

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

    @Test func twoRealDaysOnTheGlobe() async throws {
        let folder = try TemporaryFolder()
        let files = [SatelliteFiles.second, SatelliteFiles.first]
        let run = try await grid(folder, files + ["--grid", "global-2deg", "--output", "l3.nc", "--json"])
        #expect(run.status == 0)
        #expect(run.standardError.isEmpty)
        let summary = try JSONDecoder().decode(Summary.self, from: Data(run.standardOutput.utf8))
        #expect(summary.soundings_read == 1990)
        #expect(summary.soundings_used == 773)
        #expect(summary.rejected == ["quality_flag": 1217])
        #expect(summary.cells_filled == 504)
        // Cell means weighted by the cosine of latitude, from another program.
        #expect(abs(summary.mean_ppm - 384.339156062255) < 1e-9)
        #expect(try names(in: folder) == ["l3.nc"])
    }

    @Test func aPersonReadsTheCountsAndThePath() async throws {
        let folder = try TemporaryFolder()
        let box = ["--box", "73,3,136,54", "--step", "1", "--output", "l3.nc"]
        let run = try await grid(folder, [SatelliteFiles.first, SatelliteFiles.first] + box)
        #expect(run.status == 0)
        for part in ["1970", "quality_flag 1270", "duplicate", "outside_grid", "l3.nc", "WMO-CO2-X2007"] {
            #expect(run.standardOutput.contains(part), "\(part)")
        }
    }

    struct Failure: Sendable {
        let status: Int32
        /// `FILE` stands for a real day, `OUT` for the output option.
        let arguments: String
    }

    static let failures = [
        Failure(status: 64, arguments: "--grid global-2deg OUT"),
        Failure(status: 64, arguments: "FILE OUT"),
        Failure(status: 64, arguments: "FILE --grid global-2deg"),
        Failure(status: 64, arguments: "FILE --grid nowhere OUT"),
        Failure(status: 64, arguments: "FILE --box 0,0,10 --step 1 OUT"),
        Failure(status: 64, arguments: "FILE --box 0,0,10,10,x --step 1 OUT"),
        Failure(status: 64, arguments: "FILE --box 0,0,10,10 --step 3 OUT"),
        Failure(status: 64, arguments: "FILE --box 0,0,10,10 OUT"),
        Failure(status: 64, arguments: "FILE --grid global-2deg --method oval OUT"),
        Failure(status: 64, arguments: "FILE --grid global-2deg --window week OUT"),
        Failure(status: 64, arguments: "FILE --grid global-2deg --threads 0 OUT"),
        Failure(status: 64, arguments: "FILE --grid global-2deg --limit column OUT"),
        Failure(status: 64, arguments: "FILE --grid global-2deg --drop x.nc OUT"),
        Failure(status: 65, arguments: "FILE --grid global-2deg --limit column=500..600 OUT"),
        Failure(status: 64, arguments: "FILE --grid global-2deg --weighting best OUT"),
        Failure(status: 64, arguments: "FILE --grid global-2deg --shared-error -1 OUT"),
        Failure(status: 65, arguments: "FILE --grid global-2deg --scale x2019 OUT"),
        Failure(status: 65, arguments: "FILE --box 0,89,1,90 --step 1 OUT"),
        Failure(status: 66, arguments: "/no/such/file.nc --grid global-2deg OUT"),
        Failure(status: 65, arguments: "/dev/zero --grid global-2deg OUT"),
        Failure(status: 65, arguments: ". --grid global-2deg OUT"),
        Failure(status: 74, arguments: "FILE --grid global-2deg --output no/such/folder/x.nc"),
    ]

    @Test(arguments: failures)
    func failuresHaveTheirStatusOneLineAndNoOutput(failure: Failure) async throws {
        let folder = try TemporaryFolder()
        let arguments = failure.arguments.replacing("FILE", with: SatelliteFiles.first)
            .replacing("OUT", with: "--output x.nc")
        let run = try await grid(folder, arguments.split(separator: " ").map(String.init))
        #expect(run.status == failure.status)
        #expect(run.standardOutput.isEmpty)
        #expect(run.standardError.split(separator: "\n").count == 1)
        #expect(run.standardError.hasPrefix("crosswind: "))
        #expect(try names(in: folder).isEmpty)
    }

    @Test(arguments: [0, 1, 100, 5_000, 400_000, 748_451]) func truncatedFilesLeaveNothing(length: Int)
        async throws
    {
        let folder = try TemporaryFolder()
        try Data(contentsOf: URL(filePath: SatelliteFiles.first)).prefix(length)
            .write(to: folder.file("cut.nc4"))
        let run = try await grid(folder, ["cut.nc4", "--grid", "global-2deg", "--output", "l3.nc"])
        #expect(run.status == 65)
        #expect(run.standardError.contains("cut.nc4"))
        #expect(try names(in: folder) == ["cut.nc4"])
    }

    struct Damage: Sendable {
        let offset: Int
        let byte: UInt8
    }

    /// Single bytes that make HDF5 1.10.8 and netCDF 4.9.0 read or free outside their memory.
    @Test(arguments: [
        Damage(offset: 2108, byte: 175), Damage(offset: 4318, byte: 168), Damage(offset: 5287, byte: 62),
        Damage(offset: 5310, byte: 154), Damage(offset: 5404, byte: 243), Damage(offset: 72_364, byte: 16),
    ])
    func aCrashInsideTheLibraryEndsAsBadData(damage: Damage) async throws {
        let folder = try TemporaryFolder()
        var bytes = try Data(contentsOf: URL(filePath: SatelliteFiles.first))
        bytes[damage.offset] = damage.byte
        try bytes.write(to: folder.file("damaged.nc4"))
        let run = try await grid(folder, ["damaged.nc4", "--grid", "global-2deg", "--output", "l3.nc"])
        #expect(run.status == 65)
        // What the C library said, if anything, comes after.
        let line = "crosswind: the file is truncated or damaged: damaged.nc4; fetch the file again\n"
        #expect(run.standardError.hasPrefix(line))
        #expect(try names(in: folder) == ["damaged.nc4"])
    }

    /// Random bytes of a real file are changed: the program may refuse the file or use what is left of it,
    /// but it must not crash or leave a partial output.
    @Test(arguments: 0..<40 as Range<UInt64>) func damagedFilesNeverCrash(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let folder = try TemporaryFolder()
        var bytes = try Data(contentsOf: URL(filePath: SatelliteFiles.first))
        // Headers lie at the front: half of the seeds change bytes only there.
        let span = seed % 2 == 0 ? bytes.count : 60_000
        for _ in 0..<(1 + Int(random.next() % 40)) {
            bytes[Int(random.next() % UInt64(span))] = UInt8(truncatingIfNeeded: random.next())
        }
        try bytes.write(to: folder.file("damaged.nc4"))
        let run = try await grid(folder, ["damaged.nc4", "--grid", "global-2deg", "--output", "l3.nc"])
        #expect([0, 65].contains(run.status), "status \(run.status): \(run.standardError)")
        #expect(run.standardError.split(separator: "\n").count == (run.status == 0 ? 0 : 1))
        #expect(try names(in: folder).allSatisfy { ["damaged.nc4", "l3.nc"].contains($0) })
    }
}
