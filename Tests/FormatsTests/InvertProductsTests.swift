import Formats
import Foundation
import Geo
import Inversion
import LinearAlgebra
import NetCDF
import Quantities
import TestSupport
import Testing

/// What `crosswind invert --output` leaves.
@Suite struct InvertProductsTests {
    private func problem(
        in folder: TemporaryFolder,
        _ change: (inout LinearProblemInput) -> Void = { _ in }
    ) async throws -> String {
        var input = try GriddedProblem.input()
        change(&input)
        let path = folder.file("problem.nc").path
        try await LinearProblemFile.write(input, to: path)
        return path
    }

    private func invert(_ problem: String, _ arguments: String...) async throws -> ProgramRun {
        try await ProgramRun.run(Places.crosswind, ["invert", "--problem", problem] + arguments)
    }

    private static let names = [
        "covariances.csv", "observations.csv", "paris-concentrations-gibbs.nc", "paris-concentrations.nc",
        "paris-flux-gibbs.nc", "paris-flux.nc", "posterior-gibbs.nc", "posterior.nc", "states.csv",
        "summary.json",
        "totals.csv",
    ]

    @Test func aFolderTakesEverySolver() async throws {
        let folder = try TemporaryFolder()
        let problem = try await problem(in: folder)
        let output = folder.file("out")
        let run = try await invert(
            problem,
            "--solver",
            "exact,gibbs",
            "--draws",
            "100",
            "--keep-draws",
            "--paris",
            "--output",
            output.path
        )
        #expect(run.status == 0, "\(run.standardError)")
        #expect(run.standardOutput.contains("all emissions") && run.standardOutput.contains("net "))
        #expect(try FileManager.default.contentsOfDirectory(atPath: output.path).sorted() == Self.names)
        try await check(output.appending(path: "posterior-gibbs.nc").path)
        let states = try String(contentsOf: output.appending(path: "states.csv"), encoding: .utf8)
        let lines = states.split(separator: "\r\n")
        #expect(lines.count == 13 && lines[7].hasPrefix("gibbs,A fossil,flux,A,Fossil fuel,,1.0,0.5,"))
        let header = lines[0].split(separator: ",")
        #expect(header.contains("r_hat") && header.contains("p97.5"))
        // A run of less removes what it does not write.
        let less = try await invert(problem, "--output", output.path)
        #expect(less.status == 0, "\(less.standardError)")
        let left = try FileManager.default.contentsOfDirectory(atPath: output.path).sorted()
        #expect(left == Self.names.filter { !$0.contains("gibbs") })
    }

    @NetCDFThread
    private func check(_ path: String) throws {
        let file = try NetCDFFile(reading: path)
        #expect(file.text("solver") == "gibbs" && file.text("seed") == "1")
        #expect(try file.shape(of: "posterior_draw") == [4, 100, 6])
        #expect(try file.doubles("r_hat").allSatisfy { $0 < 1.1 })
        let shares = try file.doubles("posterior_percentile", shape: [5, 6])
        #expect((0..<24).allSatisfy { shares[$0] < shares[$0 + 6] })
        let draws = try file.doubles("posterior_draw")
        let mean = stride(from: 0, to: draws.count, by: 6).reduce(0) { $0 + draws[$1] } / 400
        #expect(abs(mean - (try file.doubles("posterior_mean")[0])) < 1e-12)
        #expect(try file.strings("total_kind").last == "all")
        let correlation = try file.doubles("total_posterior_correlation", shape: [9, 9])
        #expect(abs(correlation[0] - 1) < 1e-12 && correlation.allSatisfy { abs($0) < 1 + 1e-12 })
        #expect(try file.doubles("total_sink")[8] < 0)
    }

