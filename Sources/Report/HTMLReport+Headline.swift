import Quantities
import Verification

extension VerificationReport {
    /// Whether a ± stands anywhere in the report.
    var printsUncertainty: Bool {
        guard groups.isEmpty, states.isEmpty else { return true }
        return tables.contains { table in
            table.rows.contains { row in
                row.cells.contains {
                    if case .estimate(let value) = $0 { value.standardDeviation > 0 } else { false }
                }
            }
        }
    }
}

extension HTMLReport {
    /// Cards drawn for one group; the table holds the rest.
    private static let cardLimit = 6

    /// The summary and, for each group, what was found.
    static func headlineSection(_ report: VerificationReport, _ context: inout ReportContext) -> HTML {
        var body: HTML = #"<p class="lead">\#(context.text(report.summary))</p>"#
        if report.groups.isEmpty {
            body += keyFigures(report, &context)
            body += #"<p class="absent">\#(context.text(report.absence(TableCode.result)))</p>"#
        }
        for (index, group) in report.groups.enumerated() {
            body += headline(of: group, row: { report.reference(group: index, row: $0) }, &context)
        }
        if report.printsUncertainty { body += #"<p class="note">\#(context.text(.resultsNote))</p>"# }
        body += context.footnote()
        return section("results", context.text(.resultsTitle), body)
    }

    /// Figures of the inventory where there is nothing to judge them by.
    private static func keyFigures(_ report: VerificationReport, _ context: inout ReportContext) -> HTML {
        guard !report.content.keyFigures.isEmpty else { return "" }
        var cards: [HTML] = []
        for figure in report.content.keyFigures {
            let table = report.table(figure.table)
            let row = table.rowID(max(0, table.rows.count - figure.rowFromEnd))
            let isSure = figure.value.standardDeviation > 0
            let text = isSure ? NumberText.estimate(figure.value) : NumberText.significant(figure.value.mean)
            let number = context.number(text)
            let note: HTML = isSure ? "" : "<p>\(context.text(TemplateText.noUncertainty))</p>"
            let unit = context.text(figure.unit)
            cards.append(
                ##"""
                <article class="card plain"><h4>\##(context.text(figure.name))</h4>
                <p class="finding"><a href="#\##(row)">\##(number)</a> <span>\##(unit)</span></p>\##(note)
                </article>
                """##
            )
        }
        return #"<div class="cards">\#(cards)</div>"#
    }

    private static func headline(
        of group: ComparisonGroup,
        row reference: (Int) -> String,
        _ context: inout ReportContext
    ) -> HTML {
        let title: HTML = "<h3>\(context.text(group.title))</h3>"
        guard !group.comparisons.isEmpty else {
            return #"\#(title)<p class="absent">\#(context.text(.emptyGroup))</p>"#
        }
        var cards: [HTML] = []
        for (row, comparison) in group.comparisons.prefix(cardLimit).enumerated() {
            cards.append(
                card(comparison, unit: unitText(group, context), row: reference(row), &context)
            )
        }
        var rest: HTML = ""
        if group.comparisons.count > cardLimit {
            let more = context.text(.furtherComparisons, String(group.comparisons.count - cardLimit))
            rest = ##"<p class="note"><a href="#\##(group.role.table.label)">\##(more)</a></p>"##
        }
        return #"\#(title)<div class="cards">\#(cards)</div>\#(rest)"#
    }

    /// One finding in words and numbers: never a verdict without its uncertainty and the reduction.
    private static func card(
        _ comparison: Comparison,
        unit: String,
        row: String,
        _ context: inout ReportContext
    ) -> HTML {
        func link(_ text: HTML) -> HTML { ##"<a href="#\##(row)">\##(text)</a>"## }
        let found = link(context.estimate(comparison.posterior))
        let declared = link(context.estimate(comparison.inventory))
        let facts: [(Message, HTML)] = [
            (.declared, declared),
            (.difference, link(context.number(differenceText(comparison)))),
            (.zScore, link(context.number(NumberText.signed(comparison.zScore, decimals: 2)))),
            (.reduction, link(context.number(NumberText.percent(comparison.uncertaintyReduction)))),
        ]
        let terms = facts.map { name, value -> HTML in "<dt>\(context.text(name))</dt><dd>\(value)</dd>" }
        return """
            <article class="card \(comparison.verdict.rawValue)">
            <h4>\(context.text(comparison.region))</h4>
            <p class="finding">\(found) <span>\(unit)</span></p>
            <p class="verdict">\(VerdictMark.icon(comparison.verdict))\
            \(verdictSentence(comparison, context))</p>
            <dl>\(terms)</dl>
            </article>
            """
    }

    /// The verdict in words, with the reason where none is given.
    private static func verdictSentence(_ comparison: Comparison, _ context: ReportContext) -> HTML {
        let sentence = context.text(VerdictMark.sentence(comparison.verdict))
        let reason: HTML =
            comparison.reservation.map { "<small>\(context.text(VerdictMark.reason($0)))</small>" } ?? ""
        return "<span>\(sentence)\(reason)</span>"
    }

    /// Posterior minus inventory, and the same as a share of the inventory: `−989 ± 210`, `−49 %`.
    static func difference(_ comparison: Comparison) -> (value: String, share: String?)? {
        let places = NumberText.decimals(uncertainty: comparison.differenceSigma)
        guard var text = NumberText.signed(comparison.difference, decimals: places) else { return nil }
        if comparison.differenceSigma > 0,
            let sigma = NumberText.fixed(comparison.differenceSigma, decimals: places)
        {
            text += " ± \(sigma)"
        }
        let share = comparison.difference / abs(comparison.inventory.mean)
        return (text, NumberText.percent(share, signed: true))
    }

    private static func differenceText(_ comparison: Comparison) -> String? {
        difference(comparison).map { value, share in share.map { "\(value) (\($0))" } ?? value }
    }

    static func unitText(_ group: ComparisonGroup, _ context: ReportContext) -> String {
        let unit = context.text(group.unit)
        return unit == "1" ? "" : unit
    }
}

/// How a verdict looks and reads: a shape as well as a colour, so that neither print nor colour blindness
/// loses it.
enum VerdictMark {
    static func icon(_ verdict: Verdict) -> HTML {
        let shape: HTML =
            switch verdict {
            case .consistent: #"<circle cx="7" cy="7" r="6"/><path class="w" d="M4 7.2l2.2 2.2 3.8-4.4"/>"#
            case .tension: #"<path d="M7 1l6.5 12H.5z"/><path class="w" d="M7 5.5v3.6M7 11v.2"/>"#
            case .inconsistent:
                #"<path d="M1 1h12v12H1z"/><path class="w" d="M4.2 4.2l5.6 5.6m0-5.6L4.2 9.8"/>"#
            case .notConstrained:
                #"<circle class="o" cx="7" cy="7" r="5.4"/><path class="d" d="M4.4 7h5.2"/>"#
            }
        return #"<svg class="icon" viewBox="0 0 14 14" aria-hidden="true">\#(shape)</svg>"#
    }

    static func sentence(_ verdict: Verdict) -> Message {
        switch verdict {
        case .consistent: .verdictConsistent
        case .tension: .verdictTension
        case .inconsistent: .verdictInconsistent
        case .notConstrained: .verdictNotConstrained
        }
    }

    static func word(_ verdict: Verdict) -> Message {
        switch verdict {
        case .consistent: .shortConsistent
        case .tension: .shortTension
        case .inconsistent: .shortInconsistent
        case .notConstrained: .shortNotConstrained
        }
    }

    static func reason(_ reservation: Reservation) -> Message {
        switch reservation {
        case .notFinite: .reservationNotFinite
        case .noPriorUncertainty: .reservationNoPriorUncertainty
        case .smallReduction: .reservationSmallReduction
        case .followsPrior: .reservationFollowsPrior
        case .noUncertainty: .reservationNoUncertainty
        case .noUncertaintyOfDifference: .reservationNoSigma
        }
    }
}
