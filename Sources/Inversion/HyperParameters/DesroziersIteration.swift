import LinearAlgebra

/// Scales of stated errors that make the statistics of the residuals agree with them.
public struct DesroziersEstimate: Sendable {
    public let groupNames: [String]
    /// Factor on the standard deviations of each group of observations.
    public let observationScales: [Double]
    /// Factor on all prior standard deviations; 1 where it was held.
    public let priorScale: Double
    public let steps: Int
    /// The problem with these scales.
    public let problem: LinearProblem
}

extension Diagnostics {
    /// Repeats the ratios of Desroziers et al. (2005, QJRMS 131, 3385), mean(d_a d_b) over the stated variance for
    /// each group and, for the prior, mean((H x - H x_prior) d_b) over the mean of H B Hᵀ, until scaled errors
    /// reproduce themselves.
    ///
    /// It balances sums of products, not the likelihood: of two estimates that differ,
    /// ``MaximumLikelihood`` is the efficient one. Observations in no group keep their errors.
    ///
    /// - Parameters:
    ///   - scalesPrior: whether the prior errors are scaled too; the data must tell them apart from R.
    ///   - tolerance: relative change of the scales at which the iteration ends.
    /// - Throws: ``InversionError/outOfRange(_:index:)`` naming a group whose products have a negative sum: nothing
    ///   there looks like the stated errors; ``InversionError/notConverged(_:iterations:residual:)``.
    public static func desroziersIteration(
        of problem: LinearProblem,
        groups: LabelGroups,
        scalesPrior: Bool = false,
        mostSteps: Int = 200,
        tolerance: Double = 1e-6
    ) throws(InversionError) -> DesroziersEstimate {
        try checkLength("groups", groups.groupOfElement.count, problem.observationCount)
        guard !groups.names.isEmpty else { throw .empty("groups of observations") }
        var parameters = try HyperParameter.observationScales(groups)
        if scalesPrior { parameters.append(try .priorScale()) }
        let family = try ErrorFamily(of: problem, parameters: parameters)
        var scales = parameters.map { _ in 1.0 }
        var change = Double.infinity
        for step in 1...max(1, mostSteps) {
            let scaled = family.problem(at: scales)
            let ratios = try desroziersFactors(scaled, groups, scalesPrior)
            for (index, ratio) in ratios.enumerated() {
                guard ratio > 0 else { throw .noVariance(parameters[index].name) }
                scales[index] *= ratio.squareRoot()
            }
            change = ratios.map { abs($0.squareRoot() - 1) }.max() ?? 0
            guard change > tolerance else {
                return DesroziersEstimate(
                    groupNames: groups.names,
                    observationScales: Array(scales.prefix(groups.names.count)),
                    priorScale: scalesPrior ? scales[groups.names.count] : 1,
                    steps: step,
                    problem: family.problem(at: scales)
                )
            }
        }
        throw .notConverged("the iteration of Desroziers", iterations: mostSteps, residual: change)
    }

    private static func desroziersFactors(
        _ problem: LinearProblem,
        _ groups: LabelGroups,
        _ withPrior: Bool
    ) throws(InversionError) -> [Double] {
        let posterior = try GaussianSolver.solve(problem)
        let ratios = try desroziersRatios(of: problem, posterior, groups).map { $0 ?? 1 }
        return withPrior ? ratios + [desroziersPriorRatio(of: problem, posterior)] : ratios
    }

    /// Prior error variance in the observations that the residuals imply over the one assumed, the mean of
    /// (H x - H x_prior) d_b over the mean of the diagonal of H B Hᵀ.
    public static func desroziersPriorRatio(of problem: LinearProblem, _ posterior: Posterior) -> Double {
        var implied = 0.0
        for index in problem.observations.indices {
            let shift = posterior.modelledPosterior[index] - posterior.modelledPrior[index]
            implied += shift * (problem.observations[index] - posterior.modelledPrior[index])
        }
        let projected = GaussianSolver.projectedPrior(problem)
        let assumed = zip(projected.storage, problem.jacobian.storage).reduce(0) { $0 + $1.0 * $1.1 }
        return assumed > 0 ? implied / assumed : 1
    }
}
