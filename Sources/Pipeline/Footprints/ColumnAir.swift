/// What of a column the particles of its footprint do not carry.
public struct ColumnAir: Equatable, Sendable {
    /// Averaging kernel times pressure weight of each level, from the top down.
    public var weights: [Double]
    /// Prior mole fractions of the same levels, ppm.
    public var moleFractions: [Double]

    /// - Precondition: as many weights as mole fractions.
    public init(weights: [Double], moleFractions: [Double]) {
        precondition(weights.count == moleFractions.count)
        self.weights = weights
        self.moleFractions = moleFractions
    }

    /// ppm that the air above the released particles adds: the prior of the uppermost levels, as many as carry what the
    /// particles lack of the whole weight.
    func above(releasedWeight: Double) -> Double {
        var rest = weights.reduce(0, +) - releasedWeight
        var sum = 0.0
        for (weight, moleFraction) in zip(weights, moleFractions) where rest > 0 {
            let part = min(weight, rest)
            sum += part * moleFraction
            rest -= part
        }
        return sum
    }
}
