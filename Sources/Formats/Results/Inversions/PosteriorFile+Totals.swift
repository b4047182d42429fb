import Inversion
import LinearAlgebra
import NetCDF
import Quantities

extension PosteriorFile {
    /// Percentiles of the state, and how far the draws of a sampler can be trusted.
    static func samplingColumns(_ solution: SolvedState) -> [Column] {
        var columns: [Column] = []
        if solution.percentiles != nil || solution.totals?.percentiles != nil {
            let name = "share of the distribution below"
            columns.append(
                Column("percentile", ["percentile"], Percentiles.probabilities, unit: "1", longName: name)
            )
        }
        if let percentiles = solution.percentiles {
            let values = percentiles.flatMap { $0 }
            columns.append(
                Column(
                    "posterior_percentile",
                    ["percentile", "state"],
                    values,
                    longName: "percentiles of the state"
                )
            )
        }
        if let errors = solution.meanError {
            let name = "Monte Carlo standard error of posterior_mean"
            columns.append(Column("monte_carlo_error", ["state"], errors, longName: name))
        }
        guard let diagnostics = solution.draws?.diagnostics else { return columns }
        return columns + [
            Column(
                "r_hat",
                ["state"],
                diagnostics.map(\.rHat),
                unit: "1",
                longName: "rank-normalised split R-hat"
            ),
            Column(
                "bulk_effective_draws",
                ["state"],
                diagnostics.map(\.bulkEffectiveDraws),
                unit: "1",
                longName: "independent draws that would place the centre as well"
            ),
            Column(
                "tail_effective_draws",
                ["state"],
                diagnostics.map(\.tailEffectiveDraws),
                unit: "1",
                longName: "independent draws that would place the 5 % and 95 % quantiles as well"
            ),
        ]
    }

    /// Every draw, by chain.
    @NetCDFThread
    static func drawColumns(
        _ solution: SolvedState,
        in writer: inout NetCDFWriter
    ) throws(NetCDFError) -> [Column] {
        guard let draws = solution.draws, let first = draws.chains.first else { return [] }
        try writer.defineDimension("chain", length: draws.chains.count)
        try writer.defineDimension("draw", length: first.count)
        let values = draws.chains.flatMap { $0.values }
        return [Column("posterior_draw", ["chain", "draw", "state"], values, longName: "draws of the state")]
    }

    static func totalColumns(_ totals: SolvedTotals) -> [Column] {
        let unit = totals.plan.unit ?? ""
        let values = totals.values
        var columns =
            moments("total_prior", values.priorMean, values.priorCovariance, unit)
            + moments("total_posterior", values.mean, values.covariance, unit)
        columns.append(
            Column(
                "total_posterior_correlation",
                ["total", "total_2"],
                values.correlations.storage,
                unit: "1",
                longName: "correlation of total_posterior"
            )
        )
        if let percentiles = totals.percentiles {
            let name = "percentiles of total_posterior"
            let shares = percentiles.flatMap { $0 }
            columns.append(
                Column("total_percentile", ["percentile", "total"], shares, unit: unit, longName: name)
            )
        }
        for (name, parts, longName) in [
            ("total_source", totals.sources, "sum of the elements that emit"),
            ("total_sink", totals.sinks, "sum of the elements that take up, negative"),
        ] where !parts.isEmpty {
            columns.append(Column(name, ["total"], parts.map(\.mean), unit: unit, longName: longName))
            columns.append(deviation(of: name, parts.map(\.standardDeviation), unit))
        }
        return columns
    }

    static func moments(
        _ name: String,
        _ mean: [Double],
        _ covariance: Matrix,
        _ unit: String
    ) -> [Column] {
        [
            Column(name, ["total"], mean, unit: unit, longName: name.replacing("_", with: " ")),
            deviation(of: name, covariance.diagonal.map { max($0, 0).squareRoot() }, unit),
            Column(
                "\(name)_covariance",
                ["total", "total_2"],
                covariance.storage,
                unit: unit.isEmpty ? "" : "(\(unit))^2",
                longName: "covariance of \(name)"
            ),
        ]
    }

    private static func deviation(of name: String, _ values: [Double], _ unit: String) -> Column {
        let longName = "standard deviation of \(name)"
        return Column("\(name)_sigma", ["total"], values, unit: unit, longName: longName)
    }
}
