import LinearAlgebra

/// Correlated observation errors as independent ones of unit variance.
///
/// Every W with W R Wᵀ = I does that, and a loss that is not the square depends on which is taken. With the correlation
/// matrix P and the deviations D, W = P^(-1/2) D⁻¹ with the symmetric root is the one whose components are closest to
/// the standardised observations one by one (Kessy, Lewin, Strimmer 2018, Am. Stat. 72, 309), and unlike the Cholesky
/// factor it does not depend on the order of the observations. An outlier of one observation then shows in its own
/// component first.
struct ErrorDecorrelation {
    /// W.
    private let map: Matrix
    /// ln det R.
    private let logDeterminant: Double

    /// The decomposition of a larger matrix takes minutes.
    static let mostObservations = 5000

    init(_ error: ErrorModel) throws(InversionError) {
        let name = "observation_covariance"
        guard error.count <= Self.mostObservations else {
            throw .tooMany("\(name) of a robust solution", count: error.count, most: Self.mostObservations)
        }
        // What the exact solver refuses is refused here too.
        let factor = try ErrorFactor(error, name: name)
        logDeterminant = factor.logDeterminant
        let inverse = error.sigma.map { 1 / $0 }
        var correlation = error.matrix
        correlation.scaleRows(by: inverse)
        correlation.scaleColumns(by: inverse)
        let eigen: SymmetricEigen
        do { eigen = try SymmetricEigen(decomposing: correlation) } catch { throw .algebra(name, error) }
        guard let least = eigen.values.first, least > 0 else {
            throw .algebra(name, .notPositiveDefinite(order: error.count))
        }
        var map = eigen.mapped { 1 / $0.squareRoot() }
        map.scaleColumns(by: inverse)
        self.map = map
    }

    /// The same problem with independent errors of one.
    func decorrelated(_ problem: LinearProblem) -> LinearProblem {
        var result = problem
        result.jacobian = map.times(problem.jacobian)
        result.observations = map.times(problem.observations)
        result.observationError = .independent([Double](repeating: 1, count: problem.observationCount))
        return result
    }

    /// The solution of the decorrelated problem as one of the problem itself.
    func restored(_ posterior: Posterior, of problem: LinearProblem) -> Posterior {
        Posterior(
            stateNames: posterior.stateNames,
            priorMean: posterior.priorMean,
            priorSigma: posterior.priorSigma,
            mean: posterior.mean,
            covariance: posterior.covariance,
            averagingKernelDiagonal: posterior.averagingKernelDiagonal,
            modelledPrior: problem.jacobian.times(problem.priorMean),
            modelledPosterior: problem.jacobian.times(posterior.mean),
            cost: posterior.cost,
            innovationChiSquare: posterior.innovationChiSquare,
            logEvidence: posterior.logEvidence - logDeterminant / 2,
            space: posterior.space,
            kernel: posterior.kernel
        )
    }
}
