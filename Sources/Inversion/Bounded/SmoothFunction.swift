/// A function with a gradient, to be minimised.
public protocol SmoothFunction: Sendable {
    /// Number of variables.
    var dimension: Int { get }

    /// The value at a point; infinite or NaN where the function is not defined.
    ///
    /// - Parameters:
    ///   - point: as many values as ``dimension``.
    ///   - gradient: overwritten with the partial derivatives; as long as the point.
    func value(at point: [Double], gradient: inout [Double]) -> Double
}

/// Where a minimiser ended.
public struct BoundedMinimum: Sendable {
    public let point: [Double]
    public let value: Double
    public let gradient: [Double]
    public let states: [BoundState]
    /// Largest component of the gradient projected on the bounds: zero at an exact solution.
    public let projectedGradient: Double
    public let iterations: Int
    /// Calls of the function.
    public let evaluations: Int
}
