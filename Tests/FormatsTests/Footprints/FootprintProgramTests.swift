import Formats
import Foundation
import NetCDF
import Quantities
import TestSupport
import Testing
import Transport

/// Runs of `crosswind footprint` for tests.
struct FootprintProgram {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    static let weather = ["pl", "sl"].map {
        Places.deploy.appending(path: "meteorology/Matimba_ERA5-\($0)-20210725.nc").path
    }
    /// A station by a power station in South Africa, six hours of a winter's day.
    static let place = "--at 27.6,-23.7,10 --time 2021-07-25T15:00:00Z"
    static let run = "--box 27,-24.5,28.5,-23.2 --step 0.1 --hours 6 --particles 64 --output f.nc"

    /// - Parameter words: apart by blanks; `WEATHER` stands for the meteorology of the repository.
    func callAsFunction(_ words: String, _ more: [String] = []) async throws -> ProgramRun {
        let words = words.split(separator: " ").flatMap { word in
            word == "WEATHER" ? ["--meteorology"] + Self.weather : [String(word)]
        }
        return try await ProgramRun.run(
            Places.crosswind,
            ["footprint"] + words + more,
            environment: ["SWIFT_BACKTRACE": "enable=no", "SOURCE_DATE_EPOCH": "1700000000"],
            directory: folder.url
        )
    }

    /// The summary of a run that succeeds.
    func summary(_ words: String, _ more: [String] = []) async throws -> [String: Any] {
        let run = try await self("--json " + words, more)
        try #require(run.status == 0, "\(run.standardError)")
        return try #require(
            try JSONSerialization.jsonObject(with: Data(run.standardOutput.utf8)) as? [String: Any]
        )
    }

    func rows(_ summary: [String: Any], _ key: String = "receptors") throws -> [[String: Any]] {
        try #require(summary[key] as? [[String: Any]])
    }

    func text(_ text: String, as name: String) throws {
        try text.write(to: folder.file(name), atomically: true, encoding: .utf8)
    }

    func path(_ name: String) -> String { folder.file(name).path }

    /// Boundary conditions around the box: 400 ppm and so many more on each side, from the north round by east.
    ///
    /// - Parameter days: since the start of July 2021.
    func writeCurtain(
        _ name: String,
        sides: [Double],
        days: [Double] = [0],
        attributes: [(String, NetCDFAttribute)] = []
    ) async throws {
        typealias Variable = FootprintLayouts.Variable
        let axes = [("height", [500.0, 1500]), ("lat", [-24.5, -23.8, -23.2]), ("lon", [27, 27.7, 28.5])]
        var variables = axes.map { Variable(name: $0.0, type: .double, dimensions: [$0.0], values: $0.1) }
        variables.append(
            Variable(
                name: "time",
                type: .double,
                dimensions: ["time"],
                values: days,
                attributes: [("units", "days since 2021-07-01")]
            )
        )
        for (side, more) in zip(["n", "e", "s", "w"], sides) {
            variables.append(
                Variable(
                    name: "vmr_" + side,
                    type: .double,
                    dimensions: ["height", side == "n" || side == "s" ? "lon" : "lat", "time"],
                    values: [Double](repeating: 400 + more, count: 6 * days.count),
                    attributes: [("units", "1e-06")]
                )
            )
        }
        let dimensions = [("height", 2), ("lat", 3), ("lon", 3), ("time", days.count)]
        let written = variables
        try await Task { @NetCDFThread in
            try FootprintLayouts.write(
                path(name),
                dimensions: dimensions,
                variables: written,
                attributes: attributes
            )
        }.value
    }

    /// One mean flux of 1 umol m-2 s-1 all over.
    func writeFlux(_ name: String) async throws {
        typealias Variable = FootprintLayouts.Variable
        let (lat, lon) = ((0..<20).map { -25 + 0.1 * Double($0) }, (0..<30).map { 26.5 + 0.1 * Double($0) })
        let variables = [
            Variable(
                name: "lat",
                type: .double,
                dimensions: ["lat"],
                values: lat,
                attributes: [("units", "degrees_north")]
            ),
            Variable(
                name: "lon",
                type: .double,
                dimensions: ["lon"],
                values: lon,
                attributes: [("units", "degrees_east")]
            ),
            Variable(
                name: "time",
                type: .double,
                dimensions: ["time"],
                values: [0],
                attributes: [("units", "days since 2021-01-01")]
            ),
            Variable(
                name: "flux",
                type: .double,
                dimensions: ["lat", "lon", "time"],
                values: [Double](repeating: 1e-6, count: 600),
                attributes: [("units", "mol/m2/s"), ("species", "co2")]
            ),
        ]
        try await Task { @NetCDFThread in
            try FootprintLayouts.write(
                path(name),
                dimensions: [("lat", 20), ("lon", 30), ("time", 1)],
                variables: variables,
                attributes: [
                    ("species", "co2"), ("start_date", "2021-01-01 00:00:00+00:00"),
                    ("end_date", "2021-12-31 23:59:59+00:00"), ("time_period", "1 year"),
                    ("source_format", "openghg"),
                ]
            )
        }.value
    }
}

