import LinearAlgebra

/// The posterior of a linear Gaussian problem as a density, also with its elements bounded: a truncated normal then.
///
/// The observations enter through the normal equations, so that an evaluation costs the square of the state. The
/// prior covariance is inverted: for a state that a sampler can cope with, no digits that matter are lost.
public struct GaussianDensity: LogDensity {
    public let supports: [Support]
    /// Hᵀ R⁻¹ H + B⁻¹.
    private let precision: Matrix
    private let prior: [Double]
    /// Hᵀ R⁻¹ (y - H x_prior).
    private let pull: [Double]

    /// - Parameter bounds: nil for none.
    /// - Throws: ``InversionError`` that names the part of the problem at fault.
    public init(_ problem: LinearProblem, bounds: Bounds? = nil) throws(InversionError) {
        try problem.validate()
        let normal = try NormalEquations(problem)
        var precision = normal.information
        switch problem.priorError {
        case .independent(let sigma): precision.addToDiagonal(sigma.map { 1 / ($0 * $0) })
        case .covariance(let matrix):
            do {
                let inverse = try Cholesky(factoring: matrix).inverse()
                for index in precision.storage.indices { precision.storage[index] += inverse.storage[index] }
            } catch { throw .algebra("prior_covariance", error) }
        }
        self.precision = precision
        prior = problem.priorMean
        pull = normal.gradient
        let bounds = bounds ?? .none(problem.stateCount)
        try checkLength("bounds", bounds.count, problem.stateCount)
        supports = bounds.lower.indices.map { Support(lower: bounds.lower[$0], upper: bounds.upper[$0]) }
    }

    public var dimension: Int { prior.count }

    /// Conditional standard deviations where unbounded.
    public var scales: [Double] {
        supports.indices.map { supports[$0] == .line ? 1 / precision[$0, $0].squareRoot() : 1 }
    }

    public func logDensity(at point: [Double], gradient: inout [Double]) -> Double {
        let departure = zip(point, prior).map { $0 - $1 }
        let bent = precision.times(departure)
        for index in gradient.indices { gradient[index] = pull[index] - bent[index] }
        return dotProduct(pull, departure) - dotProduct(departure, bent) / 2
    }
}
