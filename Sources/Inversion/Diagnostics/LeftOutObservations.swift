/// What all other observations say of each one, from the leverages h of a problem with independent errors: residuals
/// r / (1 - h) of the standard deviation σ / √(1 - h) (Wahba 1990, Spline Models for Observational Data, section 4.2).
public struct LeftOutObservations: Sendable {
    /// Share of its own value in each modelled observation.
    public let leverages: [Double]
    /// y - its prediction from all others, in the unit of the observations; NaN where the others do not predict it.
    public let residuals: [Double]
    /// Standard deviation that each of these residuals should have.
    public let residualSigma: [Double]
    /// Observations that hardly anything but themselves determines, so that rounding is left of 1 - h.
    public let undetermined: [Int]

    /// Least 1 - h of which five digits are left.
    private static let leastRemainder = 1e-8

    /// - Throws: ``InversionError/wrongLength(of:expected:actual:)``.
    public init(
        observations: [Double],
        modelled: [Double],
        sigma: [Double],
        leverages: [Double]
    ) throws(InversionError) {
        try checkLength("modelled observations", modelled.count, observations.count)
        try checkLength("observation_sigma", sigma.count, observations.count)
        try checkLength("leverages", leverages.count, observations.count)
        self.leverages = leverages
        undetermined = leverages.indices.filter { !(1 - leverages[$0] >= Self.leastRemainder) }
        let unknown = Set(undetermined)
        residuals = observations.indices.map {
            unknown.contains($0) ? .nan : (observations[$0] - modelled[$0]) / (1 - leverages[$0])
        }
        residualSigma = sigma.indices.map {
            unknown.contains($0) ? .nan : sigma[$0] / (1 - leverages[$0]).squareRoot()
        }
    }

    /// Residuals over their standard deviations, of those observations that have one.
    ///
    /// - Parameter indices: of observations.
    public func standardised(_ indices: some Sequence<Int>) -> [Double] {
        indices.map { residuals[$0] / residualSigma[$0] }.filter { !$0.isNaN }
    }
}
