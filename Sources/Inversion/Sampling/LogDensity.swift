/// The logarithm of a probability density up to a constant, with its gradient: what the samplers draw from and
/// what ``BoundedMinimiser`` finds the top of.
public protocol LogDensity: Sendable {
    /// Number of parameters.
    var dimension: Int { get }
    /// Where each parameter may lie.
    var supports: [Support] { get }
    /// Rough size of each parameter on the unbounded scale of its support: standard deviations to begin with, from
    /// which a sampler finds the right ones if they are not wrong by many orders of magnitude.
    var scales: [Double] { get }

    /// ln p at a point inside the supports; minus infinity where the density vanishes.
    ///
    /// - Parameters:
    ///   - point: as many values as ``dimension``.
    ///   - gradient: overwritten with the partial derivatives; as long as the point.
    func logDensity(at point: [Double], gradient: inout [Double]) -> Double
}

extension LogDensity {
    /// The whole line for every parameter.
    public var supports: [Support] { [Support](repeating: .line, count: dimension) }
    /// One for every parameter.
    public var scales: [Double] { [Double](repeating: 1, count: dimension) }

    /// The supports as bounds, the edges included.
    public var bounds: Bounds {
        get throws(InversionError) {
            try Bounds(lower: supports.map { $0.lower }, upper: supports.map { $0.upper })
        }
    }

    /// The most probable point inside the supports, edges included.
    ///
    /// - Throws: ``InversionError`` when the search does not converge.
    public func mostProbable(
        from start: [Double],
        minimiser: BoundedMinimiser = BoundedMinimiser()
    ) throws(InversionError) -> BoundedMinimum {
        try minimiser.minimise(NegativeLogDensity(self), from: start, bounds: try bounds)
    }
}

/// -ln p, to be minimised.
public struct NegativeLogDensity<Density: LogDensity>: SmoothFunction {
    public let density: Density

    public init(_ density: Density) { self.density = density }

    public var dimension: Int { density.dimension }

    public func value(at point: [Double], gradient: inout [Double]) -> Double {
        let value = density.logDensity(at: point, gradient: &gradient)
        for index in gradient.indices { gradient[index] = -gradient[index] }
        return -value
    }
}
