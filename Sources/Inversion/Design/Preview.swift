public import Concurrent
public import LinearAlgebra
import Quantities

/// What an inversion will be able to tell, before there is any observation: it depends on H, B and R alone, and for a
/// linear problem it is exact.
public struct Preview: Sendable {
    public let stateNames: [String]
    public let priorSigma: [Double]
    /// What the standard deviations will be, one per state element.
    public let sigma: [Double]
    /// Diagonal of the averaging kernel.
    public let degreesOfFreedom: [Double]
    /// Covariances of the totals asked for, before and after.
    public let totals: [PreviewTotal]
    /// Bits on the state that the observations will give.
    public let information: Double
    public let observationCount: Int
    /// What the covariance of the state will be, for a ``NetworkDesign`` that goes on from here.
    public let covariance: Matrix
    /// What each solver will cost, cheapest first.
    public let costs: [SolverCost]

    public var degreesOfFreedomForSignal: Double { degreesOfFreedom.reduce(0, +) }
}

/// What is to be expected of one total.
public struct PreviewTotal: Sendable {
    public let name: String
    public let priorSigma: Double
    public let sigma: Double

    /// 1 - sigma / priorSigma; 0 for a total without prior uncertainty.
    public var uncertaintyReduction: Double { priorSigma > 0 ? 1 - sigma / priorSigma : 0 }
}

extension Preview {
    /// - Parameters:
    ///   - problem: its observations and prior mean do not matter.
    ///   - totals: regions or sectors.
    ///   - rate: of this computer; see ``ArithmeticRate/measured()``.
    /// - Throws: ``InversionError`` as the solver does.
    public init(
        of problem: LinearProblem,
        totals: LinearFunctionals,
        rate: ArithmeticRate,
        settings: SolverCost.Settings = .init()
    ) throws(InversionError) {
        // The observations of a problem still to come may stand as NaN.
        var expected = problem
        expected.observations = [Double](repeating: 0, count: problem.jacobian.rows)
        expected.priorMean = [Double](repeating: 0, count: problem.jacobian.columns)
        let posterior = try GaussianSolver.solve(expected)
        try self.init(
            posterior,
            of: ProblemShape(expected, resolution: Self.largestEigenvalue(posterior)),
            priorError: problem.priorError,
            totals: totals,
            information: try Diagnostics.information(of: expected, posterior),
            costs: (rate, settings)
        )
    }

    /// The same of a problem whose Jacobian is read by rows, once.
    ///
    /// - Throws: ``InversionError`` as the solver does, and what the rows throw.
    public init<Rows: JacobianRows>(
        of problem: StreamedProblem<Rows>,
        totals: LinearFunctionals,
        rate: ArithmeticRate,
        settings: SolverCost.Settings = .init(),
        threads: Int = availableThreads
    ) throws {
        let posterior = try GaussianSolver.expectation(of: problem, threads: threads)
        try self.init(
            posterior,
            of: ProblemShape(problem, resolution: Self.largestEigenvalue(posterior)),
            priorError: problem.priorError,
            totals: totals,
            information: try Diagnostics.information(observationSigma: problem.sigma, posterior),
            costs: (rate, settings)
        )
    }

    private init(
        _ posterior: Posterior,
        of shape: ProblemShape,
        priorError: ErrorModel,
        totals: LinearFunctionals,
        information: Double,
        costs: (rate: ArithmeticRate, settings: SolverCost.Settings)
    ) throws(InversionError) {
        let sums = try totals.totals(of: posterior, priorError: priorError)
        stateNames = posterior.stateNames
        priorSigma = posterior.priorSigma
        sigma = posterior.sigma
        degreesOfFreedom = posterior.averagingKernelDiagonal
        self.totals = zip(totals.names, zip(sums.prior, sums.posterior)).map {
            PreviewTotal(
                name: $0,
                priorSigma: $1.0.standardDeviation,
                sigma: $1.1.standardDeviation
            )
        }
        self.information = information
        observationCount = posterior.modelledPrior.count
        covariance = posterior.covariance
        self.costs = SolverCost.all(of: shape, rate: costs.rate, settings: costs.settings)
    }

    /// The largest eigenvalue of an averaging kernel, between 0 and 1, by power iteration.
    private static func largestEigenvalue(_ posterior: Posterior) -> Double {
        let kernel = posterior.kernel.operation
        var vector = posterior.averagingKernelDiagonal.map { max($0, 1e-6) }
        var value = 0.0
        for _ in 0..<50 {
            let image = kernel(vector)
            let norm = squaredNorm(image).squareRoot()
            guard norm > 0 else { return 0 }
            value = norm / squaredNorm(vector).squareRoot()
            vector = image.map { $0 / norm }
        }
        return min(value, 1)
    }
}
