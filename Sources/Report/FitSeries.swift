import Quantities

/// Observed values with error bars and the two models over time.
struct FitSeries {
    private static let width = 920.0
    private static let top = 40.0
    private static let bottom = 300.0
    private static let left = 64.0
    /// Above this many the error bars would cover everything.
    private static let errorBarLimit = 600

    private let points: [(time: Instant, fit: ObservationFit)]
    private let unit: String
    private let context: ReportContext
    private let horizontal: Axis
    private let vertical: Axis
    /// Observations outside the vertical range, which the used ones set.
    let clipped: Int

    /// Nil unless every observation has a time and there are at least two different ones.
    init?(_ fit: [ObservationFit], unit: String, context: ReportContext) {
        let timed = fit.compactMap { fit in fit.time.map { (time: $0, fit: fit) } }
        guard timed.count == fit.count, let range = FitRange.values(fit) else { return nil }
        points = timed.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
            .map(\.element)
        guard let first = points.first?.time, let last = points.last?.time, first < last,
            let horizontal = Axis(
                first.secondsSince1970,
                last.secondsSince1970,
                start: Self.left + 12,
                end: Self.width - 24
            ), let vertical = Axis(range.lower, range.upper, start: Self.bottom, end: Self.top)
        else { return nil }
        self.unit = unit
        self.context = context
        self.horizontal = horizontal
        self.vertical = vertical
        clipped = fit.count { !vertical.contains($0.observed) }
    }

    var drawing: HTML {
        """
        <svg class="chart" viewBox="0 0 920 350" role="img" aria-label="\(context.text(.fitTitle))">
        \(legend)\(grid)
        \(errorBars)
        \(line({ $0.prior }, Palette.prior))
        \(line({ $0.posterior }, Palette.posterior))
        \(dots(isUsed: false))\(dots(isUsed: true))
        </svg>
        """
    }

