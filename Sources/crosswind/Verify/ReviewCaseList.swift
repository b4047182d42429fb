import Formats
import Quantities
import Verification

/// Review cases for programs and for people.
struct ReviewCaseList: Encodable {
    struct Case: Encodable {
        let id: String
        let state: CaseState
        let direction: ReviewDirection
        let finding: Verification.Finding
        let evidence: [Evidence]
        let decisions: [Decision]
        /// What corrections left of the evidence; absent where nothing was corrected.
        let correction: LocalizedName?

        init(_ found: ReviewCase) {
            id = found.finding.id
            state = found.state
            direction = found.direction
            finding = found.finding
            evidence = found.evidence
            decisions = found.decisions
            correction = found.correction
        }
    }

    let cases: [Case]
    /// Of all cases by state.
    let counts: [String: Int]
    /// SHA-256 of the last line: whoever keeps it can prove that the history up to there is the same.
    let head: String
    let software = "crosswind \(Version.current)"

    /// - Parameter decided: the only case that is told; all where nil.
    init(_ file: ReviewCasesFile, decided: String?) {
        let all = file.ledger.cases
        cases = all.filter { decided == nil || $0.finding.id == decided }.map(Case.init)
        counts = Dictionary(grouping: all, by: \.state.rawValue).mapValues(\.count)
        head = file.head
    }

    func text(_ language: Language) -> String {
        let states = CaseState.allCases.map { "\($0.name[language]) \(counts[$0.rawValue] ?? 0)" }
            .joined(separator: language.comma)
        let head = LocalizedName(
            english: "review cases: \(states); history up to SHA-256 \(head)",
            chinese: "核查案例：\(states)；记录末行 SHA-256 \(head)"
        )
        let none = LocalizedName(english: "no cases", chinese: "无案例")
        let blocks = cases.map { lines($0, language).joined(separator: "\n") }
        return ([head[language]] + (blocks.isEmpty ? [none[language]] : blocks)).joined(separator: "\n")
    }

    private func lines(_ found: Case, _ language: Language) -> [String] {
        var lines = [title(found)[language]]
        if let earlier = found.finding.earlier {
            let after = LocalizedName(english: "after case \(earlier)", chinese: "承接案例 \(earlier)")
            lines.append("  " + after[language])
        }
        lines += evidence(found.evidence).map { "  " + $0[language] }
        if let correction = found.correction { lines.append("  " + correction[language]) }
        lines += found.decisions.map { "  " + decision($0)[language] }
        return lines.map(Terminal.plain)
    }

    private func title(_ found: Case) -> LocalizedName {
        let finding = found.finding
        let reasons = finding.explanations.map(\.name)
        let english = reasons.map(\.english).joined(separator: ", ")
        let chinese = reasons.map(\.chinese).joined(separator: "、")
        let state = found.state.name
        return LocalizedName(
            english: "\(found.id) [\(state.english)] \(finding.subject.english), \(finding.gas.formula), "
                + "\(finding.opened): \(found.direction.name.english); \(finding.grounds.english)"
                + (reasons.isEmpty ? "" : " (\(english))"),
            chinese: "\(found.id)［\(state.chinese)］\(finding.subject.chinese)，\(finding.gas.formula)，"
                + "\(finding.opened)：\(found.direction.name.chinese)；\(finding.grounds.chinese)"
                + (reasons.isEmpty ? "" : "（\(chinese)）")
        )
    }

    private func decision(_ decision: Decision) -> LocalizedName {
        let (name, direction) = (decision.outcome.name, decision.direction?.name)
        return LocalizedName(
            english: "\(decision.time) \(decision.person): \(name.english)"
                + (direction.map { ", \($0.english)" } ?? "") + ": \(decision.note)",
            chinese: "\(decision.time) \(decision.person)：\(name.chinese)"
                + (direction.map { "，\($0.chinese)" } ?? "") + "：\(decision.note)"
        )
    }

    /// How much there is, and the latest piece with its numbers.
    private func evidence(_ evidence: [Evidence]) -> [LocalizedName] {
        guard let first = evidence.map(\.time).min(), let last = evidence.max(by: { $0.time < $1.time })
        else { return [] }
        let isOfOneTime = first == last.time
        let count = LocalizedName(
            english: (evidence.count == 1 ? "1 piece" : "\(evidence.count) pieces") + " of evidence, \(first)"
                + (isOfOneTime ? "" : " to \(last.time)"),
            chinese: "证据 \(evidence.count) 条，\(first)" + (isOfOneTime ? "" : " 至 \(last.time)")
        )
        return [count] + (last.figures.map { [latest(last, $0)] } ?? [])
    }

    private func latest(_ evidence: Evidence, _ figures: EvidenceFigures) -> LocalizedName {
        let z = Figure.text(figures.zScore, 2)
        func numbers(_ language: Language) -> (declared: String, found: String) {
            (Figure.text(figures.declared, language), Figure.text(figures.found, language))
        }
        let (english, chinese) = (numbers(.english), numbers(.chinese))
        let place = evidence.origin.map {
            LocalizedName(english: $0.text, chinese: "\($0.file)，第 \($0.line) 行，SHA-256 \($0.sha256)")
        }
        return LocalizedName(
            english: "latest: declared \(english.declared), found \(english.found) \(evidence.unit), z \(z); "
                + (place?.english ?? evidence.lineage),
            chinese: "最近一条：申报 \(chinese.declared)，实测 \(chinese.found) \(evidence.unit)，z \(z)；"
                + (place?.chinese ?? evidence.lineage)
        )
    }
}

extension Decision.Outcome {
    var name: LocalizedName {
        switch self {
        case .checked: LocalizedName(english: "checked", chinese: "已核查")
        case .closed: LocalizedName(english: "closed", chinese: "办结")
        case .reopened: LocalizedName(english: "reopened", chinese: "重新打开")
        }
    }
}
