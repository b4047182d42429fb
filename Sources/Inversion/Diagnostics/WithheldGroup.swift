import LinearAlgebra

/// What all other observations say about one group of them (a station, a vehicle, a satellite product), without
/// solving again, and what the group adds to them.
public struct WithheldGroup: Sendable {
    public let name: String
    /// Indices in the problem.
    public let observations: [Int]
    /// y - its prediction from all other observations, in the unit of the observations.
    public let residuals: [Double]
    /// Standard deviation that each of these residuals should have: error of the observation and of the prediction.
    public let residualSigma: [Double]
    /// eᵀ P⁻¹ e of the residuals with their full covariance P; near their number when errors are honest.
    public let chiSquare: Double
    /// Posterior mean with the group minus that without it, one per state element.
    public let meanChange: [Double]
    /// Posterior standard deviations without the group.
    public let sigmaWithout: [Double]
    /// Bits that the group adds to all others: the reduction of entropy (Rodgers 2000, section 2.5.2).
    public let informationAdded: Double
    /// Bits that the group gives when it is the only one.
    public let informationAlone: Double

    /// Residuals over their standard deviations.
    public var standardisedResiduals: [Double] { zip(residuals, residualSigma).map { $0 / $1 } }
}

extension Diagnostics {
    /// Leave-one-group-out in closed form: the predicted residuals of each group are (I - H_g S H_gᵀ R_g⁻¹)⁻¹ times
    /// those of the fit (Rodgers 2000; Wahba 1990, section 4.2, for single observations). Where the inverse would
    /// lose digits, because hardly anything but the group itself determines a state element, the group is left
    /// out and the rest solved anew.
    ///
    /// - Parameters:
    ///   - posterior: of the whole problem.
    ///   - groups: of the observations; those in no group are always used.
    /// - Throws: ``InversionError`` as the solver does.
    public static func withheldGroups(
        of problem: LinearProblem,
        _ posterior: Posterior,
        groups: LabelGroups
    ) throws(InversionError) -> [WithheldGroup] {
        try checkLength("groups", groups.groupOfElement.count, problem.observationCount)
        try checkLength("posterior", posterior.mean.count, problem.stateCount)
        var results: [WithheldGroup] = []
        if case .covariance(let matrix) = problem.observationError {
            let innovation = try CorrelatedInnovation(problem, posterior, error: matrix)
            for (name, members) in zip(groups.names, groups.members) {
                results.append(try innovation.withheld(name, members))
            }
            return results
        }
        if posterior.space == .observation {
            // S of a very exact observation has no factor that is more than rounding.
            let error = problem.observationError.matrix
            let innovation = try CorrelatedInnovation(problem, posterior, error: error)
            return try zip(groups.names, groups.members).map { name, members throws(InversionError) in
                try innovation.withheld(name, members)
            }
        }
        let fit = try IndependentFit(problem, posterior)
        for (name, members) in zip(groups.names, groups.members) {
            results.append(try fit.withheld(name, members))
        }
        return results
    }

    /// Bits that observations with independent errors together give on the state, without their Jacobian.
    public static func information(
        observationSigma sigma: [Double],
        _ posterior: Posterior
    ) throws(InversionError) -> Double {
        let error = try ErrorFactor(.independent(sigma), name: "observation_sigma")
        return information(errorLogDeterminant: error.logDeterminant, posterior)
    }

    /// ln det (H B Hᵀ + R) stands in the evidence.
    private static func information(errorLogDeterminant: Double, _ posterior: Posterior) -> Double {
        let count = Double(posterior.modelledPrior.count)
        let innovation =
            -2 * posterior.logEvidence - posterior.innovationChiSquare - count * logarithmOfTwoPi
        return bits(innovation - errorLogDeterminant)
    }

    /// Bits that all observations together give on the state, ½ log2 det B / det S.
    public static func information(
        of problem: LinearProblem,
        _ posterior: Posterior
    ) throws(InversionError) -> Double {
        guard posterior.space == .state else {
            let error = try ErrorFactor(problem.observationError, name: "observation_covariance")
            return information(errorLogDeterminant: error.logDeterminant, posterior)
        }
        let prior = try ErrorFactor(problem.priorError, name: "prior_covariance")
        return bits(
            prior.logDeterminant - (try factored(posterior.covariance, "posterior covariance")).logDeterminant
        )
    }
}
