public import Geo
public import Quantities

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

/// The unit in which a product gives a flux. Inside, fluxes are always umol m-2 s-1.
public enum FluxUnit: Equatable, Sendable {
    case kilogramsPerSquareMetreSecond
    case molesPerSquareMetreSecond
    case microMolesPerSquareMetreSecond
    /// Amount in one cell over the product's period.
    case tonnesPerCell

    /// Reads the spellings met in files; nil for others.
    public init?(spelling: String) {
        switch spelling.lowercased().filter({ !$0.isWhitespace && $0 != "^" && $0 != "." && $0 != "*" }) {
        case "kgm-2s-1", "kg/m2/s", "kg/(m2s)": self = .kilogramsPerSquareMetreSecond
        case "molm-2s-1", "mol/m2/s", "mol/(m2s)": self = .molesPerSquareMetreSecond
        case "umolm-2s-1", "umol/m2/s", "µmolm-2s-1", "micromolm-2s-1": self = .microMolesPerSquareMetreSecond
        case "tonnes", "tonnes/year", "tonnesyear-1", "t/year": self = .tonnesPerCell
        default: return nil
        }
    }

    /// Multiplies a value in this unit to umol m-2 s-1.
    ///
    /// - Parameters:
    ///   - cellArea: m2, used for amounts per cell.
    ///   - seconds: length of the product's period, used for amounts per cell.
    public func microMolesFactor(_ gas: Gas, cellArea: Double, seconds: Double) -> Double {
        switch self {
        case .kilogramsPerSquareMetreSecond: 1e9 / gas.molarMassGramsPerMole
        case .molesPerSquareMetreSecond: 1e6
        case .microMolesPerSquareMetreSecond: 1
        case .tonnesPerCell: 1e12 / (gas.molarMassGramsPerMole * cellArea * seconds)
        }
    }
}
