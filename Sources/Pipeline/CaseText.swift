import Foundation
import Inversion
import Quantities
import Verification

/// The lines that matter of a run, for a terminal.
public enum CaseText {
    /// One block a problem: observations used, diagnostics, and each quantity from declared to found.
    public static func lines(_ result: CaseResult) -> [String] {
        [result.definition.title.english] + result.problems.flatMap(block)
    }

    /// The same, and where the files are.
    public static func lines(_ outcome: CaseOutcome) -> [String] {
        let names = outcome.outputs.map { URL(filePath: $0).lastPathComponent }
        let folder = outcome.outputs.first.map { URL(filePath: $0).deletingLastPathComponent().path } ?? ""
        return lines(outcome.result) + ["  written to \(folder): \(names.joined(separator: ", "))"]
    }

    private static func block(_ result: ProblemResult) -> [String] {
        let rows = result.prepared.observations
        let used = rows.count { $0.isUsed }
        let excluded = Exclusion.allCases.compactMap { exclusion -> String? in
            let count = rows.count { $0.exclusion == exclusion }
            return count == 0 ? nil : "\(count) \(exclusion.reason.english)"
        }
        let counts = excluded.isEmpty ? "" : " (not used: \(excluded.joined(separator: ", ")))"
        let diagnostics = """
            DOFS \(text(result.posterior.degreesOfFreedomForSignal, 4)) of \
            \(result.posterior.mean.count), J/n \(text(result.posterior.costPerObservation, 4))
            """
        return [
            "  \(result.prepared.title.english), \(result.prepared.unit.english): "
                + "\(used) of \(rows.count) observations used\(counts); \(diagnostics)"
        ] + result.comparisons.map(line)
    }

    private static func line(_ comparison: Comparison) -> String {
        let name = comparison.region.english.padding(toLength: 24, withPad: " ", startingAt: 0)
        let truth = comparison.truth.map { ", truth \(text($0, 2))" } ?? ""
        return """
                \(name) declared \(estimate(comparison.inventory)), found \(estimate(comparison.posterior))\
            \(truth); uncertainty reduced \(text(100 * comparison.uncertaintyReduction, 0)) %, \
            z \(text(comparison.zScore, 2)): \(comparison.verdict.rawValue.replacing("_", with: " "))
            """
    }

    private static func estimate(_ value: Estimate) -> String {
        let decimals = value.standardDeviation >= 10 ? 0 : value.standardDeviation >= 1 ? 1 : 3
        return "\(text(value.mean, decimals)) +- \(text(value.standardDeviation, decimals))"
    }

    private static func text(_ value: Double, _ decimals: Int) -> String {
        value.isFinite ? String(format: "%.\(decimals)f", value) : "n/a"
    }
}
