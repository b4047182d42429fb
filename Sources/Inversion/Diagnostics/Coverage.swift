import Foundation

/// How often intervals of predictions hold observations that were withheld, and what makes them honest.
public struct Coverage: Sendable {
    /// Withheld observations.
    public let count: Int
    /// Share within one predicted standard deviation; 0.683 where errors are honest.
    public let withinOneSigma: Double
    /// Share within 1.96 predicted standard deviations; 0.95 where errors are honest.
    public let withinNinetyFive: Double
    /// Root mean square of residuals over their predicted standard deviations: what standard deviations must be
    /// multiplied by; 1 where errors are honest.
    public let inflation: Double
    /// Number of independent residuals that would determine the inflation as well.
    public let effectiveCount: Double
    /// The factor that makes one-sigma intervals hold their share, whatever the distribution: the empirical
    /// quantile with the correction for a finite sample (Lei et al. 2018, JASA 113, 1094); nil where the sample is
    /// too small to have it.
    public let oneSigmaFactor: Double?
    /// The same for 95 % intervals.
    public let ninetyFiveFactor: Double?

    /// Confidence interval of ``inflation``, from the scatter between groups.
    public func inflationInterval(_ level: IntervalLevel) -> PositiveInterval {
        func limit(_ probability: Double) -> Double? {
            let quantile =
                ChiSquareDistribution.quantile(probability, degrees: effectiveCount) / effectiveCount
            return quantile > 0 ? inflation / quantile.squareRoot() : nil
        }
        return PositiveInterval(lower: limit(1 - level.tail), upper: limit(level.tail))
    }

    /// - Parameter groups: withheld residuals, in groups that are independent of each other to first order.
    /// - Throws: ``InversionError/empty(_:)`` without residuals.
    public init(of groups: [WithheldGroup]) throws(InversionError) {
        try self.init(standardised: groups.map(\.standardisedResiduals))
    }

    /// - Parameter groups: residuals over their predicted standard deviations.
    /// - Throws: ``InversionError/empty(_:)`` without residuals, ``InversionError/notFinite(_:index:)``.
    public init(standardised groups: [[Double]]) throws(InversionError) {
        let sizes = groups.flatMap { $0 }.map { abs($0) }
        guard !sizes.isEmpty else { throw .empty("withheld observations") }
        try checkFinite("withheld residuals", sizes)
        count = sizes.count
        func share(_ level: IntervalLevel) -> Double {
            Double(sizes.count { $0 <= level.normalHalfWidth }) / Double(sizes.count)
        }
        withinOneSigma = share(.oneSigma)
        withinNinetyFive = share(.ninetyFive)
        inflation = (squaredNorm(sizes) / Double(sizes.count)).squareRoot()
        effectiveCount = Self.effectiveCount(groups)
        let sorted = sizes.sorted()
        func factor(_ level: IntervalLevel) -> Double? {
            let rank = Int((Double(sorted.count + 1) * level.rawValue).rounded(.up))
            return rank <= sorted.count ? sorted[rank - 1] / level.normalHalfWidth : nil
        }
        oneSigmaFactor = factor(.oneSigma)
        ninetyFiveFactor = factor(.ninetyFive)
    }

    /// The degrees of freedom of the chi-square distribution that scatters as much as the mean square does when
    /// one group after the other is left out (jackknife; Satterthwaite 1946, Biometrics 2, 110). Never more than
    /// the residuals; as many as they are where there is one group only.
    private static func effectiveCount(_ groups: [[Double]]) -> Double {
        let parts = groups.filter { !$0.isEmpty }
        let number = Double(parts.count)
        let total = parts.reduce(0) { $0 + Double($1.count) }
        let squares = parts.map(squaredNorm)
        let sum = squares.reduce(0, +)
        guard parts.count > 1, sum > 0 else { return total }
        let without = zip(parts, squares).map { (sum - $1) / (total - Double($0.count)) }
        let mean = without.reduce(0, +) / number
        let variance = (number - 1) / number * without.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        guard variance > 0 else { return total }
        return min(total, max(1, 2 * mean * mean / variance))
    }
}
