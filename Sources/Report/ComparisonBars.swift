import Quantities
import Verification

/// Horizontal bars of inventory, prior and posterior with whiskers of 95 %, one block for each comparison.
struct ComparisonBars {
    /// Comparisons drawn.
    static let limit = 40

    private static let width = 920.0
    private static let labelWidth = 190.0
    private static let valueWidth = 130.0
    private static let barHeight = 11.0
    private static let barPitch = 15.0
    private static let blockGap = 16.0
    private static let top = 38.0

    private let comparisons: ArraySlice<Comparison>
    private let unit: String
    private let context: ReportContext
    private let axis: Axis

    /// Nil where no number is finite.
    init?(group: ComparisonGroup, context: ReportContext) {
        comparisons = group.comparisons.prefix(Self.limit)
        unit = HTMLReport.unitText(group, context)
        self.context = context
        guard let range = Self.range(comparisons),
            let axis = Axis(
                range.lower,
                range.upper,
                start: Self.labelWidth,
                end: Self.width - Self.valueWidth
            )
        else { return nil }
        self.axis = axis
    }

    /// Zero, all means and truths, and the intervals as far as three times the largest mean: a hopeless
    /// interval shall not press the bars flat.
    private static func range(_ comparisons: ArraySlice<Comparison>) -> (lower: Double, upper: Double)? {
        let estimates = comparisons.flatMap { [$0.inventory, $0.prior, $0.posterior] }
        let values = (estimates.map(\.mean) + comparisons.compactMap(\.truth)).filter(\.isFinite)
        guard let largest = values.map(abs).max() else { return nil }
        let reach = largest > 0 ? 3 * largest : .infinity
        let ends = estimates.flatMap { [$0.lower95, $0.upper95] }.filter(\.isFinite)
            .map { min(reach, max(-reach, $0)) }
        let lower = min(0, (values + ends).min() ?? 0)
        let upper = max(0, (values + ends).max() ?? 0)
        let margin = 0.03 * (upper - lower)
        return (lower < 0 ? lower - margin : 0, upper > 0 ? upper + margin : 0)
    }

    /// Whether some bar stands without a whisker.
    var lacksDeviation: Bool {
        comparisons.contains { comparison in
            [comparison.inventory, comparison.prior, comparison.posterior]
                .contains { $0.mean.isFinite && !Self.hasDeviation($0) }
        }
    }

    private static func hasDeviation(_ estimate: Estimate) -> Bool {
        estimate.standardDeviation > 0 && estimate.standardDeviation.isFinite
    }

    private var blockHeight: Double { 3 * Self.barPitch + Self.blockGap }
    private var bottom: Double { Self.top + Double(comparisons.count) * blockHeight }

    var drawing: HTML {
        let blocks = comparisons.enumerated().map { index, comparison in
            block(comparison, top: Self.top + Double(index) * blockHeight)
        }
        let names = comparisons.map { context.text($0.region) }.joined(separator: ", ")
        return """
            <svg class="chart" viewBox="0 0 920 \(bottom + 44)" role="img" aria-label="\(names)">
            \(legend)\(grid)
            \(blocks.joined("\n"))
            </svg>
            """
    }

    private var legend: HTML {
        var entries: [(Message, String)] = [
            (.inventory, Palette.inventory), (.prior, Palette.prior), (.posterior, Palette.posterior),
        ]
        let hasTruth = comparisons.contains { $0.truth?.isFinite ?? false }
        if hasTruth { entries.append((.truthOfSimulation, Palette.truth)) }
        // The entry of the truth is long: it needs the room above the labels.
        var x = hasTruth ? Self.labelWidth - 110 : Self.labelWidth
        var drawn: HTML = ""
        for (index, (message, colour)) in entries.enumerated() {
            let text = context.text(message)
            drawn +=
                index == 3
                ? #"<path d="M\#(x + 6) 7v14" stroke="\#(colour)" stroke-width="2.5"/>"#
                : #"<rect x="\#(x)" y="9" width="12" height="10" fill="\#(colour)"/>"#
            drawn += #"<text x="\#(x + 18)" y="18.5">\#(text)</text>"#
            x += 18 + TextWidth.of(text, size: 12.5) + 22
        }
        drawn += Self.whiskerKey(x: x, text: context.text(.interval))
        drawn += """
            <text class="value" x="\(Self.width - 4)" y="18.5" text-anchor="end">\
            \(context.text(.posterior)) ± σ</text>
            """
        return drawn
    }

