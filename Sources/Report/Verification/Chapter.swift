import Quantities

/// The chapters of a report with what stands in them.
enum Chapter: String, CaseIterable {
    case scope, observations, inventory, result, trend, robustness, findings, outlook, lineage

    enum Item {
        case table(TableCode)
        case figure(FigureCode)
    }

    var items: [Item] {
        switch self {
        case .scope: [.table(.scope), .figure(.map)]
        case .observations: [.table(.observations)]
        case .inventory: [.table(.inventory), .figure(.databases)]
        case .result:
            [
                .table(.result), .figure(.bars), .table(.subRegions), .figure(.fluxes), .table(.sectors),
                .table(.facilities),
            ]
        case .trend: [.figure(.series), .table(.trend)]
        case .robustness:
            [.table(.sensitivity), .table(.fit), .figure(.observations), .table(.budget)]
        case .findings: [.table(.reasons)]
        case .outlook: [.table(.targets), .figure(.quadrant), .figure(.scenario)]
        case .lineage: [.table(.lineage)]
        }
    }

    var title: LocalizedName {
        switch self {
        case .scope: LocalizedName(english: "Scope and area", chinese: "范围与区域")
        case .observations: LocalizedName(english: "Observations", chinese: "观测")
        case .inventory: LocalizedName(english: "Bottom-up inventory", chinese: "自下而上清单")
        case .result: LocalizedName(english: "Comparison with the inventory", chinese: "与清单的比较")
        case .trend: LocalizedName(english: "Time series and trend", chinese: "时间序列与趋势")
        case .robustness:
            LocalizedName(english: "Robustness and uncertainty", chinese: "稳健性与不确定度")
        case .findings: LocalizedName(english: "Findings and action", chinese: "核查发现与处置")
        case .outlook: LocalizedName(english: "Targets and outlook", chinese: "目标与展望")
        case .lineage: LocalizedName(english: "Lineage and signatures", chinese: "溯源与签署")
        }
    }
}

extension HTMLReport {
    static func chapterSection(
        _ chapter: Chapter,
        _ tables: [ReportTable],
        _ figures: [ReportFigure],
        _ report: VerificationReport,
        _ context: inout ReportContext
    ) -> HTML {
        var body: HTML = ""
        for item in chapter.items {
            switch item {
            case .table(let code):
                for table in tables where table.code == code { body += TableMarkup(table).markup(&context) }
                body += multipleTesting(code, report, context)
                if code == .facilities { body += residualFigure(report, context) }
            case .figure(let code):
                for figure in figures where figure.code == code { body += figure.markup(context) }
            }
        }
        if chapter == .lineage { body += signaturePart(report.content.signatures, context) }
        let number = (Chapter.allCases.firstIndex(of: chapter) ?? 0) + 1
        return section(chapter.rawValue, "\(number)  \(context.text(chapter.title))", body)
    }

    private static func multipleTesting(
        _ code: TableCode,
        _ report: VerificationReport,
        _ context: ReportContext
    ) -> HTML {
        let groups = report.groups.filter { $0.role.table == code }
        return groups.map { falseDiscoveryNote($0, isNamed: groups.count > 1, context) }.joined()
    }

    /// The tables and figures with what is absent, before the chapters.
    static func contentsSection(
        _ tables: [ReportTable],
        _ figures: [ReportFigure],
        _ context: ReportContext
    ) -> HTML {
        func entry(_ label: String, _ title: LocalizedName, isAbsent: Bool) -> HTML {
            let absence: HTML =
                isAbsent ? " <small>\(context.text(TemplateText.absentShort))</small>" : ""
            let style: HTML = isAbsent ? #" class="none""# : ""
            let name = context.text(title)
            return ##"<li\##(style)><a href="#\##(label)"><b>\##(label)</b>\##(name)</a>\##(absence)</li>"##
        }
        let tableList = tables.map { entry($0.code.label, $0.code.title, isAbsent: $0.absence != nil) }
        let figureList = figures.map { entry($0.code.label, $0.code.title, isAbsent: $0.absence != nil) }
        return """
            <nav class="contents" id="contents"><h2>\(context.text(TemplateText.contents))</h2>
            <div><ul>\(tableList)</ul><ul>\(figureList)</ul></div></nav>

            """
    }

    /// What the inversion solved for, its diagnostics, further solvers, correlations, and the configuration.
    static func annexSection(_ report: VerificationReport, _ context: inout ReportContext) -> HTML {
        context.prefix = "A"
        var body: HTML = ""
        if !report.states.isEmpty { body += stateSection(report, &context) }
        if !report.diagnostics.isEmpty { body += diagnosticsSection(report, &context) }
        body += solverSection(report, &context)
        var correlations: HTML = ""
        for (index, group) in report.groups.enumerated() {
            correlations += correlationTable(group, index: index, &context)
        }
        body += correlations
        body += configurationPart(report.provenance, context)
        guard !body.isEmpty else { return "" }
        let title = context.text(report.states.isEmpty ? TemplateText.annexOfTables : TemplateText.annex)
        return #"<div class="annex" id="annex"><h2 class="part">\#(title)</h2>\#(body)</div>"#
    }
}
