public import Geo
public import Quantities

/// Point sources put into the cells that hold them.
public struct GriddedPoints: Sendable {
    public let flux: RegriddedFlux
    /// Sources beyond the grid, and those without a place.
    public let outside: [PointSource]
    public let nullIsland: [PointSource]

    /// - Parameter period: a year; the flux is the yearly amount over its true seconds.
    public init(_ sources: [PointSource], gas: Gas, on grid: CellGrid, period: Period, source name: String) {
        let placed = sources.filter { !$0.isAtNullIsland }
        let cells = grid.cells(
            holding: GeographicPoints(
                longitudes: placed.map(\.position.longitude),
                latitudes: placed.map(\.position.latitude)
            )
        )
        var tonnes: [Int: Double] = [:]
        var beyond: [PointSource] = []
        for (source, cell) in zip(placed, cells) {
            guard let cell else {
                beyond.append(source)
                continue
            }
            tonnes[cell, default: 0] += source.tonnesPerYear[gas] ?? 0
        }
        let touched = tonnes.keys.sorted()
        let perTonne = 1 / (Regridding.tonnesPerMicroMole(gas) * period.seconds)
        var values = [Double](repeating: 0, count: grid.cellCount)
        for (cell, area) in zip(touched, grid.areasSquareMetres(of: touched)) {
            values[cell] = (tonnes[cell] ?? 0) * perTonne / area
        }
        let total = sources.reduce(0) { $0 + ($1.tonnesPerYear[gas] ?? 0) }
        let target = touched.reduce(0) { $0 + (tonnes[$1] ?? 0) }
        outside = beyond
        nullIsland = sources.filter(\.isAtNullIsland)
        flux = RegriddedFlux(
            grid: grid,
            gas: gas,
            microMolesPerSquareMetreSecond: values,
            period: period,
            source: name,
            account: RegridAccount(
                sourceTonnes: total,
                outsideTonnes: (beyond + nullIsland).reduce(0) { $0 + ($1.tonnesPerYear[gas] ?? 0) },
                targetTonnes: target
            )
        )
    }
}
