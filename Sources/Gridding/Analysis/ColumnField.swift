import Geo
public import Quantities

/// Columns at places and times, to be interpolated: element `i` of every array belongs to place `i`.
public struct ColumnField: Sendable {
    /// Degrees.
    public let longitudes: [Double]
    public let latitudes: [Double]
    /// Days since 1970, of the middle of the window of each value.
    public let days: [Double]
    /// ppm
    public let values: [Double]
    /// Standard errors that the values do not share, ppm.
    public let standardErrors: [Double]
    /// Standard deviation of the error common to all values, ppm: no interpolation reduces it, and it cancels in
    /// differences.
    public let sharedPartsPerMillion: Double
    public let gas: Gas
    public let scale: CalibrationScale

    public var count: Int { values.count }

    /// Places with a value or a standard error that is not finite are left out.
    ///
    /// - Throws: ``AnalysisError/unevenArrays(_:)``
    public init(
        longitudes: [Double],
        latitudes: [Double],
        days: [Double]? = nil,
        values: [Double],
        standardErrors: [Double],
        sharedPartsPerMillion: Double = 0,
        gas: Gas = .co2,
        scale: CalibrationScale = .unstated
    ) throws(AnalysisError) {
        let count = values.count
        let days = days ?? [Double](repeating: 0, count: count)
        guard longitudes.count == count, latitudes.count == count, days.count == count,
            standardErrors.count == count
        else { throw .unevenArrays("columns") }
        let kept = values.indices.filter {
            values[$0].isFinite && standardErrors[$0] >= 0 && standardErrors[$0].isFinite
                && longitudes[$0].isFinite && abs(latitudes[$0]) <= 90 && days[$0].isFinite
        }
        self.longitudes = kept.map { longitudes[$0] }
        self.latitudes = kept.map { latitudes[$0] }
        self.days = kept.map { days[$0] }
        self.values = kept.map { values[$0] }
        self.standardErrors = kept.map { standardErrors[$0] }
        self.sharedPartsPerMillion = sharedPartsPerMillion
        self.gas = gas
        self.scale = scale
    }

    /// The filled cells of several windows, the error that their ``ErrorModel`` takes as common set apart.
    ///
    /// - Throws: ``AnalysisError`` when scales, gases or grids differ, or without any window.
    public init(_ windows: [GriddedColumns]) throws(AnalysisError) {
        guard let first = windows.first else { throw .tooFew(0, needed: 1, of: "windows") }
        var longitudes: [Double] = []
        var latitudes: [Double] = []
        var days: [Double] = []
        var errors: [Double] = []
        for columns in windows {
            guard columns.scale == first.scale else {
                throw .differentScale(columns.scale, other: first.scale)
            }
            guard columns.gas == first.gas else { throw .differentGas(columns.gas, other: first.gas) }
            guard columns.grid == first.grid else { throw .differentGrid }
            let places = columns.grid.centres(of: columns.cells)
            longitudes += places.longitudes
            latitudes += places.latitudes
            days += [Double](repeating: columns.middleDay, count: columns.cells.count)
            errors += columns.unsharedErrors
        }
        try self.init(
            longitudes: longitudes,
            latitudes: latitudes,
            days: days,
            values: windows.flatMap(\.means),
            standardErrors: errors,
            sharedPartsPerMillion: first.errorModel.sharedPartsPerMillion,
            gas: first.gas,
            scale: first.scale
        )
    }
}

extension GriddedColumns {
    /// The middle of the window, or of the soundings where it has no bounds, days since 1970.
    public var middleDay: Double {
        let start = window?.start ?? firstSounding
        let end = window?.end ?? lastSounding
        return (start.secondsSince1970 + end.secondsSince1970) / 2 / 86_400
    }

    /// Standard errors without the part that all cells share, ppm.
    var unsharedErrors: [Double] {
        let shared = errorModel.sharedPartsPerMillion
        return standardErrors.map { max(0, $0 * $0 - shared * shared).squareRoot() }
    }
}
