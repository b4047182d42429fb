import Foundation

extension Comparison {
    /// How much more likely the difference is if the inventory is right than if it is wrong by about
    /// `plausibleDifference`: the ratio of N(0, s²) to N(0, s² + tau²) at the difference found. Above 1 the inventory
    /// gains, below 1/3 and 1/10 the evidence against it is called substantial and strong (Jeffreys 1961).
    ///
    /// - Parameter plausibleDifference: standard deviation tau of the error an inventory of this kind may have, in
    ///   the unit of the figures, e.g. 0.3 of the declared figure.
    /// - Returns: NaN where the comparison is not constrained or tau is not positive.
    public func bayesFactor(plausibleDifference: Double) -> Double {
        guard verdict != .notConstrained, plausibleDifference > 0, plausibleDifference.isFinite else {
            return .nan
        }
        let variance = differenceSigma * differenceSigma
        let wide = variance + plausibleDifference * plausibleDifference
        let squared = difference * difference
        return (wide / variance).squareRoot() * exp(squared / 2 * (1 / wide - 1 / variance))
    }
}

extension FalseDiscovery {
    /// Places of the comparisons that are flagged when at most a share `rate` of the flags may be false.
    ///
    /// Holds for independent comparisons and for errors that correlate positively between regions (Benjamini and
    /// Yekutieli 2001, Ann. Stat. 29, 1165).
    public static func flagged(_ comparisons: [Comparison], rate: Double) -> [Int] {
        adjusted(comparisons).enumerated().filter { $0.element <= rate }.map(\.offset)
    }
}
