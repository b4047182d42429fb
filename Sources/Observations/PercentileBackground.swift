public import Quantities

/// A low percentile of the readings around: known at full hours, each from a window centred there, and linear
/// in between.
public struct PercentileBackground: Background {
    public let station: String
    public let instrument: String
    public let scale: CalibrationScale
    /// Hours since 1970 and what was found there; hours with too few readings are absent.
    private let hours: [Int64: Estimate]

    /// Fewer readings than this in a window give no percentile.
    public static let minimumCount = 20

    /// - Parameters:
    ///   - readings: of one instrument, in any order.
    ///   - percentile: 0 to 100.
    ///   - windowSeconds: length of the window around each hour, positive.
    /// - Throws: ``BackgroundError`` when nothing can be used or scales are mixed.
    public init(
        of readings: [Reading],
        percentile: Double = 5,
        windowSeconds: Double = 86_400,
        usableFlags: Set<QualityFlag> = [.good]
    ) throws(BackgroundError) {
        precondition((0...100).contains(percentile), "not a percentile")
        precondition(windowSeconds > 0 && windowSeconds < 1e12, "the window is not positive")
        let source = try BackgroundReadings(readings, usableFlags: usableFlags)
        (station, instrument, scale) = (source.station, source.instrument, source.scale)
        var wanted: Set<Int64> = []
        for reading in readings {
            let hour = AggregateInterval.hour.index(of: reading.time)
            wanted.formUnion([hour, hour + 1])
        }
        var hours: [Int64: Estimate] = [:]
        var (start, end) = (0, 0)
        for hour in wanted.sorted() {
            let centre = Instant(microseconds: hour * AggregateInterval.hour.microseconds)
            let window = (
                from: centre.advanced(bySeconds: -windowSeconds / 2),
                to: centre.advanced(bySeconds: windowSeconds / 2)
            )
            while start < source.times.count, source.times[start] < window.from { start += 1 }
            end = max(start, end)
            while end < source.times.count, source.times[end] < window.to { end += 1 }
            guard end - start >= Self.minimumCount else { continue }
            hours[hour] = lowPercentile(
                Array(source.values[start..<end]),
                fraction: percentile / 100,
                readingUncertainty: source.standardUncertainty
            )
        }
        self.hours = hours
    }

    /// ppm; nil when one of the two hours around has too few readings, or none of the background's instrument
    /// lie in the hour.
    public func estimate(at time: Instant) -> Estimate? {
        let hour = AggregateInterval.hour.index(of: time)
        let start = hour * AggregateInterval.hour.microseconds
        let fraction = Double(time.microseconds - start) / Double(AggregateInterval.hour.microseconds)
        guard let before = hours[hour] else { return nil }
        guard fraction > 0 else { return before }
        guard let after = hours[hour + 1] else { return nil }
        return Estimate(
            mean: before.mean + fraction * (after.mean - before.mean),
            // The windows overlap: taken as fully correlated.
            standardDeviation: before.standardDeviation
                + fraction * (after.standardDeviation - before.standardDeviation)
        )
    }
}

/// The percentile, and half the distance of the percentiles one binomial standard deviation below and above it,
/// for as many independent values as the autocorrelation leaves; with the uncertainty of the readings, which is
/// taken as common to them. (Conover 1999, Practical Nonparametric Statistics, section 3.2.)
func lowPercentile(_ values: [Double], fraction: Double, readingUncertainty: Double) -> Estimate {
    let spread = (fraction * (1 - fraction) / MeanUncertainty.independentCount(values)).squareRoot()
    let sorted = values.sorted()
    let below = quantile(sorted, max(0, fraction - spread))
    let above = quantile(sorted, min(1, fraction + spread))
    let sampling = (above - below) / 2
    return Estimate(
        mean: quantile(sorted, fraction),
        standardDeviation: (sampling * sampling + readingUncertainty * readingUncertainty).squareRoot()
    )
}

/// Linear between the order statistics (Hyndman and Fan 1996, definition 7).
private func quantile(_ sorted: [Double], _ fraction: Double) -> Double {
    let place = fraction * Double(sorted.count - 1)
    let lower = min(Int(place), sorted.count - 1)
    let upper = min(lower + 1, sorted.count - 1)
    return sorted[lower] + (place - Double(lower)) * (sorted[upper] - sorted[lower])
}
