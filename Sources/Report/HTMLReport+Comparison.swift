import Quantities
import Verification

extension HTMLReport {
    /// For each group: bars, table, what multiple testing leaves of the verdicts, posterior correlations.
    static func comparisonSection(_ report: VerificationReport, _ context: inout ReportContext) -> HTML {
        guard report.groups.contains(where: { !$0.comparisons.isEmpty }) else { return "" }
        var body: HTML = ""
        for (index, group) in report.groups.enumerated() where !group.comparisons.isEmpty {
            body += "<h3>\(context.text(group.title))</h3>"
            body += barFigure(group, &context)
            body += comparisonTable(group, index: index, &context)
            body += context.footnote()
            body += falseDiscoveryNote(group, context)
            body += correlationTable(group, index: index, &context)
        }
        body += #"<p class="note">\#(context.text(.verdictRule))</p>"#
        return section("comparison", context.text(.comparisonTitle), body)
    }

    private static func barFigure(_ group: ComparisonGroup, _ context: inout ReportContext) -> HTML {
        guard let drawing = ComparisonBars(group: group, context: context)?.drawing else {
            return #"<p class="absent">\#(context.text(.nothingFinite))</p>"#
        }
        let caption = context.figureCaption(context.text(.comparisonFigure, context.text(group.title)))
        var note: HTML = ""
        if group.comparisons.count > ComparisonBars.limit {
            let counts = (String(ComparisonBars.limit), String(group.comparisons.count))
            note = #"<p class="note">\#(context.text(.barsOmitted, counts.0, counts.1))</p>"#
        }
        return "<figure>\(drawing)\(caption)</figure>\(note)"
    }

    private static func comparisonTable(
        _ group: ComparisonGroup,
        index: Int,
        _ context: inout ReportContext
    ) -> HTML {
        let hasTruth = group.comparisons.contains { $0.truth != nil }
        let unit = unitText(group, context)
        let caption = context.tableCaption(
            context.text(
                .comparisonTable,
                context.text(group.title),
                unit.isEmpty ? context.text(.dimensionless) : unit
            )
        )
        var titles: [Message] = [.quantity, .inventory, .prior, .posterior]
        if hasTruth { titles.append(.truth) }
        titles += [.difference, .zScore, .reduction, .verdict]
        var rows: [HTML] = []
        for (row, comparison) in group.comparisons.enumerated() {
            rows.append(comparisonRow(comparison, id: rowID(index, row), hasTruth: hasTruth, &context))
        }
        return context.table(
            id: tableID(index),
            caption: caption,
            head: context.headings(titles, endsWithText: true),
            rows: rows,
            style: "comparison"
        )
    }

    private static func comparisonRow(
        _ comparison: Comparison,
        id: String,
        hasTruth: Bool,
        _ context: inout ReportContext
    ) -> HTML {
        var cells: HTML = #"<th scope="row">\#(context.text(comparison.region))</th>"#
        cells += estimateCell(comparison.inventory, &context)
        cells += estimateCell(comparison.prior, &context)
        cells += estimateCell(comparison.posterior, &context, style: "n strong")
        if hasTruth {
            let places = NumberText.decimals(uncertainty: comparison.posterior.standardDeviation)
            let truth = comparison.truth.flatMap { NumberText.fixed($0, decimals: places) }
            cells += comparison.truth == nil ? "<td></td>" : #"<td class="n">\#(context.number(truth))</td>"#
        }
        cells += #"<td class="n">\#(differenceCell(comparison, &context))</td>"#
        cells += #"<td class="n">\#(context.number(NumberText.signed(comparison.zScore, decimals: 2)))</td>"#
        let reduction = NumberText.percent(comparison.uncertaintyReduction)
        cells += #"<td class="n">\#(context.number(reduction))</td>"#
        cells += verdictCell(comparison, context)
        return #"<tr id="\#(id)">\#(cells)</tr>"#
    }

