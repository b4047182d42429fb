import Geo

/// Finds the cell of a point as the grid does, without divisions where the point lies inside of it.
struct CentreCells: Sendable {
    private let grid: LatitudeLongitudeGrid
    private let (rows, columns): (CellSearch, CellSearch)

    init(_ grid: LatitudeLongitudeGrid) {
        self.grid = grid
        rows = CellSearch(grid.latitude)
        columns = CellSearch(grid.longitude)
    }

    @inline(__always)
    func cell(longitude: Double, latitude: Double) -> Int? {
        guard let row = rows.index(latitude), let column = columns.index(longitude) else {
            // At the edges, a turn away, or outside.
            return grid.cell(longitude: longitude, latitude: latitude)
        }
        return row * columns.count + column
    }
}

/// The cells of an axis, found from a rough place and the edges about it.
private struct CellSearch: Sendable {
    private let axis: UniformAxis
    private let cellsPerDegree: Double
    private let inside: Range<Double>

    var count: Int { axis.count }

    init(_ axis: UniformAxis) {
        self.axis = axis
        cellsPerDegree = 1 / axis.step
        // Near the end rounding may put a point on the other side of the circle.
        inside = axis.origin..<max(axis.origin, axis.end - 1e-6 * axis.step)
    }

    /// Nil unless the coordinate is safely inside; the cell is the last one whose lower edge is not above.
    @inline(__always)
    func index(_ coordinate: Double) -> Int? {
        guard inside.contains(coordinate) else { return nil }
        // The rough place is less than a cell off, so that it is at most one beside the right one.
        let rough = min((coordinate - axis.origin) * cellsPerDegree, Double(axis.count - 1))
        var index = Int(rough)
        if axis.edge(index + 1) <= coordinate { index += 1 }
        if axis.edge(index) > coordinate { index -= 1 }
        return index >= 0 && index < axis.count ? index : nil
    }
}
