/// What one solver says of a problem.
public struct SolverResult: Sendable {
    public let solver: Solver
    public let mean: [Double]
    public let sigma: [Double]
    /// Monte Carlo standard errors of the means; nil for a solver without chance.
    public var meanError: [Double]?
    public var degreesOfFreedomForSignal: Double?
    /// What a reader must know: elements at a bound, outliers, chains that did not mix.
    public var remarks: [String] = []

    public init(_ solver: Solver, mean: [Double], sigma: [Double]) {
        self.solver = solver
        self.mean = mean
        self.sigma = sigma
    }

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

    /// The largest relative difference between the standard deviations.
    public func spreadDifference(from reference: SolverResult) -> Double {
        zip(sigma, reference.sigma).map { abs($0 / $1 - 1) }.max() ?? 0
    }
}
