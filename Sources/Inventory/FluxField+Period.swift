public import Geo
public import Quantities

extension Period {
    /// Seconds of the year that an amount per year of this period is of: those of the calendar year (UTC) that the
    /// period lies in, 365 or 366 days. A period over more than one year has no year of its own: the Julian one of
    /// 365.25 days.
    public var secondsOfYear: Double {
        let year = start.civil.year
        let next = Instant(CivilTime(year: year + 1, month: 1, day: 1))
        guard end <= next else { return FluxField.secondsPerJulianYear }
        return next.seconds(since: Instant(CivilTime(year: year, month: 1, day: 1)))
    }
}

/// Two kinds of totals are in use. ``FluxField/tonnesPerYear(cell:)`` is a rate, over the year that the period lies in,
/// for comparing fluxes of any period. The totals here are amounts over the field's own period in its true seconds.
/// For a field of one calendar year both are the same, and what an annual inventory declares.
extension FluxField {
    /// Tonnes of gas that one cell emits in the period.
    public func tonnesInPeriod(cell: Int) -> Double {
        tonnesPerYear(cell: cell) * period.seconds / period.secondsOfYear
    }

    /// Tonnes of gas that all cells emit in the period.
    public var tonnesInPeriod: Double { tonnesPerYear * period.seconds / period.secondsOfYear }

    /// Tonnes in the period for each region of a mask on the same grid, in the order of its names.
    public func tonnesInPeriod(in mask: RegionMask) -> [Double] {
        tonnesPerYear(in: mask).map { $0 * period.seconds / period.secondsOfYear }
    }

    /// Tonnes of all cells if their fluxes lasted the year that the period lies in (``Period/secondsOfYear``).
    public var tonnesPerYear: Double {
        (0..<grid.cellCount).reduce(0) { $0 + tonnesPerYear(cell: $1) }
    }

    /// The same over 365.25 days: the rate whatever the year.
    public var tonnesPerJulianYear: Double {
        tonnesPerYear * Self.secondsPerJulianYear / period.secondsOfYear
    }

    /// Number of cells that emit or take up.
    public var nonZeroCells: Int { microMolesPerSquareMetreSecond.count { $0 != 0 } }

    static let secondsPerJulianYear = 31_557_600.0
}
