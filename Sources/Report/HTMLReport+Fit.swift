import Quantities

extension HTMLReport {
    /// Observations against the model before and after the inversion, drawn and in numbers.
    static func fitSection(_ report: VerificationReport, _ context: inout ReportContext) -> HTML {
        let title = context.text(.fitTitle)
        let fit = report.fit.filter { $0.observed.isFinite }
        guard !fit.isEmpty else {
            return section("fit", title, #"<p class="absent">\#(context.text(.noFit))</p>"#)
        }
        let unit = report.fitUnit
        var body: HTML = ""
        if let series = FitSeries(fit, unit: unit, context: context) {
            body += figure(series.drawing, .fitSeries, unit, &context)
            body += clippedNote(series.clipped, context)
        } else if let scatter = FitScatter(fit, unit: unit, context: context) {
            body += figure(scatter.drawing, .fitScatter, unit, &context)
            if scatter.isDensity { body += #"<p class="note">\#(context.text(.density))</p>"# }
            body += clippedNote(scatter.clipped, context)
        }
        if let histogram = ResidualHistogram(fit, unit: unit, context: context) {
            body += figure(histogram.drawing, .fitResiduals, unit, &context)
        }
        body += fitTable(fit, unit: unit, &context)
        body += context.footnote()
        return section("fit", title, body)
    }

    private static func figure(
        _ drawing: HTML,
        _ caption: Message,
        _ unit: String,
        _ context: inout ReportContext
    ) -> HTML {
        "<figure>\(drawing)\(context.figureCaption(context.text(caption, unit)))</figure>"
    }

    private static func clippedNote(_ count: Int, _ context: ReportContext) -> HTML {
        count > 0 ? #"<p class="note">\#(context.text(.clipped, whole(count)))</p>"# : ""
    }

    private static func fitTable(
        _ fit: [ObservationFit],
        unit: String,
        _ context: inout ReportContext
    ) -> HTML {
        let before = FitStatistics(of: fit) { $0.prior }
        let after = FitStatistics(of: fit) { $0.posterior }
        func row(_ message: Message, _ unit: String, _ value: (FitStatistics) -> String?) -> HTML {
            let name = context.text(message)
            let cells: [HTML] = [before, after].map { statistics in
                #"<td class="n">\#(context.number(value(statistics)))</td>"#
            }
            let suffix: HTML = unit.isEmpty ? "" : #" <span class="unit">\#(unit)</span>"#
            return #"<tr><th scope="row">\#(name)\#(suffix)</th>\#(cells)</tr>"#
        }
        let rows = [
            row(.count, "") { whole($0.count) },
            row(.bias, unit) { NumberText.significant($0.bias, digits: 3) },
            row(.rootMeanSquare, unit) { NumberText.significant($0.rootMeanSquareError, digits: 3) },
            row(.correlation, "") { NumberText.fixed($0.correlation, decimals: 3) },
            row(.chiSquare, "") { NumberText.significant($0.chiSquarePerObservation, digits: 3) },
        ]
        let used = whole(fit.count { $0.isUsed })
        let table = context.table(
            id: "table-fit",
            caption: context.tableCaption(context.text(.fitTable, used)),
            head: context.headings([.statistic, .before, .after]),
            rows: rows,
            style: "fit"
        )
        return #"\#(table)<p class="note">\#(context.text(.chiSquareNote))</p>"#
    }
}
