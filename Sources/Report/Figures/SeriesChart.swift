import Quantities

/// F2: yearly emissions as lines with bands of 95 %; estimates from the air as points with whiskers beside them.
struct SeriesChart {
    private static let width = 920.0
    private static let (left, top, bottom) = (76.0, 44.0, 318.0)

    private let series: [EmissionSeries]
    private let context: ReportContext
    private let horizontal: Axis
    private let vertical: Axis
    private let legendRows: LegendRows
    /// Of the plot, below the legend.
    private let top: Double
    private let bottom: Double

    /// Nil with no finite value.
    init?(_ series: [EmissionSeries], context: ReportContext) {
        let points = series.flatMap(\.points).filter { $0.value.mean.isFinite }
        guard let first = points.map(\.year).min(), let last = points.map(\.year).max() else { return nil }
        let legendRows = LegendRows(
            series.map { context.text($0.name) },
            from: Self.left,
            to: Self.width,
            symbol: 30
        )
        let (top, bottom) = (Self.top + legendRows.furtherHeight, Self.bottom + legendRows.furtherHeight)
        let ends = points.flatMap { Self.reach($0.value) }
        guard let low = ends.min(), let high = ends.max(),
            let horizontal = Axis(
                Double(first) - 0.5,
                Double(last) + 0.5,
                start: Self.left,
                end: Self.width - 20
            ),
            let vertical = Axis(
                min(0, low),
                max(high * 1.05, low < 0 ? 0 : high * 1.05),
                start: bottom,
                end: top
            )
        else { return nil }
        self.series = series
        self.context = context
        self.horizontal = horizontal
        self.vertical = vertical
        self.legendRows = legendRows
        (self.top, self.bottom) = (top, bottom)
    }

    static func caption(_ region: LocalizedName, _ series: [EmissionSeries]) -> LocalizedName {
        let unit = series.first?.unit ?? ""
        let hasBand = series.contains { $0.points.contains { $0.value.standardDeviation > 0 } }
        let english = hasBand ? "; bands and whiskers: 95 %" : "; the databases state no uncertainty by year"
        let chinese = hasBand ? "；色带与误差棒为 95 % 区间" : "；数据库未给出逐年不确定度"
        return LocalizedName(
            english: "Emissions of \(region.english) by year, \(unit.english)\(english)",
            chinese: "\(region.chinese)逐年排放量（\(unit.chinese)）\(chinese)"
        )
    }

    /// Said where some years have a band or whisker and others do not.
    static func note(_ series: [EmissionSeries]) -> LocalizedName? {
        let deviations = series.flatMap(\.points).filter { $0.value.mean.isFinite }
            .map(\.value.standardDeviation)
        guard deviations.contains(where: { $0 > 0 }), !deviations.allSatisfy({ $0 > 0 }) else { return nil }
        return LocalizedName(
            english: "A year without a band or whisker has no known uncertainty: it is not certain.",
            chinese: "无色带或误差棒的年份不确定度未知，并不代表确定的数值。"
        )
    }

    private static func reach(_ estimate: Estimate) -> [Double] {
        estimate.standardDeviation > 0 && estimate.standardDeviation.isFinite
            ? [estimate.lower95, estimate.upper95] : [estimate.mean]
    }

    var drawing: HTML {
        let lines = series.enumerated().map { index, series in
            series.kind == .topDown ? marks(series, category(index)) : line(series, category(index))
        }
        let unit = series.first.map { context.text($0.unit) } ?? ""
        return """
            <svg class="chart" viewBox="0 0 920 \(bottom + 34)" role="img" aria-label="\(unit)">
            \(PlotGrid.horizontalLines(vertical, from: Self.left, to: Self.width - 20))
            \(PlotGrid.years(horizontal, bottom: bottom))
            <text class="axis" x="\(Self.left)" y="\(top - 10)">\(unit)</text>
            \(lines.joined("\n"))
            \(legend)
            </svg>
            """
    }

    /// Those from below and those from the air are counted apart: neither takes the colour of the other.
    private func category(_ index: Int) -> Category {
        let isTopDown = series[index].kind == .topDown
        let place = series[..<index].count { ($0.kind == .topDown) == isTopDown }
        return isTopDown ? .topDown(place) : .bottomUp(place)
    }

    private typealias Point = (year: Int, value: Estimate)

    /// A line ends at a year without a figure: to draw through it would state one. Series of every fifth year are
    /// whole, so that a gap is what is wider than the least step between two years.
    private static func runs(_ points: [Point], step: Int) -> [[Point]] {
        points.reduce(into: []) { runs, point in
            if let last = runs.last?.last, point.year - last.year <= step {
                runs[runs.count - 1].append(point)
            } else {
                runs.append([point])
            }
        }
    }

