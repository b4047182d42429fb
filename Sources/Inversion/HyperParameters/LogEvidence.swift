import Foundation
import LinearAlgebra

/// -ln p(y | parameters) as a function of the logarithms of the parameters, with its gradient.
///
/// With G = H B Hᵀ + R and α = G⁻¹ d the derivative of ln p by a parameter is ½ (αᵀ ∂G α - tr G⁻¹ ∂G) (Rasmussen and
/// Williams 2006, equation 5.9). Nothing of the size of the observations squared is needed where their errors are
/// independent: with r the residuals of the posterior, α = R⁻¹ r, Hᵀ α = B⁻¹ (x - x_prior), Hᵀ G⁻¹ H = B⁻¹ A, and the
/// diagonal of G⁻¹ is (1 - leverage) / R.
struct LogEvidence: SmoothFunction {
    let family: ErrorFamily

    var dimension: Int { family.parameters.count }

    func value(at point: [Double], gradient: inout [Double]) -> Double {
        do {
            let evidence = try Evidence(of: family, values: point.map { exp($0) })
            gradient = try evidence.gradient().map { -$0 }
            return -evidence.posterior.logEvidence
        } catch {
            // The search turns back from where a covariance has no factor.
            gradient = [Double](repeating: 0, count: dimension)
            return .infinity
        }
    }
}

/// The solution at one set of values.
struct Evidence {
    private let family: ErrorFamily
    private let values: [Double]
    private let problem: LinearProblem
    let posterior: Posterior

    init(of family: ErrorFamily, values: [Double]) throws(InversionError) {
        self.family = family
        self.values = values
        problem = family.problem(at: values)
        posterior = try GaussianSolver.solve(problem)
    }

    /// Derivatives of ln p(y) by the logarithm of each parameter.
    func gradient() throws(InversionError) -> [Double] {
        let prior = try PriorSlopes(problem, posterior)
        let observation = try ObservationSlopes(family, problem, posterior, values)
        var gradient: [Double] = []
        for (parameter, value) in zip(family.parameters, values) {
            switch parameter.role {
            case .priorScale(let elements): gradient.append(prior.scale(elements))
            case .correlationLength: gradient.append(length(value, prior))
            case .observationScale(let members): gradient.append(observation.scale(members))
            case .modelError(let members):
                gradient.append(observation.added(members, variance: value * value))
            }
        }
        return gradient
    }

    private func length(_ value: Double, _ prior: PriorSlopes) -> Double {
        guard let correlation = family.priorCorrelation else { return 0 }
        return prior.change(correlation.derivative(sigma: problem.priorError.sigma, length: value))
    }
}

/// Derivatives by what B is made of.
private struct PriorSlopes {
    private let increment: [Double]
    /// B⁻¹ (x - x_prior).
    private let weights: [Double]
    private let kernel: Matrix
    private let factor: ErrorFactor

    init(_ problem: LinearProblem, _ posterior: Posterior) throws(InversionError) {
        factor = try ErrorFactor(problem.priorError, name: "prior_covariance")
        increment = zip(posterior.mean, problem.priorMean).map { $0 - $1 }
        weights = factor.solve(increment)
        kernel = posterior.averagingKernel
    }

    /// By the logarithm of a factor on the standard deviations of some elements: for all of them it is the prior
    /// part of the cost minus the degrees of freedom for signal.
    func scale(_ elements: [Int]?) -> Double {
        (elements ?? Array(increment.indices)).reduce(0) {
            $0 + weights[$1] * increment[$1] - kernel[$1, $1]
        }
    }

    /// By a parameter with the derivative ∂B.
    func change(_ derivative: Matrix) -> Double {
        // tr(∂B B⁻¹ A), where B⁻¹ A is symmetric.
        let information = factor.solve(kernel)
        let trace = zip(derivative.storage, information.storage).reduce(0) { $0 + $1.0 * $1.1 }
        return (dotProduct(weights, derivative.times(weights)) - trace) / 2
    }
}

/// Derivatives by what R is made of.
private struct ObservationSlopes {
    /// α.
    private let weights: [Double]
    /// Diagonal of G⁻¹.
    private let precision: [Double]
    /// Σ_j R'_ij (α_i α_j - G⁻¹_ij) for each observation, with R' the scaled part of R.
    private let scaleSlopes: [Double]

    init(
        _ family: ErrorFamily,
        _ problem: LinearProblem,
        _ posterior: Posterior,
        _ values: [Double]
    ) throws(InversionError) {
        let residuals = zip(problem.observations, posterior.modelledPosterior).map { $0 - $1 }
        let added = family.factors(at: values).addedVariance
        switch problem.observationError {
        case .independent(let sigma):
            let variance = sigma.map { $0 * $0 }
            let leverages = try Diagnostics.leverages(of: problem, posterior)
            let weights = zip(residuals, variance).map { $0 / $1 }
            let precision = zip(leverages, variance).map { (1 - $0) / $1 }
            scaleSlopes = variance.indices.map {
                (variance[$0] - added[$0]) * (weights[$0] * weights[$0] - precision[$0])
            }
            (self.weights, self.precision) = (weights, precision)
        case .covariance(let matrix):
            let factor = try factored(matrix, "observation_covariance")
            let inverse = Self.innovationPrecision(problem, posterior, factor)
            let weights = factor.solve(residuals)
            scaleSlopes = (0..<matrix.rows).map { row in
                (0..<matrix.columns).reduce(0) { sum, column in
                    let own = matrix[row, column] - (row == column ? added[row] : 0)
                    return sum + own * (weights[row] * weights[column] - inverse[row, column])
                }
            }
            (self.weights, precision) = (weights, inverse.diagonal)
        }
    }

    /// G⁻¹ = R⁻¹ - R⁻¹ H S Hᵀ R⁻¹.
    private static func innovationPrecision(
        _ problem: LinearProblem,
        _ posterior: Posterior,
        _ factor: Cholesky
    ) -> Matrix {
        let whitened = factor.solve(problem.jacobian)
        var inverse = factor.inverse()
        let explained = whitened.times(posterior.covariance).timesTransposed(whitened)
        for index in inverse.storage.indices { inverse.storage[index] -= explained.storage[index] }
        return inverse
    }

    func scale(_ members: [Int]?) -> Double {
        guard let members else { return scaleSlopes.reduce(0, +) }
        return members.reduce(0) { $0 + scaleSlopes[$1] }
    }

    func added(_ members: [Int]?, variance: Double) -> Double {
        (members ?? Array(weights.indices)).reduce(0) {
            $0 + variance * (weights[$1] * weights[$1] - precision[$1])
        }
    }
}

extension ErrorFactor {
    /// B⁻¹·b.
    func solve(_ vector: [Double]) -> [Double] {
        switch self {
        case .diagonal(let sigma): zip(vector, sigma).map { $0 / ($1 * $1) }
        case .dense(let cholesky): cholesky.solve(vector)
        }
    }

    /// B⁻¹·a.
    func solve(_ matrix: consuming Matrix) -> Matrix {
        switch self {
        case .diagonal(let sigma):
            matrix.scaleRows(by: sigma.map { 1 / ($0 * $0) })
            return matrix
        case .dense(let cholesky): return cholesky.solve(matrix)
        }
    }
}
