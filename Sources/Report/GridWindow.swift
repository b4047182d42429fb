import Geo

/// The cells of a grid that a map shows, as rows from the north and columns from the west of the map; unwraps
/// grids and maps that cross the antimeridian.
struct GridWindow {
    let rows: Int
    let columns: Int
    /// Position of the north-western corner and size of a cell, pixels.
    let originX: Double
    let originY: Double
    let cellWidth: Double
    let cellHeight: Double
    private let firstRow: Int
    private let sourceColumns: [Int]
    private let gridColumns: Int

    /// Nil where the grid and the map do not meet.
    init?(_ grid: CellGrid, in frame: MapFrame) {
        let plane = grid.plane
        let step = plane.across.step
        var columns: [(offset: Double, column: Int)] = []
        for column in 0..<grid.columns {
            var offset = frame.offset(longitude: plane.across.centre(column))
            if let circle = plane.circle, offset > circle - step / 2 { offset -= circle }
            if offset < frame.spanLongitude + step / 2 { columns.append((offset, column)) }
        }
        columns.sort { $0.offset < $1.offset }
        let rows = (0..<grid.rows).filter {
            plane.along.edge($0 + 1) > frame.south && plane.along.edge($0) < frame.north
        }
        guard let west = columns.first, let east = columns.last, let top = rows.last, let bottom = rows.first,
            let width = Int(exactly: ((east.offset - west.offset) / step).rounded()), width < 100_000
        else { return nil }
        var sources = [Int](repeating: -1, count: width + 1)
        for (offset, column) in columns {
            sources[min(width, Int(((offset - west.offset) / step).rounded()))] = column
        }
        sourceColumns = sources
        gridColumns = grid.columns
        firstRow = top
        self.rows = top - bottom + 1
        self.columns = width + 1
        cellWidth = step * frame.pixelsPerDegreeLongitude
        cellHeight = plane.along.step * frame.pixelsPerDegreeLatitude
        originX = MapFrame.left + (west.offset - step / 2) * frame.pixelsPerDegreeLongitude
        originY = frame.y(plane.along.edge(top + 1))
    }

    /// Index into arrays over the grid; nil in a gap.
    func cell(row: Int, column: Int) -> Int? {
        sourceColumns[column] < 0 ? nil : (firstRow - row) * gridColumns + sourceColumns[column]
    }

    /// `transform` from cell units to the map, each `factor` cells wide.
    func transform(factor: Int = 1) -> HTML {
        let scaleX = cellWidth * Double(factor)
        let scaleY = cellHeight * Double(factor)
        return """
            translate(\(decimal(originX)) \(decimal(originY))) scale(\(decimal(scaleX)) \(decimal(scaleY)))
            """
    }

    private func decimal(_ value: Double) -> HTML {
        let scaled = (value * 1e5).rounded()
        guard let whole = Int(exactly: scaled) else { return "0" }
        let digits = String(whole.magnitude)
        let padded = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
        return "\(whole < 0 ? "-" : "")\(String(padded.dropLast(5))).\(String(padded.suffix(5)))"
    }
}
