/// A value with its standard uncertainty. A number without uncertainty is not a result.
public struct Estimate: Codable, Hashable, Sendable {
    /// Best value, in the unit the owner documents.
    public let mean: Double
    /// One standard deviation, same unit; never negative.
    public let standardDeviation: Double

    public init(mean: Double, standardDeviation: Double) {
        self.mean = mean
        self.standardDeviation = standardDeviation
    }

    /// Half-width factor of the central 95 % interval of a Gaussian.
    public static let coverageFactor95 = 1.959963984540054

    public var lower95: Double { mean - Self.coverageFactor95 * standardDeviation }
    public var upper95: Double { mean + Self.coverageFactor95 * standardDeviation }

    /// Mean and standard deviation both multiplied, the standard deviation by the magnitude.
    public func scaled(by factor: Double) -> Estimate {
        Estimate(mean: mean * factor, standardDeviation: standardDeviation * abs(factor))
    }
}
