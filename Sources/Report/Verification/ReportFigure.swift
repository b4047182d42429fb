import Quantities

/// A figure of the template: one or several drawings, or the reason why there is none.
struct ReportFigure {
    struct Part {
        let drawing: HTML
        let caption: LocalizedName
        var note: LocalizedName?
    }

    let code: FigureCode
    let parts: [Part]
    let absence: LocalizedName?

    init(_ code: FigureCode, _ parts: [Part], absentBecause reason: LocalizedName) {
        self.code = code
        self.parts = parts
        absence = parts.isEmpty ? reason : nil
    }

    func markup(_ context: ReportContext) -> HTML {
        let label = "\(context.text(TemplateText.figure)) \(code.label)"
        if let absence {
            return """
                <p class="absent" id="\(code.label)"><b>\(label) \(context.text(code.title)).</b> \
                \(context.text(TemplateText.absent)) \(context.text(absence))</p>

                """
        }
        let letters = Array("abcdefghijklmnopqrstuvwxyz")
        return parts.enumerated().map { index, part -> HTML in
            let letter = parts.count > 1 && index < letters.count ? String(letters[index]) : ""
            let id: HTML = index == 0 ? #" id="\#(code.label)""# : ""
            let note: HTML = part.note.map { #"<p class="note">\#(context.text($0))</p>"# } ?? ""
            return """
                <figure\(id)>\(part.drawing)
                <figcaption><b>\(label)\(letter)</b>\(context.text(part.caption))</figcaption></figure>\(note)

                """
        }.joined()
    }
}

extension VerificationReport {
    /// F1 to F8 as far as their presence is concerned; the words of the drawings are English.
    var figures: [ReportFigure] { figures(ReportContext(language: .english)) }

    func figures(_ context: ReportContext) -> [ReportFigure] {
        FigureCode.allCases.map { code in
            ReportFigure(code, parts(code, context), absentBecause: absence(code))
        }
    }

    private func parts(_ code: FigureCode, _ context: ReportContext) -> [ReportFigure.Part] {
        switch code {
        case .map: mapParts(context)
        case .series: seriesParts(context)
        case .fluxes: fluxParts(context)
        case .bars: barParts(context)
        case .observations: observationParts(context)
        case .databases: databaseParts(context)
        case .quadrant: quadrantParts(context)
        case .scenario: scenarioParts(context)
        }
    }
}