@Suite struct FootprintProgramTests {
    /// The same with sparse text: a share of a sum of numbers that single precision holds.
    private static let small = 1e-6

    @Test func theBackgroundIsThatOfTheSidesTheAirCameThrough() async throws {
        let program = try FootprintProgram()
        try await program.writeCurtain("flat.nc", sides: [0, 0, 0, 0])
        let run = "WEATHER \(FootprintProgram.place) \(FootprintProgram.run)"
        let flat = try program.rows(try await program.summary(run + " --background flat.nc"))[0]
        let background = try #require(flat["background"] as? [String: Any])
        #expect(abs(try #require(background["parts_per_million"] as? Double) - 400) < 1e-9)
        let closure = try #require(background["closure"] as? Double)
        #expect(closure > 0 && closure <= 1 + Self.small)
        #expect(try #require(flat["closure"] as? Double) == closure)
        // With as many ppm as a side has a number, the shares of the sides follow from the file.
        try await program.writeCurtain("sides.nc", sides: [1, 10, 100, 1000])
        let sides = try program.rows(try await program.summary(run + " --background sides.nc"))[0]
        let mixed = try #require((sides["background"] as? [String: Any])?["parts_per_million"] as? Double)
        let boundary = try #require(try await FootprintData.boundaries(program.path("f.nc")).first)
        var expected = 400.0
        for (side, more) in zip(BoundaryFace.allCases, [1.0, 10, 100, 1000]) {
            let share = try #require(boundary.faces[side]).shares.reduce(0, +)
            expected += more * share / boundary.closure
        }
        #expect(abs(mixed / expected - 1) < Self.small)
        #expect(abs(boundary.closure - closure) < Self.small)
        // The file gives the same background again.
        try await program.writeFlux("flux.nc")
        let again = try await program.summary("--flux flux.nc --footprints f.nc --background sides.nc")
        let read = try #require(try program.rows(again, "enhancements")[0]["background"] as? [String: Any])
        #expect(abs(try #require(read["parts_per_million"] as? Double) / mixed - 1) < Self.small)
    }

    @Test func anOpenBackgroundIsWarnedOf() async throws {
        let program = try FootprintProgram()
        try await program.writeCurtain("flat.nc", sides: [0, 0, 0, 0])
        let run =
            "WEATHER \(FootprintProgram.place) --box 27,-24.5,28.5,-23.2 --step 0.1 --hours 4 --particles 64"
        let summary = try await program.summary(run + " --output f.nc --background flat.nc")
        let warnings = try #require(summary["warnings"] as? [String])
        #expect(warnings.contains { $0.contains("stand on fewer than 90 %") }, "\(warnings)")
        let forward = try await program(run + " --output f.nc --background flat.nc --forward")
        #expect(forward.status == 64)
    }

