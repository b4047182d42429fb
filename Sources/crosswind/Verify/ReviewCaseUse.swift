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
        .value("lang", "en|zh", "language of what is told of a table, of --residuals and of --cases (en)"),
    ]

    /// Nil where the command line does not ask for cases; then none of its options may stand.
    static func run(_ options: Options) throws -> ExitStatus? {
        guard options.isSet("cases") else {
            for option in Self.options where option.name != "lang" && options.isSet(option.name) {
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
        let language = try language(options)
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

    /// Of the terminal; files and `--json` are the same in both.
    static func language(_ options: Options) throws(UsageError) -> Language {
        let text = options.text("lang") ?? Language.english.rawValue
        guard let language = Language(rawValue: text) else {
            throw .badValue("lang", text, expected: "en or zh", verb: options.verb)
        }
        return language
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
