public import Inversion
public import NetCDF

/// The netCDF file of a large inversion: state before and after with bounds of the deviations, modelled observations,
/// totals with their covariances, and provenance. The full covariance is never formed.
public enum LargePosteriorFile {
    /// Writes the file beside its place and renames it.
    ///
    /// - Parameters:
    ///   - sigmaBounds: upper bounds of the posterior standard deviations.
    ///   - totals: those of the problem, after the inversion.
    /// - Throws: ``NetCDFError``; the file at `path` is then what it was before.
    @NetCDFThread
    public static func write(
        _ posterior: MatrixFreePosterior,
        sigmaBounds: [Double],
        totals: FunctionalTotals?,
        of input: LargeProblemInput,
        to path: String,
        provenance: FileProvenance
    ) throws(NetCDFError) {
        var writer = try NetCDFWriter(replacing: path)
        try writer.setAttribute("Conventions", "CF-1.8")
        for (name, value) in provenance.attributes { try writer.setAttribute(name, value) }
        try writer.defineDimension("state", length: posterior.mean.count)
        try writer.defineDimension("observation", length: posterior.modelledPrior.count)
        let state = ["state"]
        var columns: [Column] = [
            Column("prior_mean", state, input.problem.priorMean, longName: "prior state"),
            Column("prior_sigma", state, input.priorSigma, longName: "standard deviation of prior_mean"),
            Column("posterior_mean", state, posterior.mean, longName: "posterior state"),
            Column(
                "posterior_sigma_bound",
                state,
                sigmaBounds,
                longName: "upper bound of the standard deviation of posterior_mean"
            ),
            Column("observation_value", ["observation"], input.problem.observations, unit: input.unit),
            Column("modelled_prior", ["observation"], posterior.modelledPrior, unit: input.unit),
            Column("modelled_posterior", ["observation"], posterior.modelledPosterior, unit: input.unit),
        ]
        var names: [(name: String, dimension: String, values: [String])] = []
        if !input.stateNames.isEmpty { names.append(("state_name", "state", input.stateNames)) }
        if let totals, !totals.names.isEmpty {
            try writer.defineDimension("total", length: totals.names.count)
            try writer.defineDimension("total_2", length: totals.names.count)
            names.append(("total_name", "total", totals.names))
            let unit = input.totalUnit
            columns +=
                PosteriorFile.moments("total_prior", totals.priorMean, totals.priorCovariance, unit)
                + PosteriorFile.moments("total_posterior", totals.mean, totals.covariance, unit)
        }
        for name in names {
            try writer.defineVariable(name.name, .string, dimensions: [name.dimension], attributes: [])
        }
        for column in columns { try column.define(in: &writer) }
        for name in names { try writer.write(name.values, to: name.name) }
        for column in columns { try writer.write(column.values, to: column.name) }
        try writer.commit()
    }
}
