import Foundation

/// Bars over a number line or over classes, with the numbers of cells to their left.
struct SatelliteHistogram {
    private static let top = 20.0
    private static let bottom = 210.0
    private static let left = 64.0
    private static let right = 908.0

    /// Cells in each bar, from the left.
    let counts: [Int]
    private let classes: [String]
    private let horizontal: Axis
    /// The median.
    let marker: Double?
    private let title: String

    /// Values in bars of equal width between their 0.2 and 99.8 % quantiles; those beyond count in the last bars.
    ///
    /// Nil where no value is finite.
    init?(values: [Double], title: String) {
        let sorted = values.filter(\.isFinite).sorted()
        guard let first = sorted.first, let last = sorted.last else { return nil }
        func quantile(_ share: Double) -> Double { sorted[Int(share * Double(sorted.count - 1))] }
        var (low, high) = (quantile(0.002), quantile(0.998))
        if !(low < high) { (low, high) = (first, last) }
        if !(low < high) { (low, high) = (low - 0.5, low + 0.5) }
        // Twice the cube root of n (Rice's rule).
        let bins = min(60, max(8, Int(2 * cbrt(Double(sorted.count)))))
        guard let axis = Axis(low, high, start: Self.left, end: Self.right) else { return nil }
        var counts = [Int](repeating: 0, count: bins)
        for value in sorted {
            let bin = (value - low) / (high - low) * Double(bins)
            counts[min(bins - 1, max(0, Int(bin)))] += 1
        }
        self.counts = counts
        self.title = title
        horizontal = axis
        marker = SatellitePage.median(sorted)
        classes = []
    }

    /// Numbers of soundings in classes 1, 2, 3 to 4, 5 to 8 and so on.
    ///
    /// Nil where there are none.
    init?(soundings: [Int], title: String) {
        guard let most = soundings.max(), most > 0,
            let axis = Axis(0, 1, start: Self.left, end: Self.right)
        else { return nil }
        func classNumber(_ count: Int) -> Int { Int.bitWidth - max(0, count - 1).leadingZeroBitCount }
        var counts = [Int](repeating: 0, count: classNumber(most) + 1)
        for count in soundings { counts[classNumber(count)] += 1 }
        classes = counts.indices.map { number in
            let (low, high) = (number == 0 ? 1 : 1 << (number - 1) + 1, 1 << number)
            return low >= high
                ? "\(high)" : "\(NumberText.grouped("\(low)"))–\(NumberText.grouped("\(high)"))"
        }
        self.counts = counts
        self.title = title
        horizontal = axis
        marker = nil
    }

    func drawing(vertical label: String) -> HTML {
        let most = Double(max(1, counts.max() ?? 1))
        guard let vertical = Axis(0, most * 1.06, start: Self.bottom, end: Self.top) else { return "" }
        let middle = (Self.left + Self.right) / 2
        return """
            <svg class="chart" viewBox="0 0 920 258" role="img" aria-label="\(title)">
            <text class="axis" x="\(Self.left)" y="12">\(label)</text>
            \(grid(vertical))\(bars(vertical))
            <path class="zero" d="M\(Self.left) \(Self.bottom)H\(Self.right)"/>
            \(classes.isEmpty ? valueLabels : classLabels)
            <text class="axis" x="\(middle)" y="\(Self.bottom + 41)" text-anchor="middle">\(title)</text>
            </svg>
            """
    }

    private func grid(_ vertical: Axis) -> HTML {
        let ticks = Axis.ticks(0, vertical.upper, about: 4).filter { $0 == $0.rounded() }
        return zip(ticks, Axis.labels(ticks)).map { tick, label -> HTML in
            """
            <path class="grid" d="M\(Self.left) \(vertical(tick))H\(Self.right)"/>\
            <text class="tick" x="\(Self.left - 8)" y="\(vertical(tick) + 4)" text-anchor="end">\(label)</text>
            """
        }.joined()
    }

    private var barWidth: Double { (Self.right - Self.left) / Double(counts.count) }

    private func bars(_ vertical: Axis) -> HTML {
        let gap = classes.isEmpty ? 0.5 : barWidth * 0.14
        return counts.enumerated().filter { $0.element > 0 }.map { bin, count -> HTML in
            let x = Self.left + Double(bin) * barWidth + gap
            let y = vertical(Double(count))
            let number: HTML =
                classes.isEmpty
                ? ""
                : """
                <text class="tick" x="\(x + barWidth / 2 - gap)" y="\(y - 5)" text-anchor="middle">\
                \(NumberText.grouped(String(count)))</text>
                """
            return """
                <rect x="\(x)" y="\(y)" width="\(barWidth - 2 * gap)" height="\(Self.bottom - y)" fill="#3c9ba6"/>\
                \(number)
                """
        }.joined()
    }

    private var valueLabels: HTML {
        let ticks = horizontal.ticks
        let labels = zip(ticks, Axis.labels(ticks)).map { tick, label -> HTML in
            """
            <path class="zero" d="M\(horizontal(tick)) \(Self.bottom)v5"/>\
            <text class="tick" x="\(horizontal(tick))" y="\(Self.bottom + 19)" text-anchor="middle">\(label)</text>
            """
        }
        let line: HTML =
            marker.map {
                #"<path class="diagonal" d="M\#(horizontal($0)) \#(Self.top - 6)V\#(Self.bottom)"/>"#
            } ?? ""
        return "\(labels)\(line)"
    }

    private var classLabels: HTML {
        classes.enumerated().map { number, name -> HTML in
            let x = Self.left + (Double(number) + 0.5) * barWidth
            return
                #"<text class="tick" x="\#(x)" y="\#(Self.bottom + 19)" text-anchor="middle">\#(name)</text>"#
        }.joined()
    }
}
