import Geo
import Quantities
import Report

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
            grid: grid,
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
}