    /// Two regions of one sector each are one unknown, and yet each cell and each country gets what the full problem
    /// says of it.
    @Test func aBasisGivesTheExchangeFilesOfTheFullProblem() async throws {
        let folder = try TemporaryFolder()
        let problem = try await problem(in: folder) {
            $0.statePlaces = [0, 1, 0, 1, nil, nil].map { step in
                step.flatMap { Position(longitude: 115.75 + 1.5 * $0, latitude: 40) }
            }
            let elements = $0.state?.elements.map { element in
                StateElement(element.name, kind: element.kind, region: "", sector: element.sector)
            }
            $0.state = elements.flatMap { try? StateVector($0) }
        }
        for (name, more) in [("full", []), ("basis", ["--basis", "clusters=1"])] {
            let output = folder.file(name).path
            let run = try await ProgramRun.run(
                Places.crosswind,
                ["invert", "--problem", problem, "--paris", "--output", output] + more
            )
            #expect(run.status == 0, "\(run.standardError)")
        }
        let states = try String(
            contentsOf: folder.file("basis").appending(path: "states.csv"),
            encoding: .utf8
        )
        #expect(states.split(separator: "\r\n").count == 5)
        for name in ["paris-flux.nc", "paris-concentrations.nc"] {
            let (full, basis) = (folder.file("full"), folder.file("basis"))
            try await compare(full.appending(path: name).path, basis.appending(path: name).path)
        }
        let adopted = try await invert(
            problem,
            "--basis",
            "clusters=1",
            "--errors",
            "observations",
            "--adopt",
            "--paris",
            "--output",
            folder.file("adopted").path
        )
        #expect(adopted.status == 64 && adopted.standardError.contains("--paris without --adopt"))
    }

    /// Floats are kept.
    @NetCDFThread
    private func compare(_ first: String, _ second: String) throws {
        let one = try NetCDFFile(reading: first)
        let other = try NetCDFFile(reading: second)
        let names = try one.variableNames().filter { $0.contains("flux_") || $0.contains("mf_") }
        #expect(names.count > 4)
        for name in names {
            let (a, b) = (try one.doubles(name), try other.doubles(name))
            let size = a.map(abs).max() ?? 0
            #expect(zip(a, b).allSatisfy { abs($0 - $1) <= 2e-6 * size }, "\(name)")
        }
    }

    @Test func aRepeatedRunGivesTheSameBytes() async throws {
        let folder = try TemporaryFolder()
        let problem = try await problem(in: folder)
        for name in ["a", "b"] {
            let run = try await invert(
                problem,
                "--solver",
                "gibbs",
                "--draws",
                "50",
                "--output",
                folder.file(name).path
            )
            #expect(run.status == 0, "\(run.standardError)")
        }
        for name in Self.names {
            let first = try Data(contentsOf: folder.file("a").appending(path: name))
            #expect(try first == Data(contentsOf: folder.file("b").appending(path: name)), "\(name)")
        }
    }

    @Test func filesTakeWhatTheirEndingSays() async throws {
        let folder = try TemporaryFolder()
        let problem = try await problem(in: folder)
        let one = folder.file("one.nc").path
        #expect(try await invert(problem, "--solver", "lognormal", "--output", one).status == 0)
        #expect(try await solver(of: one) == "lognormal")
        #expect(try await invert(problem, "--output", folder.file("s.csv").path).status == 0)
        #expect(try await invert(problem, "--output", folder.file("s.json").path).status == 0)
        let json = try Data(contentsOf: folder.file("s.json"))
        let summary = try JSONDecoder().decode(Summary.self, from: json)
        #expect(summary.totals.entries.count == 9 && summary.totals.correlation.count == 9)
        #expect(summary.totals.entries[8].sink < 0)
    }

