import Geo
import Inversion
import LinearAlgebra
import NetCDF
import Quantities

/// Totals of the countries in each period, of all sectors or of one.
struct PARISCountryTotals {
    /// One for each period.
    let functionals: [LinearFunctionals]
    private let totals: [FunctionalTotals]
    /// Of the draws, periods x (shares x countries); empty where there are none.
    private let percentiles: [[[Double]]]
    private let countries: Int

    init(
        _ map: FluxMap,
        sector: String?,
        _ periods: [Period],
        _ solution: SolvedState,
        _ problem: LinearProblem,
        _ covariance: Matrix
    ) throws(InversionError) {
        countries = map.countries.names.count
        var functionals: [LinearFunctionals] = []
        var totals: [FunctionalTotals] = []
        var percentiles: [[[Double]]] = []
        for period in periods {
            let layers = map.layers(of: sector, during: period)
            let sums = try map.countryFunctionals(layers, states: problem.stateCount)
            let kinds = [TotalsPlan.Kind](repeating: .region, count: sums.names.count)
            let plan = TotalsPlan(sums, kinds: kinds, units: kinds.map { _ in "kg yr-1" })
            functionals.append(sums)
            totals.append(
                try SolvedTotals(plan, of: problem, mean: solution.mean, covariance: covariance).values
            )
            if let draws = solution.draws { percentiles.append(Percentiles.sampled(try draws.totals(sums))) }
        }
        self.functionals = functionals
        self.totals = totals
        self.percentiles = percentiles
    }

    func variables(_ key: String, words: String, _ gas: String, hasPercentiles: Bool) -> [PARISVariable] {
        func variable(
            _ name: String,
            _ longName: String,
            _ values: @escaping (FunctionalTotals) -> [Double]
        ) -> PARISVariable {
            .float(
                name,
                ["time", "country"],
                unit: "kg yr-1",
                longName: longName,
                more: [("cell_methods", "time: mean country: point")],
                .slabs(count: totals.count, shape: [countries]) { values(totals[$0]) }
            )
        }
        var variables = [
            variable("flux_\(key)_prior_country", "\(words) prior \(gas) fluxes", \.priorMean),
            variable("flux_\(key)_posterior_country", "\(words) posterior \(gas) fluxes", \.mean),
            variable("stdev_flux_\(key)_prior_country", "standard deviation of \(words) prior \(gas) fluxes")
            {
                $0.prior.map(\.standardDeviation)
            },
            variable(
                "stdev_flux_\(key)_posterior_country",
                "standard deviation of \(words) posterior \(gas) fluxes"
            ) { $0.posterior.map(\.standardDeviation) },
            .float(
                "covariance_flux_\(key)_posterior_country",
                ["time", "country", "country"],
                unit: "kg2 yr-2",
                longName: "covariance of \(words) posterior \(gas) fluxes",
                more: [("cell_methods", "time: mean country: point country: point")],
                .slabs(count: totals.count, shape: [countries, countries]) { totals[$0].covariance.storage }
            ),
        ]
        guard hasPercentiles else { return variables }
        variables.append(
            .float(
                "percentile_flux_\(key)_posterior_country",
                ["time", "percentile", "country"],
                unit: "kg yr-1",
                longName: "percentiles of \(words) posterior \(gas) fluxes",
                more: [("cell_methods", "time: mean percentile: point country: point")],
                .slabs(count: totals.count, shape: [Percentiles.probabilities.count, countries]) {
                    percentiles[$0].flatMap { $0 }
                }
            )
        )
        return variables
    }
}
