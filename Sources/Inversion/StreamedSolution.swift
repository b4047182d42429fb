public import Concurrent
import Foundation
import LinearAlgebra

/// The exact solution of a ``StreamedProblem``.
public struct StreamedSolution: Sendable {
    public let posterior: Posterior
    /// Share of its own value in each modelled observation, as ``Diagnostics/leverages(of:_:)`` tells it; nil where it
    /// was not asked for.
    public let leverages: [Double]?
}

extension GaussianSolver {
    /// Posterior mean, covariance and diagnostics of a problem of which one block of rows is in memory at a time: two
    /// states x states matrices beside the prior covariance, however many observations there are. Rows are read twice.
    ///
    /// Blocks while rows are read or made and while BLAS works: to be run on a thread of its own.
    ///
    /// - Throws: ``InversionError`` that names the part of the problem at fault, and what the rows throw.
    public static func solve<Rows: JacobianRows>(
        _ problem: StreamedProblem<Rows>,
        threads: Int = availableThreads
    ) throws -> Posterior {
        try solution(of: problem, withLeverages: false, threads: threads).posterior
    }

    /// The same, with what each observation says of itself.
    ///
    /// - Parameter withLeverages: takes as many operations as the sums over observations, and no further reading.
    public static func solution<Rows: JacobianRows>(
        of problem: StreamedProblem<Rows>,
        withLeverages: Bool,
        threads: Int = availableThreads
    ) throws -> StreamedSolution {
        let update = try update(problem, threads: threads)
        let mean = zip(problem.priorMean, update.solution.increment).map { $0 + $1 }
        var modelled: [Double] = []
        modelled.reserveCapacity(problem.observations.count)
        var leverages: [Double] = []
        try problem.eachBlock { block, rows in
            modelled += rows.times(mean)
            guard withLeverages, case .root(let root, _) = update.solution.kernel else { return }
            let norms = root.exchangedImageNorms(of: rows, threads: threads)
            leverages += zip(norms, problem.sigma[block]).map { $0 / ($1 * $1) }
        }
        return StreamedSolution(
            posterior: try posterior(of: problem, update, mean: mean, modelled: modelled),
            leverages: withLeverages ? leverages : nil
        )
    }

    /// What will be known, from one pass over the rows; the observations and the prior mean are taken as zero.
    static func expectation<Rows: JacobianRows>(
        of problem: StreamedProblem<Rows>,
        threads: Int
    ) throws -> Posterior {
        var expected = problem
        expected.observations = [Double](repeating: 0, count: problem.jacobian.rows)
        expected.priorMean = [Double](repeating: 0, count: problem.jacobian.columns)
        let update = try update(expected, threads: threads)
        let modelled = expected.observations
        return try posterior(of: expected, update, mean: expected.priorMean, modelled: modelled)
    }

    private static func update<Rows: JacobianRows>(
        _ problem: StreamedProblem<Rows>,
        threads: Int
    ) throws -> StreamedUpdate {
        try problem.validate()
        var normal = NormalEquations(stateCount: problem.priorMean.count)
        normal.threads = threads
        var modelled: [Double] = []
        modelled.reserveCapacity(problem.observations.count)
        try problem.eachBlock { block, rows in
            let part = rows.times(problem.priorMean)
            let innovations = zip(problem.observations[block], part).map { $0 - $1 }
            normal.add(jacobian: rows, innovations: innovations, sigma: Array(problem.sigma[block]))
            modelled += part
        }
        let determinant = normal.errorLogDeterminant
        return StreamedUpdate(
            solution: try solve(consume normal, priorError: problem.priorError),
            modelledPrior: modelled,
            errorLogDeterminant: determinant
        )
    }

    private static func posterior<Rows: JacobianRows>(
        of problem: StreamedProblem<Rows>,
        _ update: StreamedUpdate,
        mean: [Double],
        modelled: [Double]
    ) throws(InversionError) -> Posterior {
        let solution = update.solution
        let residuals = zip(problem.observations, modelled).map { $0 - $1 }
        let misfit = squaredNorm(zip(residuals, problem.sigma).map { $0 / $1 })
        let determinants = update.errorLogDeterminant + solution.logDeterminantRatio
        let constant = Double(modelled.count) * log(2 * Double.pi)
        return try Posterior(
            stateNames: problem.stateNames,
            priorMean: problem.priorMean,
            priorSigma: problem.priorError.sigma,
            mean: mean,
            covariance: solution.covariance,
            averagingKernelDiagonal: solution.averagingKernelDiagonal,
            modelledPrior: update.modelledPrior,
            modelledPosterior: modelled,
            cost: misfit + solution.priorCost,
            innovationChiSquare: solution.innovationChiSquare,
            logEvidence: -(solution.innovationChiSquare + determinants + constant) / 2,
            space: .state,
            kernel: solution.kernel
        ).checked()
    }
}

/// What one pass over the rows gives.
private struct StreamedUpdate {
    let solution: NormalSolution
    let modelledPrior: [Double]
    /// ln det R.
    let errorLogDeterminant: Double
}
