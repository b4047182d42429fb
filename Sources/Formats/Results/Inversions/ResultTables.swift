import Inversion
import LinearAlgebra
import Quantities

/// The solutions of a problem as comma-separated values (RFC 4180), numbers with all their digits; empty where
/// there is nothing to say.
public enum ResultTables {
    /// One line for each solver and element of the state.
    public static func states(_ solutions: [SolvedState], of input: LinearProblemInput) -> String {
        let isBounded = solutions.contains { $0.boundStates != nil }
        let header =
            [
                "solver", "state", "kind", "region", "sector", "period", "prior", "prior_sigma", "posterior",
                "posterior_sigma",
            ] + Percentiles.labels.map { "p\($0)" } + [
                "averaging_kernel", "monte_carlo_error", "r_hat", "bulk_effective_draws",
                "tail_effective_draws",
            ] + (isBounded ? ["at_bound"] : [])
        let (prior, priorSigma) = (input.problem.priorMean, input.problem.priorError.sigma)
        let rows = solutions.flatMap { solution in
            solution.mean.indices.map { index -> [String] in
                let element = input.state?.elements[index]
                let diagnostics = solution.draws?.diagnostics[index]
                let texts = [
                    solution.solver, solution.stateNames[index], element?.kind.rawValue ?? "",
                    element?.region ?? "", element?.sector ?? "", element?.period ?? "",
                ]
                let numbers: [Double?] = [
                    prior[index], priorSigma[index], solution.mean[index], solution.sigma[index],
                ]
                let trust: [Double?] = [
                    solution.posterior?.averagingKernelDiagonal[index], solution.meanError?[index],
                    diagnostics?.rHat, diagnostics?.bulkEffectiveDraws, diagnostics?.tailEffectiveDraws,
                ]
                return texts
                    + (numbers + shares(solution.percentiles, index) + trust).map(number)
                    + (isBounded ? [bound(solution.boundStates?[index])] : [])
            }
        }
        return text(header, rows)
    }

    private static func bound(_ state: BoundState?) -> String {
        switch state {
        case .atLower: "lower"
        case .atUpper: "upper"
        case .free, nil: ""
        }
    }

    /// One line for each solver and total.
    public static func totals(_ solutions: [SolvedState]) -> String {
        let header =
            [
                "solver", "total", "kind", "unit", "prior", "prior_sigma", "posterior", "posterior_sigma",
            ] + Percentiles.labels.map { "p\($0)" } + [
                "source", "source_sigma", "sink", "sink_sigma", "monte_carlo_error",
            ]
        let rows = solutions.flatMap { solution -> [[String]] in
            guard let totals = solution.totals else { return [] }
            let (prior, posterior) = (totals.values.prior, totals.values.posterior)
            return totals.plan.names.indices.map { index in
                let texts = [
                    solution.solver, totals.plan.names[index], totals.plan.kinds[index].rawValue,
                    totals.plan.units[index],
                ]
                func part(_ parts: [Estimate]) -> [Double?] {
                    parts.isEmpty ? [nil, nil] : [parts[index].mean, parts[index].standardDeviation]
                }
                let numbers: [Double?] = [
                    prior[index].mean, prior[index].standardDeviation, posterior[index].mean,
                    posterior[index].standardDeviation,
                ]
                let split = part(totals.sources) + part(totals.sinks) + [totals.meanError?[index]]
                return texts + (numbers + shares(totals.percentiles, index) + split).map(number)
            }
        }
        return text(header, rows)
    }

    /// One line for each solver and pair of totals.
    public static func covariances(_ solutions: [SolvedState]) -> String {
        let header = ["solver", "total", "total_2", "prior_covariance", "covariance", "correlation"]
        let rows = solutions.flatMap { solution -> [[String]] in
            guard let totals = solution.totals else { return [] }
            let (values, names) = (totals.values, totals.plan.names)
            let correlations = values.correlations
            return names.indices.flatMap { row in
                names.indices.map { column in
                    [solution.solver, names[row], names[column]]
                        + [
                            values.priorCovariance[row, column], values.covariance[row, column],
                            correlations[row, column],
                        ].map(number)
                }
            }
        }
        return text(header, rows)
    }

    /// One line for each observation with what each solver makes of it, in its unit.
    public static func observations(_ solutions: [SolvedState], of input: LinearProblemInput) -> String {
        let problem = input.problem
        let known = solutions.lazy.compactMap { $0.posterior?.modelledPrior }.first
        let prior = known ?? problem.jacobian.times(problem.priorMean)
        let sigma = problem.observationError.sigma
        let modelled = solutions.map {
            $0.posterior?.modelledPosterior ?? problem.jacobian.times($0.mean)
        }
        let labels = input.groups?.labels
        let withheld = solutions.lazy.compactMap { $0.leftOut }.first
        let header =
            ["group", "time", "longitude", "latitude", "value", "sigma", "prior"]
            + solutions.map { "posterior_\($0.solver)" }
            + (withheld == nil ? [] : ["leverage", "left_out_residual", "left_out_sigma"])
        let rows = problem.observations.indices.map { row -> [String] in
            let numbers: [Double?] =
                [
                    input.longitudes?[row], input.latitudes?[row], problem.observations[row], sigma[row],
                    prior[row],
                ] + modelled.map { $0[row] }
                + (withheld.map { [$0.leverages[row], $0.residuals[row], $0.residualSigma[row]] } ?? [])
            return [labels?[row] ?? "", input.times?[row].description ?? ""] + numbers.map(number)
        }
        return text(header, rows)
    }

    private static func shares(_ percentiles: [[Double]]?, _ index: Int) -> [Double?] {
        Percentiles.probabilities.indices.map { percentiles?[$0][index] }
    }

    private static func number(_ value: Double?) -> String {
        value.map { $0.isFinite ? String($0) : "" } ?? ""
    }

    private static func text(_ header: [String], _ rows: [[String]]) -> String {
        ([header] + rows).map { $0.map(csvField).joined(separator: ",") + "\r\n" }.joined()
    }
}
