import Geo
public import Quantities
import Transport

/// Draws what came of a footprint run as one self-contained HTML page: no script, no external resource, printable on
/// A4. The same report gives the same bytes.
public enum FootprintPage {
    /// Of all footprints.
    static let unit = "ppm / (µmol m⁻² s⁻¹)"
    /// Rows of the table; a year of hours would make a page that nobody reads.
    private static let mostRows = 500

    /// - Parameter otherLanguage: relative address of the same page in the other language, linked in the header.
    public static func render(
        _ report: FootprintReport,
        language: Language,
        otherLanguage: String? = nil
    ) -> String {
        var context = ReportContext(language: language)
        let sections: [HTML] = [
            summarySection(report, &context),
            caveatSection(report, context),
            mapSection(report, &context),
            particleSection(report, &context),
            tableSection(report, &context),
            HTMLReport.provenanceSection(report.provenance, &context),
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
        .areas path.casing{stroke:#fff;stroke-width:3;stroke-opacity:.7}
        path.area0,path.area1,path.area2{fill:none;stroke:#7a1238;stroke-width:1.7}
        path.area1{stroke-dasharray:6 3}
        path.area2{stroke-dasharray:1.5 3;stroke-width:1.9}
        .track-casing,.track-points,.particle{fill:none;stroke-linecap:round}
        .track-casing{stroke:#fff;stroke-width:8}
        .track-points{stroke:#b3123f;stroke-width:4.5}
        .particle{stroke-width:2.4;stroke-opacity:.7}
        """

    private static func header(
        _ report: FootprintReport,
        _ context: ReportContext,
        otherLanguage: String?
    ) -> HTML {
        var facts = [(context.words(.receptors), NumberText.grouped(String(report.rows.count)))]
        if let period = span(report) {
            facts.append((context.words(.receptorTime), HTMLReport.periodText(period, context)))
        }
        let terms = facts.map { name, value -> HTML in "<div><dt>\(name)</dt><dd>\(value)</dd></div>" }
        let link: HTML = otherLanguage.map { #"<a href="\#($0)">\#(context.text(.otherLanguage))</a>"# } ?? ""
        return """
            <header><div class="inner">
            <p class="kind"><span>\(context.words(.kind))</span>\(link)</p>
            <h1>\(context.text(report.title))</h1>
            <dl>\(terms)</dl>
            </div></header>
            """
    }

    private static func span(_ report: FootprintReport) -> Period? {
        guard let first = report.rows.map(\.receptor.period.start).min(),
            let last = report.rows.map(\.receptor.period.end).max()
        else { return nil }
        return Period(start: first, end: last)
    }

    private static func summarySection(_ report: FootprintReport, _ context: inout ReportContext) -> HTML {
        let sums = report.rows.map(\.sum).filter(\.isFinite).sorted()
        var lead = context.words(.leadNone)
        var facts: [(String, HTML)] = []
        if let least = sums.first, let most = sums.last {
            let middle = NumberText.significant(sums[sums.count / 2], digits: 3) ?? ""
            lead =
                sums.count == 1
                ? context.words(.leadOne, middle, unit)
                : context.words(.lead, NumberText.grouped(String(report.rows.count)), middle, unit)
            let range = [least, most].compactMap { NumberText.significant($0, digits: 3) }
            if sums.count > 1 {
                facts.append((context.words(.sumRange), "\(range.joined(separator: " – ")) \(unit)"))
            }
        }
        facts += report.facts.map { (context.text($0.name), "\(context.text($0.value))") }
        return HTMLReport.section(
            "summary",
            context.words(.summaryTitle),
            """
            <p class="lead">\(lead)</p><p>\(context.words(.explained))</p>\(SatellitePage.list(facts))
            """
        )
    }

    private static func caveatSection(_ report: FootprintReport, _ context: ReportContext) -> HTML {
        guard !report.caveats.isEmpty else { return "" }
        let items = report.caveats.map { caveat -> HTML in "<li>\(context.text(caveat))</li>" }
        return """
            <aside class="caveats"><h2>\(context.text(.caveatsTitle))</h2><ul>\(items)</ul></aside>

            """
    }

    // MARK: - Pictures

    private static func mapSection(_ report: FootprintReport, _ context: inout ReportContext) -> HTML {
        var body: HTML = ""
        var number = 0
        func add(_ field: FootprintField, _ points: [ReceptorPoint], _ caption: String) {
            number += 1
            guard let map = FootprintMap(field, points: points, regions: report.regions, number: number)
            else {
                return
            }
            body += "<figure>\(map.drawing(context))\(context.figureCaption(caption))</figure>"
        }
        if let mean = report.mean, report.rows.count > 1 {
            add(mean, places(report), context.words(.meanFigure, unit))
        }
        for (receptor, field) in report.shown {
            let time = TimeText.minute(receptor.time)
            add(field, receptor.points, context.words(.oneFigure, receptor.name, time, unit))
        }
        if body.isEmpty {
            body = #"<p class="absent">\#(context.words(.noMap))</p>"#
        } else {
            body += #"<p class="note">\#(context.words(.areaNote))</p>"#
        }
        if let credit = report.regions.map({ context.text($0.credit) }), !credit.isEmpty {
            body += #"<p class="note">\#(context.text(.credit, credit))</p>"#
        }
        return HTMLReport.section("maps", context.words(.mapsTitle), body)
    }

    /// Each place once: the hours of a year stand in the same.
    private static func places(_ report: FootprintReport) -> [ReceptorPoint] {
        var seen: Set<SIMD2<Double>> = []
        return report.rows.map(\.receptor.meanPlace).filter {
            seen.insert(SIMD2($0.longitude, $0.latitude)).inserted
        }
    }

    private static func particleSection(_ report: FootprintReport, _ context: inout ReportContext) -> HTML {
        var body: HTML = ""
        for (index, plume) in report.plumes.enumerated() {
            guard let picture = ParticlePicture(plume.particles, of: plume.receptor, number: index + 1) else {
                continue
            }
            let plan = context.figureCaption(context.words(.planFigure, plume.receptor.name))
            body += "<figure>\(picture.plan(context))\(plan)</figure>"
            let section = context.figureCaption(context.words(.sectionFigure, plume.receptor.name))
            body += "<figure>\(picture.section(context))\(section)</figure>"
        }
        guard !body.isEmpty else { return "" }
        body += #"<p class="note">\#(context.words(.dotNote))</p>"#
        return HTMLReport.section("particles", context.words(.particlesTitle), body)
    }

    // MARK: - Table

    private static func tableSection(_ report: FootprintReport, _ context: inout ReportContext) -> HTML {
        guard !report.rows.isEmpty else { return "" }
        let columns = columns(report)
        let numbers = columns.map { column -> HTML in
            #"<th scope="col" class="n">\#(context.words(column.title))</th>"#
        }
        let head: HTML = """
            <thead><tr><th scope="col">\(context.words(.receptor))</th><th scope="col">\(context.words(.time))</th>\
            <th scope="col">\(context.words(.place))</th>\(numbers)</tr></thead>
            """
        var rows: [HTML] = []
        for row in report.rows.prefix(mostRows) {
            rows.append(tableRow(row, columns, &context))
        }
        let caption = context.tableCaption(context.words(.table))
        var body = context.table(id: "table-receptors", caption: caption, head: head, rows: rows)
        let further = report.rows.count - rows.count
        if further > 0 { body += #"<p class="note">\#(context.words(.manyRows, String(further)))</p>"# }
        body += context.footnote()
        body += notes(report, columns, context)
        return HTMLReport.section("receptors", context.words(.tableTitle), body)
    }

    /// Of what the numbers are shares, and how the errors are found.
    private static func notes(_ report: FootprintReport, _ columns: [Column], _ context: ReportContext)
        -> HTML
    {
        var notes = [context.words(.tableNote, unit)]
        func has(_ titles: FootprintMessage...) -> Bool { columns.contains { titles.contains($0.title) } }
        if has(.left, .leftGrid, .outside) { notes.append(context.words(.sharesNote)) }
        if has(.missingFlux, .missingBackground) { notes.append(context.words(.missingNote)) }
        if let members = report.rows.compactMap(\.transport?.members).max() {
            notes.append(context.words(.transportNote, String(members)))
        }
        let paragraphs = notes.map { note -> HTML in #"<p class="note">\#(note)</p>"# }
        return "\(paragraphs)"
    }

    private struct Column {
        let title: FootprintMessage
        let text: (FootprintReport.Row) -> String?
    }

    /// Those that some row has.
    private static func columns(_ report: FootprintReport) -> [Column] {
        func digits(_ count: Int, _ value: @escaping (FootprintReport.Row) -> Double?) -> (
            FootprintReport.Row
        )
            -> String?
        {
            { row in value(row).flatMap { NumberText.significant($0, digits: count) } }
        }
        func percent(_ share: Double?) -> String? { share.flatMap { NumberText.percent($0) } }
        func some(_ share: Double?) -> String? { percent(share.flatMap { $0 > 0 ? $0 : nil }) }
        let always = [
            Column(title: .height, text: digits(3) { $0.receptor.meanPlace.heightMetres }),
            Column(title: .points) { "\($0.receptor.points.count)" },
            Column(title: .sum, text: digits(4) { $0.sum }),
        ]
        let optional = [
            Column(title: .transport, text: digits(2) { $0.transport?.transportDeviation }),
            Column(title: .enhancement, text: digits(4) { $0.enhancement }),
            Column(title: .enhancementError, text: digits(2) { $0.enhancementError }),
            Column(title: .background, text: digits(5) { $0.background }),
            Column(title: .missingFlux) { some($0.missingFlux) },
            Column(title: .missingBackground) { some($0.missingBackground) },
            Column(title: .left) { percent($0.shareLeft) },
            Column(title: .leftGrid) { percent($0.shareLeftGrid) },
            Column(title: .outside) { percent($0.shareOutside) },
        ]
        return always + optional.filter { column in report.rows.contains { column.text($0) != nil } }
    }

    private static func tableRow(
        _ row: FootprintReport.Row,
        _ columns: [Column],
        _ context: inout ReportContext
    ) -> HTML {
        var numbers: HTML = ""
        for column in columns { numbers += #"<td class="n">\#(context.number(column.text(row)))</td>"# }
        return """
            <tr><th scope="row">\(row.receptor.name)</th><td>\(TimeText.minute(row.receptor.time))</td>\
            <td>\(coordinates(row.receptor.meanPlace))</td>\(numbers)</tr>
            """
    }

    private static func coordinates(_ place: ReceptorPoint) -> String {
        let north =
            (NumberText.fixed(abs(place.latitude), decimals: 3) ?? "") + (place.latitude < 0 ? "°S" : "°N")
        let east =
            (NumberText.fixed(abs(place.longitude), decimals: 3) ?? "") + (place.longitude < 0 ? "°W" : "°E")
        return north + " " + east
    }
}
