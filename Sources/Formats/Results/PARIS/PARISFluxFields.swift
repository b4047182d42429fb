import Geo
import Inversion
import LinearAlgebra
import NetCDF
import Quantities

/// The variables of a PARIS flux file with their numbers.
struct PARISFluxFields {
    let map: FluxMap
    let solution: SolvedState
    let problem: LinearProblem
    let covariance: Matrix
    let periods: [Period]
    /// Names as they stand in the map, and in the names of variables.
    let sectors: [(name: String, key: String)]
    /// Percentiles are given where they are not those of a normal distribution.
    let hasPercentiles: Bool
    /// Of all sectors together first, then of each.
    private let countries: [PARISCountryTotals]

    init(_ map: FluxMap, _ solution: SolvedState, _ problem: LinearProblem) throws {
        guard let covariance = solution.covariance else {
            throw PARISRefusal.noCovariance(solver: solution.solver)
        }
        if let refusal = PARISFluxFile.refusal(map) { throw refusal }
        self.map = map
        self.solution = solution
        self.problem = problem
        self.covariance = covariance
        periods = map.periods
        hasPercentiles = solution.draws != nil && solution.percentiles != nil
        sectors = map.sectors.map { ($0, PARISFluxFile.key(ofSector: $0)) }
        var countries: [PARISCountryTotals] = []
        for name in [nil] + sectors.map(\.name) {
            countries.append(
                try PARISCountryTotals(map, sector: name, periods, solution, problem, covariance)
            )
        }
        self.countries = countries
    }

    var coordinates: [PARISVariable] {
        func axis(_ name: String, _ unit: String, _ letter: String, _ values: [Double]) -> PARISVariable {
            let attributes: [(String, NetCDFAttribute)] = [
                ("units", .text(unit)), ("long_name", .text("\(name) of grid cell centre")),
                ("standard_name", .text(name)), ("axis", .text(letter)),
            ]
            return PARISVariable(name, .double, [name], attributes, .whole(values))
        }
        let bounds = periods.map { (start: $0.start.secondsSince1970, end: $0.end.secondsSince1970) }
        return [
            axis("longitude", "degrees_east", "X", map.grid.longitude.centres),
            axis("latitude", "degrees_north", "Y", map.grid.latitude.centres),
        ]
            + PARIS.time(
                along: "time",
                bounds: bounds,
                longName: "mid of flux interval in UTC",
                axis: [("axis", "T")]
            ) + (hasPercentiles ? [PARIS.percentile(longName: "percentile of flux pdf")] : [])
    }

    /// Fluxes by cell and by country: of all sectors together, then of each.
    var products: [PARISVariable] {
        let gas = map.gas.rawValue
        var variables = cells(nil, "total", ("total \(gas) fluxes", ""))
        for sector in sectors {
            variables += cells(sector.name, sector.key, ("\(gas) fluxes", " from \(sector.key)"))
        }
        variables += countries[0].variables(
            "total",
            words: "country-total",
            gas,
            hasPercentiles: hasPercentiles
        )
        for (sector, totals) in zip(sectors, countries.dropFirst()) {
            variables += totals.variables(
                sector.key,
                words: "country-\(sector.key)",
                gas,
                hasPercentiles: hasPercentiles
            )
        }
        if sectors.count > 1 { variables.append(sectorCovariance) }
        return variables
    }

    /// The mean and the standard deviation on the grid, before and after.
    private func cells(_ sector: String?, _ key: String, _ words: (String, String)) -> [PARISVariable] {
        let shape = [map.grid.rows, map.grid.columns]
        func variable(
            _ name: String,
            _ longName: String,
            _ values: @escaping ([FluxMap.Layer]) -> [Double]
        ) -> PARISVariable {
            .float(
                name,
                ["time", "latitude", "longitude"],
                unit: "mol m-2 s-1",
                longName: longName,
                more: [("cell_methods", "time: mean area: mean")],
                .slabs(count: periods.count, shape: shape) {
                    values(map.layers(of: sector, during: periods[$0]))
                }
            )
        }
        let prior = problem.priorError
        var variables = [
            variable("flux_\(key)_prior", "prior \(words.0)\(words.1)") { mean($0, problem.priorMean) },
            variable("flux_\(key)_posterior", "posterior \(words.0)\(words.1)") { mean($0, solution.mean) },
            variable("stdev_flux_\(key)_prior", "standard deviation of prior \(words.0)\(words.1)") {
                deviation($0, prior)
            },
            variable("stdev_flux_\(key)_posterior", "standard deviation of posterior \(words.0)\(words.1)") {
                deviation($0, .covariance(covariance))
            },
        ]
        if hasPercentiles { variables.append(percentiles(sector, key, "\(words.0)\(words.1)")) }
        return variables
    }

    private func percentiles(_ sector: String?, _ key: String, _ words: String) -> PARISVariable {
        let shape = [Percentiles.probabilities.count, map.grid.rows, map.grid.columns]
        return .float(
            "percentile_flux_\(key)_posterior",
            ["time", "percentile", "latitude", "longitude"],
            unit: "mol m-2 s-1",
            longName: "percentiles of posterior \(words)",
            more: [("cell_methods", "time: mean percentile: point area: mean")],
            .slabs(count: periods.count, shape: shape) { period in
                PARISCellPercentiles(solution).values(map.layers(of: sector, during: periods[period]))
            }
        )
    }

    private func mean(_ layers: [FluxMap.Layer], _ state: [Double]) -> [Double] {
        var result = [Double](repeating: 0, count: map.grid.cellCount)
        for layer in layers {
            for cell in result.indices {
                let element = Int(layer.element[cell])
                result[cell] += layer.flux[cell] * (element >= 0 ? state[element] : 1)
            }
        }
        return result
    }

    /// With the covariances between the elements of a cell.
    private func deviation(_ layers: [FluxMap.Layer], _ error: ErrorModel) -> [Double] {
        var variance = [Double](repeating: 0, count: map.grid.cellCount)
        for first in layers {
            for second in layers {
                for cell in variance.indices {
                    let (i, j) = (Int(first.element[cell]), Int(second.element[cell]))
                    guard i >= 0, j >= 0 else { continue }
                    variance[cell] += first.flux[cell] * second.flux[cell] * error.covariance(i, j)
                }
            }
        }
        return variance.map { max(0, $0).squareRoot() }
    }

    /// Between the sectors of one country.
    private var sectorCovariance: PARISVariable {
        let (totals, count) = (countries.dropFirst().map { $0 }, sectors.count)
        return .float(
            "covariance_flux_sectors_posterior_country",
            ["time", "country", "sector", "sector"],
            unit: "kg2 yr-2",
            longName:
                "covariance of posterior \(map.gas.rawValue) fluxes within each country between sectors",
            more: [("cell_methods", "time: mean country: point sector: point sector: point")],
            .slabs(count: periods.count, shape: [map.countries.names.count, count, count]) { period in
                let weights = totals.map { $0.functionals[period].weights }
                return (0..<map.countries.names.count).flatMap { country in
                    let rows = Matrix(
                        rows: count,
                        columns: covariance.rows,
                        storage: weights.flatMap { $0.rows(country..<(country + 1)).storage }
                    )
                    return SolvedTotals.project(rows, .covariance(covariance)).storage
                }
            }
        )
    }
}

extension ErrorModel {
    /// One element of the covariance matrix.
    fileprivate func covariance(_ row: Int, _ column: Int) -> Double {
        switch self {
        case .independent(let sigma): row == column ? sigma[row] * sigma[row] : 0
        case .covariance(let matrix): matrix[row, column]
        }
    }
}
