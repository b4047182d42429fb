import Formats
import Foundation
import Inversion
import LinearAlgebra
import Quantities
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
        let folder = try TemporaryFolder()
        let file = folder.file("problem.nc").path
        try await Self.smallProblem().write(to: file)
        let arguments = ["invert", "--problem", file, "--solver", "all", "--draws", "400", "--json"]
        let run = try await ProgramRun.run(Places.crosswind, arguments)
        #expect(run.status == 0, "\(run.standardError)")
        let summary = try JSONDecoder().decode(Summary.self, from: Data(run.standardOutput.utf8))
        let entries = try #require(summary.solvers)
        #expect(
            entries.map(\.solver) == [
                "exact", "conjugate-gradient", "ensemble", "gibbs", "hamiltonian", "bounded", "lognormal",
                "robust", "hierarchical",
            ]
        )
        #expect(entries[8].remarks.contains { $0.hasPrefix("error scale of all ") })
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

    /// Three sources and a background, seen sixty times.
    private static func smallProblem() -> LinearProblemInput {
        var random = SeededGenerator(seed: 4)
        let count = 60
        let values = (0..<count * 4).map { $0 % 4 == 3 ? 1 : random.uniform() }
        return LinearProblemInput(
            problem: LinearProblem(
                jacobian: Matrix(rows: count, columns: 4, storage: values),
                observations: (0..<count).map { row in
                    values[(row * 4)..<(row * 4 + 3)].reduce(0.3) { $0 + 1.2 * $1 } + 0.2 * random.normal()
                },
                observationError: .independent([Double](repeating: 0.2, count: count)),
                priorMean: [1, 1, 1, 0],
                priorError: .independent([0.5, 0.5, 0.5, 1]),
                stateNames: ["a", "b", "c", "background"]
            )
        )
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
