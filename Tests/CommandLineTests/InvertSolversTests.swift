import Foundation
import TestSupport
import Testing

/// `crosswind invert --solver` on the overpass.
@Suite struct InvertSolversTests {
    private struct Summary: Decodable {
        let posterior_mean: [Double]
        let solvers: [Entry]?
    }

    private struct Entry: Decodable {
        let solver: String
        let mean: [Double]
        let same_model: Bool
        let largest_departure_in_sigma: Double
        let largest_departure_in_monte_carlo_errors: Double?
        let remarks: [String]
    }

    private let problem = Places.deploy.appending(path: "cases/berlin/osse_sources.nc").path

    private func run(_ arguments: String...) async throws -> ProgramRun {
        try await ProgramRun.run(Places.crosswind, ["invert", "--problem", problem] + arguments)
    }

    @Test func allSolversOfOneModelAgree() async throws {
        let run = try await run("--solver", "all", "--draws", "400", "--json")
        #expect(run.status == 0, "\(run.standardError)")
        let summary = try JSONDecoder().decode(Summary.self, from: Data(run.standardOutput.utf8))
        let entries = try #require(summary.solvers)
        #expect(
            entries.map(\.solver) == [
                "exact", "ensemble", "gibbs", "hamiltonian", "bounded", "lognormal", "robust",
            ]
        )
        for entry in entries where entry.same_model {
            if let errors = entry.largest_departure_in_monte_carlo_errors {
                #expect(errors < 4, "\(entry.solver)")
            } else {
                #expect(entry.largest_departure_in_sigma < 1e-8, "\(entry.solver)")
            }
        }
        #expect(entries[4].remarks == ["no bounds are given"])
        #expect(entries[5].largest_departure_in_sigma > 0.01)
    }

    @Test func chancesRepeatFromTheirSeed() async throws {
        let arguments = ["--solver", "gibbs", "--draws", "50", "--seed"]
        func means(_ seed: String) async throws -> [Double] {
            let run = try await ProgramRun.run(
                Places.crosswind,
                ["invert", "--problem", problem, "--json"] + arguments + [seed]
            )
            let summary = try JSONDecoder().decode(Summary.self, from: Data(run.standardOutput.utf8))
            return try #require(summary.solvers)[0].mean
        }
        #expect(try await means("3") == means("3"))
        #expect(try await means("3") != means("4"))
    }

    @Test func badChoicesAreUsageErrors() async throws {
        for (arguments, words) in [
            (["--solver", "magic"], "all, or some of exact"),
            (["--solver", "exact,"], "all, or some of exact"),
            (["--draws", "5"], "expected --solver beside --draws"),
            (["--solver", "gibbs", "--draws", "2"], "a whole number, 4 to"),
        ] {
            let run = try await ProgramRun.run(
                Places.crosswind,
                ["invert", "--problem", problem] + arguments
            )
            #expect(run.status == 64 && run.standardError.contains(words), "\(run.standardError)")
        }
        let ofCase = try await ProgramRun.run(Places.crosswind, ["invert", "case.json5", "--solver", "all"])
        #expect(ofCase.status == 64)
    }
}
