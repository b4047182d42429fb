import Quantities

/// F4 without an inversion: the sectors of the inventory as bars with whiskers of 95 %.
struct SectorBars {
    private static let width = 920.0
    private static let (left, top, pitch) = (250.0, 14.0, 24.0)
    private static let limit = 30

    /// What stands on one height: the heading of a group or a bar.
    private enum Line {
        case heading(LocalizedName)
        case bar(InventorySector)
    }

    private let sectors: [InventorySector]
    private let lines: [Line]
    private let context: ReportContext
    private let axis: Axis

    static let caption = LocalizedName(
        english: "Sectors of the inventory; whiskers: 95 %. There is no estimate from the air beside them.",
        chinese: "清单各部门排放量；误差棒为 95 % 区间。没有可并列的自上而下估算。"
    )
    static let notEmittedNote = LocalizedName(
        english:
            "Outlined bars are not emitted on the territory (feedstock, imported or exported energy) and no part "
            + "of the direct total.",
        chinese: "空心条为非本地直接排放（原料用途、调入或外供能源），不计入直接排放合计。"
    )

    static let bareNote = LocalizedName(
        english: "A bar without a whisker has no stated uncertainty: it is not certain.",
        chinese: "无误差棒的条形未给出不确定度，并不代表确定的数值。"
    )

    /// Nil with no finite value or several units.
    init?(_ sectors: [InventorySector], context: ReportContext) {
        let drawn = sectors.filter { $0.emission.mean.isFinite && !$0.isTotal }.prefix(Self.limit)
        let ends = drawn.flatMap { sector -> [Double] in
            let estimate = sector.emission
            return estimate.standardDeviation > 0
                ? [estimate.lower95, estimate.upper95, estimate.mean] : [estimate.mean]
        }
        guard Set(drawn.map(\.unit)).count == 1, let low = ends.min(), let high = ends.max(),
            let axis = Axis(min(0, low), max(0, high) * 1.02, start: Self.left, end: Self.width - 110)
        else { return nil }
        self.sectors = Array(drawn)
        lines = Self.lines(Array(drawn))
        self.context = context
        self.axis = axis
    }

    /// Groups in the order of the table, each under its name.
    private static func lines(_ sectors: [InventorySector]) -> [Line] {
        var lines: [Line] = []
        var group: LocalizedName?
        for sector in sectors {
            if let name = sector.group, name != group { lines.append(.heading(name)) }
            group = sector.group
            lines.append(.bar(sector))
        }
        return lines
    }

    /// Said under the figure where a bar is not emitted or has no whisker.
    var note: LocalizedName? {
        let notes =
            (sectors.allSatisfy(\.isEmitted) ? [] : [Self.notEmittedNote])
            + (sectors.allSatisfy { $0.emission.standardDeviation > 0 } ? [] : [Self.bareNote])
        guard !notes.isEmpty else { return nil }
        return LocalizedName(
            english: notes.map(\.english).joined(separator: " "),
            chinese: notes.map(\.chinese).joined()
        )
    }

    var drawing: HTML {
        let bottom = Self.top + Double(lines.count) * Self.pitch + 2
        let rows = lines.enumerated().map { index, line -> HTML in
            let y = Self.top + (Double(index) + 0.5) * Self.pitch
            switch line {
            case .heading(let name):
                let text = TextWidth.fitted(context.text(name), width: Self.width - 40, size: 12.5)
                return #"<text class="group" x="16" y="\#(y + 4)" font-weight="600">\#(text)</text>"#
            case .bar(let sector): return row(sector, y: y)
            }
        }
        let unit = sectors.first.map { context.text($0.unit) } ?? ""
        return """
            <svg class="chart" viewBox="0 0 920 \(bottom + 44)" role="img" aria-label="\(unit)">
            \(PlotGrid.verticalLines(axis, from: Self.top, to: bottom))
            \(rows.joined("\n"))
            <text class="axis" x="\((axis.start + axis.end) / 2)" y="\(bottom + 36)" text-anchor="middle">\(unit)</text>
            </svg>
            """
    }

    private func row(_ sector: InventorySector, y: Double) -> HTML {
        let name = TextWidth.fitted(context.text(sector.name), width: Self.left - 20, size: 12.5)
        let estimate = sector.emission
        let (from, to) = (axis(min(0, estimate.mean)), axis(max(0, estimate.mean)))
        let fill: HTML =
            sector.isEmitted
            ? #"fill="\#(Palette.inventory)""#
            : #"fill="none" stroke="\#(Palette.inventory)" stroke-dasharray="3 2""#
        var drawn: HTML = """
            <text x="\(Self.left - 12)" y="\(y + 4)" text-anchor="end">\(name)</text>\
            <rect x="\(from)" y="\(y - 6.5)" width="\(to - from)" height="13" \(fill)/>
            """
        if estimate.standardDeviation > 0 {
            let (low, high) = (axis(estimate.lower95), axis(estimate.upper95))
            drawn +=
                #"<path class="whisker" d="M\#(low) \#(y)H\#(high)M\#(low) \#(y - 3.5)v7M\#(high) \#(y - 3.5)v7"/>"#
        }
        let value = NumberText.estimate(estimate) ?? context.text(.notAvailable)
        drawn +=
            #"<text class="value" x="\#(Self.width - 4)" y="\#(y + 4)" text-anchor="end">\#(value)</text>"#
        return drawn
    }
}
