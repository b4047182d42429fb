public import LinearAlgebra

/// The space in which the normal equations are solved.
public enum SolutionSpace: String, Codable, Sendable {
    /// Matrices of the size of the state.
    case state
    /// Matrices of the size of the observation vector.
    case observation
}

/// The exact solution of a ``LinearProblem`` with its diagnostics.
public struct Posterior: Sendable {
    public let stateNames: [String]
    public let priorMean: [Double]
    public let priorSigma: [Double]
    public let mean: [Double]
    /// Posterior covariance S, states x states.
    public let covariance: Matrix
    /// Diagonal of A = I - S B^-1.
    public let averagingKernelDiagonal: [Double]
    /// H x_prior and H x_posterior, one per observation.
    public let modelledPrior: [Double]
    public let modelledPosterior: [Double]
    /// J = (y-Hx)^T R^-1 (y-Hx) + (x-x_a)^T B^-1 (x-x_a) at the posterior mean; equals the innovation chi2.
    public let cost: Double
    /// (y-Hx_a)^T (H B H^T + R)^-1 (y-Hx_a), computed on its own way; near n when the error model is honest.
    public let innovationChiSquare: Double
    /// ln p(y) = -(chi2 + ln det(H B H^T + R) + n ln 2 pi) / 2; larger is better between error models.
    public let logEvidence: Double
    public let space: SolutionSpace
    /// Bound of what rounding does to the mean and the standard deviations, in units of these.
    public internal(set) var roundingError = 0.0
    /// Why it was not solved in the cheaper space; nil where it was, or where a space was asked for.
    public internal(set) var refused: Inaccuracy?

    let kernel: AveragingKernel

    /// A, states x states. It costs about as much as the solution: ask for it once, and for its diagonal where that
    /// is enough.
    public var averagingKernel: Matrix { kernel.matrix }
    public var sigma: [Double] { covariance.diagonal.map { $0.squareRoot() } }
    /// Degrees of freedom for signal, tr(A).
    public var degreesOfFreedomForSignal: Double { averagingKernelDiagonal.reduce(0, +) }
    /// J / n, near one when the error model is honest.
    public var costPerObservation: Double { cost / Double(modelledPrior.count) }
}
