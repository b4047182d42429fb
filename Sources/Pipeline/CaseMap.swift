import Formats
import Geo
import Inventory
import Observations
import Quantities
import Report
import Transport

/// Makes the map of a report.
struct CaseMap {
    let definition: Case

    /// Soundings averaged onto cells, with the sites of the reported quantities.
    func soundingMap(_ problems: [PreparedProblem]) -> ReportMap {
        let sites = problems.flatMap(\.quantities).compactMap { quantity in
            quantity.position.map { ReportMap.Site(name: quantity.name, position: $0, kind: .source) }
        }
        return ReportMap(
            box: definition.map.box,
            layer: problems.first.flatMap(soundingLayer),
            mask: nil,
            labelledRegions: [],
            sites: sites,
            boundaryCredit: definition.map.boundaryCredit
        )
    }

    /// Plain means of the observations in cells; NaN where there is none.
    private func soundingLayer(_ problem: PreparedProblem) -> ReportMap.Layer? {
        guard let step = definition.map.soundingStepDegrees, let grid = grid(step) else { return nil }
        var sums = [Double](repeating: 0, count: grid.cellCount)
        var counts = [Int](repeating: 0, count: grid.cellCount)
        for row in problem.observations {
            guard let place = row.position, let value = row.value,
                let cell = grid.cell(longitude: place.longitude, latitude: place.latitude)
            else { continue }
            sums[cell] += value
            counts[cell] += 1
        }
        return ReportMap.Layer(
            name: problem.observations.first?.source ?? problem.title,
            unit: "ppm",
            grid: .longitudeLatitude(grid),
            values: zip(sums, counts).map { $1 > 0 ? $0 / Double($1) : .nan },
            isLogarithmic: false
        )
    }

    /// Cells of the step that cover the box of the map.
    private func grid(_ step: Double) -> LatitudeLongitudeGrid? {
        let box = definition.map.box
        guard let columns = Int(exactly: ((box.east - box.west) / step).rounded(.up)),
            let rows = Int(exactly: ((box.north - box.south) / step).rounded(.up)),
            let latitude = UniformAxis(origin: box.south, step: step, count: rows),
            let longitude = UniformAxis(origin: box.west, step: step, count: columns)
        else { return nil }
        return LatitudeLongitudeGrid(latitude: latitude, longitude: longitude)
    }

    /// The prior flux with region outlines and the stations that were used.
    func stationMap(_ model: RHIMEOutput, _ plan: FootprintPlan, _ stations: [Station]) -> ReportMap {
        let sites = model.sensitivities.sites.map { site in
            let names = stations.first { $0.id == site.name }?.names ?? LocalizedName(english: site.name)
            return ReportMap.Site(name: names, position: site.position, kind: .station)
        }
        let labelled = plan.regions.compactMap { region in
            model.countries.names.firstIndex(of: region.key).map { (index: $0, name: region.name) }
        }
        return ReportMap(
            box: definition.map.box,
            layer: fluxLayer(
                .longitudeLatitude(model.priorFlux.grid),
                model.priorFlux.microMolesPerSquareMetreSecond
            ),
            mask: model.countries,
            labelledRegions: labelled,
            sites: sites,
            boundaryCredit: definition.map.boundaryCredit
        )
    }

    /// The prior flux of all sectors with region outlines and the fixed stations.
    func fluxMap(_ problem: FootprintProblem, _ regions: [RegionPlan], _ stations: [Station]) -> ReportMap {
        let names = problem.mask?.names ?? []
        return ReportMap(
            box: definition.map.box,
            layer: fluxLayer(problem.grid, problem.priorFlux),
            mask: problem.mask,
            labelledRegions: regions.compactMap { region in
                names.firstIndex(of: region.key).map { (index: $0, name: region.name) }
            },
            sites: stations.compactMap { station in
                station.position.map { ReportMap.Site(name: station.names, position: $0, kind: .station) }
            },
            boundaryCredit: definition.map.boundaryCredit
        )
    }

    /// CO2 in umol, the others, a thousand times smaller, in nmol.
    private func fluxLayer(_ grid: CellGrid, _ values: [Double]) -> ReportMap.Layer {
        let isLarge = definition.gas == .co2
        let gas = definition.gas.formula
        let factor = isLarge ? 1.0 : 1000.0
        return ReportMap.Layer(
            name: LocalizedName(
                english: "Prior \(gas) flux",
                chinese: "先验\(gas)通量"
            ),
            unit: isLarge ? "µmol m⁻² s⁻¹" : "nmol m⁻² s⁻¹",
            grid: grid,
            values: values.map { $0 * factor },
            isLogarithmic: true
        )
    }
}
