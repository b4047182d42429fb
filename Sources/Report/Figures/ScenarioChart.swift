import Quantities

/// F8: quantiles of emissions to come as a fan, and the probability of each year to be that of the peak.
struct ScenarioChart {
    private static let width = 920.0
    private static let (left, top, bottom) = (76.0, 34.0, 290.0)
    private static let (histogramTop, histogramBottom) = (346.0, 430.0)

    private let scenario: ScenarioFan
    private let context: ReportContext
    private let years: [ScenarioFan.Year]
    private let horizontal: Axis
    private let vertical: Axis

    /// Nil without two years of five finite quantiles each.
    init?(_ scenario: ScenarioFan, context: ReportContext) {
        years = scenario.years.filter { $0.quantiles.count == 5 && $0.quantiles.allSatisfy(\.isFinite) }
        let values = years.flatMap(\.quantiles)
        guard years.count > 1, let first = years.first?.year, let last = years.last?.year, first < last,
            let low = values.min(), let high = values.max(),
            let horizontal = Axis(
                Double(first) - 0.5,
                Double(last) + 0.5,
                start: Self.left,
                end: Self.width - 20
            ),
            let vertical = Axis(min(0, low), high * 1.05, start: Self.bottom, end: Self.top)
        else { return nil }
        self.scenario = scenario
        self.context = context
        self.horizontal = horizontal
        self.vertical = vertical
    }

    static func caption(_ scenario: ScenarioFan) -> LocalizedName {
        LocalizedName(
            english: """
                \(scenario.name.english), \(scenario.unit.english): median, 50 % and 90 % of the draws; below, the \
                probability of each year to hold the peak. Quantiles as given.
                """,
            chinese:
                "\(scenario.name.chinese)（\(scenario.unit.chinese)）：中位数及 50 %、90 % 区间；下图为各年达峰概率。分位数按给定值绘制。"
        )
    }

    var drawing: HTML {
        """
        <svg class="chart" viewBox="0 0 920 462" role="img" aria-label="\(context.text(scenario.name))">
        \(PlotGrid.horizontalLines(vertical, from: Self.left, to: Self.width - 20))
        \(PlotGrid.years(horizontal, bottom: Self.bottom))
        <text class="axis" x="\(Self.left)" y="\(Self.top - 12)">\(context.text(scenario.unit))</text>
        \(band(0, 4, opacity: ".18"))\(band(1, 3, opacity: ".3"))
        <path class="line" d="\(path(2))" stroke="\(Palette.posterior)"/>
        \(histogram)
        </svg>
        """
    }

    private func path(_ quantile: Int) -> HTML {
        years.enumerated().map { place, year -> HTML in
            let start: HTML = place == 0 ? "M" : "L"
            return "\(start)\(horizontal(Double(year.year))) \(vertical(year.quantiles[quantile]))"
        }.joined()
    }

    private func band(_ low: Int, _ high: Int, opacity: String) -> HTML {
        let back = years.reversed().map { year -> HTML in
            "L\(horizontal(Double(year.year))) \(vertical(year.quantiles[low]))"
        }
        return #"<path d="\#(path(high))\#(back)Z" fill="\#(Palette.posterior)" fill-opacity="\#(opacity)"/>"#
    }

    private var histogram: HTML {
        let peaks = scenario.peakYears.filter {
            $0.probability.isFinite && horizontal.contains(Double($0.year))
        }
        guard let highest = peaks.map(\.probability).max(), highest > 0,
            let axis = Axis(0, highest, start: Self.histogramBottom, end: Self.histogramTop)
        else { return "" }
        let bar = max(2, (horizontal(1) - horizontal(0)) * 0.7)
        let bars = peaks.map { peak -> HTML in
            let y = axis(peak.probability)
            return """
                <rect x="\(horizontal(Double(peak.year)) - bar / 2)" y="\(y)" width="\(bar)" \
                height="\(Self.histogramBottom - y)" fill="\(Palette.prior)"/>
                """
        }
        let title = context.text(LocalizedName(english: "P(peak year)", chinese: "达峰年份概率"))
        return """
            <text class="axis" x="\(Self.left)" y="\(Self.histogramTop - 12)">\(title)</text>
            \(PlotGrid.horizontalLines(axis, from: Self.left, to: Self.width - 20))
            \(bars.joined("\n"))\(PlotGrid.years(horizontal, bottom: Self.histogramBottom))
            """
    }
}
