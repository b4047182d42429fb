import Foundation
import LinearAlgebra

/// How an observation that does not fit counts.
public enum RobustLoss: Hashable, Sendable {
    /// Squared up to `threshold` standard deviations, linear beyond (Huber 1964, Ann. Math. Stat. 35, 73); 1.345
    /// keeps 95 % efficiency where errors are Gaussian.
    case huber(threshold: Double)
    /// Student's t with `degrees` > 2 degrees of freedom, whose standard deviation is the one stated (Lange, Little,
    /// Taylor 1989, JASA 84, 881).
    case studentT(degrees: Double)

    /// What R⁻¹ of an observation is multiplied by, at a residual of r stated standard deviations.
    func weight(_ r: Double) -> Double {
        switch self {
        case .huber(let threshold): abs(r) <= threshold ? 1 : threshold / abs(r)
        case .studentT(let degrees): (degrees + 1) / (degrees - 2 + r * r)
        }
    }
}

/// A solution in which outliers have little say.
public struct RobustSolution: Sendable {
    /// Its covariance is that of the last linear problem: conditional on the weights.
    public let posterior: Posterior
    /// Of each observation relative to its stated 1 / sigma²; small for outliers. Of correlated observations those of
    /// the decorrelated ones, each of which is one observation less what its neighbours say of its error.
    public let weights: [Double]
    /// Residuals in stated standard deviations; of correlated observations the decorrelated ones.
    public let standardisedResiduals: [Double]
    public let steps: Int

    /// Observations that count less than half.
    public var outliers: [Int] { weights.indices.filter { weights[$0] < 0.5 } }
}

extension GaussianSolver {
    /// Observations with correlated errors that a robust solution takes.
    public static let mostRobustCorrelated = ErrorDecorrelation.mostObservations

    /// Iteratively re-weighted solutions until no element moves by more than 1e-9 of its standard deviation.
    ///
    /// For Huber's loss the cost is convex and the solution is the only one. For Student's t there may be several; the
    /// iteration starts from Huber's. Correlated errors are made independent first, see ``ErrorDecorrelation``: the
    /// loss is then that of the decorrelated residuals, Σ ρ((W (y - H x))ᵢ), weights and residuals are theirs, and the
    /// cost stays convex where ρ is.
    ///
    /// - Throws: ``InversionError`` of the solver; ``InversionError/algebra(_:_:)`` for a full R that is not definite
    ///   or too large; ``InversionError/outOfRange(_:index:)`` for a threshold or degrees that mean nothing;
    ///   ``InversionError/notConverged(_:iterations:residual:)``.
    public static func solve(
        _ problem: LinearProblem,
        loss: RobustLoss
    ) throws(InversionError) -> RobustSolution {
        try problem.validate()
        guard case .independent(let sigma) = problem.observationError else {
            return try solveDecorrelated(problem, loss)
        }
        switch loss {
        case .huber(let threshold):
            guard threshold > 0, threshold.isFinite else { throw .outOfRange("Huber threshold", index: 0) }
            return try reweighted(problem, sigma, loss, from: [Double](repeating: 1, count: sigma.count))
        case .studentT(let degrees):
            guard degrees > 2, degrees.isFinite else { throw .outOfRange("degrees of freedom", index: 0) }
            let start = try solve(problem, loss: .huber(threshold: 1.345))
            return try reweighted(problem, sigma, loss, from: start.weights)
        }
    }

    private static func solveDecorrelated(
        _ problem: LinearProblem,
        _ loss: RobustLoss
    ) throws(InversionError) -> RobustSolution {
        let errors = try ErrorDecorrelation(problem.observationError)
        let solution = try solve(errors.decorrelated(problem), loss: loss)
        return RobustSolution(
            posterior: errors.restored(solution.posterior, of: problem),
            weights: solution.weights,
            standardisedResiduals: solution.standardisedResiduals,
            steps: solution.steps
        )
    }

    private static let mostSteps = 500

    private static func reweighted(
        _ problem: LinearProblem,
        _ sigma: [Double],
        _ loss: RobustLoss,
        from start: [Double]
    ) throws(InversionError) -> RobustSolution {
        var weights = start
        var last: [Double]?
        var moved = Double.infinity
        for step in 1...mostSteps {
            var weighted = problem
            weighted.observationError = .independent(zip(sigma, weights).map { $0 / $1.squareRoot() })
            let posterior = try solve(weighted)
            let residuals = zip(zip(problem.observations, posterior.modelledPosterior), sigma)
                .map { ($0.0 - $0.1) / $1 }
            if let last {
                moved =
                    zip(zip(last, posterior.mean), posterior.sigma).map { abs($0.0 - $0.1) / $1 }.max() ?? 0
            }
            if moved <= 1e-9 {
                return RobustSolution(
                    posterior: posterior,
                    weights: weights,
                    standardisedResiduals: residuals,
                    steps: step
                )
            }
            last = posterior.mean
            weights = residuals.map(loss.weight)
        }
        throw .notConverged("the robust solution", iterations: mostSteps, residual: moved)
    }
}
