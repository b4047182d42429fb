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
                "exact", "conjugate-gradient", "ensemble", "gibbs", "hamiltonian", "bounded", "lognormal",
                "robust",
            ]
        )
        for entry in entries where entry.same_model {
            if let errors = entry.largest_departure_in_monte_carlo_errors {
                #expect(errors < 4, "\(entry.solver)")
            } else {
                #expect(entry.largest_departure_in_sigma < 1e-8, "\(entry.solver)")
            }
        }
        #expect(entries[5].remarks == ["no bounds are given"])
        #expect(entries[6].largest_departure_in_sigma > 0.01)
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
        let ofCase = try await ProgramRun.run(Places.crosswind, ["invert", "case.json5", "--space", "state"])
        #expect(ofCase.status == 64)
    }

    private struct Diagnosed: Decodable {
        let diagnostics: Diagnostics

        struct Diagnostics: Decodable {
            let information_bits: Double
            let verdict: String
            let groups_are_stated: Bool
            let groups: [Group]
            let withheld: Withheld
        }
        struct Group: Decodable {
            let name: String
            let observations: Int
            let information_added_bits: Double
        }
        struct Withheld: Decodable {
            let within_68_percent: Double
            let inflation: Double
        }
    }

    @Test func diagnosticsTellHowWellPartsArePredicted() async throws {
        let run = try await run("--diagnostics", "--json")
        let found = try JSONDecoder().decode(Diagnosed.self, from: Data(run.standardOutput.utf8)).diagnostics
        #expect(found.verdict == "consistent" && !found.groups_are_stated)
        #expect(found.groups.map(\.name).first == "fold 1" && found.groups.count == 10)
        #expect(found.groups.reduce(0) { $0 + $1.observations } == 18_584)
        #expect(
            abs(found.withheld.within_68_percent - 0.683) < 0.02 && abs(found.withheld.inflation - 1) < 0.02
        )
    }

    private struct Previewed: Decodable {
        let expected_sigma: [Double]
        let dofs: Double
    }

    /// What is foreseen is what `invert` finds.
    @Test func aPreviewIsTheAnswerBeforehand() async throws {
        let run = try await run("--preview", "--json")
        #expect(run.status == 0, "\(run.standardError)")
        let preview = try JSONDecoder().decode(Previewed.self, from: Data(run.standardOutput.utf8))
        #expect(String(format: "%.4f", preview.dofs) == "5.4414")
        #expect(String(format: "%.5f", preview.expected_sigma[1]) == "0.11656")
    }

    @Test func previewsRefuseWhatHasNoMeaning() async throws {
        let sectors = Places.deploy.appending(path: "cases/berlin/osse_berlin_sectors.nc").path
        for (arguments, status, words) in [
            (["--candidates", sectors], Int32(64), "expected --preview beside --candidates"),
            (["--preview", "--solver", "all"], 64, "--preview without --solver"),
            (["--preview", "--candidates", sectors], 65, "the states are not those of the problem"),
            (["--preview", "--candidates", problem], 65, "observation_group"),
        ] {
            let run = try await ProgramRun.run(
                Places.crosswind,
                ["invert", "--problem", problem] + arguments
            )
            #expect(run.status == status && run.standardError.contains(words), "\(run.standardError)")
        }
    }
}
