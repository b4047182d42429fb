public import Quantities

/// The differences of one region over several periods taken together: a bias that stays is seen sooner than in any
/// single year.
public struct RepeatedDifference: Sendable {
    /// Mean of posterior less inventory over the periods that are constrained, with its uncertainty.
    public let difference: Estimate
    /// Periods that entered, and those that the observations do not constrain.
    public let count: Int
    public let unconstrained: Int
    public let zScore: Double

    public var pValue: Double { twoSidedNormalProbability(zScore: zScore) }

    /// - Parameter correlation: of the errors of the differences of any two periods, 0 to 1; what transport,
    ///   background and emission factors share does not average out.
    /// Nil where no period is constrained.
    public init?(_ comparisons: [Comparison], correlation: Double) {
        let sure = comparisons.filter { $0.verdict != .notConstrained }
        guard !sure.isEmpty, (0...1).contains(correlation) else { return nil }
        let n = Double(sure.count)
        let own = sure.reduce(0) { $0 + $1.differenceSigma * $1.differenceSigma }
        let sum = sure.reduce(0) { $0 + $1.differenceSigma }
        let variance = (own + correlation * (sum * sum - own)) / (n * n)
        difference = Estimate(
            mean: sure.reduce(0) { $0 + $1.difference } / n,
            standardDeviation: standardDeviation(ofVariance: variance)
        )
        count = sure.count
        unconstrained = comparisons.count - sure.count
        zScore = difference.standardDeviation > 0 ? difference.mean / difference.standardDeviation : .nan
    }
}
