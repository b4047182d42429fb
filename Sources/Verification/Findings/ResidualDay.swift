public import Quantities

/// What the observations of one kind say of a facility on one day (UTC), taken together.
///
/// The residual is the mean of found less declared with weights 1/σ²found. The errors of what was found are
/// independent, together 1/Σ(1/σ²found); that of the declared figure is one for all of the day and is added once.
/// Where the declared σ differs within the day, it counts as its mean with the same weights, which is exact for errors
/// that are wholly correlated.
public struct ResidualDay: Hashable, Sendable {
    /// Counted from 1970.
    public let day: Int64
    /// By time and source; never empty.
    public let evidence: [Evidence]
    public let residual: Estimate
    /// Variance of the declared figure over that of the residual.
    public let declaredShare: Double
    /// Probability of a χ² of the residuals about their mean at least as large, with σfound; 1 for a single one.
    public let agreement: Double

    /// Observations of a day contradict each other below this probability: one day of a hundred by chance.
    public static let leastAgreement = 0.01

    /// Such a day is no evidence: it stands in no chart and ends a run.
    public var isTorn: Bool { agreement < Self.leastAgreement }

    public var zScore: Double { residual.mean / residual.standardDeviation }

    /// That of the last observation.
    public var time: Instant { evidence[evidence.count - 1].time }

    /// The days on which there are observations, in their order; those without uncertainty are left out.
    ///
    /// - Parameter evidence: of one facility and one kind, in any order.
    public static func days(_ evidence: [Evidence]) -> [ResidualDay] {
        let byDay = Dictionary(grouping: evidence.filter(\.isUsable), by: \.day)
        return byDay.map { ResidualDay(day: $0.key, $0.value) }.sorted { $0.day < $1.day }
    }

    private init(day: Int64, _ pieces: [Evidence]) {
        self.day = day
        evidence = pieces.sorted {
            ($0.time, $0.source, $0.residual.mean) < ($1.time, $1.source, $1.residual.mean)
        }
        let weights = evidence.map { 1 / ($0.foundSigma * $0.foundSigma) }
        let whole = weights.reduce(0, +)
        let mean = zip(weights, evidence).reduce(0) { $0 + $1.0 * $1.1.residual.mean } / whole
        let declared = zip(weights, evidence).reduce(0) { $0 + $1.0 * $1.1.declaredSigma } / whole
        let variance = 1 / whole + declared * declared
        residual = Estimate(mean: mean, standardDeviation: variance.squareRoot())
        declaredShare = declared * declared / variance
        let scatter = zip(weights, evidence).reduce(0.0) { sum, piece in
            let distance = piece.1.residual.mean - mean
            return sum + piece.0 * distance * distance
        }
        agreement = evidence.count > 1 ? chiSquareTail(scatter, degrees: evidence.count - 1) : 1
    }
}

extension Evidence {
    /// Of what was found; where the figures are not told, the whole error is counted as that of the observation.
    fileprivate var foundSigma: Double { figures?.found.standardDeviation ?? residual.standardDeviation }

    fileprivate var declaredSigma: Double { figures?.declared.standardDeviation ?? 0 }

    /// Whether a chart can take it.
    var isUsable: Bool { zScore.isFinite && foundSigma > 0 }
}
