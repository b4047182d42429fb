public import Geo
import Quantities

/// Conservative (first-order, area-weighted) remapping from one grid to another (Jones 1999, doi:10.1175/1520-0493).
///
/// The weights depend on the two grids alone: make them once and use them for all periods and categories. Between
/// grids of longitude and latitude they are products of two short lists; to a projected grid they are the overlaps of
/// quadrilaterals in its plane.
public struct Regridding: Sendable {
    public let source: LatitudeLongitudeGrid
    public let target: CellGrid
    private let weights: Weights

    private enum Weights: Sendable {
        case separable(rows: AxisOverlaps, columns: AxisOverlaps)
        case sparse(CellShares)
    }

    public init(from source: LatitudeLongitudeGrid, to target: CellGrid) {
        self.source = source
        self.target = target
        switch target {
        case .longitudeLatitude(let grid):
            weights = .separable(
                rows: .latitudes(from: source.latitude, to: grid.latitude),
                columns: .longitudes(from: source.longitude, to: grid.longitude)
            )
        case .projected(let grid): weights = .sparse(CellShares(from: source, to: grid))
        }
    }

    /// The flux on the target grid. Where the target reaches beyond the source it is zero there.
    ///
    /// - Precondition: the field lies on the source grid.
    public func apply(_ field: FluxField) -> RegriddedFlux {
        precondition(field.grid == source, "field is on another grid")
        let sourceTonnes = field.tonnesInPeriod
        let (flux, outside) =
            switch weights {
            case .separable(let rows, let columns): separable(field, rows, columns)
            case .sparse(let shares): sparse(field, shares)
            }
        let perSecond = Self.tonnesPerMicroMole(field.gas) * field.period.seconds
        var targetTonnes = 0.0
        for row in 0..<target.rows {
            let areas = target.areasSquareMetres(ofRow: row)
            var sum = 0.0
            for column in 0..<areas.count { sum += flux[row * areas.count + column] * areas[column] }
            targetTonnes += sum * perSecond
        }
        return RegriddedFlux(
            grid: target,
            gas: field.gas,
            microMolesPerSquareMetreSecond: flux,
            period: field.period,
            source: field.source,
            account: RegridAccount(
                sourceTonnes: sourceTonnes,
                outsideTonnes: outside * perSecond,
                targetTonnes: targetTonnes
            )
        )
    }

    static func tonnesPerMicroMole(_ gas: Gas) -> Double { 1e-12 * gas.molarMassGramsPerMole }

    /// Each row is brought to the columns of the target first and then added to the rows that it overlaps.
    private func separable(_ field: FluxField, _ rows: AxisOverlaps, _ columns: AxisOverlaps) -> (
        [Double], Double
    ) {
        let width = target.columns
        var flux = [Double](repeating: 0, count: target.cellCount)
        var reduced = [Double](repeating: 0, count: width)
        let rowCoverage = rows.coverage
        let columnCoverage = columns.coverage
        var outside = 0.0
        for row in 0..<source.rows {
            let part = rowCoverage[row]
            outside += outsideOfRow(field, row, part, columnCoverage)
            guard part > 0 else { continue }
            for column in 0..<width { reduced[column] = 0 }
            let start = row * source.columns
            for pair in 0..<columns.sources.count {
                reduced[Int(columns.targets[pair])] +=
                    columns.partsOfTarget[pair]
                    * field.microMolesPerSquareMetreSecond[start + Int(columns.sources[pair])]
            }
            for pair in rows.pairs(of: row) {
                let place = Int(rows.targets[pair]) * width
                let weight = rows.partsOfTarget[pair]
                for column in 0..<width { flux[place + column] += weight * reduced[column] }
            }
        }
        return (flux, outside)
    }

    /// umol s-1 of a row that the target does not hold.
    private func outsideOfRow(_ field: FluxField, _ row: Int, _ part: Double, _ columns: [Double]) -> Double {
        var sum = 0.0
        let start = row * source.columns
        for column in 0..<source.columns {
            sum += field.microMolesPerSquareMetreSecond[start + column] * (1 - part * columns[column])
        }
        return sum * source.cellAreaSquareMetres(row: row)
    }

    private func sparse(_ field: FluxField, _ shares: CellShares) -> ([Double], Double) {
        var amounts = [Double](repeating: 0, count: target.cellCount)
        var outside = 0.0
        for cell in 0..<source.cellCount {
            let flux = field.microMolesPerSquareMetreSecond[cell]
            guard flux != 0 else { continue }
            let amount = flux * source.cellAreaSquareMetres(row: cell / source.columns)
            var rest = 1.0
            shares.forEach(of: cell) { target, share in
                amounts[target] += share * amount
                rest -= share
            }
            // The shares of a cell within the grid sum to one but for rounding.
            if rest > 1e-12 { outside += rest * amount }
        }
        for row in 0..<target.rows {
            let areas = target.areasSquareMetres(ofRow: row)
            for column in 0..<areas.count { amounts[row * areas.count + column] /= areas[column] }
        }
        return (amounts, outside)
    }
}
