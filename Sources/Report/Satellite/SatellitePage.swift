import Geo
import Gridding
public import Quantities

/// Draws the quality of a gridded satellite product as one self-contained HTML page: no script, no external resource,
/// printable on A4. The same report gives the same bytes.
public enum SatellitePage {
    /// - Parameter otherLanguage: relative address of the same page in the other language, linked in the header.
    public static func render(
        _ report: SatelliteReport,
        language: Language,
        otherLanguage: String? = nil
    ) -> String {
        var context = ReportContext(language: language)
        let cells = SatelliteCells(report.windows)
        let sections: [HTML] = [
            summarySection(report, cells, &context),
            caveatSection(report, context),
            inputSection(report, &context),
            rejectionSection(report, &context),
            mapSection(report, cells, &context),
            distributionSection(report, cells, &context),
            regionSection(report, cells, &context),
            provenanceSection(report, context),
        ]
        return HTMLPage(
            title: context.text(report.title),
            software: report.provenance.software,
            style: style,
            header: header(report, context, otherLanguage: otherLanguage),
            sections: sections
        ).markup(context, language: language)
    }

    private static let style: HTML = """
        \(ReportStyle.sheet)
        .bars svg{vertical-align:-1px;margin-right:9px}
        .bars .track{fill:#e6ebef}.bars .bar{fill:#3c9ba6}
        .bars .lost .bar{fill:#d98a00}
        .files td small{overflow-wrap:anywhere}
        .files code{font-size:11px}
        tr.whole th,tr.whole td{border-top:1px solid var(--deep)}
        """

    private static func header(
        _ report: SatelliteReport,
        _ context: ReportContext,
        otherLanguage: String?
    ) -> HTML {
        var facts: [(String, String)] = []
        if let gas = report.windows.first?.gas { facts.append((context.text(.gas), gas.formula)) }
        if let period = span(report) {
            facts.append((context.text(.period), HTMLReport.periodText(period, context)))
        }
        facts.append((context.phrase(.soundingsUsed), NumberText.grouped(String(report.tally.used))))
        let terms = facts.map { name, value -> HTML in "<div><dt>\(name)</dt><dd>\(value)</dd></div>" }
        let link: HTML = otherLanguage.map { #"<a href="\#($0)">\#(context.text(.otherLanguage))</a>"# } ?? ""
        return """
            <header><div class="inner">
            <p class="kind"><span>\(context.phrase(.kind))</span>\(link)</p>
            <h1>\(context.text(report.title))</h1>
            <dl>\(terms)</dl>
            </div></header>
            """
    }

    /// The windows where there are some, otherwise from the first sounding to the last.
    static func span(_ report: SatelliteReport) -> Period? {
        guard let first = report.windows.first, let last = report.windows.last else { return nil }
        if let start = first.window?.start, let end = last.window?.end {
            return Period(start: start, end: end)
        }
        let start = report.windows.map(\.firstSounding).min() ?? first.firstSounding
        let end = report.windows.map(\.lastSounding).max() ?? first.lastSounding
        return start < end ? Period(start: start, end: end) : nil
    }

    private static func caveatSection(_ report: SatelliteReport, _ context: ReportContext) -> HTML {
        let caveats = report.caveats + productCaveats(report)
        guard !caveats.isEmpty else { return "" }
        let items = caveats.map { caveat -> HTML in "<li>\(context.text(caveat))</li>" }
        return """
            <aside class="caveats"><h2>\(context.text(.caveatsTitle))</h2><ul>\(items)</ul></aside>

            """
    }

    private static func productCaveats(_ report: SatelliteReport) -> [LocalizedName] {
        guard ProductShare.remark(report.products) != nil else { return [] }
        return [SatelliteMessage.severalProducts.text]
    }

    private static func provenanceSection(_ report: SatelliteReport, _ context: ReportContext) -> HTML {
        let provenance = report.provenance
        var facts: [(String, HTML)] = [
            (context.text(.software), "\(provenance.software)"),
            (context.text(.command), "<code>\(provenance.command)</code>"),
        ]
        facts += provenance.environment.map { (context.text($0.name), "\(context.text($0.value))") }
        var body = list(facts)
        if !provenance.configuration.isEmpty {
            body += """
                <details class="configuration"><summary>\(context.text(.configuration))</summary>
                <pre>\(provenance.configuration)</pre></details>
                """
        }
        return HTMLReport.section("provenance", context.text(.provenanceTitle), body)
    }

    /// Names and values beneath each other.
    static func list(_ facts: [(String, HTML)]) -> HTML {
        let rows = facts.map { name, value -> HTML in "<div><dt>\(name)</dt><dd>\(value)</dd></div>" }
        return #"<dl class="scope">\#(rows)</dl>"#
    }

    /// A share of one as a bar, with the percentage behind it.
    static func bar(_ share: Double, _ context: inout ReportContext) -> HTML {
        let width = share.isFinite ? min(1, max(0, share)) * 120 : 0
        return """
            <svg width="120" height="9" viewBox="0 0 120 9" aria-hidden="true">\
            <rect class="track" width="120" height="9"/><rect class="bar" width="\(width)" height="9"/></svg>\
            \(context.number(NumberText.percent(share)))
            """
    }
}
