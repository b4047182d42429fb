import Inversion
import Quantities

/// How much totals depend on choices, as text and for `--json`.
struct SensitivitySummary: Encodable {
    struct Axis: Encodable {
        let name: String
        let choices: [String]
    }

    struct Row: Encodable {
        let choices: [String]
        /// Absent where this combination has no solution.
        let totals: [Value]?
        let dofs: Double?
        let costPerObservation: Double?
        let logEvidence: Double?
        let observations: Int?
        let error: String?

        enum CodingKeys: String, CodingKey {
            case choices, totals, dofs, observations, error
            case costPerObservation = "cost_per_observation"
            case logEvidence = "log_evidence"
        }
    }

    struct Value: Encodable {
        let mean: Double
        let sigma: Double
    }

    struct Spread: Encodable {
        let name: String
        let least: Double
        let median: Double
        let greatest: Double
        let standardDeviation: Double
        let meanSigma: Double
        /// Of the variance between combinations, by axis.
        let shares: [String: Double]
        let exceedsStatedUncertainty: Bool

        enum CodingKeys: String, CodingKey {
            case name, least, median, greatest, shares
            case standardDeviation = "standard_deviation"
            case meanSigma = "mean_stated_sigma"
            case exceedsStatedUncertainty = "exceeds_stated_uncertainty"
        }
    }

    let axes: [Axis]
    let combinations: [Row]
    let spread: [Spread]

    init(_ matrix: SensitivityMatrix) {
        axes = matrix.axes.map { Axis(name: $0.name, choices: $0.choices.map(\.name)) }
        combinations = matrix.rows.map { row in
            Row(
                choices: matrix.names(of: row),
                totals: row.result?.totals.map { Value(mean: $0.mean, sigma: $0.standardDeviation) },
                dofs: row.result?.degreesOfFreedomForSignal,
                costPerObservation: row.result?.costPerObservation,
                logEvidence: row.result?.logEvidence,
                observations: row.result?.observationCount,
                error: row.failure.map { "\($0.what): \($0.place)" }
            )
        }
        let names = matrix.axes.map(\.name)
        spread = matrix.spread.map {
            Spread(
                name: $0.name,
                least: $0.least,
                median: $0.median,
                greatest: $0.greatest,
                standardDeviation: $0.standardDeviation,
                meanSigma: $0.meanSigma,
                shares: Dictionary(zip(names, $0.axisShares)) { $1 },
                exceedsStatedUncertainty: $0.exceedsStatedUncertainty
            )
        }
    }

    /// A table of the totals, and lines of what was varied and what could not be solved.
    var text: String {
        let table = AlignedTable.text(
            header: ["total", "least", "median", "greatest", "spread", "stated +-"]
                + axes.map { "% \($0.name)" },
            rows: spread.map { row in
                [
                    row.name, AlignedTable.fixed(row.least, 5), AlignedTable.fixed(row.median, 5),
                    AlignedTable.fixed(row.greatest, 5), AlignedTable.fixed(row.standardDeviation, 5),
                    AlignedTable.fixed(row.meanSigma, 5),
                ] + axes.map { AlignedTable.fixed(100 * (row.shares[$0.name] ?? 0), 0) }
            }
        )
        var lines = [table]
        for axis in axes { lines.append("\(axis.name): \(axis.choices.joined(separator: ", "))") }
        let failed = combinations.filter { $0.error != nil }
        lines.append(
            "\(combinations.count) combinations, \(failed.count) without a solution; % is the share of an axis in the "
                + "variance between them"
        )
        if let first = failed.first {
            lines.append("\(first.choices.joined(separator: ", ")): \(first.error ?? "")")
        }
        let exceeding = spread.filter(\.exceedsStatedUncertainty).map(\.name)
        if !exceeding.isEmpty {
            lines.append(
                "choices matter more than the stated uncertainty: \(exceeding.joined(separator: ", "))"
            )
        }
        return lines.joined(separator: "\n")
    }
}
