public import Quantities

/// The residuals of a facility in time order with both charts drawn along.
public struct ResidualChart: Sendable {
    public struct Point: Hashable, Sendable {
        public let evidence: Evidence
        /// Found less declared over its standard deviation, before any limit of the chart.
        public let zScore: Double
        public let cumulativeHigh: Double
        public let cumulativeLow: Double
        public let average: Double
        /// The moving average signals beyond ± this.
        public let averageLimit: Double
        public let cumulativeSignal: ChartSignal
        public let averageSignal: ChartSignal

        public var time: Instant { evidence.time }
        /// That of the cumulative sum, else of the moving average.
        public var signal: ChartSignal { cumulativeSignal == .none ? averageSignal : cumulativeSignal }
    }

    public let points: [Point]
    /// Observations without an uncertainty, which no chart can take.
    public let leftOut: Int
    /// Lag-1 autocorrelation of the residuals; the false-alarm rates of the charts hold near 0. NaN for fewer than
    /// three points.
    public let autocorrelation: Double

    /// - Parameters:
    ///   - evidence: of one facility and one kind, in any order.
    ///   - sums: the cumulative-sum chart at its start.
    ///   - average: the moving-average chart at its start.
    ///   - greatestScore: larger residuals count as this in the charts, so that one outlier cannot drive them for long
    ///     (Lucas and Crosier 1982, Commun. Stat. Theory 11, 2669).
    public init(
        _ evidence: [Evidence],
        sums: CumulativeSumChart = CumulativeSumChart(),
        average: MovingAverageChart = MovingAverageChart(),
        greatestScore: Double = .infinity
    ) {
        var sums = sums
        var average = average
        let ordered = evidence.filter { $0.zScore.isFinite }
            .sorted { ($0.time, $0.source, $0.zScore) < ($1.time, $1.source, $1.zScore) }
        leftOut = evidence.count - ordered.count
        points = ordered.map { item in
            let score = max(-greatestScore, min(greatestScore, item.zScore))
            let cumulative = sums.take(score)
            let smoothed = average.take(score)
            return Point(
                evidence: item,
                zScore: item.zScore,
                cumulativeHigh: sums.high,
                cumulativeLow: sums.low,
                average: average.average,
                averageLimit: average.limit,
                cumulativeSignal: cumulative,
                averageSignal: smoothed
            )
        }
        autocorrelation = points.count < 3 ? .nan : autocorrelations(points.map(\.zScore), lags: 1)[1]
    }

    /// When a chart first signalled; nil where none did.
    public var firstSignal: Instant? {
        points.first { $0.cumulativeSignal != .none || $0.averageSignal != .none }?.time
    }
}
