/// The part of each cell of a grid that each region covers, exact in the plane of the grid.
///
/// In that of a projection, edges that are straight in longitude and latitude are followed in steps of a tenth of a
/// degree.
public struct RegionFractions: Sendable {
    /// The cells of one region, ascending, and the part of each within it, above 0 and at most 1.
    public struct Cells: Hashable, Sendable {
        public fileprivate(set) var cells: [Int32] = []
        public fileprivate(set) var fractions: [Double] = []
    }

    public let grid: CellGrid
    public let set: RegionSet
    /// One for each region of the set.
    public let regions: [Cells]

    public init(_ set: RegionSet, on grid: CellGrid) {
        self.grid = grid
        self.set = set
        let outlines = RegionOutlines(grid)
        regions = set.regions.map { Self.cells(of: $0, grid, outlines) }
    }

    public init(_ set: RegionSet, on grid: LatitudeLongitudeGrid) {
        self.init(set, on: .longitudeLatitude(grid))
    }

    /// The whole area of a region on the surface that the areas of the cells are counted on, m2.
    public func areaSquareMetres(of region: Int) -> Double {
        switch grid {
        case .longitudeLatitude: set.regions[region].areaSquareMetres
        case .projected: set.regions[region].ellipsoidAreaSquareMetres
        }
    }

    /// The outlines of all regions, holes too, in the coordinates of the grid: degrees, or metres of its projection.
    /// The last corner of each is joined to the first.
    public var outlines: [[SIMD2<Double>]] {
        let lines = RegionOutlines(grid)
        let plane = grid.plane
        return set.regions.flatMap(\.polygons).flatMap { [$0.outline] + $0.holes }.flatMap(lines.corners(of:))
            .map { corners in
                corners.map { corner in
                    SIMD2(
                        plane.across.origin + corner.x * plane.across.step,
                        plane.along.origin + corner.y * plane.along.step
                    )
                }
            }
    }

    private static func cells(of region: Region, _ grid: CellGrid, _ outlines: RegionOutlines) -> Cells {
        var edges: [CellEdge] = []
        for polygon in region.polygons {
            append(polygon.outline, sign: 1, outlines, to: &edges)
            for hole in polygon.holes { append(hole, sign: -1, outlines, to: &edges) }
        }
        edges.sort { $0.low.y < $1.low.y }
        var found = Cells()
        var coverage = RowCoverage(columns: grid.columns)
        var active: [CellEdge] = []
        var next = 0
        for row in firstRow(edges, grid.rows)..<grid.rows {
            while next < edges.count, edges[next].low.y < Double(row + 1) {
                active.append(edges[next])
                next += 1
            }
            active.removeAll { $0.high.y <= Double(row) }
            if active.isEmpty, next == edges.count { break }
            for edge in active { coverage.add(edge, row: row) }
            coverage.take { column, fraction in
                found.cells.append(Int32(truncatingIfNeeded: row * grid.columns + column))
                found.fractions.append(fraction)
            }
        }
        return found
    }

    private static func firstRow(_ edges: [CellEdge], _ rows: Int) -> Int {
        guard let south = edges.first?.low.y else { return rows }
        return Int(min(max(south, 0), Double(rows)))
    }

    private static func append(
        _ ring: RegionRing,
        sign: Double,
        _ outlines: RegionOutlines,
        to edges: inout [CellEdge]
    ) {
        for corners in outlines.corners(of: ring) {
            guard var start = corners.last else { continue }
            for end in corners {
                if let edge = CellEdge(start, end, sign: sign) { edges.append(edge) }
                start = end
            }
        }
    }
}

/// An edge in units of cells from south to north, so that neighbours that share it compute the same.
private struct CellEdge {
    let low: SIMD2<Double>
    let high: SIMD2<Double>
    /// 1 where the region lies to the west, -1 where to the east.
    let sign: Double

    /// Nil for an edge along a row, which bounds nothing to its west.
    init?(_ start: SIMD2<Double>, _ end: SIMD2<Double>, sign: Double) {
        guard start.y != end.y else { return nil }
        (low, high) = start.y < end.y ? (start, end) : (end, start)
        self.sign = start.y < end.y ? sign : -sign
    }

    /// Where the edge is at a height.
    func across(_ y: Double) -> Double {
        if y <= low.y { return low.x }
        if y >= high.y { return high.x }
        return low.x + (y - low.y) / (high.y - low.y) * (high.x - low.x)
    }
}

/// What edges cover of the cells of one row. An edge covers what lies to its west, in full or less, with its sign;
/// the sum over the edges of a closed line is what the line encloses.
private struct RowCoverage {
    /// Part of each cell, and what all cells west of each have on top.
    private var parts: [Double]
    private var western: [Double]
    private var touched = 0
    /// Less is rounding.
    private static let smallest = 1e-12

    init(columns: Int) {
        parts = [Double](repeating: 0, count: columns)
        western = [Double](repeating: 0, count: columns + 1)
    }

    mutating func add(_ edge: CellEdge, row: Int) {
        let low = max(edge.low.y, Double(row))
        let high = min(edge.high.y, Double(row + 1))
        guard low < high else { return }
        let (start, end) = (edge.across(low), edge.across(high))
        let height = (high - low) * edge.sign
        let (west, east) = (min(start, end), max(start, end))
        let columns = Double(parts.count)
        guard east > 0 else { return }
        guard west < columns else { return cover(parts.count, height) }
        if east == west { return addPiece(west, west, height) }
        let slope = height / (east - west)
        // What lies west of the grid covers none of it, what lies east of it the whole row.
        if east > columns { cover(parts.count, (east - columns) * slope) }
        var place = max(west, 0)
        let limit = min(east, columns)
        while place < limit {
            let next = min(place.rounded(.down) + 1, limit)
            addPiece(place, next, (next - place) * slope)
            place = next
        }
    }

    /// A piece within one cell.
    private mutating func addPiece(_ west: Double, _ east: Double, _ height: Double) {
        let column = min(Int(west), parts.count - 1)
        parts[column] += height * ((west + east) / 2 - Double(column))
        cover(column, height)
    }

    /// All cells west of a column.
    private mutating func cover(_ column: Int, _ height: Double) {
        western[column] += height
        touched = max(touched, min(column + 1, parts.count))
    }

    /// Gives the covered cells from west to east and makes ready for another row.
    mutating func take(_ body: (Int, Double) -> Void) {
        var sum = 0.0
        for column in stride(from: touched - 1, through: 0, by: -1) {
            sum += western[column + 1]
            parts[column] += sum
        }
        for column in 0..<touched {
            let fraction = parts[column]
            if fraction > Self.smallest { body(column, fraction > 1 - Self.smallest ? 1 : fraction) }
            parts[column] = 0
            western[column + 1] = 0
        }
        western[0] = 0
        touched = 0
    }
}
