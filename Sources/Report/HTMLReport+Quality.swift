import Quantities

extension HTMLReport {
    /// The inversion's diagnostics beside what they should be.
    static func diagnosticsSection(_ report: VerificationReport, _ context: inout ReportContext) -> HTML {
        let title = context.text(.diagnosticsTitle)
        guard !report.diagnostics.isEmpty else {
            return section("diagnostics", title, #"<p class="absent">\#(context.text(.noDiagnostics))</p>"#)
        }
        var rows: [HTML] = []
        for diagnostic in report.diagnostics {
            let value = context.number(NumberText.significant(diagnostic.value))
            rows.append(
                """
                <tr><th scope="row">\(context.text(diagnostic.name))</th><td class="n">\(value)</td>\
                <td>\(context.text(diagnostic.meaning))</td></tr>
                """
            )
        }
        let head: HTML = """
            <thead><tr><th scope="col">\(context.text(.diagnostic))</th>\
            <th scope="col" class="n">\(context.text(.value))</th>\
            <th scope="col">\(context.text(.shouldBe))</th></tr></thead>
            """
        let table = context.table(
            id: "table-diagnostics",
            caption: context.tableCaption(context.text(.diagnosticsTable)),
            head: head,
            rows: rows
        )
        return section("diagnostics", title, "\(table)\(context.footnote())")
    }

    static func whole(_ count: Int) -> String {
        (count < 0 ? NumberText.minus : "") + NumberText.grouped(String(count.magnitude))
    }

    /// What a reader must know first; set apart in a box.
    static func caveatSection(_ report: VerificationReport, _ context: inout ReportContext) -> HTML {
        guard !report.caveats.isEmpty else { return "" }
        let items = report.caveats.map { caveat -> HTML in "<li>\(context.phrase(caveat))</li>" }
        return """
            <aside class="caveats" id="caveats">
            <h2>\(context.text(.caveatsTitle))</h2>
            <ul>\(items)</ul>
            </aside>

            """
    }
}