    private var legend: HTML {
        var x = Self.left
        var drawn: HTML = ""
        func entry(_ symbol: (Double) -> HTML, _ message: Message) {
            let text = context.text(message)
            drawn += #"\#(symbol(x))<text x="\#(x + 28)" y="18.5">\#(text)</text>"#
            x += 28 + TextWidth.of(text, size: 12.5) + 24
        }
        entry(
            { #"<path class="error" d="M\#($0 + 10) 5v19"/><path class="dot used" d="M\#($0 + 10) 14h0"/>"# },
            .observedSigma
        )
        for (message, colour) in [(Message.prior, Palette.prior), (.posterior, Palette.posterior)] {
            entry({ #"<path class="line" stroke="\#(colour)" d="M\#($0) 14h22"/>"# }, message)
        }
        if points.contains(where: { !$0.fit.isUsed }) {
            entry({ #"<path class="dot unused" d="M\#($0 + 10) 14h0"/>"# }, .unused)
        }
        return drawn
    }

    private var grid: HTML {
        var drawn: HTML = ""
        let ticks = vertical.ticks
        for (tick, label) in zip(ticks, Axis.labels(ticks)) {
            drawn += """
                <path class="grid" d="M\(Self.left) \(vertical(tick))H\(Self.width - 12)"/>\
                <text class="tick" x="\(Self.left - 8)" y="\(vertical(tick) + 4)" text-anchor="end">\
                \(label)</text>
                """
        }
        guard let first = points.first?.time, let last = points.last?.time else { return drawn }
        for tick in TimeAxis.ticks(first, last, about: 9) {
            let x = horizontal(tick.time.secondsSince1970)
            drawn += """
                <path class="zero" d="M\(x) \(Self.bottom)v5"/>\
                <text class="tick" x="\(x)" y="\(Self.bottom + 19)" text-anchor="middle">\(tick.label)</text>
                """
        }
        let days = [TimeText.date(first), TimeText.date(last)]
        let span = days[0] == days[1] ? days[0] : "\(days[0]) \(context.text(.to)) \(days[1])"
        return """
            \(drawn)<path class="zero" d="M\(Self.left) \(Self.bottom)H\(Self.width - 12)"/>
            <text class="axis" x="\((Self.left + Self.width) / 2)" y="\(Self.bottom + 42)" \
            text-anchor="middle">\(span), \(context.text(.timeAxis))</text>
            <text class="axis" x="\(Self.left - 8)" y="\(Self.top - 12)" text-anchor="end">\(unit)</text>
            """
    }

    /// One path, broken where a value is missing or the gap is long beside the usual spacing.
    private func line(_ value: (ObservationFit) -> Double, _ colour: String) -> HTML {
        let gaps = zip(points.dropFirst(), points).map { $0.time.seconds(since: $1.time) }.sorted()
        let longest = max(3600, 4 * (gaps.isEmpty ? 0 : gaps[gaps.count / 2]))
        var path = ""
        var previous: Instant?
        for (time, fit) in points {
            let y = value(fit)
            guard y.isFinite else {
                previous = nil
                continue
            }
            let isContinued = previous.map { time.seconds(since: $0) <= longest } ?? false
            let place = (pixels(horizontal(time.secondsSince1970)), pixels(vertical(vertical.clamped(y))))
            path += "\(isContinued ? "L" : "M")\(place.0) \(place.1)"
            previous = time
        }
        return #"<path class="line" stroke="\#(colour)" d="\#(path)"/>"#
    }

    private var errorBars: HTML {
        guard points.count <= Self.errorBarLimit else { return "" }
        var path = ""
        for (time, fit) in points where fit.sigma > 0 && fit.sigma.isFinite && vertical.contains(fit.observed)
        {
            let lower = vertical(vertical.clamped(fit.observed - fit.sigma))
            let upper = vertical(vertical.clamped(fit.observed + fit.sigma))
            path += "M\(pixels(horizontal(time.secondsSince1970))) \(pixels(upper))V\(pixels(lower))"
        }
        return #"<path class="error" d="\#(path)"/>"#
    }

    private func dots(isUsed: Bool) -> HTML {
        let path = DotPath.path(
            points.filter { $0.fit.isUsed == isUsed && vertical.contains($0.fit.observed) }
                .map { (horizontal($0.time.secondsSince1970), vertical($0.fit.observed)) }
        )
        return #"<path class="dot \#(isUsed ? "used" : "unused")" d="\#(path)"/>"#
    }
}

/// Many dots as one path of points with round caps; those on the same half pixel are drawn once.
enum DotPath {
    static func path(_ dots: [(x: Double, y: Double)]) -> String {
        var seen = Set<String>()
        var path = ""
        for dot in dots {
            let place = "M\(pixels((dot.x * 2).rounded() / 2)) \(pixels((dot.y * 2).rounded() / 2))h0"
            if seen.insert(place).inserted { path += place }
        }
        return path
    }
}

/// Ranges that a few wild values do not spoil.
enum FitRange {
    /// Of the used observations with their errors and of the models; of all where none was used. Nil where
    /// nothing is finite.
    static func values(_ fit: [ObservationFit]) -> (lower: Double, upper: Double)? {
        let used = fit.contains(where: \.isUsed) ? fit.filter(\.isUsed) : fit
        let sigmas = used.map(\.sigma).filter { $0.isFinite && $0 > 0 }.sorted()
        let sigma = sigmas.isEmpty ? 0 : sigmas[sigmas.count / 2]
        let values = used.flatMap { [$0.observed, $0.prior, $0.posterior] }.filter(\.isFinite)
        guard let lower = values.min(), let upper = values.max() else { return nil }
        let margin = sigma + 0.04 * (upper - lower)
        return (lower - margin, upper + margin)
    }

    /// Between two quantiles, for hundreds of values; the extremes for fewer.
    static func quantiles(_ values: [Double], cutting share: Double) -> (lower: Double, upper: Double)? {
        let sorted = values.filter(\.isFinite).sorted()
        guard !sorted.isEmpty else { return nil }
        let cut = sorted.count < 200 ? 0 : Int(share * Double(sorted.count))
        return (sorted[cut], sorted[sorted.count - 1 - cut])
    }
}
