import Geo

/// The rows and columns of a grid that a run needs. Columns come in two pieces where they cross the seam of a grid
/// that goes round the Earth.
struct GridSubset: Equatable, Sendable {
    let rows: Range<Int>
    let columns: [Range<Int>]

    var columnCount: Int { columns.reduce(0) { $0 + $1.count } }

    /// All cells.
    init(_ grid: CellGrid) {
        rows = 0..<grid.rows
        columns = [0..<grid.columns]
    }

    init(rows: Range<Int>, columns: [Range<Int>]) {
        self.rows = rows
        self.columns = columns
    }

    /// Cells around a box with the given number more on each side; nil where there are none.
    ///
    /// At least two rows and columns remain, for values to be interpolated between.
    static func around(_ box: BoundingBox, of grid: CellGrid, margin: Int) -> GridSubset? {
        switch grid {
        case .longitudeLatitude(let grid): around(box, grid, margin)
        case .projected(let grid): around(box, grid, margin)
        }
    }

    private static func around(_ box: BoundingBox, _ grid: LatitudeLongitudeGrid, _ margin: Int)
        -> GridSubset?
    {
        guard let rows = range(box.south, box.north, grid.latitude, margin) else { return nil }
        let axis = grid.longitude
        let width = box.east > box.west ? box.east - box.west : box.east + 360 - box.west
        let isRound = Double(axis.count) * axis.step >= 360 - 1e-6
        // The first turn of the circle in which the box ends east of the first column.
        let turns = ((axis.centre(0) - box.west - width) / 360).rounded(.up)
        let west = box.west + 360 * turns
        guard isRound else {
            return range(west, west + width, axis, margin).map { GridSubset(rows: rows, columns: [$0]) }
        }
        let first = Int(((west - axis.centre(0)) / axis.step).rounded(.down)) - margin
        let last = Int(((west + width - axis.centre(0)) / axis.step).rounded(.up)) + margin
        guard last - first + 1 < axis.count else { return GridSubset(rows: rows, columns: [0..<axis.count]) }
        let start = (first % axis.count + axis.count) % axis.count
        let end = start + last - first + 1
        guard end > axis.count else { return GridSubset(rows: rows, columns: [start..<end]) }
        return GridSubset(rows: rows, columns: [start..<axis.count, 0..<(end - axis.count)])
    }

    private static func around(_ box: BoundingBox, _ grid: ProjectedGrid, _ margin: Int) -> GridSubset? {
        var (longitudes, latitudes) = ([Double](), [Double]())
        let width = box.east > box.west ? box.east - box.west : box.east + 360 - box.west
        // The edge of a box bends in the plane, and its extremes may lie within.
        for i in 0...32 {
            for j in 0...32 {
                longitudes.append(box.west + width * Double(i) / 32)
                latitudes.append(box.south + (box.north - box.south) * Double(j) / 32)
            }
        }
        grid.projection.project(&longitudes, &latitudes)
        let (x, y) = (longitudes.filter(\.isFinite), latitudes.filter(\.isFinite))
        guard let left = x.min(), let right = x.max(), let bottom = y.min(), let top = y.max(),
            let columns = range(left, right, grid.x, margin), let rows = range(bottom, top, grid.y, margin)
        else { return nil }
        return GridSubset(rows: rows, columns: [columns])
    }

    /// The cells of an axis whose centres enclose a stretch, and more on each side; nil where the stretch lies outside.
    private static func range(_ low: Double, _ high: Double, _ axis: UniformAxis, _ margin: Int) -> Range<
        Int
    >? {
        guard high >= axis.origin, low <= axis.end, axis.count >= 2 else { return nil }
        func place(_ coordinate: Double) -> Double {
            min(max((coordinate - axis.centre(0)) / axis.step, -1), Double(axis.count))
        }
        let first = min(max(0, Int(place(low).rounded(.down)) - margin), axis.count - 2)
        let last = max(min(axis.count - 1, Int(place(high).rounded(.up)) + margin), first + 1)
        return first..<(last + 1)
    }

    /// The grid of the chosen cells.
    func cut(_ grid: CellGrid) -> CellGrid {
        guard let start = columns.first?.lowerBound else { return grid }
        func part(_ axis: UniformAxis, _ first: Int, _ count: Int) -> UniformAxis {
            UniformAxis(origin: axis.edge(first), step: axis.step, count: count) ?? axis
        }
        switch grid {
        case .longitudeLatitude(let whole):
            let latitude = part(whole.latitude, rows.lowerBound, rows.count)
            let longitude = part(whole.longitude, start, columnCount)
            return LatitudeLongitudeGrid(latitude: latitude, longitude: longitude)
                .map { .longitudeLatitude($0) } ?? grid
        case .projected(let whole):
            return .projected(
                ProjectedGrid(
                    projection: whole.projection,
                    x: part(whole.x, start, columnCount),
                    y: part(whole.y, rows.lowerBound, rows.count)
                )
            )
        }
    }
}

extension UniformAxis {
    /// Latitudes without the rows at the poles, whose cells would reach beyond, and how many were left out in the
    /// south; nil where less than two remain.
    var withinPoles: (axis: UniformAxis, below: Int)? {
        let slack = 1e-6
        let below = (0..<count).first { edge($0) >= -90 - slack } ?? count
        let above = (0..<count).last { edge($0 + 1) <= 90 + slack } ?? -1
        guard above > below, let axis = UniformAxis(origin: edge(below), step: step, count: above - below + 1)
        else { return nil }
        return (axis, below)
    }
}
