import Quantities

extension HTMLReport {
    /// The compared quantities by each solver beside the exact one; nothing where there is only that.
    static func solverSection(_ report: VerificationReport, _ context: inout ReportContext) -> HTML {
        guard report.solvers.contains(where: { !$0.rows.isEmpty }) else { return "" }
        var body: HTML = ""
        for (index, table) in report.solvers.enumerated() where !table.rows.isEmpty {
            body += solverTable(table, index: index, &context)
        }
        body += context.footnote()
        body += #"<p class="note">\#(context.text(.solversNote))</p>"#
        return section("solvers", context.text(.solversTitle), body)
    }

    private static func solverTable(
        _ table: SolverTable,
        index: Int,
        _ context: inout ReportContext
    ) -> HTML {
        var rows: [HTML] = []
        var heading: LocalizedName?
        for row in table.rows {
            if row.quantity != heading {
                let name = context.text(row.quantity)
                rows.append(#"<tr class="group"><th scope="rowgroup" colspan="4">\#(name)</th></tr>"#)
                heading = row.quantity
            }
            rows.append(solverRow(row, &context))
        }
        return context.table(
            id: "table-solvers-\(index + 1)",
            caption: context.tableCaption(
                context.text(.solversTable, context.text(table.title), context.text(table.unit))
            ),
            head: context.headings([.solver, .posterior, .differenceInSigma, .monteCarloError]),
            rows: rows
        )
    }

    private static func solverRow(_ row: SolverTable.Row, _ context: inout ReportContext) -> HTML {
        let other = row.isSameModel ? "" : context.text(.anotherModel)
        let name = context.text(row.solver) + other
        let difference: HTML = row.difference.map { context.number(small($0)) } ?? ""
        let error: HTML = row.monteCarloError.map { context.number(small($0)) } ?? ""
        return """
            <tr><th scope="row">\(name)</th>\
            <td class="n">\(context.estimate(row.estimate))</td>\
            <td class="n">\(difference)</td><td class="n">\(error)</td></tr>
            """
    }

    /// Rounding as a power of ten, all else to three decimals.
    private static func small(_ value: Double) -> String? {
        value != 0 && abs(value) < 5e-4
            ? NumberText.scientific(value, digits: 1) : NumberText.fixed(value, decimals: 3)
    }
}
