import Foundation
public import LinearAlgebra
import Quantities

/// Solves problems that are too large for matrices by conjugate gradients in the control variable.
public struct MatrixFreeSolver: Sendable {
    /// What the gradient of the cost is to be divided by.
    public var gradientReduction: Double
    public var mostIterations: Int
    /// Residuals to keep for ``InformationSpectrum`` and for orthogonalisation: each takes 8 bytes per control. 0 keeps
    /// none.
    public var keptVectors: Int

    public init(gradientReduction: Double = 1e-6, mostIterations: Int = 1000, keptVectors: Int = 100) {
        self.gradientReduction = gradientReduction
        self.mostIterations = mostIterations
        self.keptVectors = keptVectors
    }

    /// The posterior mean, and what the iterations have learnt of the posterior covariance.
    ///
    /// - Throws: ``InversionError/notConverged(_:iterations:residual:)`` with the reduction that was reached,
    ///   ``InversionError/notFinite(_:index:)`` when a product with H is not finite.
    public func solve(_ problem: MatrixFreeProblem) async throws(InversionError) -> MatrixFreePosterior {
        try validate()
        let innovations = await problem.whitenedInnovations()
        try checkFinite("innovation", innovations)
        let right = await problem.adjoint(innovations)
        var gradients = iteration(problem, "posterior mean")
        gradients.keptVectors = keptVectors
        let solution = try await gradients.solve(right)
        let spectrum = try await InformationSpectrum(
            solution.tridiagonal,
            basis: solution.basis,
            shift: 1
        )
        let increment = await problem.prior.applyRoot(solution.control)
        let mean = zip(problem.priorMean, increment).map { $0 + $1 }
        let modelled = await problem.jacobian.apply(mean)
        let residuals = problem.observationError.whiten(zip(problem.observations, modelled).map { $0 - $1 })
        let cost = squaredNorm(residuals) + squaredNorm(solution.control)
        // Values near the largest that a number can be overflow on the way.
        try checkFinite("posterior mean", mean)
        try checkFinite("gradient of the cost", solution.residualNorms)
        try checkFinite("cost of the solution", [cost, squaredNorm(innovations)])
        return MatrixFreePosterior(
            problem: problem,
            solver: self,
            mean: mean,
            modelledPrior: await problem.jacobian.apply(problem.priorMean),
            modelledPosterior: modelled,
            cost: cost,
            innovationChiSquare: squaredNorm(innovations) - dotProduct(right, solution.control),
            gradientNorms: solution.residualNorms,
            spectrum: spectrum
        )
    }

    func iteration(
        _ problem: MatrixFreeProblem,
        _ name: String,
        _ spectrum: InformationSpectrum? = nil
    ) -> ConjugateGradient {
        ConjugateGradient(
            problem: problem,
            reduction: gradientReduction,
            mostIterations: mostIterations,
            preconditioner: spectrum.flatMap { $0.values.isEmpty ? nil : $0 },
            name: name
        )
    }

    func validate() throws(InversionError) {
        guard gradientReduction > 0, gradientReduction < 1 else {
            throw .outOfRange("gradient reduction", index: 0)
        }
        guard mostIterations > 0 else { throw .outOfRange("number of iterations", index: 0) }
        guard keptVectors >= 0 else { throw .outOfRange("number of kept vectors", index: 0) }
    }
}

/// The solution of a ``MatrixFreeProblem``.
public struct MatrixFreePosterior: Sendable {
    public let problem: MatrixFreeProblem
    public let solver: MatrixFreeSolver
    public let mean: [Double]
    /// H x_prior and H x_posterior, one per observation.
    public let modelledPrior: [Double]
    public let modelledPosterior: [Double]
    /// J at the mean, as in ``Posterior/cost``.
    public let cost: Double
    /// As in ``Posterior/innovationChiSquare``, on its own way.
    public let innovationChiSquare: Double
    /// Norm of the gradient of J/2 in the control variable, before and after each iteration.
    public let gradientNorms: [Double]
    /// Of the Krylov space of the iterations: lower bounds of DOFS and information, an upper one of the errors.
    public let spectrum: InformationSpectrum

