public import Quantities

/// The residuals of a facility, one a day in their order, with both charts drawn along.
public struct ResidualChart: Sendable {
    public struct Point: Hashable, Sendable {
        public let day: ResidualDay
        public let cumulativeHigh: Double
        public let cumulativeLow: Double
        public let average: Double
        /// The moving average signals beyond ± this.
        public let averageLimit: Double
        public let cumulativeSignal: ChartSignal
        public let averageSignal: ChartSignal
        /// Whether a chart is beyond its limits above, and below: a sum that a former shift has left beyond its limit
        /// hides neither the other sum nor the average.
        public let isHigh: Bool
        public let isLow: Bool
        /// A day whose observations contradict each other lies between this one and the one before.
        public let followsTornDay: Bool

        public var time: Instant { day.time }
        /// Found less declared over its standard deviation, before any limit of the charts.
        public var zScore: Double { day.zScore }
        /// Whether a chart is beyond its limits on a side.
        func isBeyond(_ side: ChartSignal) -> Bool { side == .high ? isHigh : isLow }

        /// That of the cumulative sum, else of the moving average.
        public var signal: ChartSignal { cumulativeSignal == .none ? averageSignal : cumulativeSignal }
    }

    public let points: [Point]
    /// Days whose observations contradict each other: no evidence, and in no chart.
    public let tornDays: [ResidualDay]
    /// Observations without an uncertainty, which no chart can take.
    public let leftOut: Int
    /// Lag-1 autocorrelation of the days; the false-alarm rates of the charts hold near 0. NaN for fewer than three
    /// points.
    public let autocorrelation: Double

    /// - Parameters:
    ///   - evidence: of one facility and one kind, in any order.
    ///   - sums: the cumulative-sum chart at its start.
    ///   - average: the moving-average chart at its start.
    ///   - greatestScore: larger residuals count as this in the cumulative sum, so that one outlier cannot drive it for
    ///     long (Lucas and Crosier 1982, Commun. Stat. Theory 11, 2669).
    ///   - greatestAverageScore: the same for the moving average.
    public init(
        _ evidence: [Evidence],
        sums: CumulativeSumChart = CumulativeSumChart(),
        average: MovingAverageChart = MovingAverageChart(),
        greatestScore: Double = .infinity,
        greatestAverageScore: Double = .infinity
    ) {
        var sums = sums
        var average = average
        var isAfterTorn = false
        var points: [Point] = []
        let days = ResidualDay.days(evidence)
        for day in days {
            guard !day.isTorn else {
                isAfterTorn = true
                continue
            }
            let cumulative = sums.take(Self.clipped(day.zScore, greatestScore))
            let smoothed = average.take(Self.clipped(day.zScore, greatestAverageScore))
            points.append(
                Point(
                    day: day,
                    cumulativeHigh: sums.high,
                    cumulativeLow: sums.low,
                    average: average.average,
                    averageLimit: average.limit,
                    cumulativeSignal: cumulative,
                    averageSignal: smoothed,
                    isHigh: sums.high > sums.limit || smoothed == .high,
                    isLow: sums.low > sums.limit || smoothed == .low,
                    followsTornDay: isAfterTorn
                )
            )
            isAfterTorn = false
        }
        self.points = points
        tornDays = days.filter(\.isTorn)
        leftOut = evidence.count { !$0.isUsable }
        autocorrelation = points.count < 3 ? .nan : autocorrelations(points.map(\.zScore), lags: 1)[1]
    }

    static func clipped(_ score: Double, _ greatest: Double) -> Double {
        max(-greatest, min(greatest, score))
    }

    /// When a chart first signalled; nil where none did.
    public var firstSignal: Instant? {
        points.first { $0.cumulativeSignal != .none || $0.averageSignal != .none }?.time
    }

    /// Observations that stand in the chart.
    public var observationCount: Int { points.reduce(0) { $0 + $1.day.evidence.count } }

    /// Mean share of the variance of a day that is the error of the declared figure; 0 of no days.
    public var declaredShare: Double {
        points.isEmpty ? 0 : points.reduce(0) { $0 + $1.day.declaredShare } / Double(points.count)
    }
}
