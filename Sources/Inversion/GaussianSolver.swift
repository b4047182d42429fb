public import Concurrent
import Foundation
import LinearAlgebra

/// The exact solution of a linear Gaussian inverse problem (Rodgers 2000, Inverse Methods for Atmospheric
/// Sounding, chapter 4; Tarantola 2005, section 3.2).
public enum GaussianSolver {
    /// Posterior mean, covariance and diagnostics.
    ///
    /// In state space the cost is cubic in the state and linear in the observations, and memory is two
    /// states x states matrices beside the problem; in observation space it is the other way round.
    ///
    /// - Parameters:
    ///   - space: where to solve; nil takes the one with fewer operations, or the other where rounding would change the
    ///     solution in the first by more than 1e-8 posterior standard deviations.
    ///   - threads: how many share a large problem; the numbers are the same to the bit.
    /// - Throws: ``InversionError`` that names the part of the problem at fault; ``InversionError/inaccurate(_:)``
    ///   where rounding spoils the solution in the space asked for, or in both.
    public static func solve(
        _ problem: LinearProblem,
        space: SolutionSpace? = nil,
        threads: Int = availableThreads
    ) throws(InversionError) -> Posterior {
        try problem.validate()
        return try accurately(problem, space: space) { space throws(InversionError) in
            switch space {
            case .state: try solveInStateSpace(problem, threads: threads)
            case .observation: try solveInObservationSpace(problem, threads: threads)
            }
        }
    }

    /// The space with fewer floating-point operations. Counts are the leading terms of the products,
    /// factorisations and triangular solves that each path makes.
    public static func cheaperSpace(for problem: LinearProblem) -> SolutionSpace {
        let n = Double(problem.observationCount)
        let m = Double(problem.stateCount)
        var state = n * m * m
        var observation = n * n * n / 3 + 4 * n * n * m + n * m * m
        switch problem.priorError {
        case .independent: state += m * m * m
        case .covariance:
            state += 7 * m * m * m / 3
            observation += 2 * n * m * m
        }
        if case .covariance = problem.observationError { state += n * n * n / 3 + n * n * m }
        return state <= observation ? .state : .observation
    }

    private static func solveInStateSpace(
        _ problem: LinearProblem,
        threads: Int
    ) throws(InversionError) -> Posterior {
        let modelledPrior = problem.jacobian.times(problem.priorMean)
        let innovations = zip(problem.observations, modelledPrior).map { $0 - $1 }
        let normal = try NormalEquations(problem, innovations: innovations, threads: threads)
        let determinant = normal.errorLogDeterminant
        let solution = try checkedSolution(
            consume normal,
            priorError: problem.priorError,
            { SignalPeak(problem) },
            names: problem.stateNames
        )
        return try posterior(
            of: problem,
            Update(
                increment: solution.increment,
                covariance: solution.covariance,
                kernelDiagonal: solution.averagingKernelDiagonal,
                kernel: solution.kernel,
                priorCost: solution.priorCost,
                innovationChiSquare: solution.innovationChiSquare,
                innovationLogDeterminant: determinant + solution.logDeterminantRatio,
                space: .state,
                roundingError: solution.roundingError
            ),
            modelledPrior: modelledPrior,
            threads: threads
        )
    }

    /// With G = H B Hᵀ + R = C Cᵀ, T = C⁻¹ H B and U = C⁻¹ H: S = B - Tᵀ T, A = Tᵀ U, x - x_prior = Tᵀ C⁻¹ d.
    private static func solveInObservationSpace(
        _ problem: LinearProblem,
        threads: Int
    ) throws(InversionError) -> Posterior {
        let projected = projectedPrior(problem, threads: threads)
        let matrix = innovationCovariance(problem, projected: projected, threads: threads)
        let diagonal = matrix.diagonal
        let innovation: Cholesky
        do { innovation = try Cholesky(factoring: consume matrix, threads: threads) } catch {
            throw inaccurate(problem, error)
        }
        let whitened = innovation.forwardSolve(problem.innovations)
        let reduction = innovation.forwardSolve(projected, threads: threads)
        let increment = reduction.transposedTimes(whitened)
        let covariance = problem.priorError.matrix.subtractingSquare(of: reduction, threads: threads)
        let roundingError = try checkObservationSpace(
            problem,
            innovation,
            diagonal: diagonal,
            covariance: covariance
        )
        let seen = innovation.forwardSolve(problem.jacobian, threads: threads)
        let priorFactor = try ErrorFactor(problem.priorError, name: "prior_covariance", threads: threads)
        return try posterior(
            of: problem,
            Update(
                increment: increment,
                covariance: covariance,
                kernelDiagonal: reduction.columnProducts(with: seen),
                kernel: .product(reduction, seen),
                priorCost: squaredNorm(priorFactor.whiten(increment)),
                innovationChiSquare: squaredNorm(whitened),
                innovationLogDeterminant: innovation.logDeterminant,
                space: .observation,
                roundingError: roundingError
            ),
            modelledPrior: problem.jacobian.times(problem.priorMean),
            threads: threads
        )
    }

