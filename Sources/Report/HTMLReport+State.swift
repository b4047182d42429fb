import Quantities

extension HTMLReport {
    /// Elements shown at once; the others are folded away.
    private static let stateLimit = 40

    /// What the inversion solved for, with the averaging kernel as a bar.
    static func stateSection(_ report: VerificationReport, _ context: inout ReportContext) -> HTML {
        let title = context.text(.stateTitle)
        guard !report.states.isEmpty else {
            return section("state", title, #"<p class="absent">\#(context.text(.noState))</p>"#)
        }
        let hasUnits = report.states.contains { !$0.unit.isEmpty && $0.unit != "1" }
        let rows = stateRows(report.states, hasUnits: hasUnits, &context)
        var titles: [Message] = [.element]
        if hasUnits { titles.append(.unit) }
        titles += [.prior, .posterior, .reduction, .averagingKernel]
        let head = context.headings(titles, textColumns: hasUnits ? 2 : 1)
        var body = context.table(
            id: "table-state",
            caption: context.tableCaption(context.text(.stateTable)),
            head: head,
            rows: Array(rows.prefix(stateLimit)),
            style: "state"
        )
        if rows.count > stateLimit {
            let more = context.text(.furtherStates, String(rows.count - stateLimit))
            let rest = context.table(
                id: "table-state-rest",
                caption: "",
                head: head,
                rows: Array(rows.dropFirst(stateLimit)),
                style: "state"
            )
            body += "<details><summary>\(more)</summary>\(rest)</details>"
        }
        body += #"<p class="note">\#(context.text(.averagingKernelNote))</p>"#
        body += context.footnote()
        return section("state", title, body)
    }

    /// A heading precedes the elements of each inversion where there are several.
    private static func stateRows(
        _ states: [StateRow],
        hasUnits: Bool,
        _ context: inout ReportContext
    ) -> [HTML] {
        let columns = hasUnits ? 6 : 5
        var rows: [HTML] = []
        var heading: LocalizedName?
        for state in states {
            if let inversion = state.inversion, inversion != heading {
                let name = context.text(inversion)
                rows.append(
                    #"<tr class="group"><th scope="rowgroup" colspan="\#(columns)">\#(name)</th></tr>"#
                )
                heading = inversion
            }
            rows.append(stateRow(state, hasUnits: hasUnits, &context))
        }
        return rows
    }

    private static func stateRow(
        _ state: StateRow,
        hasUnits: Bool,
        _ context: inout ReportContext
    ) -> HTML {
        let reduction = 1 - state.posterior.standardDeviation / state.prior.standardDeviation
        var cells: HTML = #"<th scope="row">\#(context.text(state.name))</th>"#
        if hasUnits { cells += "<td>\(state.unit == "1" ? "" : state.unit)</td>" }
        cells += estimateCell(state.prior, &context)
        cells += estimateCell(state.posterior, &context, style: "n strong")
        cells += #"<td class="n">\#(context.number(NumberText.percent(reduction)))</td>"#
        cells += kernelCell(state.averagingKernel, &context)
        return "<tr>\(cells)</tr>"
    }

    private static func kernelCell(_ value: Double, _ context: inout ReportContext) -> HTML {
        let text = context.number(NumberText.fixed(value, decimals: 2))
        guard value.isFinite else { return #"<td class="n">\#(text)</td>"# }
        let width = 60 * min(1, max(0, value))
        return """
            <td class="n kernel"><svg viewBox="0 0 60 10" width="60" height="10" aria-hidden="true">\
            <rect class="track" width="60" height="10"/><rect class="bar" width="\(width)" height="10"/>\
            </svg>\(text)</td>
            """
    }
}
