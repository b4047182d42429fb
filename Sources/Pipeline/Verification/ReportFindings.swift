import Quantities
import Report
import Verification

/// T12: what each difference may be due to, and which side is to be reviewed.
struct ReportFindings {
    let groups: [ComparisonGroup]
    /// chi2/n of the fit; nil where unknown.
    var fit: Double?
    /// What people follow up, and the name of the file of its history.
    var cases: [ReviewCase] = []
    var caseInputs: [String] = []
    /// Differences in scope that were left, by quantity.
    var openParts: [String: [ScopePart]] = [:]

    /// A row for each comparison that constrains something; those in agreement ask for nothing. Then the review cases.
    func rows() -> [FindingRow] { compared + cases.map(row) }

    private var compared: [FindingRow] {
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
                        openParts: openParts[comparison.region.english] ?? [],
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
        let known = cases.filter { $0.finding.subject.english == comparison.region.english }
        return FindingRow(
            subject: comparison.region,
            evidence: evidence(comparison),
            reason: advice.explanations.isEmpty
                ? LocalizedName(english: "agreement", chinese: "一致")
                : Self.list(advice.explanations.map(\.name)),
            direction: advice.direction,
            state: known.isEmpty ? Self.state(isQuiet: isQuiet) : Self.reference(known),
            inputs: inputs + (known.isEmpty ? [] : caseInputs)
        )
    }

    private static func state(isQuiet: Bool) -> LocalizedName {
        isQuiet
            ? LocalizedName(english: "no case", chinese: "未立项")
            : LocalizedName(english: "open, to be decided by a person", chinese: "待人工裁定")
    }

    private static func reference(_ cases: [ReviewCase]) -> LocalizedName {
        let ids = cases.map(\.finding.id)
        return LocalizedName(
            english: "see case \(ids.joined(separator: ", "))",
            chinese: "见案例\(ids.joined(separator: "、"))"
        )
    }

    // MARK: - Review cases

    private func row(_ found: ReviewCase) -> FindingRow {
        let finding = found.finding
        return FindingRow(
            subject: LocalizedName(
                english: "\(finding.subject.english) (case \(finding.id))",
                chinese: "\(finding.subject.chinese)（案例\(finding.id)）"
            ),
            evidence: evidence(found),
            reason: finding.explanations.isEmpty
                ? LocalizedName(english: "not told", chinese: "未说明")
                : Self.list(finding.explanations.map(\.name)),
            direction: found.direction,
            state: state(found),
            inputs: caseInputs
        )
    }

    private func evidence(_ found: ReviewCase) -> LocalizedName {
        let times = found.evidence.map(\.time)
        let ground = found.finding.ground
        guard let first = times.min(), let last = times.max() else { return LocalizedName(english: ground) }
        let days = [first, last].map { "\($0)".prefix(10) }
        return LocalizedName(
            english: "\(ground); \(times.count) pieces of evidence, \(days[0]) to \(days[1])",
            chinese: "\(ground)；证据\(times.count)条，\(days[0])至\(days[1])"
        )
    }

    /// With who decided last, and when; a case that nobody has looked at waits for a person.
    private func state(_ found: ReviewCase) -> LocalizedName {
        let name = found.state.name
        guard let last = found.decisions.last else {
            return LocalizedName(
                english: "\(name.english), to be decided by a person",
                chinese: "\(name.chinese)，待人工裁定"
            )
        }
        let day = "\(last.time)".prefix(10)
        return LocalizedName(
            english: "\(name.english) by \(last.person), \(day): \(last.note)",
            chinese: "\(name.chinese)，\(last.person)，\(day)：\(last.note)"
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
