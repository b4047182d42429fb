import Formats
import Geo
import Inventory
import Inversion
import Observations
import Quantities
import Transport

extension FootprintPreparation {
    /// The problem with all that is known of its observations and of what its elements stand for.
    func input(
        _ problem: LinearProblem,
        _ used: [MatchedRow],
        _ model: RHIMEOutput
    ) throws(InversionError) -> LinearProblemInput {
        let places = used.compactMap(\.observation.position)
        let located = places.count == used.count
        let times = used.compactMap(\.observation.time)
        var input = LinearProblemInput(
            problem: problem,
            longitudes: located ? places.map(\.longitude) : nil,
            latitudes: located ? places.map(\.latitude) : nil,
            times: times,
            unit: "ppm",
            title: definition.title.english
        )
        let table = model.sensitivities
        input.state = try StateVector(
            table.fluxNames.map { StateElement($0, kind: .flux) }
                + table.boundaryNames.map { StateElement($0, kind: .boundary) }
        )
        input.groups = LabelGroups(labels: used.map(\.platform))
        let altitudes = used.compactMap { row in
            row.observation.position?.altitudeMetres.map { $0 + (row.intakeHeightMetres ?? 0) }
        }
        input.altitudes = altitudes.count == used.count ? altitudes : nil
        let heights = used.compactMap(\.intakeHeightMetres)
        input.intakeHeights = heights.count == used.count ? heights : nil
        input.periods = Self.step(table.times).map { step in
            times.map { Period(start: $0, end: $0.advanced(bySeconds: step)) }
        }
        input.fluxMap = fluxMap(model)
        input.transportModel = plan.credit
        return input
    }

    /// Seconds between the rows of footprints, which are means from their time on; nil for a single row.
    private static func step(_ times: [Instant]) -> Double? {
        let sorted = Set(times).sorted()
        return zip(sorted, sorted.dropFirst()).map { $1.seconds(since: $0) }.min()
    }

    /// The prior flux scaled by the elements, during the period of the case.
    private func fluxMap(_ model: RHIMEOutput) -> FluxMap? {
        guard model.countries.grid == .longitudeLatitude(model.priorFlux.grid) else { return nil }
        let layer = FluxMap.Layer(
            sector: "",
            period: definition.period,
            flux: model.priorFlux.microMolesPerSquareMetreSecond.map { $0 * 1e-6 },
            element: model.basisFunctions.index
        )
        return FluxMap(
            gas: definition.gas,
            grid: model.priorFlux.grid,
            layers: [layer],
            countries: model.countries
        )
    }
}
