import Geo
import Gridding
import Observations
import Quantities

extension SatellitePage {
    /// The result in a sentence and what it was made of.
    static func summarySection(
        _ report: SatelliteReport,
        _ cells: SatelliteCells,
        _ context: inout ReportContext
    ) -> HTML {
        let title = context.phrase(.summaryTitle)
        guard let columns = report.windows.first else {
            let read = NumberText.grouped(String(report.tally.read))
            let lead: HTML = #"<p class="lead">\#(context.phrase(.leadEmpty, read))</p>"#
            return HTMLReport.section("summary", title, lead)
        }
        let whole = RegionCoverage(SatelliteMessage.wholeGrid.text, cells, on: columns.grid)
        let numbers = [report.tally.read, report.tally.used, whole.filled, whole.cells]
            .map { NumberText.grouped(String($0)) }
        let share = NumberText.percent(whole.share) ?? ""
        let lead = context.phrase(.lead, numbers[0], numbers[1], numbers[2], numbers[3], share)
        return HTMLReport.section(
            "summary",
            title,
            #"<p class="lead">\#(lead)</p>\#(list(facts(report, columns, cells, context)))"#
        )
    }

    private static func facts(
        _ report: SatelliteReport,
        _ columns: GriddedColumns,
        _ cells: SatelliteCells,
        _ context: ReportContext
    ) -> [(String, HTML)] {
        let grid = columns.grid
        let isProjected = grid.projected != nil
        let size = [grid.plane.across.step, grid.plane.along.step].map {
            NumberText.significant(isProjected ? $0 / 1000 : $0, digits: 3) ?? ""
        }
        let shape = context.phrase(
            isProjected ? .projectedCellSize : .cellSize,
            "\(grid.columns)",
            "\(grid.rows)",
            size[0],
            size[1],
            grid.projected?.projection.title ?? ""
        )
        let error = median(cells.standardErrors).flatMap { NumberText.significant($0, digits: 3) } ?? ""
        let count = median(cells.counts.map(Double.init)).flatMap { NumberText.significant($0) } ?? ""
        let texts: [(SatelliteMessage, String)] = [
            (.products, products(report, context)),
            (.platforms, Set(report.windows.flatMap(\.platforms)).sorted().joined(separator: ", ")),
            (.builds, Set(report.windows.flatMap(\.builds)).sorted().joined(separator: ", ")),
            (
                .scale,
                columns.scale == .unstated ? context.phrase(.unstatedScale) : columns.scale.rawValue
            ),
            (.grid, shape),
            (.method, context.text(columns.plan.method.name)),
            (.weighting, context.text(columns.weighting.name)),
            (.window, context.text(columns.plan.window.name)),
            (.medianError, "\(error) ppm"),
            (.medianCount, count),
        ]
        return texts.filter { !$0.1.isEmpty }.map { (context.phrase($0.0), "\($0.1)") }
    }

    private static func products(_ report: SatelliteReport, _ context: ReportContext) -> String {
        guard !report.products.isEmpty else {
            return Set(report.windows.flatMap(\.products)).sorted().joined(separator: "; ")
        }
        return report.products.map {
            context.phrase(.productShare, $0.product, NumberText.grouped(String($0.soundings)))
        }.joined(separator: context.language == .chinese ? "；" : "; ")
    }

    static func median(_ values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }

    /// The files and the windows.
    static func inputSection(_ report: SatelliteReport, _ context: inout ReportContext) -> HTML {
        var body: HTML = ""
        if report.files.isEmpty {
            body = #"<p class="absent">\#(context.phrase(.noFiles))</p>"#
        } else {
            let table = fileTable(report, &context)
            let count = NumberText.grouped(String(report.files.count))
            // A year of daily files would push what they say off the first pages.
            body =
                report.files.count <= 24
                ? table : "<details><summary>\(context.phrase(.manyFiles, count))</summary>\(table)</details>"
        }
        if !report.windows.isEmpty { body += windowTable(report, &context) }
        return HTMLReport.section("inputs", context.phrase(.filesTitle), "\(body)\(context.footnote())")
    }

    private static func fileTable(_ report: SatelliteReport, _ context: inout ReportContext) -> HTML {
        let isCounted = report.files.contains { $0.tally != nil }
        let namesProducts = report.files.contains { !$0.product.isEmpty }
        var rows: [HTML] = []
        for file in report.files {
            var numbers: HTML = ""
            if isCounted {
                let read = context.number(file.tally.map { NumberText.grouped(String($0.read)) })
                let used = context.number(file.tally.map { NumberText.grouped(String($0.used)) })
                numbers = #"<td class="n">\#(read)</td><td class="n">\#(used)</td>"#
            }
            rows.append(
                """
                <tr><td>\(file.name)<small><code>\(file.sha256)</code></small></td>\
                \(namesProducts ? "<td>\(file.product)</td>" : "" as HTML)\(numbers)</tr>
                """
            )
        }
        let counted: [SatelliteMessage] = isCounted ? [.read, .used] : []
        return context.table(
            id: "table-files",
            caption: context.tableCaption(context.phrase(.filesTable)),
            head: headings(
                [.file] + (namesProducts ? [.product] : []) + counted,
                textColumns: namesProducts ? 2 : 1,
                context
            ),
            rows: rows,
            style: "files"
        )
    }