    /// 200 elements have their covariance in the text, 201 are told where it is.
    @Test(arguments: [200, 201]) func aLargeCovarianceIsInItsFileAlone(states: Int) async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("wide.nc").path
        let input = LinearProblemInput(
            problem: LinearProblem(
                jacobian: Matrix(rows: 1, columns: states, storage: [Double](repeating: 1, count: states)),
                observations: [2],
                observationError: .independent([1]),
                priorMean: [Double](repeating: 0, count: states),
                priorError: .independent([Double](repeating: 1, count: states)),
                stateNames: (0..<states).map { "x\($0)" }
            )
        )
        try await LinearProblemFile.write(input, to: path)
        let output = folder.file("out").path
        for (arguments, file) in [
            (["--output", output], "`posterior.nc`"), ([], "the file that --output FILE.nc writes"),
        ] {
            let run = try await ProgramRun.run(
                Places.crosswind,
                ["invert", "--problem", path, "--json"] + arguments
            )
            #expect(run.status == 0, "\(run.standardError)")
            let wide = try JSONDecoder().decode(Wide.self, from: Data(run.standardOutput.utf8))
            #expect(wide.posterior_sigma.count == states)
            #expect(wide.posterior_covariance?.count == (states == 200 ? 200 : nil))
            #expect((wide.posterior_covariance_note?.contains(file) ?? false) == (states == 201))
        }
    }

    private struct Wide: Decodable {
        let posterior_sigma: [Double]
        let posterior_covariance: [[Double]]?
        let posterior_covariance_note: String?
    }

    private struct Summary: Decodable {
        struct Totals: Decodable {
            struct Entry: Decodable {
                let name: String
                let sink: Double
            }
            let entries: [Entry]
            let correlation: [[Double]]
        }
        let totals: Totals
    }

    @NetCDFThread
    private func solver(of path: String) throws -> String? { try NetCDFFile(reading: path).text("solver") }

    @Test func whatCannotBeWrittenIsRefusedBefore() async throws {
        let folder = try TemporaryFolder()
        let whole = try await problem(in: folder)
        let output = folder.file("out").path
        for (arguments, status, words) in [
            (
                ["--solver", "exact,gibbs", "--output", folder.file("x.nc").path], Int32(64),
                "a folder as --output"
            ),
            (["--paris"], 64, "--output beside --paris"),
            (["--paris", "--output", folder.file("x.nc").path], 64, "a folder as --output beside --paris"),
            (["--output", whole], 64, "the output is the input"),
        ] {
            let run = try await ProgramRun.run(Places.crosswind, ["invert", "--problem", whole] + arguments)
            #expect(run.status == status && run.standardError.contains(words), "\(run.standardError)")
        }
        // A folder in which a result would take the place of the problem.
        let clash = folder.file("posterior.nc").path
        try FileManager.default.copyItem(atPath: whole, toPath: clash)
        let onto = try await invert(clash, "--output", folder.url.path)
        #expect(onto.status == 64 && onto.standardError.contains("the output is the input"))
        let bare = try await problem(in: folder) { $0.fluxMap = nil }
        let run = try await invert(bare, "--paris", "--output", output)
        #expect(
            run.status == 65 && run.standardError.contains("needs fluxes on a grid"),
            "\(run.standardError)"
        )
        let low = try await problem(in: folder) { $0.altitudes = nil }
        let second = try await invert(low, "--paris", "--output", output)
        #expect(
            second.status == 65 && second.standardError.contains("the altitude"),
            "\(second.standardError)"
        )
        #expect(!FileManager.default.fileExists(atPath: output))
    }

    @Test func aSinkIsNotMadeASourceByForce() async throws {
        let folder = try TemporaryFolder()
        // The state is the flux itself, and the second sector takes up.
        let problem = try await problem(in: folder) {
            $0.problem.priorMean = [10, 20, -4, -6, 1, 0]
            $0.problem.priorError = .independent([5, 10, 1, 2, 0.01, 1])
            for row in 0..<GriddedProblem.rows {
                for column in 0..<4 {
                    $0.problem.jacobian[row, column] = abs($0.problem.jacobian[row, column])
                }
            }
        }
        let output = folder.file("s.csv")
        let run = try await invert(
            problem,
            "--solver",
            "bounded,lognormal,hamiltonian",
            "--non-negative",
            "--draws",
            "100",
            "--output",
            output.path
        )
        #expect(run.status == 0, "\(run.standardError)")
        let lines = try String(contentsOf: output, encoding: .utf8).split(separator: "\r\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        let sinks = lines.filter { $0[1] == "B land" && $0[0] != "exact" }
        #expect(sinks.count == 3 && sinks.allSatisfy { (Double($0[8]) ?? 0) < 0 })
    }
}
