/// A correlation function that is one at distance zero, falls like a Gaussian and is zero from twice its half-width
/// on (Gaspari and Cohn 1999, QJRMS 125, 723, equation 4.10).
public struct GaspariCohn: Equatable, Sendable {
    /// Half of the distance at which the function becomes zero, in the unit of the distances.
    public let halfWidth: Double

    /// - Throws: ``EnsembleError/badOption(_:value:)`` unless the width is positive and finite.
    public init(halfWidth: Double) throws(EnsembleError) {
        guard halfWidth > 0, halfWidth.isFinite else {
            throw .badOption("half-width of the localisation", value: halfWidth)
        }
        self.halfWidth = halfWidth
    }

    /// The function nearest to a Gaussian with the standard deviation `radius`, whose half-width is sqrt(10/3) times
    /// that (Lorenc 2003, QJRMS 129, 3183).
    public init(radius: Double) throws(EnsembleError) {
        try self.init(halfWidth: radius * (10.0 / 3).squareRoot())
    }

    /// Between 0 and 1.
    public func callAsFunction(_ distance: Double) -> Double {
        let z = abs(distance) / halfWidth
        if z >= 2 { return 0 }
        if z <= 1 { return 1 + z * z * (-5.0 / 3 + z * (5.0 / 8 + z * (1.0 / 2 - z / 4))) }
        let outer = 4 - 5 * z + z * z * (5.0 / 3 + z * (5.0 / 8 + z * (-1.0 / 2 + z / 12))) - 2 / (3 * z)
        return max(0, outer)
    }
}
