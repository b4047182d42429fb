import Foundation
public import LinearAlgebra

/// A linear Gaussian inverse problem solved by an ensemble square-root filter (Bishop et al. 2001 with the symmetric
/// root of Hunt et al. 2007).
///
/// With exact sampling the answer is that of ``GaussianSolver`` to rounding; with random members it tends to it as
/// 1/sqrt(members), and the result says by how much it may be off.
public enum EnsembleSolver {
    /// - Parameters:
    ///   - members: with ``EnsembleSampling/exact`` more than the state has elements; nil takes one more.
    ///   - seed: of the draws; the same seed gives the same members.
    /// - Throws: ``EnsembleError`` that names the part of the problem at fault.
    public static func solve(
        _ problem: LinearProblem,
        members: Int? = nil,
        sampling: EnsembleSampling = .exact,
        seed: UInt64 = 1
    ) throws(EnsembleError) -> EnsemblePosterior {
        do { try problem.validate() } catch { throw .problem(error) }
        let prior = try Ensemble(
            mean: problem.priorMean,
            error: problem.priorError,
            members: members ?? problem.stateCount + 1,
            sampling: sampling,
            seed: seed
        )
        let observed = try ObservedEnsemble(problem, prior)
        let gram = observed.gram
        let projected = observed.projected
        do {
            let transform = try EnsembleTransform(gram: gram, projected: projected)
            var jackknife: EnsembleJackknife?
            if sampling == .random {
                jackknife = try EnsembleJackknife(prior: prior, gram: gram, projected: projected)
            }
            return posterior(problem, prior, observed, transform, jackknife)
        } catch { throw .problem(.algebra("gram matrix of the ensemble", error)) }
    }

    private static func posterior(
        _ problem: LinearProblem,
        _ prior: Ensemble,
        _ observed: ObservedEnsemble,
        _ transform: EnsembleTransform,
        _ jackknife: EnsembleJackknife?
    ) -> EnsemblePosterior {
        let chiSquare = squaredNorm(observed.innovations) - transform.chiSquareReduction
        let logDeterminant = observed.errorLogDeterminant + transform.logDeterminantRatio
        let count = Double(problem.observationCount)
        return EnsemblePosterior(
            stateNames: problem.stateNames,
            prior: prior,
            ensemble: transform.apply(to: prior),
            degreesOfFreedomForSignal: transform.degreesOfFreedomForSignal,
            innovationChiSquare: chiSquare,
            logEvidence: -(chiSquare + logDeterminant + count * log(2 * Double.pi)) / 2,
            meanError: jackknife?.meanError,
            sigmaError: jackknife?.sigmaError
        )
    }
}

/// What an ensemble says of a ``LinearProblem``.
public struct EnsemblePosterior: Sendable {
    public let stateNames: [String]
    public let prior: Ensemble
    /// Posterior members.
    public let ensemble: Ensemble
    public let degreesOfFreedomForSignal: Double
    /// (y - H x_prior)ᵀ (H B Hᵀ + R)⁻¹ (y - H x_prior) with the sample covariance as B.
    public let innovationChiSquare: Double
    /// ln p(y), as in ``Posterior``.
    public let logEvidence: Double
    /// Monte Carlo standard error of the means, from the jackknife; nil where sampling is exact.
    public let meanError: [Double]?
    /// Monte Carlo standard error of the standard deviations; nil where sampling is exact.
    public let sigmaError: [Double]?

    public var mean: [Double] { ensemble.mean }
    public var sigma: [Double] { ensemble.sigma }
    public var covariance: Matrix { ensemble.covariance }
}