    @Test func fluxesOfARunGiveEnhancementsWithTheErrorOfTheWeather() async throws {
        let program = try FootprintProgram()
        try await program.writeFlux("flux.nc")
        let run = "WEATHER \(FootprintProgram.place) \(FootprintProgram.run) --flux flux.nc --page pages"
        let row = try program.rows(try await program.summary(run + " --members 3 --wind-error 3"))[0]
        let enhancement = try #require(row["enhancement"] as? [String: Any])
        let value = try #require(enhancement["parts_per_million"] as? Double)
        // A flux of one everywhere gives the sum of the footprint, and its error.
        #expect(abs(value / (try #require(row["sum"] as? Double)) - 1) < Self.small)
        let errors = try [row, enhancement].map { row -> Double in
            let transport = try #require(row["transport"] as? [String: Any])
            return try #require(transport["transport_deviation"] as? Double)
        }
        #expect(errors[0] > 0 && abs(errors[1] / errors[0] - 1) < 1e-9)
        let again = try await program.summary("--flux flux.nc --footprints f.nc")
        let read = try #require(try program.rows(again, "enhancements")[0]["parts_per_million"] as? Double)
        #expect(abs(read / value - 1) < Self.small)
        let page = try String(contentsOf: program.folder.file("pages/footprints-en.html"), encoding: .utf8)
        #expect(page.contains("From fluxes (ppm)") && page.contains("Its transport error (ppm)"))
    }

    @Test func columnsStandInTheAirOfTheWeather() async throws {
        let program = try FootprintProgram()
        try program.text(
            """
            {receptors: [
                {kind: "column", name: "c", time: "2021-07-25T15:00:00Z", longitude: 27.6, latitude: -23.7,
                    surface_pressure_hpa: 880, top: 1500},
                {kind: "inlet", name: "i", time: "2021-07-25T14:00:00Z", end: "2021-07-25T15:00:00Z",
                    longitude: 27.6, latitude: -23.7, height: 10},
            ]}
            """,
            as: "r.json5"
        )
        let run = "WEATHER --receptors r.json5 \(FootprintProgram.run)"
        let summary = try await program.summary(run)
        let warnings = try #require(summary["warnings"] as? [String])
        #expect(warnings.contains { $0.contains("of the weight of a column") })
        #expect(!warnings.contains { $0.contains("standard atmosphere") })
        let rows = try program.rows(summary)
        let remainder = try #require(rows[0]["remainder_weight"] as? Double)
        // 1500 m of air at the temperature of that afternoon, against a colder standard atmosphere.
        let standard = try #require(try ReceptorFile.read(program.path("r.json5")).first).remainderWeight
        #expect(abs(remainder - standard) > 1e-5 && abs(remainder - standard) < 0.03)
        #expect(warnings.contains { $0.contains("from that of the weather, to whose ground") })
        // What is averaged is written.
        let receptors = try await Task { @NetCDFThread in try FootprintFile(program.path("f.nc")).receptors }
            .value
        #expect(receptors.map(\.averagingSeconds) == [0, 3600])
    }

    @Test func diagnosedMixingHeightsAreTold() async throws {
        let program = try FootprintProgram()
        var sample = ERA5Sample.plain
        sample.latitudes = [50, 49.75, 49.5]
        let weather = sample
        try await Task { @NetCDFThread in try weather.write(program.path("w.nc")) }.value
        let run = "--meteorology w.nc --at 10.3,49.8,10 --time 2020-01-01T01:00:00Z --hours 1 --particles 16"
        let summary = try await program.summary(run + " --box 10,49.5,10.75,50 --step 0.05 --output f.nc")
        #expect((summary["meteorology"] as? [String: Any])?["boundary_layer"] as? String == "diagnosed")
        let warnings = try #require(summary["warnings"] as? [String])
        #expect(warnings.contains { $0.contains("boundary-layer height") })
        let text = try await Task { @NetCDFThread in
            try NetCDFFile(reading: program.path("f.nc")).text("boundary_layer_height")
        }.value
        #expect(text?.hasPrefix("diagnosed: ") == true)
    }

