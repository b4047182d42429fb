public import Quantities

/// What may be said of a declared emission after looking from the air.
public enum Verdict: String, Codable, Sendable {
    /// |z| < 1.
    case consistent
    /// 1 <= |z| <= 2.
    case tension
    /// |z| > 2.
    case inconsistent
    /// The observations say too little: uncertainty reduction below 20 %.
    case notConstrained = "not_constrained"
}

/// One region (or source, or sector) seen from both sides.
public struct Comparison: Sendable {
    public let region: LocalizedName
    /// Bottom-up figure as declared, with its own uncertainty.
    public let inventory: Estimate
    /// What the inversion started from.
    public let prior: Estimate
    /// What it found.
    public let posterior: Estimate
    /// 1 - sigma_posterior / sigma_prior.
    public let uncertaintyReduction: Double
    /// posterior - inventory.
    public let difference: Double
    /// Correlation assumed between posterior and inventory; 1 - uncertainty reduction where the inventory is
    /// also the prior, 0 where they are independent.
    public let correlation: Double
    /// difference / sqrt(s_t^2 + s_b^2 - 2 r s_t s_b).
    public let zScore: Double
    public let verdict: Verdict
    /// The true emission where a simulation knows it; nil for real data.
    public let truth: Double?

    /// - Parameter inventoryIsPrior: whether the prior mean was taken from the inventory.
    public init(
        region: LocalizedName,
        inventory: Estimate,
        prior: Estimate,
        posterior: Estimate,
        inventoryIsPrior: Bool,
        truth: Double? = nil
    ) {
        self.region = region
        self.inventory = inventory
        self.prior = prior
        self.posterior = posterior
        self.truth = truth
        let reduction = 1 - posterior.standardDeviation / prior.standardDeviation
        uncertaintyReduction = reduction
        difference = posterior.mean - inventory.mean
        correlation = inventoryIsPrior ? min(1, max(0, 1 - reduction)) : 0
        let variance =
            posterior.standardDeviation * posterior.standardDeviation
            + inventory.standardDeviation * inventory.standardDeviation
            - 2 * correlation * posterior.standardDeviation * inventory.standardDeviation
        zScore = variance > 0 ? difference / variance.squareRoot() : .infinity
        verdict = Self.verdict(zScore: zScore, uncertaintyReduction: reduction)
    }

    static func verdict(zScore: Double, uncertaintyReduction: Double) -> Verdict {
        guard uncertaintyReduction >= 0.2 else { return .notConstrained }
        switch abs(zScore) {
        case ..<1: return .consistent
        case ...2: return .tension
        default: return .inconsistent
        }
    }
}
