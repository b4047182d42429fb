import Foundation

/// How observations compare with what was expected before them.
public struct InnovationStatistics: Equatable, Sendable {
    /// Observations.
    public let count: Int
    /// dᵀ (H P Hᵀ + R)⁻¹ d with d = y - H x; near `count` when the errors are honest.
    public let chiSquare: Double
    /// ln det(H P Hᵀ + R).
    public let logDeterminant: Double
    /// What was learnt, ½ ln det(I + R⁻¹ H P Hᵀ), in nats.
    public let informationNats: Double

    /// ln p(y | all observations before); summed over time it is the evidence of one batch solve.
    public var logEvidence: Double {
        -(chiSquare + logDeterminant + Double(count) * log(2 * Double.pi)) / 2
    }
}
