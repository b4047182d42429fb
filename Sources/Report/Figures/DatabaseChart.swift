import Quantities

/// F6: what several bottom-up databases say of each region: a mark for each, the range as a bar, the median as a line.
struct DatabaseChart {
    static let limit = 40
    private static let width = 920.0
    private static let (left, top, pitch) = (170.0, 40.0, 21.0)

    private let databases: DatabaseComparison
    private let regions: [DatabaseComparison.Region]
    private let context: ReportContext
    private let axis: Axis
    private let legendRows: LegendRows
    /// Of the rows, below the legend.
    private let top: Double

    /// Nil with no finite value.
    init?(_ databases: DatabaseComparison, context: ReportContext) {
        regions = Array(
            databases.regions.enumerated().filter { $0.element.median.isFinite && !$0.element.isSum }
                .sorted { ($1.element.median, $0.offset) < ($0.element.median, $1.offset) }
                .map(\.element).prefix(Self.limit)
        )
        let means = regions.flatMap { $0.values.compactMap { $0?.mean } }.filter(\.isFinite)
        guard let low = means.min(), let high = means.max(),
            let axis = Axis(min(0, low), high * 1.04, start: Self.left, end: Self.width - 70)
        else { return nil }
        self.databases = databases
        self.context = context
        self.axis = axis
        legendRows = LegendRows(
            databases.databases.map { context.text($0) },
            from: Self.left,
            to: Self.width,
            symbol: 18
        )
        top = Self.top + legendRows.furtherHeight
    }

    /// What is left out.
    var note: LocalizedName? {
        let all = databases.regions.count { !$0.isSum }
        guard regions.count < all else { return nil }
        let count = LocalizedName(english: String(regions.count))
        return Message.barsOmitted.filled(count, LocalizedName(english: String(all)))
    }

    static func caption(_ databases: DatabaseComparison) -> LocalizedName {
        LocalizedName(
            english: """
                Bottom-up databases by region, \(databases.unit.english); bar: lowest to highest, line: median; \
                right: range over median
                """,
            chinese: "各区域自下而上数据库比较（\(databases.unit.chinese)）；色条为最低至最高，竖线为中位数，右侧为极差与中位数之比"
        )
    }

    private var bottom: Double { top + Double(regions.count) * Self.pitch + 4 }

    var drawing: HTML {
        let rows = regions.enumerated().map { index, region in
            row(region, y: top + (Double(index) + 0.5) * Self.pitch)
        }
        let middle = (axis.start + axis.end) / 2
        let unit = context.text(databases.unit)
        return """
            <svg class="chart" viewBox="0 0 920 \(bottom + 44)" role="img" aria-label="\(unit)">
            \(legend)
            \(PlotGrid.verticalLines(axis, from: top - 6, to: bottom))
            \(rows.joined("\n"))
            <text class="axis" x="\(middle)" y="\(bottom + 36)" text-anchor="middle">\(unit)</text>
            </svg>
            """
    }

    private func row(_ region: DatabaseComparison.Region, y: Double) -> HTML {
        let name = TextWidth.fitted(context.text(region.name), width: Self.left - 16, size: 12.5)
        let means = region.values.map { $0?.mean }
        let finite = means.compactMap { $0 }.filter(\.isFinite)
        var drawn: HTML = #"<text x="\#(Self.left - 10)" y="\#(y + 4)" text-anchor="end">\#(name)</text>"#
        if finite.count > 1, let low = finite.min(), let high = finite.max() {
            drawn += """
                <rect x="\(axis(low))" y="\(y - 4)" width="\(axis(high) - axis(low))" height="8" fill="#dde4ea"/>\
                <path d="M\(axis(region.median)) \(y - 7)v14" stroke="#16232e" stroke-width="1.6"/>
                """
            if let text = NumberText.percent(region.relativeRange) {
                drawn +=
                    #"<text class="tick" x="\#(Self.width - 4)" y="\#(y + 4)" text-anchor="end">\#(text)</text>"#
            }
        }
        for (index, mean) in means.enumerated() {
            guard let mean, mean.isFinite else { continue }
            drawn += CategoryMark.drawing(category(index), x: axis(mean), y: y)
        }
        return drawn
    }

    private var legend: HTML {
        zip(legendRows.places, legendRows.names).enumerated().map { index, entry -> HTML in
            let (place, name) = entry
            let mark = CategoryMark.drawing(category(index), x: place.x + 6, y: 14 + place.y)
            return #"\#(mark)<text x="\#(place.x + 18)" y="\#(18.5 + place.y)">\#(name)</text>"#
        }.joined()
    }

    /// Those from below and those from the air are counted apart: neither takes the mark of the other.
    private func category(_ index: Int) -> Category {
        let isTopDown = databases.topDown.contains(index)
        let place = (0..<index).count { databases.topDown.contains($0) == isTopDown }
        return isTopDown ? .topDown(place) : .bottomUp(place)
    }
}

/// How a database or an estimate from the air looks: what shares a colour differs in dash and mark, up to 25 of them.
enum Category {
    case bottomUp(Int)
    case topDown(Int)

    /// Told apart by dash as well as by colour.
    private static let dashes = ["", "7 4", "2 3", "10 3 2 3", "1 4"]

    var colour: String {
        switch self {
        case .bottomUp(let index): Palette.categories[index % Palette.categories.count]
        case .topDown: Palette.topDown
        }
    }

    /// Of five shapes or dashes; the second round of colours begins with the second of them.
    private var variant: Int {
        switch self {
        case .bottomUp(let index): (index + index / Palette.categories.count) % 5
        case .topDown(let index): (index + 1) % 5
        }
    }

    var dash: String { Self.dashes[variant] }
    var shape: Int { variant }
}

/// Marks that differ in shape and colour.
enum CategoryMark {
    static func drawing(_ category: Category, x: Double, y: Double) -> HTML {
        let shape: HTML =
            switch category.shape {
            case 0: #"<circle cx="\#(x)" cy="\#(y)" r="4.6""#
            case 1: #"<rect x="\#(x - 4.2)" y="\#(y - 4.2)" width="8.4" height="8.4""#
            case 2: #"<path d="M\#(x) \#(y - 5.5)l5.4 9.6h-10.8z""#
            case 3: #"<path d="M\#(x) \#(y - 5.6)l5.6 5.6-5.6 5.6-5.6-5.6z""#
            default: #"<path d="M\#(x) \#(y + 5.5)l5.4 -9.6h-10.8z""#
            }
        return ##"\##(shape) fill="\##(category.colour)" stroke="#fff" stroke-width="1"/>"##
    }
}