    /// H B, observations x states.
    static func projectedPrior(_ problem: LinearProblem, threads: Int = availableThreads) -> Matrix {
        switch problem.priorError {
        case .independent(let sigma):
            var projected = problem.jacobian
            projected.scaleColumns(by: sigma.map { $0 * $0 })
            return projected
        case .covariance(let matrix): return problem.jacobian.times(matrix, threads: threads)
        }
    }

    /// The Cholesky factor of H B Hᵀ + R.
    static func innovationFactor(
        _ problem: LinearProblem,
        projected: Matrix,
        threads: Int = availableThreads
    ) throws(InversionError) -> Cholesky {
        let covariance = innovationCovariance(problem, projected: projected, threads: threads)
        do { return try Cholesky(factoring: covariance, threads: threads) } catch {
            throw .algebra("innovation covariance", error)
        }
    }

    /// H B Hᵀ + R.
    private static func innovationCovariance(
        _ problem: LinearProblem,
        projected: Matrix,
        threads: Int
    ) -> Matrix {
        var covariance = projected.timesTransposedSymmetric(problem.jacobian, threads: threads)
        switch problem.observationError {
        case .independent(let sigma): covariance.addToDiagonal(sigma.map { $0 * $0 })
        case .covariance(let matrix):
            for index in covariance.storage.indices { covariance.storage[index] += matrix.storage[index] }
        }
        return covariance
    }
}

/// What either path hands to the common end.
private struct Update {
    let increment: [Double]
    let covariance: Matrix
    let kernelDiagonal: [Double]
    let kernel: AveragingKernel
    let priorCost: Double
    let innovationChiSquare: Double
    /// ln det(H B Hᵀ + R).
    let innovationLogDeterminant: Double
    let space: SolutionSpace
    let roundingError: Double
}

extension GaussianSolver {
    private static func posterior(
        of problem: LinearProblem,
        _ update: Update,
        modelledPrior: [Double],
        threads: Int
    ) throws(InversionError) -> Posterior {
        let observationFactor = try ErrorFactor(
            problem.observationError,
            name: "observation_covariance",
            threads: threads
        )
        let mean = zip(problem.priorMean, update.increment).map { $0 + $1 }
        let modelled = problem.jacobian.times(mean)
        let residuals = zip(problem.observations, modelled).map { $0 - $1 }
        let count = Double(problem.observationCount)
        let evidence =
            -(update.innovationChiSquare + update.innovationLogDeterminant + count * log(2 * Double.pi)) / 2
        let cost = squaredNorm(observationFactor.whiten(residuals)) + update.priorCost
        let posterior = Posterior(
            stateNames: problem.stateNames,
            priorMean: problem.priorMean,
            priorSigma: problem.priorError.sigma,
            mean: mean,
            covariance: update.covariance,
            averagingKernelDiagonal: update.kernelDiagonal,
            modelledPrior: modelledPrior,
            modelledPosterior: modelled,
            cost: cost,
            innovationChiSquare: update.innovationChiSquare,
            logEvidence: evidence,
            space: update.space,
            roundingError: update.roundingError,
            kernel: update.kernel
        )
        return try posterior.checked(observations: problem.observations)
    }
}

extension Posterior {
    /// Itself, where it is a solution: values near the largest that a number can be overflow on the way.
    ///
    /// - Throws: ``InversionError/tooLarge(_:index:value:)`` for the observation or prior mean that stands out,
    ///   otherwise ``InversionError/notFinite(_:index:)``.
    func checked(observations: [Double]) throws(InversionError) -> Posterior {
        let scalars = [cost, innovationChiSquare, logEvidence]
        if !(mean + scalars).allSatisfy(\.isFinite) {
            try checkSize("observation_value", observations)
            try checkSize("prior_mean", priorMean)
        }
        try checkFinite("posterior mean", mean)
        try checkFinite("posterior variance", covariance.diagonal)
        try checkFinite("averaging kernel", averagingKernelDiagonal)
        try checkFinite("cost and evidence of the solution", [cost, innovationChiSquare, logEvidence])
        return self
    }

    /// Squares overflow from 1e154 on; sums of products of two may before.
    private func checkSize(_ name: String, _ values: [Double]) throws(InversionError) {
        let index = RoundingBound.peak(values)
        guard values.indices.contains(index), abs(values[index]) > 1e100 else { return }
        throw .tooLarge(name, index: index, value: values[index])
    }
}

extension Matrix {
    /// For each column the product of the two columns.
    fileprivate func columnProducts(with other: Matrix) -> [Double] {
        var products = [Double](repeating: 0, count: columns)
        for row in 0..<rows {
            for column in 0..<columns { products[column] += self[row, column] * other[row, column] }
        }
        return products
    }
}
