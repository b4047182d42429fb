public import Quantities

/// What may be said of a declared emission after looking from the air.
public enum Verdict: String, CaseIterable, Codable, Sendable {
    /// |z| < 1.
    case consistent
    /// 1 <= |z| <= 2.
    case tension
    /// |z| > 2.
    case inconsistent
    /// The observations say too little, or the figures lack what a verdict needs; see ``Reservation``.
    case notConstrained = "not_constrained"
}

/// Why no verdict on the declared figure can be given.
public enum Reservation: String, CaseIterable, Codable, Sendable {
    /// A mean or a standard deviation is NaN, infinite or, for the latter, negative.
    case notFinite = "not_finite"
    /// The prior has no uncertainty, so that nothing could be learnt.
    case noPriorUncertainty = "no_prior_uncertainty"
    /// The declared figure or the result states none: 0 is no measure of what is known.
    case noUncertainty = "no_uncertainty"
    /// Uncertainty reduction below ``Comparison/leastUncertaintyReduction``.
    case smallReduction = "small_reduction"
    /// Posterior and prior errors correlate by more than ``Comparison/greatestPriorCorrelation``.
    case followsPrior = "follows_prior"
    /// The difference itself has no uncertainty, so that z is not defined.
    case noUncertaintyOfDifference = "no_uncertainty_of_difference"
}

/// One region (or source, or sector) seen from both sides.
///
/// A missing or meaningless number never becomes a verdict: it makes the comparison
/// ``Verdict/notConstrained`` and says so in ``reservation``.
public struct Comparison: Sendable {
    /// Below this a posterior is little more than its prior.
    public static let leastUncertaintyReduction = 0.2
    /// Above this the posterior still follows its prior.
    public static let greatestPriorCorrelation = 0.9

    public var region: LocalizedName
    /// Bottom-up figure as declared, with its own uncertainty.
    public let inventory: Estimate
    /// What the inversion started from.
    public let prior: Estimate
    /// What it found.
    public let posterior: Estimate
    /// 1 - sigma_posterior / sigma_prior; 0 where the prior has no uncertainty, NaN where one is not finite.
    public let uncertaintyReduction: Double
    /// posterior - inventory.
    public let difference: Double
    /// Correlation assumed between posterior and inventory; that of posterior and prior where the inventory
    /// is also the prior, 0 where they are independent.
    public let correlation: Double
    /// sqrt(s_t^2 + s_b^2 - 2 r s_t s_b), the standard deviation of `difference`.
    public let differenceSigma: Double
    /// difference / differenceSigma; NaN where that is zero or not finite.
    public let zScore: Double
    public let verdict: Verdict
    /// Set when, and only when, the verdict is `notConstrained`.
    public let reservation: Reservation?
    /// The true emission where a simulation knows it; nil for real data.
    public let truth: Double?

    /// - Parameters:
    ///   - inventoryIsPrior: whether the prior mean was taken from the inventory.
    ///   - priorCorrelation: correlation of posterior and prior errors where it is known, e.g. from a sampled
    ///     posterior. Otherwise 1 - uncertainty reduction, exact for a linear Gaussian inversion, whose
    ///     cross-covariance of posterior and prior errors is the posterior covariance itself.
    public init(
        region: LocalizedName,
        inventory: Estimate,
        prior: Estimate,
        posterior: Estimate,
        inventoryIsPrior: Bool,
        truth: Double? = nil,
        priorCorrelation: Double? = nil
    ) {
        self.region = region
        self.inventory = inventory
        self.prior = prior
        self.posterior = posterior
        self.truth = truth
        let reduction = Self.reduction(from: prior, to: posterior)
        let followed =
            priorCorrelation.map { confined($0, to: -1...1) } ?? confined(1 - reduction, to: 0...1)
        uncertaintyReduction = reduction
        difference = posterior.mean - inventory.mean
        correlation = inventoryIsPrior ? followed : 0
        differenceSigma = Self.sigma(
            posterior.standardDeviation,
            inventory.standardDeviation,
            correlation: correlation
        )
        zScore = differenceSigma > 0 ? difference / differenceSigma : .nan
        let isFinite =
            inventory.isMeaningful && prior.isMeaningful && posterior.isMeaningful
            && difference.isFinite && differenceSigma.isFinite
        let states = inventory.standardDeviation > 0 && posterior.standardDeviation > 0
        switch (isFinite, prior.standardDeviation > 0 && !states) {
        case (false, _): reservation = .notFinite
        case (true, true): reservation = .noUncertainty
        case (true, false):
            reservation = Self.reservation(
                priorSigma: prior.standardDeviation,
                uncertaintyReduction: reduction,
                priorCorrelation: followed,
                zScore: zScore
            )
        }
        verdict = reservation == nil ? Self.verdict(zScore: zScore) : .notConstrained
    }

    /// Half of z: agreement by ISO 13528 is |En| <= 1, with expanded (k = 2) uncertainties.
    public var normalizedError: Double { zScore / 2 }

    /// Probability of a difference at least this large when the inventory is right (two-sided normal).
    public var pValue: Double { twoSidedNormalProbability(zScore: zScore) }

    static func reduction(from prior: Estimate, to posterior: Estimate) -> Double {
        guard prior.standardDeviation != 0 else { return posterior.standardDeviation.isNaN ? .nan : 0 }
        return 1 - posterior.standardDeviation / prior.standardDeviation
    }

    /// Standard deviation of the difference of two correlated figures; rounding below zero becomes zero.
    static func sigma(_ first: Double, _ second: Double, correlation: Double) -> Double {
        let variance = first * first + second * second - 2 * correlation * first * second
        return standardDeviation(ofVariance: variance)
    }

    static func reservation(
        priorSigma: Double,
        uncertaintyReduction: Double,
        priorCorrelation: Double,
        zScore: Double
    ) -> Reservation? {
        guard priorSigma > 0 else { return .noPriorUncertainty }
        guard uncertaintyReduction >= leastUncertaintyReduction else { return .smallReduction }
        guard priorCorrelation <= greatestPriorCorrelation else { return .followsPrior }
        return zScore.isFinite ? nil : .noUncertaintyOfDifference
    }

    static func verdict(zScore: Double) -> Verdict {
        switch abs(zScore) {
        case ..<1: .consistent
        case ...2: .tension
        default: .inconsistent
        }
    }
}

extension Estimate {
    /// Both numbers and the bounds at 95 % finite, and the standard deviation not negative.
    var isMeaningful: Bool {
        mean.isFinite && standardDeviation >= 0 && lower95.isFinite && upper95.isFinite
    }
}
