import Formats
import Foundation
import Inversion
import LinearAlgebra
import NetCDF
import Quantities
import TestSupport
import Testing

/// What `crosswind invert` refuses of outputs, options and problem files.
@Suite struct InvertRefusalTests {
    private func problem(
        in folder: TemporaryFolder,
        named name: String = "problem.nc",
        _ change: (inout LinearProblemInput) throws -> Void = { _ in }
    ) async throws -> String {
        var input = try GriddedProblem.input()
        try change(&input)
        let path = folder.file(name).path
        try await LinearProblemFile.write(input, to: path)
        return path
    }

    private func invert(_ problem: String, _ arguments: [String]) async throws -> ProgramRun {
        try await ProgramRun.run(Places.crosswind, ["invert", "--problem", problem] + arguments)
    }

    @Test func anOutputWithoutANameIsRefused() async throws {
        let folder = try TemporaryFolder()
        let problem = try await problem(in: folder)
        for name in ["", " ", "\t "] {
            let run = try await invert(problem, ["--output", name])
            #expect(run.status == 64, "\(run.standardError)")
            #expect(run.standardError.contains("is not the name of a file or folder"))
        }
    }

    @Test func aFileWhoseNameSaysNothingIsNotOverwritten() async throws {
        let folder = try TemporaryFolder()
        let problem = try await problem(in: folder)
        for name in ["notes.txt", "notes"] {
            let notes = folder.file(name)
            try Data("kept".utf8).write(to: notes)
            let run = try await invert(problem, ["--output", notes.path])
            #expect(run.status == 64 && run.standardError.contains("ends in .nc"), "\(run.standardError)")
            #expect(try Data(contentsOf: notes) == Data("kept".utf8))
        }
        let old = folder.file("old.nc4")
        try Data("old".utf8).write(to: old)
        #expect(try await invert(problem, ["--output", old.path]).status == 0)
        #expect(try Data(contentsOf: old).count > 1000)
    }

    @Test func optionsThatNoSolverHeedsAreRefused() async throws {
        let folder = try TemporaryFolder()
        let problem = try await problem(in: folder)
        for (arguments, words) in [
            (
                ["--solver", "exact,robust", "--draws", "50"],
                "gibbs or hamiltonian or hierarchical in --solver beside --draws"
            ),
            (
                ["--solver", "exact,gibbs", "--non-negative"],
                "hamiltonian or bounded or hierarchical in --solver beside --non-negative"
            ),
            (
                ["--solver", "bounded", "--seed", "2"],
                "ensemble or gibbs or hamiltonian or hierarchical in --solver beside --seed"
            ),
        ] {
            let run = try await invert(problem, arguments)
            #expect(run.status == 64 && run.standardError.contains(words), "\(run.standardError)")
        }
        #expect(try await invert(problem, ["--solver", "bounded", "--non-negative"]).status == 0)
    }

