/// Values in ascending order and what is read from their places.
struct OrderStatistics: Sendable {
    let sorted: [Double]

    /// - Precondition: no value is NaN.
    init(_ values: [Double]) { sorted = values.sorted() }

    /// The value at a place counted from 0, linear between neighbours and kept within the ends; NaN of nothing.
    func value(at place: Double) -> Double {
        guard let last = sorted.indices.last, !place.isNaN else { return .nan }
        let inside = min(max(place, 0), Double(last))
        let lower = Int(inside.rounded(.down))
        let upper = min(lower + 1, last)
        let share = inside - Double(lower)
        return share == 0 ? sorted[lower] : sorted[lower] * (1 - share) + sorted[upper] * share
    }

    /// Linear interpolation of order statistics (Hyndman and Fan 1996, Am. Stat. 50, 361, type 7).
    func quantile(_ share: Double) -> Double { value(at: share * Double(sorted.count - 1)) }

    /// The mean of the two middle values where their number is even.
    var median: Double {
        let middle = sorted.count / 2
        guard !sorted.isEmpty else { return .nan }
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// Median of the absolute distances from the median, without the factor 1.4826.
    var medianDistance: Double {
        let centre = median
        return OrderStatistics(sorted.map { abs($0 - centre) }).median
    }

    /// `medianDistance` in standard deviations of a Gaussian sample.
    var robustSigma: Double { Self.sigmasPerMedianDistance * medianDistance }

    static let sigmasPerMedianDistance = 1.482602218505602
}