    private static func whiskerKey(x: Double, text: String) -> HTML {
        """
        <path class="whisker" d="M\(x) 14h22m0 -3v6m-22 0v-6"/><text x="\(x + 28)" y="18.5">\(text)</text>
        """
    }

    private var grid: HTML {
        let ticks = axis.ticks
        var drawn: HTML = ""
        for (tick, label) in zip(ticks, Axis.labels(ticks)) {
            let style = tick == 0 ? "zero" : "grid"
            drawn += """
                <path class="\(style)" d="M\(axis(tick)) \(Self.top - 8)V\(bottom)"/>\
                <text class="tick" x="\(axis(tick))" y="\(bottom + 16)" text-anchor="middle">\(label)</text>
                """
        }
        let middle = (axis.start + axis.end) / 2
        return """
            \(drawn)<text class="axis" x="\(middle)" y="\(bottom + 36)" text-anchor="middle">\(unit)</text>
            """
    }

    private func block(_ comparison: Comparison, top: Double) -> HTML {
        let estimates = [
            (comparison.inventory, Palette.inventory), (comparison.prior, Palette.prior),
            (comparison.posterior, Palette.posterior),
        ]
        let name = context.text(comparison.region)
        let middle = top + 1.5 * Self.barPitch
        var drawn: HTML = """
            <text class="label" x="\(Self.labelWidth - 12)" y="\(middle + 3)" text-anchor="end">\
            \(TextWidth.fitted(name, width: Self.labelWidth - 16, size: 12.5))</text>
            """
        for (index, (estimate, colour)) in estimates.enumerated() {
            drawn += bar(estimate, colour: colour, y: top + Double(index) * Self.barPitch)
        }
        if let truth = comparison.truth, truth.isFinite, axis.contains(truth) {
            drawn += """
                <path d="M\(axis(truth)) \(top - 4)v\(3 * Self.barPitch + 4)" stroke="\(Palette.truth)" \
                stroke-width="2.5"/>
                """
        }
        let value = NumberText.estimate(comparison.posterior) ?? context.text(.notAvailable)
        drawn += """
            <text class="value" x="\(Self.width - 4)" y="\(top + 2.5 * Self.barPitch + 2)" \
            text-anchor="end">\(value)</text>
            """
        return drawn
    }

    private func bar(_ estimate: Estimate, colour: String, y: Double) -> HTML {
        guard estimate.mean.isFinite else { return "" }
        let from = axis(min(0, estimate.mean))
        let to = axis(max(0, estimate.mean))
        let rectangle: HTML = """
            <rect x="\(from)" y="\(y)" width="\(to - from)" height="\(Self.barHeight)" fill="\(colour)"/>
            """
        guard Self.hasDeviation(estimate) else {
            let x = estimate.mean < 0 ? from - 9 : to + 4
            return #"\#(rectangle)<text class="tick" x="\#(x)" y="\#(y + 9.5)">?</text>"#
        }
        return "\(rectangle)\(whisker(estimate, y: y + Self.barHeight / 2))"
    }

    /// A line with an end bar on each side, or an arrow head where it leaves the axis.
    private func whisker(_ estimate: Estimate, y: Double) -> HTML {
        let left = axis(axis.clamped(estimate.lower95))
        let right = axis(axis.clamped(estimate.upper95))
        func end(_ x: Double, _ value: Double, _ direction: Double) -> HTML {
            axis.contains(value)
                ? "M\(x) \(y - 3.5)v7" : "M\(x - 4 * direction) \(y - 3.5)L\(x) \(y)l\(-4 * direction) 3.5"
        }
        let ends: [HTML] = [end(left, estimate.lower95, -1), end(right, estimate.upper95, 1)]
        let path: HTML = "M\(left) \(y)H\(right)\(ends)"
        return #"<path class="halo" d="\#(path)"/><path class="whisker" d="\#(path)"/>"#
    }
}
