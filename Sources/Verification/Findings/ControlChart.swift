/// Which way a chart left its limits.
public enum ChartSignal: String, CaseIterable, Codable, Sendable {
    case none
    /// The facility emits more than it accounts for.
    case high
    case low
}

/// Two-sided cumulative sum of standardised residuals (Page 1954, Biometrika 41, 100).
///
/// With k = 0.5 and independent residuals the chart raises a false alarm every 168 values at h = 4 and every 465 at
/// h = 5; a shift by one standard deviation is seen after 8.38 and 10.4 (Montgomery, Introduction to Statistical
/// Quality Control, table 9.3). Autocorrelated residuals alarm more often.
public struct CumulativeSumChart: Hashable, Sendable {
    /// k, half the shift to be found, in standard deviations.
    public let allowance: Double
    /// h, the decision interval.
    public let limit: Double
    public private(set) var high = 0.0
    public private(set) var low = 0.0
    /// Values since `high` and `low` last were zero: when the shift began, counted back from now.
    public private(set) var highRun = 0
    public private(set) var lowRun = 0

    /// - Precondition: both are positive, the allowance may be zero.
    public init(allowance: Double = 0.5, limit: Double = 5) {
        precondition(allowance >= 0 && limit > 0, "a chart needs a positive limit")
        self.allowance = allowance
        self.limit = limit
    }

    /// Takes the next residual over its standard deviation; what is not finite is skipped.
    ///
    /// A signal repeats until the sums come back; ``reset()`` starts anew after a case was opened.
    public mutating func take(_ residual: Double) -> ChartSignal {
        guard residual.isFinite else { return signal }
        high = max(0, high + residual - allowance)
        low = max(0, low - residual - allowance)
        highRun = high > 0 ? highRun + 1 : 0
        lowRun = low > 0 ? lowRun + 1 : 0
        return signal
    }

    /// Where both sums are beyond the limit, as after a shift that turned, that of the greater one.
    public var signal: ChartSignal {
        guard max(high, low) > limit else { return .none }
        return high >= low ? .high : .low
    }

    public mutating func reset() {
        (high, low) = (0, 0)
        (highRun, lowRun) = (0, 0)
    }
}

/// Exponentially weighted moving average of standardised residuals (Roberts 1959, Technometrics 1, 239), with the
/// limits of its starting phase.
public struct MovingAverageChart: Hashable, Sendable {
    /// lambda, the weight of the newest value, above 0 and at most 1.
    public let weight: Double
    /// L, the width of the limits in standard deviations of the average. Weight 0.1 with 2.814 and 0.2 with 2.962 raise
    /// a false alarm every 500 independent values (Lucas and Saccucci 1990, Technometrics 32, 1).
    public let width: Double
    public private(set) var average = 0.0
    public private(set) var count = 0

    /// - Precondition: 0 < weight <= 1 and width > 0.
    public init(weight: Double = 0.2, width: Double = 2.962) {
        precondition(weight > 0 && weight <= 1 && width > 0, "a chart needs a weight and a width")
        self.weight = weight
        self.width = width
    }

    /// Takes the next residual over its standard deviation; what is not finite is skipped.
    public mutating func take(_ residual: Double) -> ChartSignal {
        guard residual.isFinite else { return signal }
        average += weight * (residual - average)
        count += 1
        return signal
    }

    /// L sqrt(lambda / (2 - lambda) (1 - (1 - lambda)^2t)).
    public var limit: Double {
        var left = 1.0
        var base = (1 - weight) * (1 - weight)
        var exponent = count
        while exponent > 0 {
            if exponent & 1 == 1 { left *= base }
            base *= base
            exponent >>= 1
        }
        return width * (weight / (2 - weight) * (1 - left)).squareRoot()
    }

    public var signal: ChartSignal {
        guard count > 0 else { return .none }
        return average > limit ? .high : average < -limit ? .low : .none
    }

    public mutating func reset() { (average, count) = (0, 0) }
}
