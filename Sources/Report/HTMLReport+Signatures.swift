import Quantities

extension HTMLReport {
    /// The configuration as it was run, folded on screen.
    static func configurationPart(_ provenance: Provenance, _ context: ReportContext) -> HTML {
        guard !provenance.configuration.isEmpty else { return "" }
        return """
            <details class="configuration"><summary>\(context.text(.configuration))</summary>
            <pre>\(provenance.configuration)</pre></details>
            """
    }

    /// Lines to sign on; a name that is given stands on its line.
    static func signaturePart(_ signatures: [Signature], _ context: ReportContext) -> HTML {
        let lines = Signature.Role.allCases.map { role -> HTML in
            let signature = signatures.first { $0.role == role }
            return """
                <div><b>\(context.text(role.name))</b><span>\(signature?.name ?? "")</span>\
                <small>\(context.text(TemplateText.signatureName))</small></div>\
                <div class="date"><b></b><span>\(signature?.date ?? "")</span>\
                <small>\(context.text(TemplateText.signatureDate))</small></div>
                """
        }
        return """
            <h3>\(context.text(TemplateText.signatures))</h3><div class="signatures">\(lines)</div>
            """
    }
}
