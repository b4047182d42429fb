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

    /// One day cannot raise an alarm of the cumulative sum alone.
    public var greatestScore: Double { sums.limit + sums.allowance }

    /// Half a standard deviation beyond what alarms an average at rest: a single day can raise its alarm, as in the
    /// charts whose run lengths are published, and cannot hold it there for long.
    public var greatestAverageScore: Double {
        average.width / (average.weight * (2 - average.weight)).squareRoot() + 0.5
    }
}

/// How often chance alone alarms, for independent Gaussian residuals of a facility that emits what it declares.
public struct FalseAlarms: Hashable, Sendable {
    /// Days of observation that pass on average before a false alarm.
    public let cumulativeSumRunLength: Double
    public let movingAverageRunLength: Double

    public init(_ rules: FacilityRules) {
        cumulativeSumRunLength = AverageRunLength.ofCumulativeSum(
            allowance: rules.sums.allowance,
            limit: rules.sums.limit,
            shift: 0,
            greatestScore: rules.greatestScore
        )
        movingAverageRunLength = AverageRunLength.ofMovingAverage(
            weight: rules.average.weight,
            width: rules.average.width,
            shift: 0,
            greatestScore: rules.greatestAverageScore
        )
    }
}
