import Foundation

extension PersistenceRule {
    /// How many runs chance alone begins in so many days of observation, when the residuals of the days are Gaussian.
    ///
    /// With q and q' the shares of days that exceed the one way and the other, a run of k of n begins on a day that
    /// exceeds, after n - 1 days of which k - 1 do and none the other way, if the day before those does not: with
    /// probability q C(n - 1, k - 1) qᵏ⁻¹ (1 - q - q')ⁿ⁻ᵏ (1 - q); near the start there are fewer days before. For k of
    /// k this is qᵏ (1 + (days - k)(1 - q)).
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
            let share = normalProbability(below: -leastScore)
            return 2 * runs(count, need, share: share, opposite: share)
        }
        // Mean over the common error by the rule of rectangles, whose rounding is below 1e-9 for a Gaussian.
        let own = (1 - min(commonShare, 1 - 1e-9)).squareRoot()
        let step = 0.02
        return (-400...400).reduce(0.0) { sum, place in
            let error = Double(place) * step
            let weight = step * exp(-error * error / 2) / (2 * Double.pi).squareRoot()
            let shift = commonShare.squareRoot() * error
            let share = normalProbability(below: (shift - leastScore) / own)
            let opposite = normalProbability(below: (-shift - leastScore) / own)
            return sum + 2 * weight * runs(count, need, share: share, opposite: opposite)
        }
    }

    /// Of one sign.
    private func runs(
        _ count: Int,
        _ need: (exceeding: Int, among: Int),
        share: Double,
        opposite: Double
    ) -> Double {
        let quiet = max(0, 1 - share - opposite)
        // Of the days before the one that begins a run, k - 1 exceed and the others are quiet.
        var probability = pow(share, Double(need.exceeding))
        var sum = 0.0
        for before in (need.exceeding - 1)..<min(need.among, count) {
            sum += probability
            guard before < need.among - 1 else { break }
            probability *= Double(before + 1) / Double(before + 2 - need.exceeding) * quiet
        }
        return sum + Double(max(0, count - need.among)) * probability * (1 - share)
    }
}
