import Quantities

/// Two probabilities that intervals are told for.
public enum IntervalLevel: Double, CaseIterable, Sendable {
    /// One standard deviation of a normal distribution, 68.27 %.
    case oneSigma = 0.682_689_492_137_085_9
    case ninetyFive = 0.95

    /// Half the width of the interval in standard deviations of a normal distribution: 1 and 1.96.
    public var normalHalfWidth: Double { NormalDistribution.quantile((1 + rawValue) / 2) }
    /// Probability below and above the interval.
    var tail: Double { (1 - rawValue) / 2 }
}

/// An interval of a positive number; nil where it is open.
public struct PositiveInterval: Equatable, Sendable {
    public let lower: Double?
    public let upper: Double?

    public init(lower: Double?, upper: Double?) {
        self.lower = lower
        self.upper = upper
    }

    public func contains(_ value: Double) -> Bool {
        value >= lower ?? -.infinity && value <= upper ?? .infinity
    }
}
