import Foundation
import Geo
import Transport

/// The part of a grid that a map of a footprint shows: where the influence is, with some margin, and the receptor.
struct FootprintFrame {
    let frame: MapFrame
    /// Nil for a projected grid.
    let box: BoundingBox?
    private let projection: MapProjection?

    /// Nil for grids whose edges are no longitudes of a box.
    init?(_ field: FootprintField, holding share: Double = 0.99, receptor: ReceptorPoint?) {
        switch field.grid {
        case .projected(let grid):
            projection = grid.projection
            box = nil
            frame = MapFrame(grid)
        case .longitudeLatitude(let grid):
            guard let box = Self.box(field, grid, share, receptor) else { return nil }
            projection = nil
            self.box = box
            frame = MapFrame(box: box)
        }
    }

    /// Pixels of a place; nil outside of the frame.
    func pixels(longitude: Double, latitude: Double) -> SIMD2<Double>? {
        var (x, y) = ([longitude], [latitude])
        projection?.project(&x, &y)
        let place = SIMD2(frame.x(x[0]), frame.y(y[0]))
        let isWithin =
            place.x >= MapFrame.left && place.x <= frame.right && place.y >= MapFrame.top
            && place.y <= frame.bottom
        return isWithin ? place : nil
    }

    private static func box(
        _ field: FootprintField,
        _ grid: LatitudeLongitudeGrid,
        _ share: Double,
        _ receptor: ReceptorPoint?
    ) -> BoundingBox? {
        let areas = field.areas(holding: [share])
        var cells = areas.indices.filter { areas[$0] != nil }
        if let receptor, let own = grid.cell(longitude: receptor.longitude, latitude: receptor.latitude) {
            cells.append(own)
        }
        var (west, east) = (grid.columns - 1, 0)
        var (south, north) = (grid.rows - 1, 0)
        for cell in cells {
            let (row, column) = cell.quotientAndRemainder(dividingBy: grid.columns)
            (west, east) = (min(west, column), max(east, column))
            (south, north) = (min(south, row), max(north, row))
        }
        if west > east { (west, east, south, north) = (0, grid.columns - 1, 0, grid.rows - 1) }
        let marginAcross = max(3, (east - west) / 10)
        let marginAlong = max(3, (north - south) / 10)
        (west, east) = (max(0, west - marginAcross), min(grid.columns - 1, east + marginAcross))
        (south, north) = (max(0, south - marginAlong), min(grid.rows - 1, north + marginAlong))
        let first = grid.longitude.edge(west)
        let last = grid.longitude.edge(east + 1)
        return BoundingBox(
            west: first,
            south: max(-90, grid.latitude.edge(south)),
            east: last > 360 ? last - 360 : last,
            north: min(90, grid.latitude.edge(north + 1))
        )
    }
}
