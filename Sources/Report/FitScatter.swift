import Foundation
import Quantities

/// Model against observation, before and after, side by side on equal axes.
struct FitScatter {
    private static let side = 340.0
    private static let top = 44.0
    /// Above this many, shades of density say more than dots that cover each other.
    private static let dotLimit = 1500
    private static let binPixels = 4.0

    private let fit: [ObservationFit]
    private let unit: String
    private let context: ReportContext
    private let range: (lower: Double, upper: Double)
    let clipped: Int

    /// Nil where nothing is finite.
    init?(_ fit: [ObservationFit], unit: String, context: ReportContext) {
        let drawn = fit.contains(where: \.isUsed) ? fit.filter(\.isUsed) : fit
        let values = drawn.flatMap { [$0.observed, $0.prior, $0.posterior] }
        guard let range = FitRange.quantiles(values, cutting: 0.001) else { return nil }
        let margin = 0.03 * (range.upper - range.lower)
        guard Axis(range.lower - margin, range.upper + margin, start: 0, end: 1) != nil else { return nil }
        self.fit = fit
        self.unit = unit
        self.context = context
        self.range = (range.lower - margin, range.upper + margin)
        let limits = self.range
        clipped = fit.count { !($0.observed >= limits.lower && $0.observed <= limits.upper) }
    }

    /// Whether shades of density are drawn instead of dots.
    var isDensity: Bool { fit.count(where: \.isUsed) > Self.dotLimit }

    var drawing: HTML {
        let bottom = Self.top + Self.side
        return """
            <svg class="chart" viewBox="0 0 920 \(bottom + 52)" role="img" \
            aria-label="\(context.text(.fitTitle))">
            \(panel(left: 70, .before, Palette.prior) { $0.prior })
            \(panel(left: 540, .after, Palette.posterior) { $0.posterior })
            </svg>
            """
    }

    private func panel(
        left: Double,
        _ title: Message,
        _ colour: String,
        _ value: (ObservationFit) -> Double
    ) -> HTML {
        let bottom = Self.top + Self.side
        guard let x = Axis(range.lower, range.upper, start: left, end: left + Self.side),
            let y = Axis(range.lower, range.upper, start: bottom, end: Self.top)
        else { return "" }
        let used = places(x, y, isUsed: true, value)
        let unused = places(x, y, isUsed: false, value)
        let marks: HTML =
            isDensity
            ? density(used, left: left)
            : #"<path class="dot small" stroke="\#(colour)" d="\#(DotPath.path(used))"/>"#
        return """
            <text class="label strong" x="\(left)" y="\(Self.top - 26)" fill="\(colour)">\
            \(context.text(title))</text>
            <text class="axis" x="\(left)" y="\(Self.top - 8)">\(context.text(.modelled)), \(unit)</text>
            \(axes(x, y))
            <path class="dot small unused" d="\(unused.count > Self.dotLimit ? "" : DotPath.path(unused))"/>
            \(marks)
            <path class="diagonal" d="M\(left) \(bottom)L\(left + Self.side) \(Self.top)"/>
            <rect class="frame" x="\(left)" y="\(Self.top)" width="\(Self.side)" height="\(Self.side)"/>
            """
    }

    private func places(
        _ x: Axis,
        _ y: Axis,
        isUsed: Bool,
        _ value: (ObservationFit) -> Double
    ) -> [(x: Double, y: Double)] {
        fit.filter { $0.isUsed == isUsed && x.contains($0.observed) && y.contains(value($0)) }
            .map { (x($0.observed), y(value($0))) }
    }

    private func axes(_ x: Axis, _ y: Axis) -> HTML {
        let bottom = Self.top + Self.side
        let ticks = Axis.ticks(range.lower, range.upper, about: 5)
        var drawn: HTML = ""
        for (tick, label) in zip(ticks, Axis.labels(ticks)) {
            drawn += """
                <path class="grid" d="M\(x(tick)) \(Self.top)V\(bottom)M\(x.start) \(y(tick))H\(x.end)"/>\
                <text class="tick" x="\(x(tick))" y="\(bottom + 17)" text-anchor="middle">\(label)</text>\
                <text class="tick" x="\(x.start - 7)" y="\(y(tick) + 4)" text-anchor="end">\(label)</text>
                """
        }
        let middle = (x.start + x.end) / 2
        return """
            \(drawn)<text class="axis" x="\(middle)" y="\(bottom + 40)" text-anchor="middle">\
            \(context.text(.observed)), \(unit)</text>
            """
    }

    /// Counts in square bins, shaded by their logarithm.
    private func density(_ places: [(x: Double, y: Double)], left: Double) -> HTML {
        let bins = Int(Self.side / Self.binPixels)
        var counts = [Int](repeating: 0, count: bins * bins)
        for place in places {
            let column = min(bins - 1, max(0, Int((place.x - left) / Self.binPixels)))
            let row = min(bins - 1, max(0, Int((place.y - Self.top) / Self.binPixels)))
            counts[row * bins + column] += 1
        }
        let most = log(Double(max(2, counts.max() ?? 2)))
        let classes = counts.map { count -> Int in
            guard count > 0 else { return -1 }
            let darkest = Palette.classCount - 1
            return min(darkest, 6 + Int(log(Double(count)) / most * Double(darkest - 6)))
        }
        let raster = RasterPaths(classes: classes, rows: bins, columns: bins)
        return """
            <g transform="translate(\(left) \(Self.top)) scale(\(Self.binPixels))" \
            shape-rendering="crispEdges">
            \(raster.drawing(colours: Palette.sequential))
            </g>
            """
    }
}
