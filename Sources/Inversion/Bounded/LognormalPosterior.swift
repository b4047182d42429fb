import Foundation
public import LinearAlgebra
import Quantities

/// The solution of a problem with lognormal elements, normal in the transformed state v: ln x where lognormal, x
/// where not. The covariance is that of the linearisation at the solution (Laplace, Gauss-Newton).
public struct LognormalPosterior: Sendable {
    public let stateNames: [String]
    public let isLognormal: [Bool]
    /// v of the prior.
    public let priorTransformed: [Double]
    /// v at the least cost.
    public let transformed: [Double]
    /// Posterior covariance of v, states x states.
    public let transformedCovariance: Matrix
    /// Sensitivity of the solution v to the true v, states x states.
    public let averagingKernel: Matrix
    /// H x at the median, one per observation.
    public let modelledPosterior: [Double]
    /// J in v at the solution.
    public let cost: Double
    public let iterations: Int

    /// Medians of x: the solution itself, in the unit of the state.
    public var median: [Double] { values { point, _ in exp(point) } }
    /// Means of x, exp(v + s²/2) where lognormal.
    public var mean: [Double] { values { point, variance in exp(point + variance / 2) } }
    /// Most probable values of x one by one, exp(v - s²) where lognormal.
    public var mode: [Double] { values { point, variance in exp(point - variance) } }
    /// Standard deviations of x.
    public var sigma: [Double] { covariance.diagonal.map { $0.squareRoot() } }

    /// Covariance of x, states x states.
    public var covariance: Matrix {
        let mean = mean
        var result = transformedCovariance
        for row in mean.indices {
            for column in mean.indices {
                let value = transformedCovariance[row, column]
                switch (isLognormal[row], isLognormal[column]) {
                case (true, true): result[row, column] = mean[row] * mean[column] * expm1(value)
                case (true, false): result[row, column] = mean[row] * value
                case (false, true): result[row, column] = mean[column] * value
                case (false, false): break
                }
            }
        }
        return result
    }

    /// The central interval of each element of x, such as 0.68 or 0.95.
    ///
    /// - Precondition: the probability lies between 0 and 1.
    public func interval(probability: Double) -> [ClosedRange<Double>] {
        precondition(probability > 0 && probability < 1, "a probability between 0 and 1")
        let width = NormalDistribution.quantile((1 + probability) / 2)
        return transformed.indices.map { index in
            let spread = width * transformedCovariance[index, index].squareRoot()
            let range = (transformed[index] - spread, transformed[index] + spread)
            return isLognormal[index] ? exp(range.0)...exp(range.1) : range.0...range.1
        }
    }

    private func values(_ lognormal: (Double, Double) -> Double) -> [Double] {
        transformed.indices.map {
            isLognormal[$0] ? lognormal(transformed[$0], transformedCovariance[$0, $0]) : transformed[$0]
        }
    }
}