    private func line(_ series: EmissionSeries, _ category: Category) -> HTML {
        let points = series.points.filter { $0.value.mean.isFinite }
        let step = zip(points.dropFirst(), points).map { $0.0.year - $0.1.year }.min() ?? 1
        let colour = category.colour
        let runs = Self.runs(points, step: step)
        let path = runs.map { polyline($0.map { (Double($0.year), $0.value.mean) }) }
        let bands = Self.runs(points.filter { $0.value.standardDeviation > 0 }, step: step).map(ring)
        let band: HTML =
            bands.isEmpty ? "" : #"<path d="\#(bands.joined())" fill="\#(colour)" fill-opacity=".16"/>"#
        let dots = runs.filter { $0.count == 1 }.compactMap(\.first).map { point -> HTML in
            let (x, y) = (horizontal(Double(point.year)), vertical(point.value.mean))
            return #"<circle cx="\#(x)" cy="\#(y)" r="4" fill="\#(colour)"/>"#
        }
        let stroke: HTML = #"stroke="\#(colour)" stroke-dasharray="\#(category.dash)""#
        return #"\#(band)<path class="line" d="\#(path.joined())" \#(stroke)/>\#(dots.joined())"#
    }

    private func polyline(_ points: [(year: Double, value: Double)]) -> HTML {
        points.enumerated().map { place, point -> HTML in
            "\(place == 0 ? "M" : "L" as HTML)\(horizontal(point.year)) \(vertical(point.value))"
        }.joined()
    }

    /// The band of successive years; of a year on its own a bar, which an outline without width would not show.
    private func ring(_ points: [Point]) -> HTML {
        let reach = points.count == 1 ? [-0.1, 0.1] : [0]
        let upper = points.flatMap { point in
            reach.map { (Double(point.year) + $0, point.value.upper95) }
        }
        let lower = points.reversed().flatMap { point in
            reach.reversed().map { (Double(point.year) + $0, point.value.lower95) }
        }
        return "\(polyline(upper + lower))Z"
    }

    private func marks(_ series: EmissionSeries, _ category: Category) -> HTML {
        series.points.filter { $0.value.mean.isFinite }.map { point -> HTML in
            let x = horizontal(Double(point.year) + 0.12)
            let y = vertical(point.value.mean)
            let sigma = point.value.standardDeviation
            let whisker: HTML =
                sigma > 0
                ? """
                <path class="whisker" d="M\(x) \(vertical(point.value.lower95))V\(vertical(point.value.upper95))\
                m-4 0h8M\(x - 4) \(vertical(point.value.lower95))h8"/>
                """ : ""
            return "\(whisker)\(CategoryMark.drawing(category, x: x, y: y))"
        }.joined()
    }

    private var legend: HTML {
        zip(legendRows.places, legendRows.names).enumerated().map { index, entry -> HTML in
            let (place, name) = entry
            let category = category(index)
            let symbol: HTML =
                series[index].kind == .topDown
                ? CategoryMark.drawing(category, x: place.x + 12, y: 12 + place.y)
                : """
                <path class="line" d="M\(place.x) \(12 + place.y)h24" stroke="\(category.colour)" \
                stroke-dasharray="\(category.dash)"/>
                """
            return #"\#(symbol)<text x="\#(place.x + 30)" y="\#(16.5 + place.y)">\#(name)</text>"#
        }.joined()
    }
}

/// Lines behind a plot.
enum PlotGrid {
    static func horizontalLines(_ axis: Axis, from left: Double, to right: Double) -> HTML {
        let ticks = axis.ticks
        return zip(ticks, Axis.labels(ticks)).map { tick, label -> HTML in
            let style = tick == 0 ? "zero" : "grid"
            return """
                <path class="\(style)" d="M\(left) \(axis(tick))H\(right)"/>\
                <text class="tick" x="\(left - 8)" y="\(axis(tick) + 4)" text-anchor="end">\(label)</text>
                """
        }.joined("\n")
    }

    static func verticalLines(_ axis: Axis, from top: Double, to bottom: Double) -> HTML {
        let ticks = axis.ticks
        return zip(ticks, Axis.labels(ticks)).map { tick, label -> HTML in
            let style = tick == 0 ? "zero" : "grid"
            return """
                <path class="\(style)" d="M\(axis(tick)) \(top)V\(bottom)"/>\
                <text class="tick" x="\(axis(tick))" y="\(bottom + 17)" text-anchor="middle">\(label)</text>
                """
        }.joined("\n")
    }

    /// Whole years below a plot, at most about fourteen.
    static func years(_ axis: Axis, bottom: Double) -> HTML {
        guard let first = Int(exactly: (axis.lower).rounded(.up)),
            let last = Int(exactly: axis.upper.rounded(.down)),
            first <= last
        else { return "" }
        let step = [1, 2, 5, 10, 20, 50].first { (last - first) / $0 <= 14 } ?? 100
        return (first...last).filter { $0 % step == 0 }.map { year -> HTML in
            let x = axis(Double(year))
            return """
                <path class="zero" d="M\(x) \(bottom)v5"/>\
                <text class="tick" x="\(x)" y="\(bottom + 19)" text-anchor="middle">\(year)</text>
                """
        }.joined("\n")
    }
}
