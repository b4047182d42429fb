/// How the residuals of facilities are judged.
public struct FacilityRules: Hashable, Sendable {
    /// The charts at their start.
    public var sums = CumulativeSumChart()
    public var average = MovingAverageChart()
    public var persistence = PersistenceRule()
    /// Score that the days after an alarm must have on the side of the alarm, in mean and median: charts remember, and
    /// what they only remember opens no case.
    public var leastLastingScore = 1.0
    /// Share of observations that failed their checks above which the observation is to be reviewed first.
    public var greatestFailedShare = 1.0 / 3

    public init() {}

    /// One observation cannot raise an alarm of the cumulative sum alone.
    public var greatestScore: Double { sums.limit + sums.allowance }
}

/// How often chance alone alarms, for independent Gaussian residuals of a facility that emits what it declares.
public struct FalseAlarms: Hashable, Sendable {
    /// Observations that pass on average before a false alarm.
    public let cumulativeSumRunLength: Double
    public let movingAverageRunLength: Double

    public init(_ rules: FacilityRules) {
        cumulativeSumRunLength = AverageRunLength.ofCumulativeSum(
            allowance: rules.sums.allowance,
            limit: rules.sums.limit,
            shift: 0
        )
        movingAverageRunLength = AverageRunLength.ofMovingAverage(
            weight: rules.average.weight,
            width: rules.average.width,
            shift: 0
        )
    }
}
