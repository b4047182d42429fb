import Formats
import Foundation
import Inversion
import LinearAlgebra
import Quantities
import TestSupport
import Testing

/// `crosswind invert --sensitivity`, `--errors` and `--sequential`.
@Suite struct InvertStudiesTests {
    private let problem = Places.deploy.appending(path: "cases/berlin/osse_sources.nc").path

    private func run(_ arguments: String...) async throws -> ProgramRun {
        try await ProgramRun.run(Places.crosswind, ["invert", "--problem", problem] + arguments)
    }

    private struct Sensitivity: Decodable {
        struct Row: Decodable {
            let choices: [String]
            let totals: [Value]
        }
        struct Value: Decodable {
            let mean: Double
            let sigma: Double
        }
        struct Solution: Decodable {
            let posterior_mean: [Double]
            let posterior_sigma: [Double]
        }

        let combinations: [Row]
    }

    @Test func unchangedCombinationIsTheSolution() async throws {
        let study = try await run(
            "--sensitivity",
            "--vary",
            "prior=0.5,1",
            "--vary",
            "observations=1,2",
            "--json"
        )
        #expect(study.status == 0, "\(study.standardError)")
        let matrix = try JSONDecoder().decode(Sensitivity.self, from: Data(study.standardOutput.utf8))
        #expect(matrix.combinations.count == 4)
        let solved = try await run("--json")
        let solution = try JSONDecoder().decode(
            Sensitivity.Solution.self,
            from: Data(solved.standardOutput.utf8)
        )
        let row = try #require(matrix.combinations.first { $0.choices == ["1", "1"] })
        #expect(row.totals.map(\.mean) == solution.posterior_mean)
        for (a, b) in zip(row.totals.map(\.sigma), solution.posterior_sigma) { #expect(abs(a - b) < 1e-12) }
    }

    @Test func standardAxesComeAsATable() async throws {
        let study = try await run("--sensitivity")
        #expect(study.status == 0, "\(study.standardError)")
        #expect(study.standardOutput.contains("9 combinations, 0 without a solution"))
    }

    @Test func estimatedErrorsMakeChiSquareOne() async throws {
        struct Summary: Decodable {
            struct Errors: Decodable {
                let innovation_chi2_per_observation: Double
                let log_evidence: Double
                let log_evidence_stated: Double
                let adopted: Bool
            }
            let error_model: Errors
            let log_evidence: Double
        }
        let folder = try TemporaryFolder()
        let file = folder.file("days.nc").path
        try await Self.days(30).write(to: file)
        let arguments = ["invert", "--problem", file, "--errors", "prior,observations", "--adopt", "--json"]
        let study = try await ProgramRun.run(Places.crosswind, arguments)
        #expect(study.status == 0, "\(study.standardError)")
        let summary = try JSONDecoder().decode(Summary.self, from: Data(study.standardOutput.utf8))
        #expect(abs(summary.error_model.innovation_chi2_per_observation - 1) < 1e-3)
        #expect(summary.error_model.log_evidence > summary.error_model.log_evidence_stated)
        #expect(
            summary.error_model.adopted && abs(summary.log_evidence - summary.error_model.log_evidence) < 1e-6
        )
    }

    @Test func badChoicesAreUsageErrors() async throws {
        for (arguments, status, words) in [
            (["--sensitivity", "--vary", "magic=1"], 64, "one of prior, background"),
            (["--sensitivity", "--vary", "prior=0"], 64, "positive numbers"),
            (["--sensitivity", "--vary", "prior=1,"], 64, "positive numbers"),
            (["--sensitivity", "--vary", "groups"], 65, "the observations are in no groups"),
            (["--sensitivity", "--vary", "prior=1", "--vary", "prior=2"], 64, "is given twice"),
            (["--errors", "prior,prior"], 64, "without repeats"),
            (["--sensitivity", "--vary", "prior=1,2,1"], 64, "1 is given twice"),
            (["--solver", "exact,gibbs,exact"], 64, "`exact` is given twice"),
            (["--output", "posterior.ncc"], 64, "ends in .nc, .nc4, .csv or .json, or in / for a folder"),
            (["--sequential", "s.json", "--output", "s.txt"], 64, "the ending .csv"),
            (["--sensitivity", "--vary", "correlation=100"], 65, "fewer than two elements"),
            (["--sensitivity", "--vary", "background=2"], 65, "boundary or a background"),
            (["--sensitivity", "--output", "x.nc"], 64, "no meaning beside --sensitivity"),
            (["--vary", "prior=2"], 64, "expected --sensitivity beside --vary"),
            (["--errors", "magic"], 64, "one of prior, background"),
            (["--adopt"], 64, "expected --errors beside --adopt"),
            (["--errors", "correlation"], 65, "fewer than two elements"),
            (["--window", "3"], 64, "expected --sequential beside --window"),
            (["--sequential", "s.json", "--window", "0"], 64, "a whole number"),
            (["--sequential", "s.json", "--solver", "all"], 64, "no meaning beside --sequential"),
        ] {
            let run = try await ProgramRun.run(
                Places.crosswind,
                ["invert", "--problem", problem] + arguments
            )
            #expect(
                run.status == status && run.standardError.contains(words),
                "\(arguments) \(run.standardError)"
            )
        }
    }

    @Test func sequenceGoesOnFromItsFile() async throws {
        let folder = try TemporaryFolder()
        let file = folder.file("days.nc").path
        try await Self.days(6).write(to: file)
        let state = folder.file("state.json").path
        let table = folder.file("periods.csv").path
        func run(_ arguments: [String]) async throws -> ProgramRun {
            let fixed = ["invert", "--problem", file, "--sequential", state]
            return try await ProgramRun.run(Places.crosswind, fixed + arguments)
        }
        let first = try await run(["--output", table])
        #expect(first.status == 0, "\(first.standardError)")
        let written = try String(contentsOfFile: table, encoding: .utf8)
        #expect(written.hasPrefix("period_start,kind,name,prior_mean"))
        #expect(written.split(separator: "\n").count == 1 + 6)
        try await Self.days(8).write(to: file)
        let again = try await run([])
        #expect(again.status == 0, "\(again.standardError)")
        #expect(again.standardOutput.contains("taken now 2, known before 6"), "\(again.standardOutput)")
        let other = try await run(["--window", "3"])
        #expect(other.status == 65 && other.standardError.contains("begun with periods of 1.0 days"))
        let input = try await run(["--output", file])
        #expect(input.status != 0)
    }

    /// One source seen once a day.
    private static func days(_ count: Int) -> LinearProblemInput {
        LinearProblemInput(
            problem: LinearProblem(
                jacobian: Matrix(rows: count, columns: 1, storage: [Double](repeating: 1, count: count)),
                observations: (0..<count).map { 2 + Double($0 * 7 % 10) / 10 },
                observationError: .independent([Double](repeating: 1, count: count)),
                priorMean: [1],
                priorError: .independent([0.5]),
                stateNames: ["source"]
            ),
            times: (0..<count).map { Instant(microseconds: Int64($0) * 86_400_000_000) }
        )
    }
}

extension LinearProblemInput {
    func write(to path: String) async throws { try await LinearProblemFile.write(self, to: path) }
}