    public var iterations: Int { gradientNorms.count - 1 }
    /// J / n, near one when the error model is honest.
    public var costPerObservation: Double { cost / Double(modelledPrior.count) }

    /// Totals before and after with their full covariances, exactly: one more solution for each total.
    ///
    /// - Throws: ``InversionError`` when W does not fit the state, or a solution does not converge.
    public func totals(
        _ functionals: LinearFunctionals
    ) async throws(InversionError) -> FunctionalTotals {
        let covariances = try await solver.covariances(
            of: functionals.weights,
            problem,
            preconditioner: await spectrum.leading(tolerance: 1e-2, most: 50)
        )
        func value(_ state: [Double]) -> [Double] {
            zip(functionals.weights.times(state), functionals.offsets).map { $0 + $1 }
        }
        return FunctionalTotals(
            names: functionals.names,
            priorMean: value(problem.priorMean),
            priorCovariance: covariances.prior,
            mean: value(mean),
            covariance: covariances.posterior
        )
    }

    /// S w, exactly, by one more solution.
    public func covariance(times weights: [Double]) async throws(InversionError) -> [Double] {
        try checkLength("weights", weights.count, problem.stateCount)
        let right = await problem.prior.applyTransposedRoot(weights)
        let preconditioner = await spectrum.leading(tolerance: 1e-2, most: 50)
        let solution = try await solver.iteration(problem, "row of the posterior covariance", preconditioner)
            .solve(right)
        return await problem.prior.applyRoot(solution.control)
    }

    /// Standard deviations from the spectrum: upper bounds, near where the iterations have seen all that the
    /// observations tell.
    public func sigmaBounds() async throws(InversionError) -> [Double] {
        try await spectrum.sigma(prior: problem.prior)
    }

    /// ln p(y) of the observations, from ``MatrixFreeSolver/information(of:probes:seed:)``.
    public func logEvidence(_ information: InformationEstimate) -> Double {
        let normalisation =
            problem.observationError.logDeterminant + Double(problem.observationCount) * log(2 * Double.pi)
        return -(innovationChiSquare + normalisation) / 2 - information.informationContent.mean
    }
}

extension MatrixFreeSolver {
    /// W B Wᵀ and W S Wᵀ, totals x totals, by one solution for each row of W. They need no observed value.
    ///
    /// - Parameter preconditioner: pairs of an earlier spectrum of the same problem, which save iterations.
    public func covariances(
        of weights: Matrix,
        _ problem: MatrixFreeProblem,
        preconditioner: InformationSpectrum? = nil
    ) async throws(InversionError) -> (prior: Matrix, posterior: Matrix) {
        try validate()
        try checkLength("columns of the weights", weights.columns, problem.stateCount)
        var rights: [[Double]] = []
        var solutions: [[Double]] = []
        for row in 0..<weights.rows {
            let right = await problem.prior.applyTransposedRoot(weights.rows(row..<(row + 1)).storage)
            let iteration = iteration(problem, "total \(row)", preconditioner)
            solutions.append(try await iteration.solve(right).control)
            rights.append(right)
        }
        var prior = Matrix(rows: weights.rows, columns: weights.rows)
        var posterior = prior
        for row in 0..<weights.rows {
            for column in 0...row {
                prior[row, column] = dotProduct(rights[row], rights[column])
                let (one, other) = (
                    dotProduct(rights[row], solutions[column]), dotProduct(rights[column], solutions[row])
                )
                posterior[row, column] = (one + other) / 2
            }
        }
        prior.mirrorLowerTriangle()
        posterior.mirrorLowerTriangle()
        return (prior, posterior)
    }
}
