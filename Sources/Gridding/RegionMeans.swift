public import Geo
public import Quantities

/// What the cells of a grid say of one region.
public struct RegionMean: Sendable {
    /// Place of the region in its set.
    public let region: Int
    /// Cells with data that lie within it, in whole or in part.
    public let cells: Int
    /// The soundings of these cells added up: one that touches several cells counts in each, and those of cells on
    /// the border count in full.
    public let soundingsByCell: Int
    /// The part of the region's whole area that lies in cells with data, 0 to 1.
    public let coveredShare: Double
    /// Mean over the cells by the area within the region and its standard error, ppm; nil without data.
    public let column: Estimate?
}

extension GriddedColumns {
    /// The means over regions, in their order. As in ``areaMean``, the shared part of the error is common to all cells
    /// and the rest independent between them.
    ///
    /// - Precondition: `fractions` are of this grid.
    public func regionMeans(_ fractions: RegionFractions) -> [RegionMean] {
        precondition(fractions.grid == grid, "fractions of another grid")
        let areas = grid.areasSquareMetres(of: cells)
        return fractions.set.regions.indices.map { mean(of: $0, fractions, areas) }
    }

    private func mean(of region: Int, _ fractions: RegionFractions, _ areas: [Double]) -> RegionMean {
        let within = fractions.regions[region]
        let shared = errorModel.sharedPartsPerMillion
        var (count, soundings) = (0, 0)
        var (area, sum, noise) = (0.0, 0.0, 0.0)
        var index = 0
        // Both lists ascend.
        for (place, cell) in within.cells.enumerated() {
            while index < cells.count, cells[index] < Int(cell) { index += 1 }
            guard index < cells.count else { break }
            guard cells[index] == Int(cell) else { continue }
            let part = within.fractions[place] * areas[index]
            count += 1
            soundings += counts[index]
            area += part
            sum += part * means[index]
            noise += part * part * max(0, standardErrors[index] * standardErrors[index] - shared * shared)
        }
        let deviation = (shared * shared + noise / (area * area)).squareRoot()
        return RegionMean(
            region: region,
            cells: count,
            soundingsByCell: soundings,
            coveredShare: min(area / fractions.areaSquareMetres(of: region), 1),
            column: count == 0 ? nil : Estimate(mean: sum / area, standardDeviation: deviation)
        )
    }
}
