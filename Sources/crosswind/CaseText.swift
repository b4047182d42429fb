import Formats
import Foundation
import Inversion
import LinearAlgebra
import Pipeline
import Quantities
import Verification

/// The lines that matter of a run, for a terminal.
enum CaseText {
    /// One block a problem: observations used, diagnostics, and each quantity from declared to found.
    static func lines(_ result: CaseResult) -> [String] {
        [result.definition.title.english] + result.problems.flatMap(block)
    }

    /// The same, and where the files are.
    static func lines(_ outcome: CaseOutcome) -> [String] {
        let names = outcome.outputs.map { URL(filePath: $0).lastPathComponent }
        let folder = outcome.outputs.first.map { URL(filePath: $0).deletingLastPathComponent().path } ?? ""
        let cases = outcome.result.cases.map { ["  \($0.summary.line)"] } ?? []
        return lines(outcome.result) + cases + ["  written to \(folder): \(names.joined(separator: ", "))"]
    }

    private static func block(_ result: ProblemResult) -> [String] {
        let rows = result.prepared.observations
        let used = rows.count { $0.isUsed }
        let excluded = rows.exclusionCounts
        let counts = excluded.isEmpty ? "" : " (not used: \(excluded.joined(separator: ", ")))"
        let diagnostics = """
            DOFS \(Figure.text(result.posterior.degreesOfFreedomForSignal, 4)) of \
            \(result.posterior.mean.count), J/n \(Figure.text(result.posterior.costPerObservation, 4))
            """
        return [
            "  \(result.prepared.title.english), \(result.prepared.unit.english): "
                + "\(used) of \(rows.count) observations used\(counts); \(diagnostics)"
        ] + result.comparisons.map(line) + result.solvers.flatMap { solverLines($0, result) }
    }

    /// How far a further solver is from the exact one.
    private static func solverLines(_ solver: SolverResult, _ result: ProblemResult) -> [String] {
        guard let found = solver.state.totals?.values.posterior else { return [] }
        let differences = zip(found, result.totals.posterior).map {
            abs($0.mean - $1.mean) / $1.standardDeviation
        }
        let model = solver.isSameModel ? "" : " (another model)"
        let largest = AlignedTable.scientific(differences.max() ?? 0)
        let warnings = (solver.state.draws?.warnings ?? []).map {
            "    \(solver.solver.rawValue): \($0.text)"
        }
        return ["    \(solver.solver.rawValue)\(model): at most \(largest) sigma from the exact solution"]
            + warnings
    }

    private static func line(_ comparison: Comparison) -> String {
        let name = comparison.region.english
        let padding = String(repeating: " ", count: max(0, 24 - name.count))
        let truth = comparison.truth.map { ", truth \(Figure.text($0, 2))" } ?? ""
        let figures =
            "declared \(Figure.text(comparison.inventory)), found \(Figure.text(comparison.posterior))"
        let verdict = comparison.verdict.rawValue.replacing("_", with: " ")
        return """
                \(name)\(padding) \(figures)\(truth); uncertainty reduced \
            \(Figure.percent(comparison.uncertaintyReduction)), z \(Figure.text(comparison.zScore, 2)): \(verdict)
            """
    }
}
