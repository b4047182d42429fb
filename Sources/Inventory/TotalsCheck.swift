/// The total that a product declares for itself beside the sum over its cells.
public struct TotalsCheck: Equatable, Sendable {
    /// What the file says, t in its period.
    public let declaredTonnes: Double
    /// What its cells sum to over the true seconds of its period, t.
    public let computedTonnes: Double

    public init(declaredTonnes: Double, computedTonnes: Double) {
        self.declaredTonnes = declaredTonnes
        self.computedTonnes = computedTonnes
    }

    /// Float32 cells, printed digits and another Earth radius stay below this; a year taken for a leap year, or
    /// cells that were left out, do not.
    public static let tolerance = 1e-3

    /// (computed - declared) / declared.
    public var relativeDifference: Double { (computedTonnes - declaredTonnes) / declaredTonnes }

    public var passes: Bool { abs(relativeDifference) <= Self.tolerance }
}
