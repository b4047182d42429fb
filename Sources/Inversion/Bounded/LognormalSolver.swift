import Foundation
import LinearAlgebra

/// The most probable state where some elements are lognormal: x = median · exp(z) with z normal, so that they
/// stay positive.
///
/// The problem is read in the transformed state v, which is ln x for a lognormal element and x for another:
/// `priorMean` holds the median of a lognormal element in its own unit, `priorError` the covariance of v. Each step
/// solves the problem linearised at the last point (Gauss-Newton; Rodgers 2000, section 5.3; as in Maasakkers et
/// al. 2019, ACP 19, 7859) with the curvature of the exponential added, without which large residuals make the
/// iteration oscillate, and is shortened until the cost falls. All is done in state space.
public struct LognormalSolver: Sendable {
    public var maximumIterations: Int
    /// Length of the last step in posterior standard deviations.
    public var tolerance: Double

    /// - Precondition: both are positive.
    public init(maximumIterations: Int = 200, tolerance: Double = 1e-9) {
        precondition(maximumIterations > 0 && tolerance > 0, "settings are positive")
        self.maximumIterations = maximumIterations
        self.tolerance = tolerance
    }

    /// - Parameters:
    ///   - problem: see the type.
    ///   - isLognormal: one for each element; nil makes all lognormal.
    /// - Throws: ``InversionError``, also where a median is not positive or the iteration does not converge.
    public func solve(
        _ problem: LinearProblem,
        isLognormal: [Bool]? = nil
    ) throws(InversionError) -> LognormalPosterior {
        try problem.validate()
        let isLognormal = isLognormal ?? [Bool](repeating: true, count: problem.stateCount)
        try checkLength("lognormal flags", isLognormal.count, problem.stateCount)
        for (index, median) in problem.priorMean.enumerated() where isLognormal[index] && !(median > 0) {
            throw .notPositive("prior_mean", index: index, value: median)
        }
        let transformed = try TransformedProblem(problem, isLognormal)
        var point = transformed.prior
        var cost = transformed.cost(at: point)
        var remaining = Double.infinity
        for iteration in 1...maximumIterations {
            let linear = LinearisedProblem(transformed, at: point, try transformed.normalEquations(at: point))
            let step = zip(try linear.solution().increment, linear.departure).map { $0 - $1 }
            remaining = linear.squaredLength(of: step).squareRoot()
            if remaining <= tolerance {
                return transformed.posterior(try linear.gaussNewton(), at: point, cost, iterations: iteration)
            }
            let slope = transformed.slope(at: point, along: step)
            guard let next = transformed.descend(from: point, along: step, cost, slope) else { break }
            (point, cost) = next
        }
        throw .notConverged("the lognormal solution", iterations: maximumIterations, residual: remaining)
    }
}

private struct TransformedProblem {
    let problem: LinearProblem
    let isLognormal: [Bool]
    /// v of the prior.
    let prior: [Double]
    let priorFactor: ErrorFactor
    let observationFactor: ErrorFactor

    init(_ problem: LinearProblem, _ isLognormal: [Bool]) throws(InversionError) {
        self.problem = problem
        self.isLognormal = isLognormal
        prior = problem.priorMean.indices.map {
            isLognormal[$0] ? log(problem.priorMean[$0]) : problem.priorMean[$0]
        }
        priorFactor = try ErrorFactor(problem.priorError, name: "prior_covariance")
        observationFactor = try ErrorFactor(problem.observationError, name: "observation_covariance")
    }

    func state(_ point: [Double]) -> [Double] {
        point.indices.map { isLognormal[$0] ? exp(point[$0]) : point[$0] }
    }

    func cost(at point: [Double]) -> Double {
        let modelled = problem.jacobian.times(state(point))
        let residuals = zip(problem.observations, modelled).map { $0 - $1 }
        let departure = zip(point, prior).map { $0 - $1 }
        return squaredNorm(observationFactor.whiten(residuals)) + squaredNorm(priorFactor.whiten(departure))
    }

    /// H dx/dv.
    private func sensitivity(at point: [Double]) -> Matrix {
        var jacobian = problem.jacobian
        jacobian.scaleColumns(by: point.indices.map { isLognormal[$0] ? exp(point[$0]) : 1 })
        return jacobian
    }

