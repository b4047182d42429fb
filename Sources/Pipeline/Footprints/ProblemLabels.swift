import Formats
import Geo
import Inventory
import Inversion
import LinearAlgebra
import Quantities
import Transport

/// What a problem of footprints says beside its Jacobian.
struct ProblemLabels {
    let plan: FootprintProblemPlan
    let state: FootprintState
    let mask: RegionMask?

    /// Beyond so many values the fluxes of the cells are left out of the file.
    private static let mostFluxValues = 1 << 23

    func input(
        _ used: [FootprintObservation],
        _ rows: FootprintRows,
        _ receptors: [FootprintReceptor]
    ) throws -> LinearProblemInput {
        let model = plan.modelErrorPartsPerMillion
        let elements = state.elements
        let problem = LinearProblem(
            jacobian: Matrix(rows: 0, columns: state.count),
            observations: zip(used, rows.fixed).map { $0.measured.value - $1 },
            observationError: .independent(
                used.map { ($0.measured.sigma * $0.measured.sigma + model * model).squareRoot() }
            ),
            priorMean: state.priorMean,
            priorError: .independent(state.priorSigma),
            stateNames: elements.map(\.name)
        )
        let places = zip(used, rows.used).map { own, pair in
            own.measured.position
                ?? receptors[pair.footprint].place.flatMap {
                    Position(longitude: $0.longitude, latitude: $0.latitude)
                }
        }
        let isPlaced = places.allSatisfy { $0 != nil }
        var input = LinearProblemInput(
            problem: problem,
            longitudes: isPlaced ? places.compactMap { $0?.longitude } : nil,
            latitudes: isPlaced ? places.compactMap { $0?.latitude } : nil,
            times: used.map(\.measured.time),
            unit: "ppm",
            title: plan.title
        )
        input.state = try StateVector(elements)
        input.groups = LabelGroups(labels: used.map(\.group))
        input.statePlaces = state.places
        input.emissions = state.emissions
        input.backgrounds = rows.fixed
        input.periods = periods(rows.used.map { receptors[$0.footprint] })
        let heights = used.compactMap { $0.intakeHeightMetres ?? $0.measured.heightMetres }
        input.intakeHeights = heights.count == used.count ? heights : nil
        input.fluxMap = input.times.flatMap(fluxMap)
        return input
    }

    /// Nil where one is a moment.
    private func periods(_ receptors: [FootprintReceptor]) -> [Period]? {
        guard receptors.allSatisfy({ $0.averagingSeconds > 0 }) else { return nil }
        return receptors.map {
            Period(start: $0.time, end: $0.time.advanced(bySeconds: $0.averagingSeconds))
        }
    }

    // MARK: - Fluxes

    /// Of all sectors, umol m-2 s-1; NaN where unknown.
    var priorFlux: [Double] {
        var sums = [Double](repeating: 0, count: state.sectors[0].flux.history.grid.cellCount)
        for sector in state.sectors {
            for (cell, value) in sector.flux.history.mean.enumerated() { sums[cell] += value }
        }
        return sums
    }

    /// kt per year of each region from each element; what no element scales is their offset.
    func regionWeights() throws -> LinearFunctionals? {
        guard let mask else { return nil }
        var weights = Matrix(rows: mask.names.count, columns: state.count)
        var offsets = [Double](repeating: 0, count: mask.names.count)
        let grid = mask.grid
        let areas = (0..<grid.rows).flatMap(grid.areasSquareMetres(ofRow:))
        var first = 0
        for sector in state.sectors {
            let perFlux = sector.flux.tonnesPerYearPerMicroMolePerSecond / 1000
            for (cell, region) in mask.index.enumerated() where region >= 0 {
                let kilotonnes = sector.pattern[cell] * areas[cell] * perFlux
                guard kilotonnes.isFinite else { continue }
                let element = Int(sector.basis.elements[cell])
                if element >= 0 {
                    weights[Int(region), first + element] += kilotonnes
                } else {
                    offsets[Int(region)] += kilotonnes
                }
            }
            first += sector.elements.count
        }
        return try LinearFunctionals(names: mask.names, weights: weights, offsets: offsets)
    }

    /// Where on the grid the elements emit, during the time of the observations; for grids of longitude and latitude
    /// with regions.
    private func fluxMap(_ times: [Instant]) -> FluxMap? {
        guard let mask, let grid = mask.grid.longitudeLatitude, let start = times.min(),
            let end = times.max(),
            grid.cellCount * state.sectors.count <= Self.mostFluxValues
        else { return nil }
        let period = Period(start: start, end: max(end, start.advanced(bySeconds: 3600)))
        var first: Int32 = 0
        var layers: [FluxMap.Layer] = []
        for sector in state.sectors {
            layers.append(
                FluxMap.Layer(
                    sector: sector.flux.sector,
                    period: period,
                    flux: sector.pattern.map { $0.isFinite ? $0 * 1e-6 : 0 },
                    element: sector.basis.elements.map { $0 >= 0 ? $0 + first : -1 }
                )
            )
            first += Int32(truncatingIfNeeded: sector.elements.count)
        }
        return FluxMap(gas: state.sectors[0].flux.gas, grid: grid, layers: layers, countries: mask)
    }
}
