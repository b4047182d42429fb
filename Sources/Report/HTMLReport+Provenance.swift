import Quantities

extension HTMLReport {
    /// Software, command, inputs with their SHA-256, environment, configuration.
    static func provenanceSection(_ provenance: Provenance, _ context: inout ReportContext) -> HTML {
        var body: HTML = """
            <dl class="scope">
            <div><dt>\(context.text(.software))</dt><dd>\(provenance.software)</dd></div>
            <div><dt>\(context.text(.command))</dt><dd><code>\(provenance.command)</code></dd></div>
            </dl>
            """
        body += inputTable(provenance, &context)
        body += environmentTable(provenance, &context)
        body += configurationPart(provenance, context)
        return section("provenance", context.text(.provenanceTitle), body)
    }

    private static func inputTable(_ provenance: Provenance, _ context: inout ReportContext) -> HTML {
        guard !provenance.inputs.isEmpty else {
            return #"<p class="absent">\#(context.text(.noInputs))</p>"#
        }
        let rows = provenance.inputs.map { input -> HTML in
            """
            <tr><td>\(context.text(input.role))</td><td>\(input.name)<small><code>\(input.sha256)</code></small></td>\
            <td>\(context.phrase(input.credit))</td></tr>
            """
        }
        let head: HTML = """
            <thead><tr><th scope="col">\(context.text(.role))</th>\
            <th scope="col">\(context.text(.file)), \(context.text(.sha256))</th>\
            <th scope="col">\(context.text(.inputCredit))</th></tr></thead>
            """
        return context.table(
            id: "table-inputs",
            caption: context.tableCaption(context.text(.inputsTable)),
            head: head,
            rows: rows,
            style: "inputs"
        )
    }

    private static func environmentTable(_ provenance: Provenance, _ context: inout ReportContext) -> HTML {
        guard !provenance.environment.isEmpty else { return "" }
        let rows = provenance.environment.map { entry -> HTML in
            #"<tr><th scope="row">\#(context.text(entry.name))</th><td>\#(context.phrase(entry.value))</td></tr>"#
        }
        return context.table(
            id: "table-environment",
            caption: context.tableCaption(context.text(.environmentTable)),
            head: "",
            rows: rows,
            style: "environment"
        )
    }
}
