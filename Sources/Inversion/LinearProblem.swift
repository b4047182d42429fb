public import LinearAlgebra

/// Errors of the observations or of the prior: independent, or with a full covariance matrix.
public enum ErrorModel: Equatable, Sendable {
    /// Standard deviations.
    case independent([Double])
    /// Symmetric positive definite covariance.
    case covariance(Matrix)

    public var count: Int {
        switch self {
        case .independent(let sigma): sigma.count
        case .covariance(let matrix): matrix.rows
        }
    }
}

/// A linear Gaussian inverse problem: y = H x + e, x ~ N(prior, B), e ~ N(0, R).
public struct LinearProblem: Sendable {
    /// H, observations x states.
    public var jacobian: Matrix
    /// y, in the unit of the observations.
    public var observations: [Double]
    /// R.
    public var observationError: ErrorModel
    public var priorMean: [Double]
    /// B.
    public var priorError: ErrorModel
    public var stateNames: [String]

    public init(
        jacobian: Matrix,
        observations: [Double],
        observationError: ErrorModel,
        priorMean: [Double],
        priorError: ErrorModel,
        stateNames: [String]
    ) {
        self.jacobian = jacobian
        self.observations = observations
        self.observationError = observationError
        self.priorMean = priorMean
        self.priorError = priorError
        self.stateNames = stateNames
    }
}
