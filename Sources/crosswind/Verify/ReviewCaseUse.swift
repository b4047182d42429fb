import Formats
import Foundation
import Quantities
import Verification

/// The use of `crosswind verify` with a history of review cases: lists them, and appends what a person decides.
struct ReviewCaseUse {
    static let options: [OptionSpecification] = [
        .value("cases", "FILE", "instead of a table: list the review cases of this history (JSON lines)"),
        .value("decide", "CASE", "append a decision on a case; needs --person, --outcome and --note"),
        .value("person", "NAME", "who decides"),
        .value("outcome", "NAME", "checked, closed or reopened"),
        .value(
            "direction",
            "NAME",
            "what turned out to need a correction: inventory_to_review,\nobservation_to_review or none"
        ),
        .value("note", "TEXT", "why"),
        .value("lang", "en|zh", "with --cases: language of the terminal (en)"),
    ]

    /// Nil where the command line does not ask for cases; then none of its options may stand.
    static func run(_ options: Options) throws -> ExitStatus? {
        guard options.isSet("cases") else {
            for option in Self.options where options.isSet(option.name) {
                throw UsageError.lacks(option.name, needs: "cases", verb: options.verb)
            }
            return nil
        }
        try options.refuseRepeats(except: [])
        let others = CaseOpeningUse.options + ResidualUse.options
        try options.refuse(["independent", "output"] + others.map(\.name), beside: "cases")
        guard options.operands.isEmpty else {
            throw UsageError.operands(expected: "no table beside --cases", verb: options.verb)
        }
        let text = options.text("lang") ?? Language.english.rawValue
        guard let language = Language(rawValue: text) else {
            throw UsageError.badValue("lang", text, expected: "en or zh", verb: options.verb)
        }
        let decision = try decision(options)
        var file = try ReviewCasesFile(path: try options.required("cases"))
        if let decision { try file.append([decision]) }
        let list = ReviewCaseList(file, decided: options.text("decide"))
        if options.isSet("json") {
            try JSONSummary.print(list)
        } else {
            try Terminal.write(list.text(language), to: .standardOutput)
        }
        return .success
    }

    private static func decision(_ options: Options) throws -> CaseEvent? {
        guard let id = options.text("decide") else {
            for name in ["person", "outcome", "direction", "note"] where options.isSet(name) {
                throw UsageError.lacks(name, needs: "decide", verb: options.verb)
            }
            return nil
        }
        let person = try options.required("person")
        let note = try options.required("note")
        guard let outcome: Decision.Outcome = try GridSettings.choice("outcome", options) else {
            throw UsageError.missingOption("outcome", verb: options.verb)
        }
        let direction: ReviewDirection? = try GridSettings.choice("direction", options)
        return .decided(
            caseID: id,
            Decision(person: person, time: .now(), outcome: outcome, direction: direction, note: note)
        )
    }
}

/// Review cases for programs and for people.
struct ReviewCaseList: Encodable {
    struct Case: Encodable {
        let id: String
        let state: CaseState
        let direction: ReviewDirection
        let finding: Verification.Finding
        let evidence: [Evidence]
        let decisions: [Decision]

        init(_ found: ReviewCase) {
            id = found.finding.id
            state = found.state
            direction = found.direction
            finding = found.finding
            evidence = found.evidence
            decisions = found.decisions
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
            .joined(separator: ", ")
        let head = LocalizedName(
            english: "review cases: \(states); history up to SHA-256 \(head)",
            chinese: "核查案例: \(states); 记录末行SHA-256 \(head)"
        )
        let none = LocalizedName(english: "no cases", chinese: "无案例")
        let blocks = cases.map { lines($0, language).joined(separator: "\n") }
        return ([head[language]] + (blocks.isEmpty ? [none[language]] : blocks)).joined(separator: "\n")
    }

    private func lines(_ found: Case, _ language: Language) -> [String] {
        let finding = found.finding
        let why = finding.explanations.map { $0.name[language] }.joined(separator: ", ")
        var lines = [
            "\(found.id) [\(found.state.name[language])] \(finding.subject[language]), \(finding.gas.formula), "
                + "\(finding.opened): \(found.direction.name[language]); \(finding.grounds[language])"
                + (why.isEmpty ? "" : " (\(why))")
        ]
        if let earlier = finding.earlier {
            lines.append(
                "  "
                    + LocalizedName(english: "after case \(earlier)", chinese: "承接案例\(earlier)")[language]
            )
        }
        lines += evidence(found.evidence, language)
        for decision in found.decisions {
            let direction = decision.direction.map { ", \($0.name[language])" } ?? ""
            lines.append(
                "  \(decision.time) \(decision.person): \(decision.outcome.name[language])\(direction): "
                    + decision.note
            )
        }
        return lines.map(Terminal.plain)
    }

    /// How much there is, and the latest piece with its numbers.
    private func evidence(_ evidence: [Evidence], _ language: Language) -> [String] {
        guard let first = evidence.map(\.time).min(), let last = evidence.max(by: { $0.time < $1.time })
        else {
            return []
        }
        let count = LocalizedName(
            english: evidence.count == 1
                ? "1 piece of evidence, \(first)"
                : "\(evidence.count) pieces of evidence, \(first) to \(last.time)",
            chinese: evidence.count == 1
                ? "证据1条, \(first)" : "证据\(evidence.count)条, \(first)至\(last.time)"
        )
        guard let figures = last.figures else { return ["  " + count[language]] }
        let z = Figure.text(figures.zScore, 2)
        let latest = LocalizedName(
            english: "latest: declared \(Figure.text(figures.declared)), found \(Figure.text(figures.found)) "
                + "\(last.unit), z \(z); \(last.lineage)",
            chinese: "最近一条: 申报\(Figure.text(figures.declared)), 实测\(Figure.text(figures.found)) "
                + "\(last.unit), z \(z); \(last.lineage)"
        )
        return [count, latest].map { "  " + $0[language] }
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
