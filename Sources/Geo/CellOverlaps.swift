/// The overlap of footprints with the cells of a grid, exact in the plane of the grid.
///
/// The value holds the buffers of the cuts: keep one for each loop. What it gives is the area of the overlap over
/// the area of the cell, both in the plane, as HARP's `bin_spatial` weighs. Cells covered by less than
/// ``smallestFraction`` are left out: so much is rounding where an edge of a footprint runs along one of the grid.
public struct CellOverlaps: ~Copyable, Sendable {
    public let plane: PlaneCells
    /// Cells from a longitude to itself round the Earth, not a whole number on every grid; infinite in the plane of a
    /// projection.
    private let circle: Double
    private var footprint = PlaneRing()
    private var rest = PlaneRing()
    private var strip = PlaneRing()
    private var piece = PlaneRing()
    private var spare = PlaneRing()

    public static let smallestFraction = 1e-11

    public init(_ plane: PlaneCells) {
        self.plane = plane
        circle = plane.circle.map { $0 / plane.across.step } ?? .infinity
    }

    public init(grid: LatitudeLongitudeGrid) { self.init(grid.plane) }

    /// Calls `body` with each cell that the footprint covers in part and the fraction of the cell, row by row.
    ///
    /// - Precondition: the footprint was not invalid.
    public mutating func forEachCell(under shape: borrowing Footprint, _ body: (Int, Double) -> Void) {
        let extent = load(shape.ring)
        visit(extent, body)
        // On a grid whose first column lies within the footprint its eastern end is at the start of the axis.
        if extent.east > circle {
            for corner in 0..<footprint.count { footprint.across[corner] -= circle }
            visit(extent.movedWest(by: circle), body)
        }
    }

    /// Brings the corners to units of cells from the south-west corner of the grid, the western end to the first
    /// turn of the axis.
    private mutating func load(_ ring: borrowing PlaneRing) -> Extent {
        footprint.removeAll()
        var extent = Extent()
        let (south, west) = (plane.along.origin, plane.across.origin)
        let (latitudes, longitudes) = (ring.along.span, ring.across.span)
        for corner in 0..<ring.count {
            let row = (latitudes[corner] - south) / plane.along.step
            let column = (longitudes[corner] - west) / plane.across.step
            footprint.append(row, column)
            extent.include(row, column)
        }
        guard circle.isFinite, extent.west < 0 || extent.west >= circle else { return extent }
        let turns = circle * (extent.west / circle).rounded(.down)
        for corner in 0..<footprint.count { footprint.across[corner] -= turns }
        return extent.movedWest(by: turns)
    }

    private mutating func visit(_ extent: Extent, _ body: (Int, Double) -> Void) {
        guard let rows = Self.cells(extent.south, extent.north, of: plane.rows),
            let columns = Self.cells(extent.west, extent.east, of: plane.columns)
        else { return }
        if rows.count == 1, columns.count == 1, extent.isWithin(rows.lowerBound, columns.lowerBound) {
            emit(rows.lowerBound, columns.lowerBound, footprint.signedArea, body)
            return
        }
        rest.copy(footprint)
        cutAway(below: Double(rows.lowerBound), extent.south)
        for row in rows {
            if Double(row + 1) < extent.north {
                rest.split(at: Double(row + 1), low: &piece, high: &spare)
                strip.copyTurned(piece)
                rest.copy(spare)
            } else {
                strip.copyTurned(rest)
            }
            visitStrip(row, columns, extent, body)
        }
    }

    /// One row, whose part of the footprint lies turned over in `strip`.
    private mutating func visitStrip(
        _ row: Int,
        _ columns: Range<Int>,
        _ extent: Extent,
        _ body: (Int, Double) -> Void
    ) {
        if Double(columns.lowerBound) > extent.west {
            strip.split(at: Double(columns.lowerBound), low: &piece, high: &spare)
            strip.copy(spare)
        }
        for column in columns {
            guard Double(column + 1) < extent.east else {
                emit(row, column, strip.signedArea, body)
                return
            }
            strip.split(at: Double(column + 1), low: &piece, high: &spare)
            emit(row, column, piece.signedArea, body)
            strip.copy(spare)
        }
    }

    private mutating func cutAway(below line: Double, _ south: Double) {
        guard line > south else { return }
        rest.split(at: line, low: &piece, high: &spare)
        rest.copy(spare)
    }

    private func emit(_ row: Int, _ column: Int, _ area: Double, _ body: (Int, Double) -> Void) {
        let fraction = min(abs(area), 1)
        if fraction > Self.smallestFraction { body(row * plane.columns + column, fraction) }
    }

    /// The cells of an axis between two coordinates; nil when there are none.
    private static func cells(_ low: Double, _ high: Double, of count: Int) -> Range<Int>? {
        guard high > 0, low < Double(count), low < high else { return nil }
        let first = Int(max(low, 0))
        let end = min(Int(min(high, Double(count)).rounded(.up)), count)
        return first < end ? first..<end : nil
    }
}

/// The bounding box of a footprint in units of cells.
private struct Extent {
    var south = Double.infinity
    var north = -Double.infinity
    var west = Double.infinity
    var east = -Double.infinity

    mutating func include(_ row: Double, _ column: Double) {
        south = min(south, row)
        north = max(north, row)
        west = min(west, column)
        east = max(east, column)
    }

    func movedWest(by columns: Double) -> Extent {
        var moved = self
        moved.west -= columns
        moved.east -= columns
        return moved
    }

    func isWithin(_ row: Int, _ column: Int) -> Bool {
        south >= Double(row) && north <= Double(row + 1) && west >= Double(column)
            && east <= Double(column + 1)
    }
}
