import Formats
import Foundation
import Quantities
import Report
import TestSupport
import Testing

@testable import Pipeline

@Suite struct SolverPlanTests {
    private func berlin(_ keys: String, in folder: TemporaryFolder) throws -> Case {
        let place = Places.deploy.appending(path: "cases/berlin")
        let text = try String(contentsOf: place.appending(path: "case.json5"), encoding: .utf8)
            .replacing("inversion: {", with: "inversion: { \(keys)")
            .replacing("file: \"osse", with: "file: \"\(place.path)/osse")
        let file = folder.file("case.json5")
        try text.write(to: file, atomically: true, encoding: .utf8)
        return try CaseFile.read(file.path)
    }

    @Test func aCaseComparesTheSolversItNames() async throws {
        let folder = try TemporaryFolder()
        let definition = try berlin(
            "solvers: [\"exact\", \"conjugate-gradient\", \"gibbs\", \"lognormal\"], draws: 300, seed: 3,",
            in: folder
        )
        let output = folder.file("out")
        let run = CaseRun(definition: definition, store: nil, output: output.path, command: "crosswind run")
        let outcome = try await run.run()
        let problem = outcome.result.problems[0]
        #expect(problem.solvers.map(\.solver) == [.conjugateGradient, .gibbs, .lognormal])
        let figures = try #require(outcome.summary.problems[0].solvers)
        #expect(figures[0].differenceInSigma.allSatisfy { abs($0) < 1e-8 })
        #expect(figures[1].differenceInSigma.allSatisfy { abs($0) < 0.2 })
        #expect(try #require(figures[1].largestRHat) < 1.05 && figures[0].largestRHat == nil)
        #expect(outcome.result.report.solvers.map(\.rows.count) == [8, 12])
        let page = try String(contentsOf: output.appending(path: "report-zh.html"), encoding: .utf8)
        #expect(page.contains("求解方法对比") && page.contains("吉布斯抽样") && page.contains("种子3"))
        let names = try FileManager.default.contentsOfDirectory(atPath: output.path)
        for name in ["posterior-gibbs.nc", "posterior-2-lognormal.nc", "totals-2.csv"] {
            #expect(names.contains(name))
        }
        // No grid, no exchange files.
        #expect(!names.contains { $0.hasPrefix("paris") } && outcome.summary.problems[0].note == nil)
    }

    /// Without bounds the solver that keeps them keeps none, and the page says so.
    @Test func boundedEmissionsAreHeldOnlyWhereBoundsAreGiven() async throws {
        let folder = try TemporaryFolder()
        for (keys, isTold) in [("", true), ("non_negative: true,", false)] {
            let definition = try berlin("solvers: [\"bounded\"], \(keys)", in: folder)
            let run = CaseRun(
                definition: definition,
                store: nil,
                output: folder.file("out").path,
                command: "crosswind run"
            )
            let caveats = try await run.run().result.report.caveats
            let told = caveats.filter { $0.english.contains("nor case gives bounds") }
            #expect(told.isEmpty != isTold && told.allSatisfy { $0.chinese.contains("未给出边界") }, "\(caveats)")
        }
    }

    @Test func badPlansAreNamed() throws {
        let folder = try TemporaryFolder()
        for (keys, words) in [
            ("solvers: [\"gibs\"],", "did you mean `gibbs`?"), ("solvers: [\"gibbs\", \"gibbs\"],", "twice"),
            ("draws: 3,", "whole number in 4...1000000"), ("seed: 1.5,", "whole number"),
            ("non_negative: true,", "needs hamiltonian or bounded or hierarchical"),
        ] {
            let error = #expect(throws: ConfigurationError.self) { try berlin(keys, in: folder) }
            #expect(error?.line.contains(words) == true, "\(error?.line ?? "")")
        }
    }

    @Test func filesOfFormerRunsAreKnownByTheirNames() {
        for name in [
            "posterior-2.nc", "posterior-gibbs.nc", "posterior-2-gibbs.nc", "paris-flux.nc",
            "paris-flux-2.nc",
            "paris-concentrations-gibbs.nc", "observations-2.csv", "totals-3.csv",
        ] { #expect(ProblemProducts.isFurther(name), "\(name)") }
        for name in [
            "posterior.nc", "posterior-final.nc", "notes.txt", "observations.csv", "totals.csv",
            "posterior-exact.nc",
            "posterior-2.nc.bak", "paris-flux-old.nc", "states-gibbs.csv",
        ] { #expect(!ProblemProducts.isFurther(name), "\(name)") }
    }
}
