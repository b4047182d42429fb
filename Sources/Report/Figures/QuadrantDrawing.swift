import Quantities

/// F7: regions by state and trend, parted at the medians.
struct QuadrantDrawing {
    private static let (left, right, top, bottom) = (70.0, 900.0, 20.0, 480.0)

    private let chart: QuadrantChart
    private let context: ReportContext
    private let horizontal: Axis
    private let vertical: Axis
    private let points: [QuadrantChart.Point]

    private static let title = LocalizedName(english: "Regions by state and trend", chinese: "各区域状态与趋势")

    static func caption(_ chart: QuadrantChart) -> LocalizedName {
        let title = chart.title ?? Self.title
        let isSized = chart.points.contains { $0.size.isFinite }
        return LocalizedName(
            english: title.english + "; dashed: medians"
                + (isSized ? "; the area of a mark grows with the third index" : ""),
            chinese: title.chinese + "；虚线为中位数" + (isSized ? "，圆面积随第三项指数增大" : "")
        )
    }

    /// Nil with fewer than two finite points.
    init?(_ chart: QuadrantChart, context: ReportContext) {
        points = chart.points.filter { $0.x.isFinite && $0.y.isFinite }
        guard points.count > 1 else { return nil }
        func axis(_ values: [Double], _ start: Double, _ end: Double) -> Axis? {
            guard let low = values.min(), let high = values.max() else { return nil }
            let margin = 0.08 * (high - low)
            return Axis(low - margin, high + margin, start: start, end: end)
        }
        guard let horizontal = axis(points.map(\.x), Self.left, Self.right),
            let vertical = axis(points.map(\.y), Self.bottom, Self.top)
        else { return nil }
        self.chart = chart
        self.context = context
        self.horizontal = horizontal
        self.vertical = vertical
    }

    var drawing: HTML {
        let (marks, names) = marksAndNames()
        let x = horizontal(Self.median(points.map(\.x)))
        let y = vertical(Self.median(points.map(\.y)))
        return """
            <svg class="chart" viewBox="0 0 920 536" role="img" aria-label="\(context.text(chart.vertical))">
            \(PlotGrid.verticalLines(horizontal, from: Self.top, to: Self.bottom))
            \(PlotGrid.horizontalLines(vertical, from: Self.left, to: Self.right))
            <path class="diagonal" d="M\(x) \(Self.top)V\(Self.bottom)M\(Self.left) \(y)H\(Self.right)"/>
            \(marks)\(names)
            <text class="axis" x="\((Self.left + Self.right) / 2)" y="\(Self.bottom + 42)" text-anchor="middle">\
            \(context.text(chart.horizontal))</text>
            <text class="axis" x="18" y="\((Self.top + Self.bottom) / 2)" text-anchor="middle" \
            transform="rotate(-90 18 \((Self.top + Self.bottom) / 2))">\(context.text(chart.vertical))</text>
            </svg>
            """
    }

    private func marksAndNames() -> (HTML, HTML) {
        var placer = LabelPlacer(
            bounds: .init(
                x: Self.left,
                y: Self.top,
                width: Self.right - Self.left,
                height: Self.bottom - Self.top
            )
        )
        let largest = points.map(\.size).filter(\.isFinite).map(abs).max() ?? 0
        let radii = points.map { point in
            let share = largest > 0 && point.size.isFinite ? abs(point.size) / largest : 0
            return 3.5 + 8 * share.squareRoot()
        }
        var marks: HTML = ""
        for (point, radius) in zip(points, radii) {
            let (x, y) = (horizontal(point.x), vertical(point.y))
            placer.occupy(.init(x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius))
            marks += """
                <circle cx="\(x)" cy="\(y)" r="\(radius)" fill="\(Palette.posterior)" fill-opacity=".55" stroke="#fff"/>
                """
        }
        var names: HTML = ""
        for (point, radius) in zip(points, radii) {
            let text = context.text(point.name)
            let width = TextWidth.of(text, size: 11.5)
            guard
                let place = placer.place(
                    width: width,
                    height: 13,
                    x: horizontal(point.x),
                    y: vertical(point.y),
                    clearance: radius + 3
                ), !place.needsLeader
            else { continue }
            names += """
                <text class="tick" x="\(place.rectangle.x + width / 2)" y="\(place.rectangle.y + 11)" \
                text-anchor="middle">\(text)</text>
                """
        }
        return (marks, names)
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}
