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

    /// Where the observations came from, and why some were not used.
    static func observationSection(_ report: VerificationReport, _ context: inout ReportContext) -> HTML {
        let title = context.text(.observationsTitle)
        guard !report.observations.isEmpty else {
            return section("observations", title, #"<p class="absent">\#(context.text(.noObservations))</p>"#)
        }
        let head: HTML = """
            <thead><tr><th scope="col">\(context.text(.sourceOfObservations))</th>\
            <th scope="col">\(context.text(.scale))</th>\
            <th scope="col" class="n">\(context.text(.available))</th>\
            <th scope="col" class="n">\(context.text(.used))</th>\
            <th scope="col" class="n">\(context.text(.capture))</th>\
            <th scope="col">\(context.text(.exclusions))</th></tr></thead>
            """
        var rows: [HTML] = []
        for use in report.observations { rows.append(observationRow(use, &context)) }
        let table = context.table(
            id: "table-observations",
            caption: context.tableCaption(context.text(.observationsTable)),
            head: head,
            rows: rows
        )
        return section("observations", title, "\(table)\(context.footnote())")
    }

    private static func observationRow(_ use: ObservationUse, _ context: inout ReportContext) -> HTML {
        let share = use.available > 0 ? Double(use.used) / Double(use.available) : .nan
        return """
            <tr><th scope="row">\(context.text(use.name))</th><td>\(use.scale)</td>\
            <td class="n">\(whole(use.available))</td><td class="n">\(whole(use.used))</td>\
            <td class="n">\(context.number(NumberText.percent(share)))</td>\
            <td>\(exclusions(use, context))</td></tr>
            """
    }

    /// The reasons with their counts; what they do not explain is said too.
    private static func exclusions(_ use: ObservationUse, _ context: ReportContext) -> HTML {
        var parts = use.excluded.map { excluded -> HTML in
            "<li>\(context.text(excluded.reason)): \(whole(excluded.count))</li>"
        }
        let explained = use.excluded.reduce(0) { $0.addingReportingOverflow($1.count).partialValue }
        let unexplained = use.available.subtractingReportingOverflow(use.used).partialValue &- explained
        if unexplained > 0 { parts.append("<li>\(context.text(.unexplained, whole(unexplained)))</li>") }
        return parts.isEmpty ? "\(context.text(.nothingExcluded))" : "<ul>\(parts)</ul>"
    }

    static func whole(_ count: Int) -> String {
        (count < 0 ? NumberText.minus : "") + NumberText.grouped(String(count.magnitude))
    }

    /// What a reader must know first; set apart in a box.
    static func caveatSection(_ report: VerificationReport, _ context: inout ReportContext) -> HTML {
        guard !report.caveats.isEmpty else { return "" }
        let items = report.caveats.map { caveat -> HTML in "<li>\(context.text(caveat))</li>" }
        return """
            <aside class="caveats" id="caveats">
            <h2>\(context.text(.caveatsTitle))</h2>
            <ul>\(items)</ul>
            </aside>

            """
    }
}
