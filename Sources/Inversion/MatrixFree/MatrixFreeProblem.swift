public import LinearAlgebra

/// A linear Gaussian inverse problem none of whose matrices need exist: y = H x + e, x ~ N(prior, B), e ~ N(0, R).
///
/// It is worked on in the control variable v of x = x_prior + L v with B = L Lᵀ. There the prior is N(0, I), and with
/// G = R^(-1/2) H L the Hessian of the cost is I + Gᵀ G, whose eigenvalues are at least one: the prior is the
/// preconditioner (Tshimanga et al. 2008, QJRMS 134, 751).
public struct MatrixFreeProblem: Sendable {
    /// H, observations x states.
    public let jacobian: any LinearMap
    /// y.
    public let observations: [Double]
    /// R.
    public let observationError: any ErrorWhitening
    public let priorMean: [Double]
    /// B.
    public let prior: any PriorCovariance

    /// - Throws: ``InversionError`` when lengths differ or a value is not finite.
    public init(
        jacobian: any LinearMap,
        observations: [Double],
        observationError: any ErrorWhitening,
        priorMean: [Double],
        prior: any PriorCovariance
    ) throws(InversionError) {
        guard !observations.isEmpty else { throw .empty("observations") }
        guard !priorMean.isEmpty else { throw .empty("state") }
        try checkLength("rows of the jacobian", jacobian.rows, observations.count)
        try checkLength("columns of the jacobian", jacobian.columns, priorMean.count)
        try checkLength("observation error", observationError.count, observations.count)
        try checkLength("prior error", prior.count, priorMean.count)
        try checkFinite("observation_value", observations)
        try checkFinite("prior_mean", priorMean)
        self.jacobian = jacobian
        self.observations = observations
        self.observationError = observationError
        self.priorMean = priorMean
        self.prior = prior
    }

    /// The same problem with its matrices known by their products.
    ///
    /// - Throws: ``InversionError`` that names the part of the problem at fault.
    public init(_ problem: LinearProblem) throws(InversionError) {
        try problem.validate()
        try self.init(
            jacobian: problem.jacobian,
            observations: problem.observations,
            observationError: FactoredErrors(problem.observationError),
            priorMean: problem.priorMean,
            prior: DenseCovariance(problem.priorError)
        )
    }

    public var observationCount: Int { observations.count }
    public var stateCount: Int { priorMean.count }

    /// G v.
    func forward(_ control: [Double]) async -> [Double] {
        observationError.whiten(await jacobian.apply(prior.applyRoot(control)))
    }

    /// Gᵀ u.
    func adjoint(_ whitened: [Double]) async -> [Double] {
        await prior.applyTransposedRoot(
            jacobian.applyTransposed(observationError.whitenTransposed(whitened))
        )
    }

    /// Gᵀ G v.
    func information(_ control: [Double]) async -> [Double] { await adjoint(forward(control)) }

    /// R^(-1/2) (y - H x_prior).
    func whitenedInnovations() async -> [Double] {
        observationError.whiten(zip(observations, await jacobian.apply(priorMean)).map { $0 - $1 })
    }
}
