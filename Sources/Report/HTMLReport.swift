public import Quantities

/// Draws a verification report as one self-contained HTML page after the template of agencies: tables T1 to T14 and
/// figures F1 to F8, each there or named as absent. No script, no external resource, printable on A4; numbers lead to
/// the rows of the CSV files beside the page. The same report gives the same bytes.
public enum HTMLReport {
    /// - Parameters:
    ///   - report: numbers that are not finite are printed as missing, with the reason.
    ///   - otherLanguage: relative address of the same report in the other language, linked in the header.
    public static func render(
        _ report: VerificationReport,
        language: Language,
        otherLanguage: String? = nil
    ) -> String {
        var context = ReportContext(language: language)
        let tables = report.tables
        let figures = report.figures(context)
        var sections: [HTML] = [
            headlineSection(report, &context),
            caveatSection(report, &context),
            contentsSection(tables, figures, context),
        ]
        for chapter in Chapter.allCases {
            sections.append(chapterSection(chapter, tables, figures, report, &context))
        }
        sections.append(annexSection(report, &context))
        return HTMLPage(
            title: context.text(report.title),
            software: report.provenance.software,
            header: header(report, context, otherLanguage: otherLanguage),
            sections: sections,
            footer: .generatedWithLineage
        ).markup(context, language: language)
    }

    private static func header(
        _ report: VerificationReport,
        _ context: ReportContext,
        otherLanguage: String?
    ) -> HTML {
        var facts: [(Message, String)] = []
        if let region = report.region { facts.append((.region, context.text(region))) }
        if let gas = report.gas { facts.append((.gas, gas.formula)) }
        if let period = report.period { facts.append((.period, periodText(period, context))) }
        let terms = facts.map { name, value -> HTML in
            "<div><dt>\(context.text(name))</dt><dd>\(value)</dd></div>"
        }
        let link: HTML = otherLanguage.map { #"<a href="\#($0)">\#(context.text(.otherLanguage))</a>"# } ?? ""
        return """
            <header><div class="inner">
            <p class="kind"><span>\(context.text(.kind))</span>\(link)</p>
            <h1>\(context.text(report.title))</h1>
            <dl>\(terms)</dl>
            </div></header>
            """
    }

    /// Whole days as dates, the last one included; otherwise times to the minute.
    static func periodText(_ period: Period, _ context: ReportContext) -> String {
        let day: Int64 = 86_400_000_000
        let isWholeDays =
            period.start.microseconds % day == 0 && period.end.microseconds % day == 0
            && period.start < period.end
        guard isWholeDays else {
            let from = TimeText.minute(period.start)
            let to = TimeText.minute(period.end)
            return from == to ? "\(from) UTC" : "\(from) \(context.text(.to)) \(to) UTC"
        }
        let first = TimeText.date(period.start)
        let last = TimeText.date(Instant(microseconds: period.end.microseconds - day))
        return first == last ? first : "\(first) \(context.text(.to)) \(last)"
    }

    /// A titled part of the page.
    static func section(_ id: String, _ title: String, _ body: HTML) -> HTML {
        """
        <section id="\(id)">
        <h2>\(title)</h2>
        \(body)
        </section>

        """
    }
}

/// Moments as people read them, UTC.
enum TimeText {
    static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
    static func date(_ moment: Instant) -> String {
        let fields = moment.civil
        return "\(fields.year)-\(two(fields.month))-\(two(fields.day))"
    }
    static func clock(_ moment: Instant) -> String {
        let fields = moment.civil
        return "\(two(fields.hour)):\(two(fields.minute))"
    }
    static func minute(_ moment: Instant) -> String { "\(date(moment)) \(clock(moment))" }
}
