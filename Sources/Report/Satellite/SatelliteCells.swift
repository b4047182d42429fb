import Geo
import Gridding
import Quantities

/// The cells of all windows put together: what a map can show at once.
struct SatelliteCells {
    /// Index in the grid, ascending.
    private(set) var cells: [Int] = []
    /// Mean by the weights of the windows, ppm.
    private(set) var means: [Double] = []
    /// Of the mean: the part that soundings share as common to all windows, the rest as independent; ppm.
    private(set) var standardErrors: [Double] = []
    /// Soundings; one that touches several cells counts in each.
    private(set) var counts: [Int] = []

    init(_ windows: [GriddedColumns]) {
        guard let first = windows.first else { return }
        let shared = first.errorModel.sharedPartsPerMillion * first.errorModel.sharedPartsPerMillion
        var sums: [Int: (weight: Double, mean: Double, variance: Double, count: Int)] = [:]
        for window in windows {
            for (index, cell) in window.cells.enumerated() {
                let weight = window.weights[index]
                let error = window.standardErrors[index]
                let own = error * error - shared
                // Not `max(0, own)`: an error that is not known would count as none.
                let noise = own < 0 ? 0 : own
                var sum = sums[cell] ?? (0, 0, 0, 0)
                sum.weight += weight
                sum.mean += weight * window.means[index]
                sum.variance += weight * weight * noise
                sum.count += window.counts[index]
                sums[cell] = sum
            }
        }
        for (cell, sum) in sums.sorted(by: { $0.key < $1.key }) {
            cells.append(cell)
            means.append(sum.mean / sum.weight)
            standardErrors.append((shared + sum.variance / (sum.weight * sum.weight)).squareRoot())
            counts.append(sum.count)
        }
    }

    /// One value for each cell of the grid, NaN where there is none.
    func dense(_ values: [Double], on grid: CellGrid) -> [Double] {
        var field = [Double](repeating: .nan, count: grid.cellCount)
        for (cell, value) in zip(cells, values) { field[cell] = value }
        return field
    }
}

/// How much of a territory holds data.
struct RegionCoverage {
    let name: LocalizedName
    private(set) var cells = 0
    private(set) var filled = 0
    private(set) var area = 0.0
    private(set) var filledArea = 0.0
    private(set) var soundings = 0
    private var weightedMean = 0.0

    /// By area, of the whole territory.
    var share: Double { min(1, filledArea / area) }
    /// Mean over the filled cells by area, ppm; NaN where there is none.
    var mean: Double { weightedMean / filledArea }

    private init(_ name: LocalizedName) { self.name = name }

    /// Of the whole grid.
    init(_ name: LocalizedName, _ data: SatelliteCells, on grid: CellGrid) {
        self.init(name)
        cells = grid.cellCount
        for row in 0..<grid.rows { area += grid.areasSquareMetres(ofRow: row).reduce(0, +) }
        let areas = grid.areasSquareMetres(of: data.cells)
        for index in data.cells.indices { add(data, index, areas[index]) }
    }

    /// In the order of the regions, each cell with the part of it that lies within; empty on another grid.
    static func all(
        _ regions: SatelliteRegions,
        _ data: SatelliteCells,
        on grid: CellGrid
    ) -> [RegionCoverage] {
        let fractions = regions.fractions
        guard fractions.grid == grid else { return [] }
        return fractions.set.regions.indices.map { region in
            var coverage = RegionCoverage(fractions.set.regions[region].name)
            let within = fractions.regions[region]
            coverage.cells = within.cells.count
            coverage.area = fractions.areaSquareMetres(of: region)
            var index = 0
            // Both lists ascend.
            for (cell, part) in zip(within.cells, within.fractions) {
                while index < data.cells.count, data.cells[index] < Int(cell) { index += 1 }
                guard index < data.cells.count else { break }
                guard data.cells[index] == Int(cell) else { continue }
                coverage.add(data, index, part * grid.areasSquareMetres(of: [Int(cell)])[0])
            }
            return coverage
        }
    }

    private mutating func add(_ data: SatelliteCells, _ index: Int, _ cellArea: Double) {
        filled += 1
        filledArea += cellArea
        weightedMean += cellArea * data.means[index]
        soundings += data.counts[index]
    }
}