    private static func windowTable(_ report: SatelliteReport, _ context: inout ReportContext) -> HTML {
        var rows: [HTML] = []
        for window in report.windows {
            let (first, last) = (TimeText.minute(window.firstSounding), TimeText.minute(window.lastSounding))
            let times =
                window.window.map { HTMLReport.periodText($0, context) }
                ?? "\(first) \(context.text(.to)) \(last)"
            let soundings = NumberText.grouped(String(window.counts.reduce(0, +)))
            let mean = context.number(NumberText.estimate(window.areaMean))
            rows.append(
                """
                <tr><th scope="row">\(times)</th><td class="n">\(soundings)</td>\
                <td class="n">\(NumberText.grouped(String(window.cells.count)))</td><td class="n">\(mean)</td></tr>
                """
            )
        }
        return context.table(
            id: "table-windows",
            caption: context.tableCaption(context.phrase(.windowsTable)),
            head: headings([.windowColumn, .soundings, .cells, .meanColumn], textColumns: 1, context),
            rows: rows
        )
    }

    static func headings(
        _ titles: [SatelliteMessage],
        textColumns: Int,
        _ context: ReportContext
    ) -> HTML {
        let cells = titles.enumerated().map { index, title -> HTML in
            index < textColumns
                ? #"<th scope="col">\#(context.phrase(title))</th>"#
                : #"<th scope="col" class="n">\#(context.phrase(title))</th>"#
        }
        return "<thead><tr>\(cells)</tr></thead>"
    }

    /// Why soundings were left out.
    static func rejectionSection(_ report: SatelliteReport, _ context: inout ReportContext) -> HTML {
        let title = context.phrase(.rejectionTitle)
        let tally = report.tally
        let reasons = tally.rejected.filter { $0.value > 0 }
            .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        var note: HTML = ""
        if tally.reordered > 0 {
            let count = NumberText.grouped(String(tally.reordered))
            note = #"<p class="note">\#(context.phrase(.reordered, count))</p>"#
        }
        guard !reasons.isEmpty else {
            let none: HTML = #"<p class="absent">\#(context.phrase(.nothingRejected))</p>"#
            return HTMLReport.section("rejections", title, "\(none)\(note)")
        }
        var rows: [HTML] = []
        for (reason, count) in reasons {
            rows.append(
                """
                <tr class="lost"><th scope="row">\(context.text(reason.name))</th>\
                <td class="n">\(NumberText.grouped(String(count)))</td>\
                <td>\(bar(Double(count) / Double(max(1, tally.read)), &context))</td></tr>
                """
            )
        }
        let head: HTML = """
            <thead><tr><th scope="col">\(context.phrase(.reason))</th>\
            <th scope="col" class="n">\(context.phrase(.count))</th>\
            <th scope="col">\(context.phrase(.share))</th></tr></thead>
            """
        let table = context.table(
            id: "table-rejections",
            caption: context.tableCaption(context.phrase(.rejectionTable)),
            head: head,
            rows: rows,
            style: "bars"
        )
        return HTMLReport.section("rejections", title, "\(table)\(note)\(context.footnote())")
    }
}

extension FootprintMethod {
    fileprivate var name: LocalizedName {
        switch self {
        case .centre:
            LocalizedName(
                english: "Centre: a sounding counts in the cell of its centre",
                chinese: "中心点：观测计入其中心所在网格"
            )
        case .polygon:
            LocalizedName(english: "Polygon: exact overlap of the footprint", chinese: "多边形：按足迹与网格的精确重叠")
        case .response:
            LocalizedName(english: "Response: the field of view of the instrument", chinese: "响应函数：按仪器视场响应")
        }
    }
}

extension SoundingWeighting {
    fileprivate var name: LocalizedName {
        switch self {
        case .inverseVariance: LocalizedName(english: "1 / variance of the sounding", chinese: "按观测方差的倒数")
        case .equal: LocalizedName(english: "Equal", chinese: "等权")
        case .area: LocalizedName(english: "Covered area", chinese: "按覆盖面积")
        case .areaAndPrecision:
            LocalizedName(english: "Covered area / variance of the sounding", chinese: "覆盖面积除以观测方差")
        }
    }
}

extension TimeWindow {
    fileprivate var name: LocalizedName {
        switch self {
        case .day: LocalizedName(english: "Day", chinese: "日")
        case .eightDays: LocalizedName(english: "Eight days", chinese: "8 天")
        case .month: LocalizedName(english: "Month", chinese: "月")
        case .season: LocalizedName(english: "Season", chinese: "季")
        case .year: LocalizedName(english: "Year", chinese: "年")
        case .all: SatelliteMessage.wholeTime.text
        }
    }
}
