public import LinearAlgebra

/// What the members of an ensemble predict for each observation, over the observation errors.
public struct ObservedEnsemble: Sendable {
    /// Observations x members: predicted deviations after multiplication by the inverse Cholesky factor of R.
    public let deviations: Matrix
    /// y minus the mean prediction, whitened alike.
    public let innovations: [Double]
    /// ln det R.
    public let errorLogDeterminant: Double
    /// False where R couples observations, so that they cannot be weighted one by one.
    let isDiagonal: Bool

    /// Predictions of any model, linear or not.
    ///
    /// - Parameters:
    ///   - predictions: observations x members.
    ///   - observations: y.
    ///   - error: R.
    /// - Throws: ``EnsembleError`` when the shapes differ or a value is not finite.
    public init(
        predictions: Matrix,
        observations: [Double],
        error: ErrorModel
    ) throws(EnsembleError) {
        guard predictions.columns > 1 else { throw .tooFewMembers(needed: 2, actual: predictions.columns) }
        do {
            try checkLength("rows of the predictions", predictions.rows, observations.count)
            try checkFinite("predictions", predictions.storage)
            try checkFinite("observation_value", observations)
            try error.validate("observation", count: observations.count)
            let predicted = Ensemble(members: predictions)
            let factor = try ErrorFactor(error, name: "observation_covariance")
            self.init(predicted, observations: observations, factor)
        } catch { throw .problem(error) }
    }

    /// Predictions of a linear problem: H of mean and deviations.
    ///
    /// - Throws: ``EnsembleError`` when the problem is at fault or has another state than the ensemble.
    public init(_ problem: LinearProblem, _ ensemble: Ensemble) throws(EnsembleError) {
        do {
            try problem.validate()
            try checkLength("ensemble mean", ensemble.stateCount, problem.stateCount)
            try checkFinite("ensemble", ensemble.mean + ensemble.deviations.storage)
            let predicted = Ensemble(
                mean: problem.jacobian.times(ensemble.mean),
                deviations: problem.jacobian.times(ensemble.deviations)
            )
            let factor = try ErrorFactor(problem.observationError, name: "observation_covariance")
            self.init(predicted, observations: problem.observations, factor)
        } catch { throw .problem(error) }
    }

    private init(_ predicted: Ensemble, observations: [Double], _ factor: ErrorFactor) {
        deviations = factor.whiten(predicted.deviations)
        innovations = factor.whiten(zip(observations, predicted.mean).map { $0 - $1 })
        errorLogDeterminant = factor.logDeterminant
        if case .diagonal = factor { isDiagonal = true } else { isDiagonal = false }
    }

    public var observationCount: Int { deviations.rows }
    public var memberCount: Int { deviations.columns }

    /// Yᵀ Y.
    var gram: Matrix { .transposedProduct(of: deviations) }
    /// Yᵀ d.
    var projected: [Double] { deviations.transposedTimes(innovations) }
}
