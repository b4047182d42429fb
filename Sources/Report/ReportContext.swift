import Quantities

/// What a page in the making remembers: its language, the running numbers of tables and figures, and whether
/// a number was missing since the last footnote.
struct ReportContext {
    let language: Language
    private var tables = 0
    private var figures = 0
    private var hasMissingNumber = false
    private var hasUnknownDeviation = false
    private var notes: Set<LocalizedName> = []
    /// Before the running numbers, e.g. `A` in an annex.
    var prefix = ""

    init(language: Language) { self.language = language }

    /// A message with its placeholders filled.
    func text(_ message: Message, _ values: String...) -> String {
        var text = message.text[language]
        for (index, value) in values.enumerated() {
            text = text.split(separator: "{\(index)}", omittingEmptySubsequences: false).joined(
                separator: value
            )
        }
        return text
    }

    func text(_ name: LocalizedName) -> String { name[language] }

    /// Whether a note was not printed yet; it counts as printed from now on.
    mutating func isNew(_ note: LocalizedName) -> Bool { notes.insert(note).inserted }

    /// A number, or the word for its absence, which the next footnote explains.
    mutating func number(_ text: String?) -> HTML {
        if let text { return "\(text)" }
        hasMissingNumber = true
        return #"<span class="missing">\#(self.text(.notAvailable))</span>"#
    }

    /// A value with its uncertainty; the next footnote explains one that is not known.
    mutating func estimate(_ estimate: Estimate) -> HTML {
        if estimate.mean.isFinite, estimate.standardDeviation.isNaN { hasUnknownDeviation = true }
        return number(NumberText.estimate(estimate))
    }

    /// The explanation of what was missing since the last call.
    mutating func footnote() -> HTML {
        defer { (hasMissingNumber, hasUnknownDeviation) = (false, false) }
        let missing: HTML = hasMissingNumber ? #"<p class="note">\#(text(.missingNote))</p>"# : ""
        let unknown: HTML =
            hasUnknownDeviation ? #"<p class="note">\#(text(.unknownDeviationNote))</p>"# : ""
        return missing + unknown
    }

    mutating func tableCaption(_ caption: String) -> HTML {
        tables += 1
        return "<caption><b>\(text(.table, prefix + String(tables)))</b>\(caption)</caption>"
    }

    mutating func figureCaption(_ caption: String) -> HTML {
        figures += 1
        return "<figcaption><b>\(text(.figure, prefix + String(figures)))</b>\(caption)</figcaption>"
    }

    /// A heading cell for each title; those over numbers are aligned right.
    func headings(_ titles: [Message], textColumns: Int = 1, endsWithText: Bool = false) -> HTML {
        let cells = titles.enumerated().map { index, title -> HTML in
            let isText = index < textColumns || endsWithText && index == titles.count - 1
            return isText
                ? #"<th scope="col">\#(text(title))</th>"#
                : #"<th scope="col" class="n">\#(text(title))</th>"#
        }
        return "<thead><tr>\(cells)</tr></thead>"
    }

    /// A table in a box that scrolls on a narrow screen.
    func table(id: String, caption: HTML, head: HTML, rows: [HTML], style: String = "") -> HTML {
        """
        <div class="scroll"><table id="\(id)" class="\(style)">\(caption)\(head)
        <tbody>
        \(rows.joined("\n"))
        </tbody></table></div>

        """
    }
}
