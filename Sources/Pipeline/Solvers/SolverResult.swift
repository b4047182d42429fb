public import Formats

/// What one solver says of a problem.
public struct SolverResult: Sendable {
    public let solver: Solver
    public var state: SolvedState
    /// Whether the answer should be that of the exact solver; not so for a sampler that stays inside bounds.
    public var isSameModel: Bool

    public init(_ solver: Solver, _ state: SolvedState) {
        self.solver = solver
        self.state = state
        isSameModel = solver.isGaussian
    }

    public var mean: [Double] { state.mean }
    public var sigma: [Double] { state.sigma }
    /// Monte Carlo standard errors of the means; nil for a solver without chance.
    public var meanError: [Double]? { state.meanError }
    public var degreesOfFreedomForSignal: Double? { state.degreesOfFreedomForSignal }
    /// What a reader must know: elements at a bound, outliers, chains that did not mix.
    public var remarks: [String] { state.remarks }

    /// The largest distance between the means of two solutions, in standard deviations of the reference.
    public func departure(from reference: SolverResult) -> Double {
        zip(zip(mean, reference.mean), reference.sigma).map { abs($0.0 - $0.1) / $1 }.max() ?? 0
    }

    /// The largest distance between the means in Monte Carlo errors; nil for a solver without chance.
    public func departureInMonteCarloErrors(from reference: SolverResult) -> Double? {
        meanError.map { errors in
            zip(zip(mean, reference.mean), errors).map { abs($0.0 - $0.1) / $1 }.max() ?? 0
        }
    }

    /// The largest relative difference between the standard deviations that are known.
    public func spreadDifference(from reference: SolverResult) -> Double {
        zip(sigma, reference.sigma).map { abs($0 / $1 - 1) }.filter { !$0.isNaN }.max() ?? 0
    }
}
