public import Quantities

/// The eight ways in which emissions go along with an economy (Tapio 2005, Transp. Policy 12, 137).
public enum Decoupling: String, CaseIterable, Codable, Sendable {
    case strongDecoupling = "strong_decoupling"
    case weakDecoupling = "weak_decoupling"
    case expansiveCoupling = "expansive_coupling"
    case expansiveNegativeDecoupling = "expansive_negative_decoupling"
    case strongNegativeDecoupling = "strong_negative_decoupling"
    case weakNegativeDecoupling = "weak_negative_decoupling"
    case recessiveCoupling = "recessive_coupling"
    case recessiveDecoupling = "recessive_decoupling"

    public var name: LocalizedName {
        switch self {
        case .strongDecoupling: LocalizedName(english: "strong decoupling", chinese: "强脱钩")
        case .weakDecoupling: LocalizedName(english: "weak decoupling", chinese: "弱脱钩")
        case .expansiveCoupling: LocalizedName(english: "expansive coupling", chinese: "扩张连接")
        case .expansiveNegativeDecoupling:
            LocalizedName(english: "expansive negative decoupling", chinese: "扩张负脱钩")
        case .strongNegativeDecoupling: LocalizedName(english: "strong negative decoupling", chinese: "强负脱钩")
        case .weakNegativeDecoupling: LocalizedName(english: "weak negative decoupling", chinese: "弱负脱钩")
        case .recessiveCoupling: LocalizedName(english: "recessive coupling", chinese: "衰退连接")
        case .recessiveDecoupling: LocalizedName(english: "recessive decoupling", chinese: "衰退脱钩")
        }
    }
}

/// The elasticity of emissions to gross domestic product and its class.
public struct TapioElasticity: Hashable, Sendable {
    /// Coupling reaches from this to ``greatestCoupling``, both included.
    public static let leastCoupling = 0.8
    public static let greatestCoupling = 1.2
    /// So that 1.2 stays coupling where the quotient rounds above it.
    private static let rounding = 1e-12

    /// (dC/C0) / (dG/G0); NaN where the economy did not change.
    public let elasticity: Double
    /// Nil where the economy did not change or a change is not finite.
    public let decoupling: Decoupling?

    /// - Parameters: relative changes, 0.05 for 5 %.
    public init(emissionChange: Double, economyChange: Double) {
        guard emissionChange.isFinite, economyChange.isFinite, economyChange != 0 else {
            (elasticity, decoupling) = (.nan, nil)
            return
        }
        elasticity = emissionChange / economyChange
        decoupling = Self.decoupling(elasticity, grows: economyChange > 0)
    }

    private static func decoupling(_ elasticity: Double, grows: Bool) -> Decoupling {
        switch elasticity {
        case ..<0: grows ? .strongDecoupling : .strongNegativeDecoupling
        case ..<(leastCoupling - rounding): grows ? .weakDecoupling : .weakNegativeDecoupling
        case ...(greatestCoupling + rounding): grows ? .expansiveCoupling : .recessiveCoupling
        default: grows ? .expansiveNegativeDecoupling : .recessiveDecoupling
        }
    }
}
