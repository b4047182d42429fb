public import Geo
public import Quantities

/// What a regridding did with the emission.
public struct RegridAccount: Equatable, Codable, Sendable {
    /// Tonnes in the period on the source grid, of these beyond the target grid, and on the target grid.
    public let sourceTonnes: Double
    public let outsideTonnes: Double
    public let targetTonnes: Double

    /// What is neither outside nor on the target, over the source: rounding alone.
    public var relativeResidual: Double {
        sourceTonnes == 0 ? 0 : (sourceTonnes - outsideTonnes - targetTonnes) / sourceTonnes
    }
}

/// A flux brought to another grid with its total kept.
public struct RegriddedFlux: Sendable {
    public let grid: CellGrid
    public let gas: Gas
    /// umol m-2 s-1 over the whole of each cell, in grid order.
    public let microMolesPerSquareMetreSecond: [Double]
    public let period: Period
    public let source: String
    public let account: RegridAccount

    /// The same as a field of longitude and latitude; nil on a projected grid.
    public var field: FluxField? {
        grid.longitudeLatitude.map {
            FluxField(
                grid: $0,
                gas: gas,
                microMolesPerSquareMetreSecond: microMolesPerSquareMetreSecond,
                period: period,
                source: source
            )
        }
    }
}
