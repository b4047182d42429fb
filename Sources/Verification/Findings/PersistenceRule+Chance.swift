import Foundation

extension PersistenceRule {
    /// Most runs that chance alone begins in so many days of observation, when the residuals of the days are Gaussian:
    /// with q the share of days that exceed one way, each day ends a run of k with probability (1 - q) qᵏ, and is among
    /// windows that hold k of n with at most P(B(n, q) >= k); two ways.
    ///
    /// - Parameter commonShare: share of the variance that is one error for all of the days, as that of a declared
    ///   figure is; 0 for independent days. What is not finite counts as 0.
    public func expectedFalseRuns(
        days count: Int,
        of kind: Evidence.Kind,
        commonShare: Double = 0
    ) -> Double {
        guard let need = days(of: kind), count >= need.exceeding else { return 0 }
        guard commonShare > 0 else {
            return 2 * runs(count, need, share: normalProbability(below: -leastScore))
        }
        // Mean over the common error by the rule of rectangles, whose rounding is below 1e-9 for a Gaussian.
        let own = (1 - min(commonShare, 1 - 1e-9)).squareRoot()
        let step = 0.02
        return (-400...400).reduce(0.0) { sum, place in
            let error = Double(place) * step
            let weight = step * exp(-error * error / 2) / (2 * Double.pi).squareRoot()
            let share = normalProbability(below: (commonShare.squareRoot() * error - leastScore) / own)
            return sum + 2 * weight * runs(count, need, share: share)
        }
    }

    /// Of one sign.
    private func runs(_ count: Int, _ need: (exceeding: Int, among: Int), share: Double) -> Double {
        let starts = Double(count - need.exceeding)
        guard need.among > need.exceeding else {
            return pow(share, Double(need.exceeding)) * (1 + starts * (1 - share))
        }
        let tail = (need.exceeding...need.among).reduce(0.0) { sum, hits in
            let ways = exp(
                lgamma(Double(need.among + 1)) - lgamma(Double(hits + 1))
                    - lgamma(Double(need.among - hits + 1))
            )
            return sum + ways * pow(share, Double(hits)) * pow(1 - share, Double(need.among - hits))
        }
        return tail * (starts + 1)
    }
}