    private func residuals(at point: [Double]) -> [Double] {
        zip(problem.observations, problem.jacobian.times(state(point))).map { $0 - $1 }
    }

    /// Kᵀ R⁻¹ K and Kᵀ R⁻¹ (y - H x) with K = H dx/dv.
    func normalEquations(at point: [Double]) throws(InversionError) -> NormalEquations {
        var linear = problem
        linear.jacobian = sensitivity(at: point)
        linear.observations = residuals(at: point)
        linear.priorMean = [Double](repeating: 0, count: point.count)
        return try NormalEquations(linear)
    }

    /// Derivative of the cost along a step.
    func slope(at point: [Double], along step: [Double]) -> Double {
        let seen = observationFactor.whiten(sensitivity(at: point).times(step))
        let misfit = observationFactor.whiten(residuals(at: point))
        let departure = priorFactor.whiten(zip(point, prior).map { $0 - $1 })
        return 2 * dotProduct(priorFactor.whiten(step), departure) - 2 * dotProduct(seen, misfit)
    }

    /// nil where no part of the step goes down.
    func descend(
        from point: [Double],
        along step: [Double],
        _ cost: Double,
        _ slope: Double
    ) -> (point: [Double], cost: Double)? {
        var length = 1.0
        let rounding = 1e-13 * (1 + cost)
        for _ in 0..<60 {
            let next = zip(point, step).map { $0 + length * $1 }
            let value = self.cost(at: next)
            if value <= cost + 1e-4 * length * slope + rounding { return (next, value) }
            length /= 2
        }
        return nil
    }

    func posterior(
        _ solution: NormalSolution,
        at point: [Double],
        _ cost: Double,
        iterations: Int
    ) -> LognormalPosterior {
        LognormalPosterior(
            stateNames: problem.stateNames,
            isLognormal: isLognormal,
            priorTransformed: prior,
            transformed: point,
            transformedCovariance: solution.covariance,
            averagingKernel: solution.averagingKernel,
            modelledPosterior: problem.jacobian.times(state(point)),
            cost: cost,
            iterations: iterations
        )
    }
}

/// The problem around one point.
private struct LinearisedProblem {
    private let whole: TransformedProblem
    private let normal: NormalEquations
    private let information: Matrix
    /// Second derivative of half the misfit that the linearisation leaves out: xᵢ (Hᵀ R⁻¹ (H x - y))ᵢ.
    private let curvature: [Double]
    /// v - v_prior.
    let departure: [Double]

    init(_ whole: TransformedProblem, at point: [Double], _ normal: NormalEquations) {
        self.whole = whole
        self.normal = normal
        information = normal.information
        curvature = point.indices.map { whole.isLognormal[$0] ? -normal.gradient[$0] : 0 }
        departure = zip(point, whole.prior).map { $0 - $1 }
    }

    /// The minimum of the quadratic at the point, from the prior; only upward curvature is added where all of it
    /// leaves no minimum.
    func solution() throws(InversionError) -> NormalSolution {
        do { return try solution(curvature) } catch { return try solution(curvature.map { max(0, $0) }) }
    }

    func gaussNewton() throws(InversionError) -> NormalSolution {
        try solution([Double](repeating: 0, count: departure.count))
    }

    private func solution(_ curvature: [Double]) throws(InversionError) -> NormalSolution {
        var sums = information
        sums.addToDiagonal(curvature)
        let gradient = zip(normal.gradient, sums.times(departure)).map { $0 + $1 }
        let shifted = try NormalEquations(information: sums, gradient: gradient)
        return try GaussianSolver.checkedSolution(
            shifted,
            priorError: whole.problem.priorError,
            { SignalPeak(whole.problem) },
            names: whole.problem.stateNames
        )
    }

    /// stepᵀ (Kᵀ R⁻¹ K + B⁻¹) step: in posterior standard deviations.
    func squaredLength(of step: [Double]) -> Double {
        dotProduct(step, information.times(step)) + squaredNorm(whole.priorFactor.whiten(step))
    }
}
