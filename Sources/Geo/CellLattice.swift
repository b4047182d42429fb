/// The places of the corners, the middles of the sides and the centres of all cells in some rows of a projected grid,
/// found together.
public struct CellLattice: Sendable {
    public let rows: Range<Int>
    public let columns: Int
    private let grid: ProjectedGrid
    /// At each half of a step: `2 rows + 1` times `2 columns + 1`.
    private let places: GeographicPoints

    public init(_ grid: ProjectedGrid, rows: Range<Int>) {
        self.grid = grid
        self.rows = rows
        columns = grid.columns
        let across = (0...2 * grid.columns).map { grid.x.origin + Double($0) / 2 * grid.x.step }
        var (x, y) = ([Double](), [Double]())
        for half in (2 * rows.lowerBound)...(2 * rows.upperBound) {
            x += across
            y += [Double](repeating: grid.y.origin + Double(half) / 2 * grid.y.step, count: across.count)
        }
        places = grid.projection.places(x: x, y: y)
    }

    /// Cells in these rows.
    public var count: Int { rows.count * columns }

    /// Of the centres, row by row.
    public var longitudes: [Double] { (0..<count).map { places.longitudes[point($0, 1, 1)] } }
    public var latitudes: [Double] { (0..<count).map { places.latitudes[point($0, 1, 1)] } }

    /// Of the four corners of each cell, counter-clockwise from that of the least northing and easting.
    public var cornerLatitudes: [Double] {
        (0..<count).flatMap { cell in Self.corners.map { places.latitudes[point(cell, $0.along, $0.across)] }
        }
    }

    /// As ``cornerLatitudes``, each within 180 degrees of that of the centre.
    public var cornerLongitudes: [Double] {
        (0..<count).flatMap { cell in
            let centre = places.longitudes[point(cell, 1, 1)]
            return Self.corners.map { corner in
                let longitude = places.longitudes[point(cell, corner.along, corner.across)]
                return longitude - 360 * ((longitude - centre) / 360).rounded()
            }
        }
    }

    /// Areas on the ellipsoid, m2.
    public var areasSquareMetres: [Double] {
        guard max(grid.x.step, grid.y.step) <= ProjectedGrid.longestPartMetres else {
            return grid.areasSquareMetres(
                of: Array((rows.lowerBound * columns)..<(rows.upperBound * columns))
            )
        }
        return (0..<count).map { cell in
            let border = Self.border.map { point(cell, $0.along, $0.across) }
            let centre = point(cell, 1, 1)
            return EllipsoidArea.within(
                longitudes: border.map { places.longitudes[$0] }[...],
                latitudes: border.map { places.latitudes[$0] }[...],
                around: SIMD2(places.longitudes[centre], places.latitudes[centre])
            )
        }
    }

    /// Halves of a step along and across.
    private static let corners: [(along: Int, across: Int)] = [(0, 0), (0, 2), (2, 2), (2, 0)]
    private static let border: [(along: Int, across: Int)] = [
        (0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0),
    ]

    private func point(_ cell: Int, _ along: Int, _ across: Int) -> Int {
        let (row, column) = cell.quotientAndRemainder(dividingBy: columns)
        return (2 * row + along) * (2 * columns + 1) + 2 * column + across
    }
}
