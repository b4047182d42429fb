import Foundation

/// Where a time lies among increasing times.
struct Bracket {
    let lower: Int
    /// 0 at `lower`, 1 at the next.
    let fraction: Double

    /// Nil outside the times, and for fewer than two.
    init?(of time: Double, in times: [Double]) {
        guard times.count > 1, time >= times[0], time <= times[times.count - 1] else { return nil }
        var (low, high) = (0, times.count - 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if times[middle] <= time { low = middle } else { high = middle }
        }
        lower = low
        fraction = (time - times[low]) / (times[high] - times[low])
    }

    func interpolated(_ lowerValue: Double, _ upperValue: Double) -> Double {
        lowerValue + fraction * (upperValue - lowerValue)
    }
}

/// The residuals of a curve at even steps, with the line through their ends taken off so that the ends meet,
/// padded with zeros for the transform; and the low-pass filters on them.
struct ResidualFilter {
    /// Even steps, decimal years.
    let years: [Double]
    private let padded: [Double]
    private let start: Int
    private let line: EndLine
    private let stepYears: Double
    private let transform: FourierTransform

    /// - Parameter times: decimal years in order, spanning more than a step.
    init(times: [Double], residuals: [Double], stepDays: Double, _ settings: CurveFitSettings) {
        stepYears = stepDays / 365
        let (first, last) = (times[0], times[times.count - 1])
        line = EndLine(times: times, values: residuals, cutoffYears: settings.longTermCutoffDays / 365)
        let steps = Int(exactly: ((last - first) / stepYears + 0.5).rounded(.up)) ?? 1
        let step = stepYears
        years = (0..<max(2, steps)).map { $0 == max(2, steps) - 1 ? last : first + Double($0) * step }
        let line = line
        let distinct = averagedOverRepeatedTimes(
            times,
            zip(times, residuals).map { $1 - line.value(at: $0) }
        )
        let even = linearlyInterpolated(distinct, at: years)
        transform = FourierTransform(count: FourierTransform.paddedCount(even.count))
        start = (transform.count - even.count) / 2
        var padded = [Double](repeating: 0, count: transform.count)
        padded.replaceSubrange(start..<start + even.count, with: even)
        self.padded = padded
    }

    /// The residuals through the filter of half response at a period, at `years`, ppm.
    func filtered(cutoffDays: Double) -> [Double] {
        let result = transform.filtered(padded) { response($0, cutoffDays) }
        return zip(result[start..<start + years.count], years).map { $0 + line.value(at: $1) }
    }

    /// The weights by which the filter averages its neighbours, centred.
    func impulseResponse(cutoffDays: Double) -> [Double] {
        var impulse = [Double](repeating: 0, count: transform.count)
        impulse[transform.count / 2] = 1
        let weights = transform.filtered(impulse) { response($0, cutoffDays) }
        let half = min(transform.count / 2, Int((2 * cutoffDays / (365 * stepYears)).rounded(.up)))
        return Array(weights[(transform.count / 2 - half)..<(transform.count / 2 + half)])
    }

    /// 2^-(f / fc)^6; the exponent ends at 20, as in the reference.
    private func response(_ index: Int, _ cutoffDays: Double) -> Double {
        let frequency = Double(index) / (Double(transform.count) * stepYears)
        let ratio = frequency * cutoffDays / 365
        return exp2(-min(20, pow(ratio, 6)))
    }
}

/// The regression line through the first and last quarter cut-off of a series; zero for a shorter series.
private struct EndLine {
    private var origin = 0.0
    private var mean = 0.0
    private var slope = 0.0

    init(times: [Double], values: [Double], cutoffYears: Double) {
        let (first, last) = (times[0], times[times.count - 1])
        guard last - first >= cutoffYears else { return }
        let ends = times.indices.filter {
            times[$0] <= first + cutoffYears / 4 || times[$0] >= last - cutoffYears / 4
        }
        let count = Double(ends.count)
        origin = ends.reduce(0) { $0 + times[$1] } / count
        mean = ends.reduce(0) { $0 + values[$1] } / count
        let products = ends.reduce(0) { $0 + (times[$1] - origin) * (values[$1] - mean) }
        let squares = ends.reduce(0) { $0 + (times[$1] - origin) * (times[$1] - origin) }
        slope = squares > 0 ? products / squares : 0
    }

    func value(at time: Double) -> Double { mean + slope * (time - origin) }
}

private func averagedOverRepeatedTimes(
    _ times: [Double],
    _ values: [Double]
) -> (times: [Double], values: [Double]) {
    var result: (times: [Double], values: [Double]) = ([], [])
    var start = 0
    while start < times.count {
        let end = times[start...].firstIndex { $0 != times[start] } ?? times.count
        result.times.append(times[start])
        result.values.append(values[start..<end].reduce(0, +) / Double(end - start))
        start = end
    }
    return result
}

/// Both sets of times increase; every wanted time lies within those of the series.
private func linearlyInterpolated(
    _ series: (times: [Double], values: [Double]),
    at times: [Double]
) -> [Double] {
    times.map { time in
        guard let bracket = Bracket(of: time, in: series.times) else { return 0 }
        return bracket.interpolated(series.values[bracket.lower], series.values[bracket.lower + 1])
    }
}
