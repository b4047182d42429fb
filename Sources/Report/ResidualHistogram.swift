import Quantities

/// Model minus observation of the used observations, before and after, as two histograms over one axis.
struct ResidualHistogram {
    private static let top = 40.0
    private static let bottom = 220.0
    private static let left = 64.0
    private static let right = 908.0

    private let before: [Int]
    private let after: [Int]
    private let horizontal: Axis
    private let unit: String
    private let context: ReportContext

    /// Nil where fewer than eight residuals are finite.
    init?(_ fit: [ObservationFit], unit: String, context: ReportContext) {
        let used = fit.filter(\.isUsed)
        let prior = used.map { $0.prior - $0.observed }.filter(\.isFinite)
        let posterior = used.map { $0.posterior - $0.observed }.filter(\.isFinite)
        guard min(prior.count, posterior.count) >= 8,
            let range = FitRange.quantiles(prior + posterior, cutting: 0.002)
        else { return nil }
        // About twice the cube root of n bins (Rice's rule), symmetric about zero so that a bias shows.
        let reach = max(abs(range.lower), abs(range.upper)) * 1.02
        let bins = min(60, max(12, 2 * Int(Double(prior.count).squareRoot().squareRoot() * 3)))
        guard reach > 0, reach.isFinite,
            let horizontal = Axis(-reach, reach, start: Self.left, end: Self.right)
        else { return nil }
        self.horizontal = horizontal
        self.unit = unit
        self.context = context
        before = Self.counts(prior, reach: reach, bins: bins)
        after = Self.counts(posterior, reach: reach, bins: bins)
    }

    private static func counts(_ values: [Double], reach: Double, bins: Int) -> [Int] {
        var counts = [Int](repeating: 0, count: bins)
        for value in values where abs(value) <= reach {
            counts[min(bins - 1, Int((value + reach) / (2 * reach) * Double(bins)))] += 1
        }
        return counts
    }

    var drawing: HTML {
        let most = Double(max(1, (before + after).max() ?? 1))
        guard let vertical = Axis(0, most * 1.06, start: Self.bottom, end: Self.top) else { return "" }
        return """
            <svg class="chart" viewBox="0 0 920 268" role="img" aria-label="\(context.text(.fitTitle))">
            \(legend)\(grid(vertical))
            \(steps(before, Palette.prior, vertical))
            \(steps(after, Palette.posterior, vertical))
            <path class="zero" d="M\(Self.left) \(Self.bottom)H\(Self.right)"/>
            <path class="diagonal" d="M\(horizontal(0)) \(Self.top - 6)V\(Self.bottom)"/>
            </svg>
            """
    }

    private var legend: HTML {
        var x = Self.left
        var drawn: HTML = ""
        for (message, colour) in [(Message.before, Palette.prior), (.after, Palette.posterior)] {
            let text = context.text(message)
            drawn += """
                <rect x="\(x)" y="9" width="14" height="11" fill="\(colour)" fill-opacity=".35" \
                stroke="\(colour)" stroke-width="1.5"/><text x="\(x + 21)" y="18.5">\(text)</text>
                """
            x += 21 + TextWidth.of(text, size: 12.5) + 24
        }
        return drawn
    }

    private func grid(_ vertical: Axis) -> HTML {
        var drawn: HTML = ""
        let counts = Axis.ticks(0, vertical.upper, about: 4).filter { $0 == $0.rounded() }
        for (tick, label) in zip(counts, Axis.labels(counts)) {
            drawn += """
                <path class="grid" d="M\(Self.left) \(vertical(tick))H\(Self.right)"/>\
                <text class="tick" x="\(Self.left - 8)" y="\(vertical(tick) + 4)" text-anchor="end">\
                \(label)</text>
                """
        }
        let ticks = horizontal.ticks
        for (tick, label) in zip(ticks, Axis.labels(ticks)) {
            drawn += """
                <path class="zero" d="M\(horizontal(tick)) \(Self.bottom)v5"/>\
                <text class="tick" x="\(horizontal(tick))" y="\(Self.bottom + 19)" text-anchor="middle">\
                \(label)</text>
                """
        }
        let middle = (Self.left + Self.right) / 2
        return """
            \(drawn)<text class="axis" x="\(middle)" y="\(Self.bottom + 41)" text-anchor="middle">\
            \(context.text(.residual)), \(unit)</text>
            """
    }

    private func steps(_ counts: [Int], _ colour: String, _ vertical: Axis) -> HTML {
        let step = (horizontal.end - horizontal.start) / Double(counts.count)
        var path = "M\(pixels(horizontal.start)) \(pixels(Self.bottom))"
        for (bin, count) in counts.enumerated() {
            path += "V\(pixels(vertical(Double(count))))H\(pixels(horizontal.start + Double(bin + 1) * step))"
        }
        path += "V\(pixels(Self.bottom))"
        return """
            <path d="\(path)" fill="\(colour)" fill-opacity=".28" stroke="\(colour)" stroke-width="1.6"/>
            """
    }
}
