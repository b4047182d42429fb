import Foundation
import Quantities

/// How a number may differ from its stated value: the distribution of true value over stated value.
public enum RelativeDistribution: Hashable, Codable, Sendable {
    case exact
    /// Mean 1.
    case normal(standardDeviation: Double)
    /// exp of a normal distribution.
    case lognormal(logMean: Double, logStandardDeviation: Double)
    /// Two halves of normal distributions that meet at 1, the mode.
    case splitNormal(left: Double, right: Double)

    /// Above this half-width a normal distribution would reach too near to zero (2006 IPCC, Volume 1, 3.2.2.4).
    public static let largestNormalHalfWidth = 0.30

    /// The distribution of a value with a 95 % interval from `1 - lower95` to `1 + upper95` times it.
    ///
    /// Symmetric intervals are normal up to 30 % and lognormal with mean 1 beyond. Asymmetric ones are lognormal where
    /// a lognormal distribution with these bounds has its median within 6 % of the stated value, and otherwise
    /// split-normal about it, fitted so that 2.5 % lie below and 2.5 % above. Bounds of a factor of three as the
    /// guidelines print them (1 to 10 about 3, 0.5 to 5 about 1.5) are lognormal within their rounding.
    public static func fitting(lower95: Double, upper95: Double) -> RelativeDistribution {
        guard lower95.isFinite, upper95.isFinite, lower95 >= 0, upper95 >= 0, lower95 + upper95 > 0 else {
            return .exact
        }
        let z = Estimate.coverageFactor95
        if abs(upper95 - lower95) <= 1e-9 * upper95 {
            guard upper95 > largestNormalHalfWidth else { return .normal(standardDeviation: upper95 / z) }
            let variance = log1p((upper95 / z) * (upper95 / z))
            return .lognormal(logMean: -variance / 2, logStandardDeviation: variance.squareRoot())
        }
        if lower95 < 1 {
            let (below, above) = (log(1 - lower95), log(1 + upper95))
            if abs(exp((below + above) / 2) - 1) <= 0.06, max(lower95, upper95) > largestNormalHalfWidth {
                return .lognormal(
                    logMean: (below + above) / 2,
                    logStandardDeviation: (above - below) / (2 * z)
                )
            }
        }
        return splitNormal(lower95, upper95)
    }

    /// Each half's deviation is found by bisection while the other is held, until both stand still.
    private static func splitNormal(_ lower: Double, _ upper: Double) -> RelativeDistribution {
        let z = Estimate.coverageFactor95
        var (left, right) = (max(lower, 1e-6 * upper) / z, max(upper, 1e-6 * lower) / z)
        for _ in 0..<200 {
            let before = (left, right)
            left = deviation(reach: lower, other: right)
            right = deviation(reach: upper, other: left)
            if abs(left - before.0) <= 1e-14 * left, abs(right - before.1) <= 1e-14 * right { break }
        }
        return .splitNormal(left: left, right: right)
    }

    /// The deviation of one half for which 2.5 % of the whole lie beyond `reach`.
    private static func deviation(reach: Double, other: Double) -> Double {
        var (low, high) = (1e-9 * max(reach, other), 10 * max(reach, other))
        for _ in 0..<100 {
            let middle = (low + high) / 2
            let beyond = 2 * middle / (middle + other) * NormalDistribution.cumulative(-reach / middle)
            if beyond < 0.025 { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// The value below which a share lies.
    public func quantile(_ share: Double) -> Double {
        switch self {
        case .exact: return 1
        case .normal(let deviation): return 1 + deviation * NormalDistribution.quantile(share)
        case .lognormal(let mean, let deviation):
            return exp(mean + deviation * NormalDistribution.quantile(share))
        case .splitNormal(let left, let right):
            let leftShare = left / (left + right)
            if share <= leftShare {
                return 1 + left * NormalDistribution.quantile(share * (left + right) / (2 * left))
            }
            return 1 - right * NormalDistribution.quantile((1 - share) * (left + right) / (2 * right))
        }
    }

    public var mean: Double {
        switch self {
        case .exact, .normal: 1
        case .lognormal(let mean, let deviation): exp(mean + deviation * deviation / 2)
        case .splitNormal(let left, let right): 1 + (2 / Double.pi).squareRoot() * (right - left)
        }
    }

    public var standardDeviation: Double {
        switch self {
        case .exact: return 0
        case .normal(let deviation): return deviation
        case .lognormal(_, let deviation): return mean * expm1(deviation * deviation).squareRoot()
        case .splitNormal(let left, let right):
            let difference = right - left
            return ((1 - 2 / Double.pi) * difference * difference + left * right).squareRoot()
        }
    }
}

/// A number that enters emissions with an error. Inputs of the same key are the same number: their errors are fully
/// correlated, as those of one factor are between years and sectors.
public struct UncertainInput: Hashable, Codable, Sendable {
    public let key: String
    public let distribution: RelativeDistribution

    public init(key: String, _ distribution: RelativeDistribution) {
        self.key = key
        self.distribution = distribution
    }
}

/// An emission as the product of an activity and a factor, each with its error.
public struct UncertainEmission: Hashable, Codable, Sendable {
    /// What it is summed into: a region, sector or year.
    public let group: String
    /// As stated; negative where it is deducted.
    public let tonnes: Double
    public let activity: UncertainInput
    public let factor: UncertainInput

    public init(group: String, tonnes: Double, activity: UncertainInput, factor: UncertainInput) {
        self.group = group
        self.tonnes = tonnes
        self.activity = activity
        self.factor = factor
    }
}
