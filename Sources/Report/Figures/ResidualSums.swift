import Quantities
import Verification

/// The cumulative sums of the facilities of T7, a panel for each facility and kind of observation: what was found above
/// the declared figure upwards, below it downwards, with the limits of the alarm.
struct ResidualSums {
    static let limit = 12

    private static let (width, pitch, height) = (920.0, 164.0, 104.0)
    private static let (top, left, panel) = (30.0, 40.0, 392.0)
    private static let across = 468.0

    private struct Panel {
        let title: LocalizedName
        let chart: FacilityResiduals.Chart
        let limit: Double
    }

    private let panels: [Panel]
    private let count: Int
    private let context: ReportContext

    /// Nil where no chart has two points.
    init?(_ residuals: [FacilityResiduals], context: ReportContext) {
        let all = residuals.flatMap { residuals in
            residuals.charts.filter { $0.points.count > 1 }.map { chart in
                let kind = TemplateText.kind(chart.kind)
                return Panel(
                    title: LocalizedName(
                        english: "\(residuals.facility.english), \(kind.english)",
                        chinese: "\(residuals.facility.chinese)，\(kind.chinese)"
                    ),
                    chart: chart,
                    limit: residuals.rules.sums.limit
                )
            }
        }
        guard !all.isEmpty else { return nil }
        // Those in which something lasted are drawn before the others where not all can be.
        let ordered =
            all.count > Self.limit
            ? all.filter { $0.chart.lastingDays > 0 } + all.filter { $0.chart.lastingDays == 0 } : all
        panels = Array(ordered.prefix(Self.limit))
        count = all.count
        self.context = context
    }

    static let caption = LocalizedName(
        english: """
            Cumulative sums of the residuals over time: found above declared upwards (solid), below it downwards \
            (dashed); grey dashes are the limits, a ring is the first alarm
            """,
        chinese: "残差累积和：实测高于申报向上（实线），低于申报向下（虚线）；灰色虚线为界限，圆圈为首次报警"
    )

    var note: LocalizedName? {
        guard count > panels.count else { return nil }
        return Message.barsOmitted.filled(
            LocalizedName(english: String(panels.count)),
            LocalizedName(english: String(count))
        )
    }

    var drawing: HTML {
        let rows = (panels.count + 1) / 2
        let drawn = panels.enumerated().map { index, panel in
            let (row, column) = index.quotientAndRemainder(dividingBy: 2)
            return draw(panel, x: Self.left + Double(column) * Self.across, y: Double(row) * Self.pitch)
        }
        return """
            <svg class="chart" viewBox="0 0 920 \(Double(rows) * Self.pitch)" role="img" \
            aria-label="\(context.text(TableCode.facilities.title)), CUSUM">
            \(drawn.joined("\n"))
            </svg>
            """
    }

    private func draw(_ panel: Panel, x: Double, y: Double) -> HTML {
        let points = panel.chart.points
        let (high, low) = (points.map(\.high).max() ?? 0, points.map(\.low).max() ?? 0)
        guard let first = points.first?.time, let last = points.last?.time,
            let time = Axis(0, last.seconds(since: first), start: x, end: x + Self.panel),
            let sum = Axis(
                -1.08 * max(panel.limit, low),
                1.08 * max(panel.limit, high),
                start: y + Self.top + Self.height,
                end: y + Self.top
            )
        else { return "" }
        let title = TextWidth.fitted(context.text(panel.title), width: Self.panel, size: 12.5)
        let ends: HTML = """
            <path class="diagonal" style="stroke:#8d99a4" d="M\(x) \(sum(panel.limit))H\(x + Self.panel)\
            M\(x) \(sum(-panel.limit))H\(x + Self.panel)"/>\
            <path class="zero" d="M\(x) \(sum(0))H\(x + Self.panel)"/>
            """
        // By the range: the limits would stand upon each other beside a large sum.
        let ticks = Axis.ticks(sum.lower, sum.upper, about: 4)
        let numbers = zip(ticks, Axis.labels(ticks)).map { value, text -> HTML in
            """
            <text class="tick" x="\(x - 6)" y="\(sum(value) + 4)" text-anchor="end">\(text)</text>
            """
        }
        let above = Self.path(points.map { (time($0.time.seconds(since: first)), sum($0.high)) })
        let below = Self.path(points.map { (time($0.time.seconds(since: first)), sum(-$0.low)) })
        return """
            <text class="strong" x="\(x)" y="\(y + 18)">\(title)</text>\(ends)\(numbers)\
            <path class="line" d="\(above)" stroke="\(Palette.posterior)"/>\
            <path class="line" d="\(below)" stroke="\(Palette.categories[1])" stroke-dasharray="6 3"/>\
            \(alarm(panel.chart, first, time, sum))\
            \(days(first, last, time, bottom: y + Self.top + Self.height))
            """
    }

    private static func path(_ points: [(Double, Double)]) -> HTML {
        points.enumerated().map { place, point -> HTML in
            "\(place == 0 ? "M" : "L" as HTML)\(point.0) \(point.1)"
        }.joined()
    }

    private func alarm(
        _ chart: FacilityResiduals.Chart,
        _ first: Instant,
        _ time: Axis,
        _ sum: Axis
    ) -> HTML {
        guard let alarm = chart.cumulativeAlarm,
            let point = chart.points.first(where: { $0.time == alarm.time })
        else { return "" }
        let value = alarm.signal == .high ? point.high : -point.low
        return """
            <circle cx="\(time(point.time.seconds(since: first)))" cy="\(sum(value))" r="5.5" fill="none" \
            stroke="\(Palette.truth)" stroke-width="2"/>
            """
    }

    /// Dates of the first and the last observation: panels of facilities need not cover the same time.
    private func days(_ first: Instant, _ last: Instant, _ time: Axis, bottom: Double) -> HTML {
        """
        <text class="tick" x="\(time.start)" y="\(bottom + 18)">\(TimeText.date(first))</text>\
        <text class="tick" x="\(time.end)" y="\(bottom + 18)" text-anchor="end">\(TimeText.date(last))</text>
        """
    }
}

extension HTMLReport {
    /// What the control charts of T7 look like; they are no figure of the template and stand below their table.
    static func residualFigure(_ report: VerificationReport, _ context: ReportContext) -> HTML {
        guard let sums = ResidualSums(report.content.residuals, context: context) else { return "" }
        let label = "\(context.text(TemplateText.figure)) \(TableCode.facilities.label)"
        let note: HTML = sums.note.map { #"<p class="note">\#(context.text($0))</p>"# } ?? ""
        return """
            <figure id="\(TableCode.facilities.label)-sums">\(sums.drawing)
            <figcaption><b>\(label)</b>\(context.text(ResidualSums.caption))</figcaption></figure>\(note)

            """
    }
}
