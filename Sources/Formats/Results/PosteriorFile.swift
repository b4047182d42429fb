import Inversion
import LinearAlgebra
public import NetCDF
import Quantities

/// The netCDF file of a solved inversion: which solver, state before and after, covariance, averaging kernel,
/// percentiles, convergence of chains, modelled observations, totals with their covariances and with sources and
/// sinks apart, diagnostics and provenance. What a solver does not give is left out.
public enum PosteriorFile {
    /// Writes the file beside its place and renames it.
    ///
    /// - Parameters:
    ///   - input: the problem that was solved, with the coordinates of its observations.
    ///   - provenance: what made the file, as global attributes.
    ///   - includesDraws: every draw of a sampler too, chains x draws x states.
    /// - Throws: ``NetCDFError``; the file at `path` is then what it was before.
    @NetCDFThread
    public static func write(
        _ solution: SolvedState,
        of input: LinearProblemInput,
        to path: String,
        provenance: FileProvenance,
        includesDraws: Bool = false
    ) throws(NetCDFError) {
        var writer = try NetCDFWriter(replacing: path)
        for (name, value) in attributes(solution, input) + provenance.attributes {
            try writer.setAttribute(name, value)
        }
        try define(solution, input, in: &writer)
        let texts = stateLabels(solution, input) + totalLabels(solution)
        var columns = stateColumns(solution, input) + samplingColumns(solution)
        columns += observationColumns(solution, input)
        if let posterior = solution.posterior { columns += diagnostics(posterior) }
        if let totals = solution.totals { columns += totalColumns(totals) }
        if includesDraws { columns += try drawColumns(solution, in: &writer) }
        for (name, dimension, _) in texts {
            try writer.defineVariable(name, .string, dimensions: [dimension], attributes: [])
        }
        for column in columns { try column.define(in: &writer) }
        for (name, _, values) in texts { try writer.write(values, to: name) }
        for column in columns { try writer.write(column.values, to: column.name) }
        try writer.commit()
    }

    private static func attributes(
        _ solution: SolvedState,
        _ input: LinearProblemInput
    ) -> [(String, NetCDFAttribute)] {
        var attributes: [(String, NetCDFAttribute)] = [
            ("Conventions", "CF-1.8"), ("solver", .text(solution.solver)),
        ]
        let title = input.title.isEmpty ? "Solution of an inverse problem" : input.title
        attributes.append(("title", .text(title)))
        if let posterior = solution.posterior {
            attributes.append(("solution_space", .text(posterior.space.rawValue)))
        }
        if !input.hasJacobian {
            let reason = "averaging_kernel: the jacobian was read by rows; see averaging_kernel_diagonal"
            attributes.append(("left_out", .text(reason)))
        }
        if !solution.remarks.isEmpty {
            attributes.append(("remarks", .text(solution.remarks.joined(separator: "\n"))))
        }
        return attributes
    }

    @NetCDFThread
    private static func define(
        _ solution: SolvedState,
        _ input: LinearProblemInput,
        in writer: inout NetCDFWriter
    ) throws(NetCDFError) {
        try writer.defineDimension("state", length: solution.mean.count)
        try writer.defineDimension("state_2", length: solution.mean.count)
        try writer.defineDimension("observation", length: input.problem.observationCount)
        if solution.percentiles != nil || solution.totals?.percentiles != nil {
            try writer.defineDimension("percentile", length: Percentiles.probabilities.count)
        }
        guard let totals = solution.totals else { return }
        try writer.defineDimension("total", length: totals.plan.names.count)
        try writer.defineDimension("total_2", length: totals.plan.names.count)
    }

    private typealias Texts = [(name: String, dimension: String, values: [String])]

    private static func stateLabels(_ solution: SolvedState, _ input: LinearProblemInput) -> Texts {
        var texts = [(name: "state_name", dimension: "state", values: solution.stateNames)]
        guard let elements = input.state?.elements else { return texts }
        for (name, values) in [
            ("state_kind", elements.map(\.kind.rawValue)), ("state_region", elements.map(\.region)),
            ("state_sector", elements.map(\.sector)), ("state_period", elements.map(\.period)),
        ] {
            texts.append((name, "state", values))
        }
        return texts
    }

