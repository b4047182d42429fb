/// The cells that columns are gathered in: of longitude and latitude, or of the plane of a map projection.
public enum CellGrid: Hashable, Sendable {
    case longitudeLatitude(LatitudeLongitudeGrid)
    case projected(ProjectedGrid)

    /// Its rows and columns in its own plane.
    public var plane: PlaneCells {
        switch self {
        case .longitudeLatitude(let grid): grid.plane
        case .projected(let grid): grid.plane
        }
    }

    public var rows: Int { plane.rows }
    public var columns: Int { plane.columns }
    public var cellCount: Int { rows * columns }

    /// Nil for a projected one.
    public var longitudeLatitude: LatitudeLongitudeGrid? {
        if case .longitudeLatitude(let grid) = self { grid } else { nil }
    }

    /// Nil for one of longitude and latitude.
    public var projected: ProjectedGrid? {
        if case .projected(let grid) = self { grid } else { nil }
    }

    /// Places of the centres of cells.
    public func centres(of cells: [Int]) -> GeographicPoints {
        switch self {
        case .longitudeLatitude(let grid):
            GeographicPoints(
                longitudes: cells.map { grid.longitude.centre($0 % grid.columns) },
                latitudes: cells.map { grid.latitude.centre($0 / grid.columns) }
            )
        case .projected(let grid): grid.centres(of: cells)
        }
    }

    /// The cells that hold places; nil outside the grid.
    public func cells(holding places: GeographicPoints) -> [Int?] {
        switch self {
        case .longitudeLatitude(let grid):
            return zip(places.longitudes, places.latitudes).map { grid.cell(longitude: $0, latitude: $1) }
        case .projected(let grid):
            var points = places
            grid.projection.project(&points.longitudes, &points.latitudes)
            return zip(points.longitudes, points.latitudes).map { grid.cell(x: $0, y: $1) }
        }
    }

    /// Areas of cells, m2: on the authalic sphere for a grid of longitude and latitude
    /// (``LatitudeLongitudeGrid/cellAreaSquareMetres(row:)``), on the ellipsoid for a projected one.
    public func areasSquareMetres(of cells: [Int]) -> [Double] {
        switch self {
        case .longitudeLatitude(let grid): areasByRow(of: cells, grid)
        case .projected(let grid): grid.areasSquareMetres(of: cells)
        }
    }

    /// Cells of a row have one area, and most often come one after the other.
    private func areasByRow(of cells: [Int], _ grid: LatitudeLongitudeGrid) -> [Double] {
        var row = -1
        var area = 0.0
        return cells.map { cell in
            if cell / grid.columns != row {
                row = cell / grid.columns
                area = grid.cellAreaSquareMetres(row: row)
            }
            return area
        }
    }

    /// Areas of the cells of a row, m2.
    public func areasSquareMetres(ofRow row: Int) -> [Double] {
        switch self {
        case .longitudeLatitude(let grid):
            [Double](repeating: grid.cellAreaSquareMetres(row: row), count: grid.columns)
        case .projected(let grid): CellLattice(grid, rows: row..<(row + 1)).areasSquareMetres
        }
    }

    /// Half the height and half the width of a cell at a latitude, degrees.
    public func halfCellDegrees(atLatitude latitude: Double) -> (along: Double, across: Double) {
        switch self {
        case .longitudeLatitude(let grid):
            return (grid.latitude.step / 2, grid.longitude.step / 2)
        case .projected(let grid):
            let degree = Earth.meanRadiusMetres * Double.pi / 180
            let parallel = degree * max(cosine(latitude * .pi / 180), 1e-6)
            return (grid.y.step / 2 / degree, min(grid.x.step / 2 / parallel, 180))
        }
    }
}
