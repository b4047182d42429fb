import Geo

/// Finds the cells of points as the grid does, without divisions where a point lies safely inside of it.
struct CentreCells: Sendable {
    private let grid: LatitudeLongitudeGrid
    private let (rows, columns): (CellSearch, CellSearch)

    init(_ grid: LatitudeLongitudeGrid) {
        self.grid = grid
        rows = CellSearch(grid.latitude)
        columns = CellSearch(grid.longitude)
    }

    /// The cells of points, -1 for those outside.
    func cells(longitudes: [Double], latitudes: [Double]) -> [Int32] {
        var cells = [Int32](repeating: 0, count: longitudes.count)
        let hasStrays = setInner(&cells, longitudes.span, latitudes.span)
        guard hasStrays else { return cells }
        for index in cells.indices where cells[index] < 0 {
            // At the edges, a turn away, or outside.
            let cell = grid.cell(longitude: longitudes[index], latitude: latitudes[index])
            if let cell { cells[index] = Int32(truncatingIfNeeded: cell) }
        }
        return cells
    }

    /// Sets -1 where a point is not safely inside: two points at once, without a branch and in doubles alone.
    ///
    /// - Returns: whether there are such points.
    private func setInner(_ cells: inout [Int32], _ longitudes: Span<Double>, _ latitudes: Span<Double>)
        -> Bool
    {
        let width = Double(columns.count)
        var result = cells.mutableSpan
        var signs: Int64 = 0
        for first in stride(from: 0, to: longitudes.count, by: 2) {
            // The last of an odd number is its own neighbour.
            let second = min(first + 1, longitudes.count - 1)
            let row = rows.places(SIMD2(latitudes[first], latitudes[second]))
            let column = columns.places(SIMD2(longitudes[first], longitudes[second]))
            let isOutside = (row .< 0) .| (column .< 0)
            let cell = (row * width + column).replacing(with: -1, where: isOutside) + wholeNumberShift
            let numbers = unsafe unsafeBitCast(cell, to: SIMD2<Int64>.self)
            result[second] = Int32(truncatingIfNeeded: numbers.y)
            result[first] = Int32(truncatingIfNeeded: numbers.x)
            signs |= Int64(Int32(truncatingIfNeeded: numbers.x | numbers.y))
        }
        return signs < 0
    }
}

/// Adding this brings a whole number of 32 bits into the last bits of a double, and leaves no fraction.
private let wholeNumberShift = 0x1.8p52

/// The cells of an axis, found from a rough place and the edges about it.
private struct CellSearch: Sendable {
    private let origin: Double
    private let step: Double
    private let cellsPerDegree: Double
    private let (lower, upper): (Double, Double)
    let count: Int

    init(_ axis: UniformAxis) {
        count = axis.count
        origin = axis.origin
        step = axis.step
        cellsPerDegree = 1 / axis.step
        // Near the end rounding may put a point on the other side of the circle.
        (lower, upper) = (axis.origin, max(axis.origin, axis.end - 1e-6 * axis.step))
    }

    /// The numbers of the cells, which are the last ones whose lower edges are not above; -1 for a coordinate that is
    /// not safely inside.
    @inline(__always)
    func places(_ coordinates: SIMD2<Double>) -> SIMD2<Double> {
        // Half a cell less, to the nearest whole number: at most one beside the right one.
        var places = ((coordinates - origin) * cellsPerDegree - 0.5) + wholeNumberShift - wholeNumberShift
        // Edges as `UniformAxis/edge(_:)` gives them.
        places.replace(with: places + 1, where: origin + (places + 1) * step .<= coordinates)
        places.replace(with: places - 1, where: origin + places * step .> coordinates)
        return SIMD2(repeating: -1).replacing(
            with: places,
            where: (coordinates .>= lower) .& (coordinates .< upper)
        )
    }
}
