/// Counts of values by upper bound, as Prometheus keeps them.
public struct MetricsHistogram: Equatable, Sendable {
    /// Upper bounds, rising; above the last there is one more class.
    public let bounds: [Double]
    /// One more than there are bounds; not cumulative.
    public private(set) var counts: [Int]
    public private(set) var sum = 0.0

    public var count: Int { counts.reduce(0, +) }

    init(bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    mutating func add(_ value: Double) {
        counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
        sum += value
    }

    /// Seconds from a tenth of a millisecond to ten seconds.
    static let latency = MetricsHistogram(bounds: [
        0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10,
    ])
    /// Messages in a batch.
    static let batchSize = MetricsHistogram(bounds: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000])
}
