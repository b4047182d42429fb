public import Geo

/// How the axes of a file lie against our order: latitude ascending, longitude from -180.
///
/// Recognised by the coordinates themselves, since the product's name does not tell.
public struct GridArrangement: Equatable, Sendable {
    public let grid: LatitudeLongitudeGrid
    private let isNorthFirst: Bool
    /// Column of the file that becomes our column 0.
    private let firstColumn: Int

    /// Nil unless both axes are equally spaced and their cells tile at most the globe. Longitudes may run to 360
    /// and latitudes either way.
    ///
    /// - Parameters:
    ///   - latitudes: cell centres, degrees.
    ///   - longitudes: cell centres ascending, degrees.
    public init?(latitudes: [Double], longitudes: [Double]) {
        guard let first = latitudes.first, let last = latitudes.last else { return nil }
        isNorthFirst = first > last
        guard let latitude = UniformAxis(centres: isNorthFirst ? latitudes.reversed() : latitudes),
            let eastward = UniformAxis(centres: longitudes)
        else { return nil }
        let (longitude, column) = Self.rolled(eastward)
        guard let longitude,
            let grid = LatitudeLongitudeGrid(latitude: Self.snapped(latitude), longitude: longitude)
        else { return nil }
        self.grid = grid
        firstColumn = column
    }

    /// Values of the file, row by row, in our order.
    public func arrange(_ values: [Double]) -> [Double] {
        precondition(values.count == grid.cellCount, "values do not fit the grid")
        let columns = grid.columns
        var arranged: [Double] = []
        arranged.reserveCapacity(values.count)
        for row in 0..<grid.rows {
            let start = (isNorthFirst ? grid.rows - 1 - row : row) * columns
            arranged += values[(start + firstColumn)..<(start + columns)]
            arranged += values[start..<(start + firstColumn)]
        }
        return arranged
    }

    /// A full circle starts at the first cell whose centre lies east of 180; a part of one is only shifted.
    private static func rolled(_ axis: UniformAxis) -> (UniformAxis?, Int) {
        let isGlobal = abs(Double(axis.count) * axis.step - 360) < 1e-2 * axis.step
        guard isGlobal else {
            guard axis.centre(0) >= 180 else { return (axis, 0) }
            return (UniformAxis(origin: axis.origin - 360, step: axis.step, count: axis.count), 0)
        }
        let column = (0..<axis.count).first { axis.centre($0) >= 180 } ?? 0
        // Float32 centres leave the circle open or overlapping by a rounding.
        let origin = column == 0 ? axis.origin : axis.edge(column) - 360
        return (UniformAxis(origin: origin, step: 360 / Double(axis.count), count: axis.count), column)
    }

    /// Float32 centres put the outer edges a rounding beyond the poles.
    private static func snapped(_ axis: UniformAxis) -> UniformAxis {
        let slack = 1e-3 * axis.step
        guard axis.origin < -90 && axis.origin > -90 - slack || axis.end > 90 && axis.end < 90 + slack else {
            return axis
        }
        let south = axis.origin < -90 ? -90 : axis.origin
        let north = axis.end > 90 ? 90 : axis.end
        let step = (north - south) / Double(axis.count)
        return UniformAxis(origin: south, step: step, count: axis.count) ?? axis
    }
}
