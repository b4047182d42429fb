import LinearAlgebra
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
        let sums = try totals.totals(of: posterior, priorError: problem.priorError)
        stateNames = problem.stateNames
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
        information = try Diagnostics.information(of: expected, posterior)
        observationCount = expected.observationCount
        costs = SolverCost.all(
            of: ProblemShape(expected, resolution: Self.largestEigenvalue(posterior.averagingKernel)),
            rate: rate,
            settings: settings
        )
    }

    /// The largest eigenvalue of an averaging kernel, between 0 and 1, by power iteration.
    private static func largestEigenvalue(_ kernel: Matrix) -> Double {
        var vector = kernel.diagonal.map { max($0, 1e-6) }
        var value = 0.0
        for _ in 0..<50 {
            let image = kernel.times(vector)
            let norm = squaredNorm(image).squareRoot()
            guard norm > 0 else { return 0 }
            value = norm / squaredNorm(vector).squareRoot()
            vector = image.map { $0 / norm }
        }
        return min(value, 1)
    }
}
