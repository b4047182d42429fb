import Foundation
import NetCDF
import TestSupport
import Testing

/// Runs whose weather does not fit into memory at once.
@Suite struct WeatherPiecesProgramTests {
    /// Not in the order of time, and more hours apart than the 8 that fit into `pieces`.
    private static let table = """
        name,time,longitude,latitude,height,end
        a,2021-07-25T15:00:00Z,27.6,-23.7,10,
        a,2021-07-25T06:00:00Z,27.6,-23.7,10,
        b,2021-07-25T06:00:00Z,27.9,-23.9,40,
        b,2021-07-25T20:00:00Z,27.9,-23.9,40,2021-07-25T21:00:00Z
        c,2021-07-25T12:30:00Z,27.5,-24.1,5,
        """
    private static let pieces = "--threads 1 --weather-memory 0.001"

    private func contents(_ program: FootprintProgram, _ names: [String]) throws -> [Data] {
        try names.map { try Data(contentsOf: program.folder.file($0)) }
    }

    @Test(arguments: [
        ("--page pages", ["pages/footprints-en.html", "pages/footprints-zh.html"], true),
        ("--particles-output p.csv --integrated", ["p.csv"], true),
        // Higher levels, and turbulence at each.
        ("--scheme stilt", [], false),
        // Other weather takes its own memory, so that single receptors need more than there is.
        ("--members 2 --wind-error 2 --mixing-error 0.2,50,3", [], false),
    ])
    func sameBytesHoweverLittleIsInMemory(_ words: String, _ files: [String], _ fits: Bool) async throws {
        let program = try FootprintProgram()
        try program.text(Self.table, as: "r.csv")
        let run =
            "WEATHER --receptors r.csv --box 27,-24.5,28.5,-23.2 --step 0.1 --hours 3 --particles 40 "
            + "--output f.nc \(words) "
        let whole = try await program.summary(run)
        let known = try contents(program, ["f.nc"] + files)
        let inPieces = try await program.summary(run + Self.pieces)
        #expect(try contents(program, ["f.nc"] + files) == known)
        let rows = try [whole, inPieces].map { try program.rows($0) as NSArray }
        #expect(rows[0] == rows[1])
        #expect(try program.rows(whole).map { $0["name"] as? String } == ["a", "a", "b", "b", "c"])
        let weather = [whole, inPieces].map { $0["meteorology"] as? NSDictionary }
        #expect(weather[0] == weather[1])
        let warnings = try #require(inPieces["warnings"] as? [String])
        #expect(warnings.contains { $0.contains("more than --weather-memory allows") } != fits, "\(warnings)")
    }

    @Test func columnsAreTheSameInPieces() async throws {
        let program = try FootprintProgram()
        let columns = [15, 6, 20].map { hour in
            """
            {kind: "column", name: "c\(hour)", time: "2021-07-25T\(hour < 10 ? "0" : "")\(hour):20:00Z",
                longitude: 27.6, latitude: -23.7, surface_pressure_hpa: \(860 + hour), top: 1500}
            """
        }
        try program.text("{receptors: [\(columns.joined(separator: ", "))]}", as: "r.json5")
        let run = "WEATHER --receptors r.json5 \(FootprintProgram.run) "
        let whole = try await program.summary(run)
        let known = try contents(program, ["f.nc"])
        let inPieces = try await program.summary(run + Self.pieces)
        #expect(try contents(program, ["f.nc"]) == known)
        let told = try [whole, inPieces].map { try #require($0["warnings"] as? [String]) }
        #expect(told[0].contains { $0.contains("from that of the weather, to whose ground") })
        #expect(told[1].filter { !$0.contains("--weather-memory") } == told[0])
    }

    /// Days apart, with nothing of the weather between them.
    @Test func weatherThatNoReceptorMeetsIsNotAskedFor() async throws {
        let program = try FootprintProgram()
        var sample = ERA5Sample.plain
        sample.times = [0, 1, 2, 50, 51, 52].map { 1_051_896 + $0 }
        sample.onLevels["z"] = sample.geopotential
        let weather = sample
        try await Task { @NetCDFThread in try weather.write(program.path("w.nc")) }.value
        try program.text(
            """
            name,time,longitude,latitude,height
            late,2020-01-03T03:30:00Z,10.3,49.8,10
            early,2020-01-01T02:00:00Z,10.3,49.8,10
            """,
            as: "r.csv"
        )
        let run =
            "--meteorology w.nc --receptors r.csv --particles 16 --box 10,49.5,10.75,50 --step 0.05 --output f.nc"
        let summary = try await program.summary(run + " --hours 1")
        #expect((summary["meteorology"] as? [String: Any])?["times"] as? Int == 5)
        let longer = try await program(run + " --hours 2")
        #expect(longer.status == 66, "\(longer.standardError)")
        #expect(longer.standardError.contains("missing at 2020-01-03T01:00:00Z"), "\(longer.standardError)")
    }
}