    private static func totalLabels(_ solution: SolvedState) -> Texts {
        guard let plan = solution.totals?.plan else { return [] }
        return [
            ("total_name", "total", plan.names), ("total_kind", "total", plan.kinds.map(\.rawValue)),
            ("total_unit", "total", plan.units),
        ]
    }

    private static func stateColumns(_ solution: SolvedState, _ input: LinearProblemInput) -> [Column] {
        let (state, square) = (["state"], ["state", "state_2"])
        var columns = [
            Column("prior_mean", state, input.problem.priorMean, longName: "prior state"),
            Column(
                "prior_sigma",
                state,
                input.problem.priorError.sigma,
                longName: "standard deviation of prior_mean"
            ),
            Column("posterior_mean", state, solution.mean, longName: "posterior state"),
            Column(
                "posterior_sigma",
                state,
                solution.sigma,
                longName: "standard deviation of posterior_mean"
            ),
        ]
        if let states = solution.boundStates {
            let name =
                "bound that holds the element: -1 its lower, 1 its upper, 0 none; posterior_sigma is then unknown"
            let values = states.map { $0 == .atLower ? -1.0 : $0 == .atUpper ? 1 : 0 }
            columns.append(Column("at_bound", state, values, unit: "1", longName: name))
        }
        if let covariance = solution.covariance?.storage {
            let name = "posterior error covariance"
            columns.append(Column("posterior_covariance", square, covariance, longName: name))
        }
        let name = "d posterior_mean / d true state"
        if input.hasJacobian, let kernel = solution.posterior?.averagingKernel.storage {
            columns.append(Column("averaging_kernel", square, kernel, unit: "1", longName: name))
        } else if let diagonal = solution.posterior?.averagingKernelDiagonal {
            let own = "\(name), of each element by itself"
            columns.append(Column("averaging_kernel_diagonal", state, diagonal, unit: "1", longName: own))
        }
        return columns
    }

    private static func observationColumns(_ solution: SolvedState, _ input: LinearProblemInput) -> [Column] {
        let (dimension, unit, problem) = (["observation"], input.unit, input.problem)
        func modelled(_ state: [Double]) -> [Double] { problem.jacobian.times(state) }
        return [
            Column(
                "observation_value",
                dimension,
                problem.observations,
                unit: unit,
                longName: "observations"
            ),
            Column(
                "observation_sigma",
                dimension,
                problem.observationError.sigma,
                unit: unit,
                longName: "standard deviation of observation_value"
            ),
            Column(
                "modelled_prior",
                dimension,
                solution.posterior?.modelledPrior ?? modelled(problem.priorMean),
                unit: unit,
                longName: "H x_prior"
            ),
            Column(
                "modelled_posterior",
                dimension,
                solution.posterior?.modelledPosterior ?? modelled(solution.mean),
                unit: unit,
                longName: "H x_posterior"
            ),
        ] + leftOutColumns(solution, unit)
            + LinearProblemFile.coordinates(
                longitudes: input.longitudes,
                latitudes: input.latitudes,
                times: input.times
            )
    }

    private static func leftOutColumns(_ solution: SolvedState, _ unit: String) -> [Column] {
        guard let leftOut = solution.leftOut else { return [] }
        func column(_ name: String, _ values: [Double], _ unit: String, _ longName: String) -> Column {
            Column(name, ["observation"], values, unit: unit, longName: longName)
        }
        return [
            column("leverage", leftOut.leverages, "1", "d modelled_posterior / d observation_value"),
            column(
                "left_out_residual",
                leftOut.residuals,
                unit,
                "observation_value minus its prediction by all other observations"
            ),
            column(
                "left_out_sigma",
                leftOut.residualSigma,
                unit,
                "standard deviation that left_out_residual should have"
            ),
        ]
    }

    private static func diagnostics(_ posterior: Posterior) -> [Column] {
        func scalar(_ name: String, _ value: Double, _ longName: String) -> Column {
            Column(name, [], [value], unit: "1", longName: longName)
        }
        return [
            scalar("dofs", posterior.degreesOfFreedomForSignal, "degrees of freedom for signal"),
            scalar("cost", posterior.cost, "cost at the posterior mean"),
            scalar(
                "cost_per_observation",
                posterior.costPerObservation,
                "cost over the number of observations"
            ),
            scalar("innovation_chi2", posterior.innovationChiSquare, "innovation chi-squared"),
            scalar("log_evidence", posterior.logEvidence, "natural logarithm of the evidence"),
        ]
    }
}
