public import Geo
public import Quantities

/// A gridded emission flux of one gas over one period.
public struct FluxField: Sendable {
    public let grid: LatitudeLongitudeGrid
    public let gas: Gas
    /// umol m-2 s-1, positive to the atmosphere, one per cell in grid order; never NaN.
    public let microMolesPerSquareMetreSecond: [Double]
    public let period: Period
    /// Product and version, for the lineage of a report.
    public let source: String

    /// - Precondition: one finite value per cell.
    public init(
        grid: LatitudeLongitudeGrid,
        gas: Gas,
        microMolesPerSquareMetreSecond: [Double],
        period: Period,
        source: String
    ) {
        precondition(microMolesPerSquareMetreSecond.count == grid.cellCount, "flux does not fit the grid")
        precondition(microMolesPerSquareMetreSecond.allSatisfy(\.isFinite), "flux is not finite")
        self.grid = grid
        self.gas = gas
        self.microMolesPerSquareMetreSecond = microMolesPerSquareMetreSecond
        self.period = period
        self.source = source
    }

    /// Emission of one cell if its flux lasted the year that the period lies in (``Period/secondsOfYear``), tonnes of
    /// gas per year.
    public func tonnesPerYear(cell: Int) -> Double {
        microMolesPerSquareMetreSecond[cell] * grid.cellAreaSquareMetres(row: cell / grid.columns)
            * Self.tonnesPerYearPerMicroMolePerSecond(gas, during: period)
    }

    /// Converts umol s-1 to t yr-1: 1e-6 mol * molar mass g * 1e-6 t/g * seconds of the year of a period.
    public static func tonnesPerYearPerMicroMolePerSecond(_ gas: Gas, during period: Period) -> Double {
        1e-12 * gas.molarMassGramsPerMole * period.secondsOfYear
    }

    /// Tonnes per year of each region of a mask on the same grid, in the order of its names.
    public func tonnesPerYear(in mask: RegionMask) -> [Double] {
        precondition(mask.grid == .longitudeLatitude(grid), "mask is on another grid")
        var totals = [Double](repeating: 0, count: mask.names.count)
        for cell in 0..<grid.cellCount where mask.index[cell] >= 0 {
            totals[Int(mask.index[cell])] += tonnesPerYear(cell: cell)
        }
        return totals
    }
}
