/// A way to solve a linear problem.
public enum Solver: String, CaseIterable, Sendable {
    /// Closed form, in state or observation space.
    case exact
    /// Iterations on products with H and B, which need not be formed.
    case conjugateGradient = "conjugate-gradient"
    /// Square-root filter whose members have exactly the prior's covariance.
    case ensemble
    /// Independent draws from the posterior.
    case gibbs
    /// No-U-Turn chains; another model where the state has bounds.
    case hamiltonian
    /// Inside bounds; another model where a bound is met.
    case bounded
    /// Emissions lognormal with the prior's mean and deviation; another model. What it tells are the moments of the
    /// lognormal distribution at the mode of the logarithms with the Gauss-Newton curvature there (Laplace), not the
    /// exact moments of the posterior.
    case lognormal
    /// Huber's loss in place of the square; another model.
    case robust
    /// No-U-Turn chains of the state and of the errors, which grow with the modelled enhancement by a factor for each
    /// group of observations; another model.
    case hierarchical

    /// Whether the answer should be that of ``exact``, to rounding or to Monte Carlo error, where nothing is bounded.
    public var isGaussian: Bool {
        switch self {
        case .exact, .conjugateGradient, .ensemble, .gibbs, .hamiltonian: true
        case .bounded, .lognormal, .robust, .hierarchical: false
        }
    }

    /// Whether the answer is drawn at random.
    public var isSampler: Bool { self == .gibbs || self == .hamiltonian || self == .hierarchical }
    /// Whether the state is held inside bounds.
    public var keepsBounds: Bool { self == .bounded || self == .hamiltonian || self == .hierarchical }
    /// Whether the answer is a normal distribution, so that a sum of elements is one too.
    var isNormal: Bool {
        switch self {
        case .exact, .conjugateGradient, .ensemble, .robust: true
        case .gibbs, .hamiltonian, .bounded, .lognormal, .hierarchical: false
        }
    }
}