    @Test func networksAndSoundingsAreReceptors() async throws {
        let program = try FootprintProgram()
        try program.text(
            """
            {id: "n", names: {en: "N", zh: "N"}, credit: "made up", stations: [
                {id: "S", names: {en: "S", zh: "S"}, kind: "fixed",
                position: {longitude: 27.6, latitude: -23.7, altitude_m: 870}, instruments: [{id: "i", gas: "co2",
                    unit: "ppm", scale: "WMO-CO2-X2019", inlet_height_m: 20,
                    gross_range: {fail: [0, 5000], suspect: [300, 2000]}}]}]}
            """,
            as: "n.json"
        )
        let hours = "--from 2021-07-25T13:00:00Z --until 2021-07-25T15:00:00Z"
        let network = try await program.summary("WEATHER --network n.json \(hours) \(FootprintProgram.run)")
        #expect(try program.rows(network).map { $0["name"] as? String } == ["S", "S"])
        var lite = MadeLiteFile()
        lite.times = [1_627_223_400, 1_627_223_401, 1_627_230_000]
        lite.ids = [2_021_072_514_300_011, 2_021_072_514_300_112, 2_021_072_516_200_013]
        lite.latitudes = [-23.7, -23.75, -23.8]
        lite.longitudes = [27.6, 27.65, 27.7]
        try await lite.write(to: program.path("s.nc4"))
        try program.text(
            """
            {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": "Basin"},
             "geometry": {"type": "Polygon", "coordinates": [[[27.2, -24], [28, -24], [28, -23.4], [27.2, -23.4],
             [27.2, -24]]]}}]}
            """,
            as: "r.geojson"
        )
        let options = "--soundings s.nc4 --top 1000 --page pages --regions r.geojson"
        let columns = try await program.summary("WEATHER \(options) \(hours) \(FootprintProgram.run)")
        let rows = try program.rows(columns)
        #expect(rows.count == 2 && rows.allSatisfy { ($0["points"] as? Int ?? 0) == 10 })
        let page = try String(contentsOf: program.folder.file("pages/footprints-en.html"), encoding: .utf8)
        #expect(page.contains("Basin") || page.contains("region"))
    }

    @Test(.enabled(if: Places.shared("met") != nil)) func otherModelsGiveFootprintsOrSayWhyNot() async throws
    {
        let program = try FootprintProgram()
        let arl = try #require(Places.shared("met/arl/era5_matimba_20210725_00.arl")).path
        let point = "--at 27.2,-24.2,20 --time 2021-07-25T12:00:00Z --box 26,-25,29,-23 --step 0.1 --hours 2"
        let row = try program.rows(
            try await program.summary("\(point) --particles 64 --output a.nc --meteorology", [arl])
        )[0]
        #expect(try #require(row["sum"] as? Double) > 0.05)
        // The nest of this WRF run moves between any two of its times: no run can be within one grid.
        let wrf = try #require(Places.shared("met/wrf/wrfout_katrina_subset.nc")).path
        let storm =
            "--at -90.2,24.2,20 --time 2005-08-28T21:00:00Z --box -91.5,22.5,-89,26 --step 0.1 --hours 3"
        let moved = try await program("\(storm) --output w.nc --meteorology", [wrf])
        #expect(
            moved.status == 65 && moved.standardError.contains("the nest moves"),
            "\(moved.standardError)"
        )
        let late = try await program(
            "\(storm.replacing("T21:", with: "T23:")) --output w.nc --meteorology",
            [wrf]
        )
        #expect(late.status != 0 && late.standardError.split(separator: "\n").count == 1)
    }

    /// Mole fractions at Mace Head, computed with numpy from the same files; the curtain has holes.
    @Test(.enabled(if: Places.shared("inversion/rhime-uk") != nil && Places.shared("footprints/name") != nil))
    func theBackgroundOfARealFootprintIsThatOfThePeer() async throws {
        let program = try FootprintProgram()
        func path(_ name: String) throws -> String { try #require(Places.shared(name)).path }
        let rhime = "inversion/rhime-uk"
        let summary = try await program.summary(
            "--flux",
            [
                try path("\(rhime)/flux_total_ch4_europe_edgar7_2019-01-01_2019-12-31_data.nc"),
                "--footprints",
                try path("footprints/name/MHD-10magl_UKV_hfo-1234zee_EUROPE_201401_test.nc"), "--background",
                try path("\(rhime)/bc_ch4_europe_cams_2019-01-01_2019-12-31_data.nc"),
            ]
        )
        let found = try program.rows(summary, "enhancements").map { row -> (Double, Double) in
            let background = try #require(row["background"] as? [String: Any])
            return (
                try #require(background["parts_per_million"] as? Double),
                try #require(background["missing_share"] as? Double)
            )
        }
        let known = [1.95052665, 1.94978821, 1.94863651, 1.94807866, 1.94825899]
        let missing = [0.4595894, 0.42735851, 0.34628588, 0.27644074, 0.29692747]
        try #require(found.count == known.count)
        for (index, (value, share)) in found.enumerated() {
            #expect(abs(value / known[index] - 1) < 1e-7)
            #expect(abs(share - missing[index]) < 1e-7)
        }
    }
}