    @Test(arguments: [
        ("ppm", "ppb", false), ("m", "ppb", false), ("ppb", "ppb", true), ("ppmv", "ppm", true),
        ("", "ppm", true),
    ])
    func aBackgroundInAnotherUnitIsRefused(background: String, observed: String, agree: Bool) async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("units.nc").path
        try await writeUnits(background: background, observed: observed, to: path)
        guard !agree else {
            #expect(try await LinearProblemFile.read(path).backgrounds == [1])
            return
        }
        let error = await #expect(throws: NetCDFError.self) { try await LinearProblemFile.read(path) }
        #expect(error?.variable == "background" && error?.line.contains("unit is `\(background)`") == true)
    }

    /// One observation of one flux on a grid of 2 x 2 cells.
    @NetCDFThread
    private func writeUnits(background: String, observed: String, to path: String) throws {
        var writer = try NetCDFWriter(replacing: path)
        let lengths = [
            ("observation", 1), ("state", 1), ("row", 2), ("column", 2), ("layer", 1), ("bound", 2),
            ("country", 1),
        ]
        for (name, length) in lengths { try writer.defineDimension(name, length: length) }
        try writer.setAttribute("gas", "ch4")
        let columns: [(name: String, dimensions: [String], unit: String, values: [Double])] = [
            ("jacobian", ["observation", "state"], "", [1]),
            ("observation_value", ["observation"], observed, [1]),
            ("observation_sigma", ["observation"], "", [1]), ("prior_mean", ["state"], "1", [1]),
            ("prior_sigma", ["state"], "1", [1]), ("background", ["observation"], background, [1]),
            ("cell_latitude", ["row"], "degrees_north", [50, 51]),
            ("cell_longitude", ["column"], "degrees_east", [10, 11]),
            ("cell_flux", ["layer", "row", "column"], "mol m-2 s-1", [1, 1, 1, 1]),
            ("cell_state", ["layer", "row", "column"], "1", [0, 0, 0, 0]),
            ("cell_country", ["row", "column"], "1", [0, 0, 0, 0]),
            ("layer_bounds", ["layer", "bound"], "seconds since 1970-01-01 00:00:00", [0, 86_400]),
        ]
        for column in columns {
            let unit: [(String, NetCDFAttribute)] = [("units", .text(column.unit))]
            try writer.defineVariable(column.name, .double, dimensions: column.dimensions, attributes: unit)
        }
        for (name, dimension) in [("state_name", "state"), ("country_name", "country")] {
            try writer.defineVariable(name, .string, dimensions: [dimension], attributes: [])
        }
        for column in columns { try writer.write(column.values, to: column.name) }
        for name in ["state_name", "country_name"] { try writer.write(["FRA"], to: name) }
        try writer.commit()
    }

    @Test func countriesAreKnownUnderParis() async throws {
        let folder = try TemporaryFolder()
        let sea = try await problem(in: folder) {
            $0.fluxMap = GriddedProblem.map(countries: ["CHINA", "NORTH SEA"])
        }
        let output = folder.file("out").path
        let strict = try await invert(sea, ["--paris", "--output", output])
        #expect(
            strict.status == 65 && strict.standardError.contains("`NORTH SEA` is no country of ISO 3166-1")
        )
        #expect(!FileManager.default.fileExists(atPath: output))
        let run = try await invert(sea, ["--output", output])
        #expect(run.status == 0 && run.standardError.contains("`NORTH SEA` is no country"))
        let twins = try await problem(in: folder, named: "twins.nc") {
            $0.fluxMap = GriddedProblem.map(countries: ["Germany", "DEU"])
        }
        let refused = try await invert(twins, [])
        #expect(refused.status == 65 && refused.standardError.contains("`Germany` and `DEU` are one country"))
    }

    @Test func cellsHoldEmissions() async throws {
        let folder = try TemporaryFolder()
        let problem = try await problem(in: folder) {
            let map = GriddedProblem.map()
            let layers = map.layers.map { layer in
                FluxMap.Layer(
                    sector: layer.sector,
                    period: layer.period,
                    flux: layer.flux,
                    element: layer.element.map { $0 == 3 ? 4 : $0 }
                )
            }
            $0.fluxMap = FluxMap(gas: .co2, grid: map.grid, layers: layers, countries: map.countries)
        }
        let run = try await invert(problem, [])
        #expect(run.status == 65 && run.standardError.contains("is 4, which is a boundary and no emission"))
    }

    @Test func aSumThatIsNotKnownIsLeftOut() async throws {
        let folder = try TemporaryFolder()
        let problem = try await problem(in: folder) {
            let map = GriddedProblem.map()
            let half = Period(
                start: GriddedProblem.start,
                end: GriddedProblem.start.advanced(bySeconds: 15 * 86_400)
            )
            let land = map.layers[1]
            let part = FluxMap.Layer(
                sector: land.sector,
                period: half,
                flux: land.flux,
                element: land.element
            )
            $0.fluxMap = FluxMap(
                gas: .co2,
                grid: map.grid,
                layers: [map.layers[0], part],
                countries: map.countries
            )
        }
        let output = folder.file("out")
        let strict = try await invert(problem, ["--paris", "--output", output.path])
        #expect(strict.status == 65 && strict.standardError.contains("`land` has no flux from"))
        let run = try await invert(problem, ["--output", output.path])
        #expect(
            run.status == 0 && run.standardError.contains("paris-flux is left out"),
            "\(run.standardError)"
        )
        let names = try FileManager.default.contentsOfDirectory(atPath: output.path)
        #expect(!names.contains("paris-flux.nc") && names.contains("paris-concentrations.nc"))
    }
}

/// Totals whose names are taken.
@Suite struct TotalNamesTests {
    @Test func totalsOfOneNameAreToldApart() throws {
        var input = try GriddedProblem.input()
        var weights = Matrix(rows: 2, columns: 6)
        (weights[0, 0], weights[1, 1]) = (1, 1)
        input.totals = try LinearFunctionals(names: ["A", "all emissions"], weights: weights, offsets: nil)
        input.state = try StateVector(
            try #require(input.state).elements.map { element in
                StateElement(
                    element.name,
                    kind: element.kind,
                    region: element.region,
                    sector: element.sector == "land" ? "B" : element.sector
                )
            }
        )
        let plan = try #require(try input.totalsPlan())
        #expect(
            plan.names.prefix(6) == [
                "A", "all emissions", "A (region)", "B", "Fossil fuel", "B (sector)",
            ]
        )
        #expect(plan.names.last == "all emissions (sum)" && Set(plan.names).count == plan.names.count)
        #expect(plan.kinds[2] == .region && plan.all == plan.names.count - 1)
    }
}
