import Quantities
import Report
import Verification

/// T12: what each difference may be due to, and which side is to be reviewed.
struct ReportFindings {
    let groups: [ComparisonGroup]
    /// chi2/n of the fit; nil where unknown.
    var fit: Double?

    /// A row for each comparison that constrains something; those in agreement ask for nothing.
    func rows() -> [FindingRow] {
        groups.flatMap { group in
            zip(group.comparisons, FalseDiscovery.adjusted(group.comparisons)).enumerated().map {
                row,
                judged -> FindingRow in
                let (comparison, probability) = judged
                let advice = ReviewAdvice(
                    comparison,
                    ReviewAdvice.Circumstances(
                        isMetered: group.facilities.contains(row),
                        fit: fit,
                        adjustedProbability: group.comparisons.count > 1 && !probability.isNaN
                            ? probability : nil
                    )
                )
                return finding(comparison, advice, inputs: group.inputs)
            }
        }
    }

    private func finding(_ comparison: Comparison, _ advice: ReviewAdvice, inputs: [String]) -> FindingRow {
        let isQuiet = advice.direction == .none
        return FindingRow(
            subject: comparison.region,
            evidence: evidence(comparison),
            reason: advice.explanations.isEmpty
                ? LocalizedName(english: "agreement", chinese: "一致")
                : Self.list(advice.explanations.map(\.name)),
            direction: advice.direction,
            state: isQuiet
                ? LocalizedName(english: "no case", chinese: "未立项")
                : LocalizedName(english: "open, to be decided by a person", chinese: "待人工裁定"),
            inputs: inputs
        )
    }

    private func evidence(_ comparison: Comparison) -> LocalizedName {
        let score = comparison.zScore.isFinite ? String((comparison.zScore * 100).rounded() / 100) : "n/a"
        let percent = comparison.uncertaintyReduction * 100
        let reduction = percent.isFinite ? "\(Int(exactly: percent.rounded()) ?? 0) %" : "n/a"
        return LocalizedName(
            english: "z \(score.replacing("-", with: "−")), uncertainty reduced \(reduction)",
            chinese: "z \(score.replacing("-", with: "−"))，不确定度降低 \(reduction)"
        )
    }

    private static func list(_ names: [LocalizedName]) -> LocalizedName {
        LocalizedName(
            english: names.map(\.english).joined(separator: ", "),
            chinese: names.map(\.chinese).joined(separator: "、")
        )
    }
}
