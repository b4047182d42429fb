public import Concurrent
import Foundation
public import LinearAlgebra

/// The rows of a Jacobian that need not fit in memory: of a file, or made as they are asked for.
public protocol JacobianRows: Sendable {
    /// Observations.
    var rows: Int { get }
    /// State elements.
    var columns: Int { get }
    /// Some rows of H. They are asked for twice, in ascending blocks, from one thread at a time.
    func jacobian(rows: Range<Int>) throws -> Matrix
}

extension Matrix: JacobianRows {
    public func jacobian(rows: Range<Int>) -> Matrix { self.rows(rows) }
}

/// A linear Gaussian inverse problem with independent observation errors whose Jacobian comes in blocks of rows.
public struct StreamedProblem<Rows: JacobianRows>: Sendable {
    /// H, observations x states.
    public var jacobian: Rows
    /// y, in the unit of the observations.
    public var observations: [Double]
    /// Standard deviations of y, all positive.
    public var sigma: [Double]
    public var priorMean: [Double]
    /// B.
    public var priorError: ErrorModel
    public var stateNames: [String]

    public init(
        jacobian: Rows,
        observations: [Double],
        sigma: [Double],
        priorMean: [Double],
        priorError: ErrorModel,
        stateNames: [String]
    ) {
        self.jacobian = jacobian
        self.observations = observations
        self.sigma = sigma
        self.priorMean = priorMean
        self.priorError = priorError
        self.stateNames = stateNames
    }

    /// Checks all but the Jacobian, whose elements are checked as they come.
    ///
    /// - Throws: ``InversionError`` that names the first bad element.
    func validate() throws(InversionError) {
        let (n, m) = (observations.count, priorMean.count)
        guard n > 0 else { throw .empty("observations") }
        guard m > 0 else { throw .empty("state") }
        try checkLength("rows of the jacobian", jacobian.rows, n)
        try checkLength("columns of the jacobian", jacobian.columns, m)
        try checkLength("state_name", stateNames.count, m)
        guard Int32(exactly: m) != nil else { throw .algebra("jacobian", .tooLarge(rows: n, columns: m)) }
        try checkFinite("observation_value", observations)
        try checkFinite("prior_mean", priorMean)
        try ErrorModel.independent(sigma).validate("observation", count: n)
        try priorError.validate("prior", count: m)
    }

    fileprivate func eachBlock(_ body: (Range<Int>, Matrix) throws -> Void) throws {
        for start in stride(from: 0, to: observations.count, by: NormalEquations.blockRows) {
            let block = start..<min(start + NormalEquations.blockRows, observations.count)
            let rows = try jacobian.jacobian(rows: block)
            try checkLength("rows of a block of the jacobian", rows.rows, block.count)
            try checkLength("columns of a block of the jacobian", rows.columns, priorMean.count)
            if let place = rows.firstNotFinite {
                let index = (start + place.row) * priorMean.count + place.column
                throw InversionError.notFinite("jacobian", index: index)
            }
            try body(block, rows)
        }
    }
}

extension GaussianSolver {
    /// Posterior mean, covariance and diagnostics of a problem of which one block of rows is in memory at a time: two
    /// states x states matrices beside the prior covariance, however many observations there are.
    ///
    /// Blocks while rows are read or made and while BLAS works: to be run on a thread of its own.
    ///
    /// - Throws: ``InversionError`` that names the part of the problem at fault, and what the rows throw.
    public static func solve<Rows: JacobianRows>(
        _ problem: StreamedProblem<Rows>,
        threads: Int = availableThreads
    ) throws -> Posterior {
        try problem.validate()
        var normal = NormalEquations(stateCount: problem.priorMean.count)
        normal.threads = threads
        var modelledPrior: [Double] = []
        try problem.eachBlock { block, rows in
            let modelled = rows.times(problem.priorMean)
            let innovations = zip(problem.observations[block], modelled).map { $0 - $1 }
            normal.add(jacobian: rows, innovations: innovations, sigma: Array(problem.sigma[block]))
            modelledPrior += modelled
        }
        let logDeterminant = normal.errorLogDeterminant
        let solution = try solve(normal, priorError: problem.priorError)
        normal = NormalEquations(stateCount: 0)
        let mean = zip(problem.priorMean, solution.increment).map { $0 + $1 }
        var modelledPosterior: [Double] = []
        try problem.eachBlock { _, rows in modelledPosterior += rows.times(mean) }
        let residuals = zip(problem.observations, modelledPosterior).map { $0 - $1 }
        let misfit = squaredNorm(zip(residuals, problem.sigma).map { $0 / $1 })
        let determinants = logDeterminant + solution.logDeterminantRatio
        let constant = Double(modelledPrior.count) * log(2 * Double.pi)
        return Posterior(
            stateNames: problem.stateNames,
            priorMean: problem.priorMean,
            priorSigma: problem.priorError.sigma,
            mean: mean,
            covariance: solution.covariance,
            averagingKernelDiagonal: solution.averagingKernelDiagonal,
            modelledPrior: modelledPrior,
            modelledPosterior: modelledPosterior,
            cost: misfit + solution.priorCost,
            innovationChiSquare: solution.innovationChiSquare,
            logEvidence: -(solution.innovationChiSquare + determinants + constant) / 2,
            space: .state,
            kernel: solution.kernel
        )
    }
}
