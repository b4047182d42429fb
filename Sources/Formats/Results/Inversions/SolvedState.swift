public import Inversion
public import LinearAlgebra

/// What one solver says of the state of a problem, as files tell it.
public struct SolvedState: Sendable {
    /// Name of the solver, such as `exact` or `gibbs`.
    public let solver: String
    public let stateNames: [String]
    public let mean: [Double]
    /// NaN where it is not known, as of an element at its bound.
    public let sigma: [Double]
    /// Where each element stands; nil where no bound holds one. The spread of elements between theirs is then that
    /// which they would have if the others were known to be where they are.
    public var boundStates: [BoundState]?
    /// States x states; nil where the solver does not give it, or bounds hold elements.
    public var covariance: Matrix?
    /// The values below which each share of ``Percentiles/probabilities`` lies, shares x states; nil where unknown.
    public var percentiles: [[Double]]?
    /// Monte Carlo standard errors of the means; nil for a solver without chance.
    public var meanError: [Double]?
    /// Chains of a sampler; nil for other solvers.
    public var draws: SampledPosterior?
    /// The solution in closed form, with averaging kernel and diagnostics; nil where the solver has none.
    public var posterior: Posterior?
    public var degreesOfFreedomForSignal: Double?
    public var totals: SolvedTotals?
    /// What all other observations say of each one; nil where it was not asked for.
    public var leftOut: LeftOutObservations?
    /// What a reader must know: elements at a bound, outliers, chains that did not mix.
    public var remarks: [String] = []

    public init(solver: String, stateNames: [String], mean: [Double], sigma: [Double]) {
        self.solver = solver
        self.stateNames = stateNames
        self.mean = mean
        self.sigma = sigma
    }

    /// A solution in closed form, whose percentiles are those of a normal distribution.
    public init(_ posterior: Posterior, solver: String) {
        self.init(
            solver: solver,
            stateNames: posterior.stateNames,
            mean: posterior.mean,
            sigma: posterior.sigma
        )
        covariance = posterior.covariance
        percentiles = Percentiles.normal(mean, sigma)
        degreesOfFreedomForSignal = posterior.degreesOfFreedomForSignal
        self.posterior = posterior
    }
}

/// The shares of a distribution that results are told of: the median and the central 68 % and 95 %.
public enum Percentiles {
    public static let probabilities = [0.025, 0.16, 0.5, 0.84, 0.975]
    /// Percent in names of columns.
    public static let labels = ["2.5", "16", "50", "84", "97.5"]
    /// Standard normal deviates of ``probabilities``.
    private static let deviates = [
        -1.959_963_984_540_054, -0.994_457_883_209_753, 0, 0.994_457_883_209_753, 1.959_963_984_540_054,
    ]

    /// Shares x elements.
    public static func normal(_ mean: [Double], _ sigma: [Double]) -> [[Double]] {
        deviates.map { deviate in zip(mean, sigma).map { $0 + deviate * $1 } }
    }

    /// Shares x elements, of the draws.
    public static func sampled(_ draws: SampledPosterior) -> [[Double]] { probabilities.map(draws.quantile) }

    /// The value below which a share of sorted values lies, interpolated.
    static func ofSorted(_ sorted: [Double], _ probability: Double) -> Double {
        let place = probability * Double(sorted.count - 1)
        guard let below = Int(exactly: place.rounded(.down)), below + 1 < sorted.count else {
            return sorted.last ?? .nan
        }
        return sorted[below] + (place - Double(below)) * (sorted[below + 1] - sorted[below])
    }

    /// Shares x elements, from central intervals of 68 % and 95 % around medians.
    public static func intervals(
        _ narrow: [ClosedRange<Double>],
        _ wide: [ClosedRange<Double>],
        median: [Double]
    ) -> [[Double]] {
        [
            wide.map(\.lowerBound), narrow.map(\.lowerBound), median, narrow.map(\.upperBound),
            wide.map(\.upperBound),
        ]
    }
}
