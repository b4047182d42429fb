public import Geo
import Quantities

/// Two kinds of totals are in use. ``FluxField/tonnesPerYear(cell:)`` is a rate, in Julian years, for comparing
/// fluxes of any period. The totals here are amounts over the field's own period in its true seconds, which is
/// what an annual inventory declares: 365 days, or 366 in a leap year.
extension FluxField {
    /// Tonnes of gas that one cell emits in the period.
    public func tonnesInPeriod(cell: Int) -> Double {
        tonnesPerYear(cell: cell) * period.seconds / Self.secondsPerJulianYear
    }

    /// Tonnes of gas that all cells emit in the period.
    public var tonnesInPeriod: Double { tonnesPerYear * period.seconds / Self.secondsPerJulianYear }

    /// Tonnes in the period for each region of a mask on the same grid, in the order of its names.
    public func tonnesInPeriod(in mask: RegionMask) -> [Double] {
        tonnesPerYear(in: mask).map { $0 * period.seconds / Self.secondsPerJulianYear }
    }

    /// Tonnes per Julian year of all cells.
    public var tonnesPerYear: Double {
        (0..<grid.cellCount).reduce(0) { $0 + tonnesPerYear(cell: $1) }
    }

    /// Number of cells that emit or take up.
    public var nonZeroCells: Int { microMolesPerSquareMetreSecond.count { $0 != 0 } }

    static let secondsPerJulianYear = 31_557_600.0
}
