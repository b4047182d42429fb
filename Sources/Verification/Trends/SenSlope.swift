/// The median of the slopes between all pairs (Theil 1950; Sen 1968, J. Am. Stat. Assoc. 63, 1379).
public struct SenSlope: Hashable, Sendable {
    /// Pairwise slopes of more values would need over 100 MB.
    public static let greatestCount = 5000

    /// Value unit per time unit.
    public let slope: Double
    /// Median of the values less slope times median of the times: the line passes through the medians
    /// (Conover 1980).
    public let intercept: Double
    /// Interval of the slope at `confidence`, after Gilbert (1987, Statistical Methods for Environmental Pollution
    /// Monitoring, 16.5.2): the ordered slopes at (N ± C) / 2 with C = z sqrt(Var S), between whole ranks by
    /// linear interpolation.
    public let lower: Double
    public let upper: Double
    /// Of the interval, 0 to 1.
    public let confidence: Double
    /// Whether the ranks of the interval lie among the slopes; otherwise `lower` and `upper` are only the least and
    /// the greatest slope, which hold less than `confidence`.
    public let hasInterval: Bool

    /// - Parameters:
    ///   - values: NaN where missing.
    ///   - times: ascending; 0, 1, 2 ... where nil.
    ///   - confidence: of the interval; 0.9, 0.95 and 0.99 are common.
    /// - Throws: ``TrendError``.
    public init(_ values: [Double], times: [Double]? = nil, confidence: Double = 0.95) throws(TrendError) {
        guard confidence > 0, confidence < 1 else { throw .impossible("a confidence of \(confidence)") }
        let present = try MannKendall.present(values)
        let places = try Self.times(times, of: values)
        let kept = values.indices.filter { !values[$0].isNaN }.map { places[$0] }
        let slopes = OrderStatistics(Self.slopes(present, kept))
        slope = slopes.median
        intercept = OrderStatistics(present).median - OrderStatistics(kept).median * slope
        let variance = MannKendall(present: present).variance
        let reach = normalQuantile((1 + confidence) / 2) * variance.squareRoot()
        let pairs = Double(slopes.sorted.count)
        lower = slopes.value(at: (pairs - reach) / 2 - 1)
        upper = slopes.value(at: (pairs + reach) / 2)
        self.confidence = confidence
        // The nearest whole rank must be the first or a later one (five values and more for 95 %).
        hasInterval = (pairs - reach) / 2 >= 0.5
    }

    private static func times(_ times: [Double]?, of values: [Double]) throws(TrendError) -> [Double] {
        guard let times else { return values.indices.map(Double.init) }
        guard times.count == values.count else { throw .lengthsDiffer(values.count, times.count) }
        for index in times.indices {
            guard times[index].isFinite, index == 0 || times[index] > times[index - 1] else {
                throw .timesNotAscending(index: index)
            }
        }
        return times
    }

    private static func slopes(_ values: [Double], _ times: [Double]) -> [Double] {
        var slopes: [Double] = []
        slopes.reserveCapacity(values.count * (values.count - 1) / 2)
        for first in values.indices {
            for second in values.indices[(first + 1)...] {
                slopes.append((values[second] - values[first]) / (times[second] - times[first]))
            }
        }
        return slopes
    }
}

/// The z below which a standard normal variable lies with the given probability, by bisection and Newton steps.
func normalQuantile(_ probability: Double) -> Double {
    guard probability > 0, probability < 1 else { return probability == 0.5 ? 0 : .nan }
    var lower = -40.0
    var upper = 40.0
    while upper - lower > 1e-15 * max(1, abs(lower)) {
        let middle = (lower + upper) / 2
        guard middle > lower, middle < upper else { break }
        if normalProbability(below: middle) < probability { lower = middle } else { upper = middle }
    }
    return (lower + upper) / 2
}
