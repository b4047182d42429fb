import Quantities

/// Windows in which more is in the air than the background, as ranges of ``WindowMeans/rows``.
enum EventDetection {
    /// Windows in which a sensor is over the background by ``TraceSettings/detectionLevel`` standard deviations make an
    /// event, with those between them where they are no farther apart than a gap, and with those over the lower level
    /// that come right before and after. No two events have a window in common.
    static func events(in means: WindowMeans, _ settings: TraceSettings) -> [Range<Int>] {
        let rows = means.rows
        var windows: [(window: Int64, rows: Range<Int>, level: Double)] = []
        var start = 0
        while start < rows.count {
            let end = rows[start...].firstIndex { $0.window != rows[start].window } ?? rows.count
            let level = rows[start..<end].reduce(-.infinity) { max($0, $1.enhancement / $1.deviation) }
            windows.append((rows[start].window, start..<end, level))
            start = end
        }
        let gap = (settings.gapSeconds * 1e6 / Double(means.windowMicroseconds)).rounded(.down)
        var events: [ClosedRange<Int>] = []
        for index in windows.indices where windows[index].level >= settings.detectionLevel {
            if let event = events.last,
                Double(windows[index].window - windows[event.upperBound].window) <= gap + 1
            {
                events[events.count - 1] = event.lowerBound...index
            } else {
                events.append(index...index)
            }
        }
        func goesOn(_ index: Int, from other: Int) -> Bool {
            windows.indices.contains(index) && windows[index].level >= settings.continuationLevel
                && abs(windows[index].window - windows[other].window) == 1
        }
        var taken = -1
        return events.map { event in
            var (first, last) = (event.lowerBound, event.upperBound)
            while goesOn(first - 1, from: first), first - 1 > taken { first -= 1 }
            while goesOn(last + 1, from: last) { last += 1 }
            taken = last
            return windows[first].rows.lowerBound..<windows[last].rows.upperBound
        }
    }
}
