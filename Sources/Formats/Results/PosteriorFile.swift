public import Inversion
import LinearAlgebra
public import NetCDF
import Quantities

/// The netCDF file of a solved inversion: state before and after, full covariance, averaging kernel, modelled
/// observations, totals with their covariances, diagnostics and provenance.
public enum PosteriorFile {
    /// Writes the file beside its place and renames it.
    ///
    /// - Parameters:
    ///   - input: the problem that was solved, with the coordinates of its observations.
    ///   - totals: region totals and their unit; left out where nil.
    ///   - provenance: what made the file, as global attributes.
    /// - Throws: ``NetCDFError``; the file at `path` is then what it was before.
    @NetCDFThread
    public static func write(
        _ posterior: Posterior,
        of input: LinearProblemInput,
        totals: (FunctionalTotals, unit: String)? = nil,
        to path: String,
        provenance: FileProvenance
    ) throws(NetCDFError) {
        var writer = try NetCDFWriter(replacing: path)
        try writer.setAttribute("Conventions", "CF-1.8")
        try writer.setAttribute("solution_space", .text(posterior.space.rawValue))
        for (name, value) in provenance.attributes { try writer.setAttribute(name, value) }
        try writer.defineDimension("state", length: posterior.mean.count)
        try writer.defineDimension("state_2", length: posterior.mean.count)
        try writer.defineDimension("observation", length: posterior.modelledPrior.count)
        var columns = stateColumns(posterior) + observationColumns(posterior, input) + diagnostics(posterior)
        var names = [("state_name", ["state"], posterior.stateNames)]
        if let (totals, unit) = totals, !totals.names.isEmpty {
            try writer.defineDimension("total", length: totals.names.count)
            try writer.defineDimension("total_2", length: totals.names.count)
            names.append(("total_name", ["total"], totals.names))
            columns += totalColumns(totals, unit: unit)
        }
        for (name, dimensions, _) in names {
            try writer.defineVariable(name, .string, dimensions: dimensions, attributes: [])
        }
        for column in columns { try column.define(in: &writer) }
        for (name, _, values) in names { try writer.write(values, to: name) }
        for column in columns { try writer.write(column.values, to: column.name) }
        try writer.commit()
    }

    private static func stateColumns(_ posterior: Posterior) -> [Column] {
        let square = ["state", "state_2"]
        return [
            Column("prior_mean", ["state"], posterior.priorMean, longName: "prior state"),
            Column(
                "prior_sigma",
                ["state"],
                posterior.priorSigma,
                longName: "standard deviation of prior_mean"
            ),
            Column("posterior_mean", ["state"], posterior.mean, longName: "posterior state"),
            Column(
                "posterior_sigma",
                ["state"],
                posterior.sigma,
                longName: "standard deviation of posterior_mean"
            ),
            Column(
                "posterior_covariance",
                square,
                posterior.covariance.storage,
                longName: "posterior error covariance"
            ),
            Column(
                "averaging_kernel",
                square,
                posterior.averagingKernel.storage,
                unit: "1",
                longName: "d posterior_mean / d true state"
            ),
        ]
    }

    private static func observationColumns(_ posterior: Posterior, _ input: LinearProblemInput) -> [Column] {
        let dimension = ["observation"]
        let unit = input.unit
        return [
            Column("observation_value", dimension, input.problem.observations, unit: unit),
            Column("observation_sigma", dimension, input.problem.observationError.sigma, unit: unit),
            Column("modelled_prior", dimension, posterior.modelledPrior, unit: unit, longName: "H x_prior"),
            Column(
                "modelled_posterior",
                dimension,
                posterior.modelledPosterior,
                unit: unit,
                longName: "H x_posterior"
            ),
        ]
            + LinearProblemFile.coordinates(
                longitudes: input.longitudes,
                latitudes: input.latitudes,
                times: input.times
            )
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

    static func totalColumns(_ totals: FunctionalTotals, unit: String) -> [Column] {
        let square = ["total", "total_2"]
        let squared = unit.isEmpty ? "" : "(\(unit))^2"
        func sigma(_ covariance: Matrix) -> [Double] { covariance.diagonal.map { max(0, $0).squareRoot() } }
        return [
            Column("total_prior", ["total"], totals.priorMean, unit: unit),
            Column("total_prior_sigma", ["total"], sigma(totals.priorCovariance), unit: unit),
            Column("total_prior_covariance", square, totals.priorCovariance.storage, unit: squared),
            Column("total_posterior", ["total"], totals.mean, unit: unit),
            Column("total_posterior_sigma", ["total"], sigma(totals.covariance), unit: unit),
            Column("total_posterior_covariance", square, totals.covariance.storage, unit: squared),
        ]
    }
}