    /// Mean and standard deviation with the 95 % interval beneath.
    static func estimateCell(
        _ estimate: Estimate,
        _ context: inout ReportContext,
        style: String = "n"
    ) -> HTML {
        let text = context.number(NumberText.estimate(estimate))
        let places = NumberText.decimals(uncertainty: estimate.standardDeviation)
        guard estimate.standardDeviation > 0,
            let lower = NumberText.fixed(estimate.lower95, decimals: places),
            let upper = NumberText.fixed(estimate.upper95, decimals: places)
        else { return #"<td class="\#(style)">\#(text)</td>"# }
        return #"<td class="\#(style)">\#(text)<small>\#(lower) \#(context.text(.to)) \#(upper)</small></td>"#
    }

    private static func differenceCell(_ comparison: Comparison, _ context: inout ReportContext) -> HTML {
        let difference = difference(comparison)
        let share: HTML = difference?.share.map { "<small>\($0)</small>" } ?? ""
        return "\(context.number(difference?.value))\(share)"
    }

    private static func verdictCell(_ comparison: Comparison, _ context: ReportContext) -> HTML {
        let verdict = comparison.verdict
        var reason: HTML = ""
        if let reservation = comparison.reservation {
            reason = "<small>\(context.text(VerdictMark.reason(reservation)))</small>"
        }
        let word = context.text(VerdictMark.word(verdict))
        return """
            <td class="v \(verdict.rawValue)"><span>\(VerdictMark.icon(verdict))\(word)</span>\(reason)</td>
            """
    }

    private static func falseDiscoveryNote(_ group: ComparisonGroup, _ context: ReportContext) -> HTML {
        let adjusted = FalseDiscovery.adjusted(group.comparisons)
        let judged = adjusted.count { !$0.isNaN }
        guard judged > 1 else { return "" }
        let significant = zip(group.comparisons, adjusted).filter { $0.1 <= 0.05 }
            .map { context.text($0.0.region) }
        let separator = context.language == .chinese ? "、" : ", "
        let sentence =
            significant.isEmpty
            ? context.text(.falseDiscoveryNone, String(judged))
            : context.text(.falseDiscoverySome, String(judged), significant.joined(separator: separator))
        return #"<p class="note">\#(sentence)</p>"#
    }

    private static func correlationTable(
        _ group: ComparisonGroup,
        index: Int,
        _ context: inout ReportContext
    ) -> HTML {
        let count = group.comparisons.count
        guard count > 1, count <= 40, !group.correlations.isEmpty else { return "" }
        guard group.correlations.count == count * count else {
            return #"<p class="absent">\#(context.text(.correlationMisfit))</p>"#
        }
        let names = group.comparisons.map { context.text($0.region) }
        let head = names.map { name -> HTML in #"<th scope="col" class="n">\#(name)</th>"# }
        var rows: [HTML] = []
        for row in 0..<count {
            var cells: HTML = #"<th scope="row">\#(names[row])</th>"#
            for column in 0..<count {
                cells += correlationCell(
                    group.correlations[row * count + column],
                    isDiagonal: row == column,
                    &context
                )
            }
            rows.append("<tr>\(cells)</tr>")
        }
        let caption = context.tableCaption(context.text(.correlationTable, context.text(group.title)))
        let table = context.table(
            id: "table-correlation-\(index + 1)",
            caption: caption,
            head: "<thead><tr><td></td>\(head)</tr></thead>",
            rows: rows,
            style: "correlation"
        )
        return #"\#(table)<p class="note">\#(context.text(.correlationNote))</p>\#(context.footnote())"#
    }

    private static func correlationCell(
        _ value: Double,
        isDiagonal: Bool,
        _ context: inout ReportContext
    ) -> HTML {
        let colour = isDiagonal ? Palette.neutral : Palette.diverging(value)
        let ink = abs(value) > 0.7 && !isDiagonal ? "#fff" : "#1a2733"
        let text = context.number(NumberText.fixed(value, decimals: 2))
        return #"<td class="n" style="background:\#(colour);color:\#(ink)">\#(text)</td>"#
    }
}
