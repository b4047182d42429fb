import Quantities

/// Which stretches of which series a transaction has touched.
struct DirtySpans {
    /// Both ends belong to the span.
    struct Span: Equatable {
        var first: Int64
        var last: Int64
    }

    /// Readings further apart than this, in microseconds, are settled by themselves.
    static let largestGap: Int64 = 3_600_000_000

    /// In the order of time and further apart than the gap, by the place of the series in the index.
    private var spans: [[Span]] = []
    private var touched: [Int] = []

    /// - Parameter place: a small number of the series.
    mutating func note(_ place: Int, _ time: Int64) {
        while spans.count <= place { spans.append([]) }
        if spans[place].isEmpty { touched.append(place) }
        Self.insert(time, into: &spans[place])
    }

    /// What has been touched since the last call, which forgets it.
    mutating func take() -> [(place: Int, spans: [Span])] {
        defer {
            for place in touched { spans[place].removeAll(keepingCapacity: true) }
            touched.removeAll(keepingCapacity: true)
        }
        return touched.map { ($0, spans[$0]) }
    }

    static func insert(_ time: Int64, into spans: inout [Span]) {
        // Nearly always it is the last one that grows.
        var index = spans.count
        while index > 0, time < spans[index - 1].first { index -= 1 }
        // The span before the index begins at or before the moment, those from it on later.
        if index > 0, isNear(spans[index - 1].last, time) {
            spans[index - 1].last = max(spans[index - 1].last, time)
            if index < spans.count, isNear(spans[index - 1].last, spans[index].first) {
                spans[index - 1].last = spans[index].last
                spans.remove(at: index)
            }
        } else if index < spans.count, isNear(time, spans[index].first) {
            spans[index].first = time
        } else {
            spans.insert(Span(first: time, last: time), at: index)
        }
    }

    /// Whether two spans that end and begin at these moments are settled together.
    static func isNear(_ earlier: Int64, _ later: Int64) -> Bool {
        let (gap, overflow) = later.subtractingReportingOverflow(earlier)
        return !overflow && gap <= largestGap
    }
}
