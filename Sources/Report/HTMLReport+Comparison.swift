import Quantities
import Verification

extension HTMLReport {
    /// Mean and standard deviation with the 95 % interval beneath.
    static func estimateCell(
        _ estimate: Estimate,
        _ context: inout ReportContext,
        style: String = "n"
    ) -> HTML {
        let text = context.estimate(estimate)
        let places = NumberText.decimals(uncertainty: estimate.standardDeviation)
        guard estimate.standardDeviation > 0,
            let lower = NumberText.fixed(estimate.lower95, decimals: places),
            let upper = NumberText.fixed(estimate.upper95, decimals: places)
        else { return #"<td class="\#(style)">\#(text)</td>"# }
        return #"<td class="\#(style)">\#(text)<small>\#(lower) \#(context.text(.to)) \#(upper)</small></td>"#
    }

    /// What multiple testing leaves of the verdicts, by the rule that opens cases.
    static func falseDiscoveryNote(
        _ group: ComparisonGroup,
        isNamed: Bool,
        _ context: ReportContext
    ) -> HTML {
        let adjusted = FalseDiscovery.adjusted(group.comparisons)
        let judged = adjusted.count { !$0.isNaN }
        guard judged > 1 else { return "" }
        let significant = zip(group.comparisons, adjusted)
            .filter { $0.0.verdict == .inconsistent && $0.1 <= FalseDiscovery.rate }
            .map { context.text($0.0.region) }
        let (count, rate) = (String(judged), "\(FalseDiscovery.rate)")
        let separator = context.language == .chinese ? "、" : ", "
        let sentence =
            significant.isEmpty
            ? context.text(.falseDiscoveryNone, count, rate)
            : context.text(.falseDiscoverySome, count, rate, significant.joined(separator: separator))
        let colon = context.language == .chinese ? "：" : ": "
        return #"<p class="note">\#(isNamed ? context.text(group.title) + colon : "")\#(sentence)</p>"#
    }

    static func correlationTable(
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
