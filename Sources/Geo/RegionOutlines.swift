/// The outlines of regions in units of the cells of a grid, from its south-western corner.
struct RegionOutlines {
    private let grid: CellGrid
    private let projected: ProjectedOutlines?

    init(_ grid: CellGrid) {
        self.grid = grid
        projected = grid.projected.map { ProjectedOutlines($0) }
    }

    /// The corners of a ring, once for each turn of the longitudes that reaches the grid. Neighbours that share an edge
    /// get the same places along it.
    func corners(of ring: RegionRing) -> [[SIMD2<Double>]] {
        let found =
            switch grid {
            case .longitudeLatitude(let grid):
                Self.turns(of: ring, within: (grid.longitude.origin, grid.longitude.end))
            case .projected: projected?.pieces(of: ring) ?? []
            }
        let plane = grid.plane
        return found.map { corners in
            corners.map { corner in
                SIMD2(
                    Self.onEdge((corner.x - plane.across.origin) / plane.across.step),
                    Self.onEdge((corner.y - plane.along.origin) / plane.along.step)
                )
            }
        }
    }

    static func turns(of ring: RegionRing, within longitudes: (Double, Double)) -> [[SIMD2<Double>]] {
        let first = ((longitudes.0 - ring.box.high.x) / 360).rounded(.up)
        let last = ((longitudes.1 - ring.box.low.x) / 360).rounded(.down)
        guard first <= last else { return [] }
        return stride(from: first, through: last, by: 1).map { turn in
            ring.corners.map { SIMD2($0.x + 360 * turn, $0.y) }
        }
    }

    /// A corner that is meant to lie on an edge of the grid lies there: else a sliver of 1e-14 of a cell would count.
    private static func onEdge(_ coordinate: Double) -> Double {
        let whole = coordinate.rounded()
        return abs(coordinate - whole) < 1e-9 ? whole : coordinate
    }
}

/// Rings in the plane of a projection. Far from a grid its projection may have no place for a corner, or a wrong one:
/// rings are cut to a box round the grid before.
private struct ProjectedOutlines {
    private let grid: ProjectedGrid
    private let bounds: (west: Double, south: Double, east: Double, north: Double)

    /// Between such places an edge that is straight in longitude and latitude is straight in the plane within a few
    /// metres, degrees.
    private static let longestPart = 0.1

    init(_ grid: ProjectedGrid) {
        self.grid = grid
        let (west, south, east, north) = grid.geographicBounds
        // Beyond the grid by so much that the sides of the box do not cut its cells.
        let margin = 0.5
        let isWhole = east - west >= 360
        bounds = (
            isWhole ? west : west - margin, max(-90, south - margin),
            isWhole ? east : east + margin, min(90, north + margin)
        )
    }

    func pieces(of ring: RegionRing) -> [[SIMD2<Double>]] {
        RegionOutlines.turns(of: ring, within: (bounds.west, bounds.east)).compactMap { corners in
            let clipped = clipped(corners)
            guard clipped.count >= 3 else { return nil }
            return projected(clipped)
        }
    }

    /// Sutherland and Hodgman 1974. Parts of a concave ring stay joined by edges along the box, which cancel.
    private func clipped(_ ring: [SIMD2<Double>]) -> [SIMD2<Double>] {
        var corners = Self.cut(ring, axis: 0, at: bounds.west, keepsAbove: true)
        corners = Self.cut(corners, axis: 0, at: bounds.east, keepsAbove: false)
        corners = Self.cut(corners, axis: 1, at: bounds.south, keepsAbove: true)
        return Self.cut(corners, axis: 1, at: bounds.north, keepsAbove: false)
    }

    private static func cut(_ ring: [SIMD2<Double>], axis: Int, at line: Double, keepsAbove: Bool) -> [SIMD2<
        Double
    >] {
        guard var last = ring.last else { return [] }
        var kept: [SIMD2<Double>] = []
        for corner in ring {
            let isWithin = keepsAbove ? corner[axis] >= line : corner[axis] <= line
            let wasWithin = keepsAbove ? last[axis] >= line : last[axis] <= line
            if isWithin != wasWithin {
                // From the lower end, so that neighbours find the same place.
                let (low, high) = corner[axis] < last[axis] ? (corner, last) : (last, corner)
                var crossing = low + (high - low) * ((line - low[axis]) / (high[axis] - low[axis]))
                crossing[axis] = line
                kept.append(crossing)
            }
            if isWithin { kept.append(corner) }
            last = corner
        }
        return kept
    }

    private func projected(_ ring: [SIMD2<Double>]) -> [SIMD2<Double>] {
        var (x, y) = ([Double](), [Double]())
        for (index, corner) in ring.enumerated() {
            let next = ring[(index + 1) % ring.count]
            let length = max(abs(next.x - corner.x), abs(next.y - corner.y))
            let parts = max(1, Int(min(length / Self.longestPart, 10_000).rounded(.up)))
            let isAscending = (corner.x, corner.y) < (next.x, next.y)
            let (low, high) = isAscending ? (corner, next) : (next, corner)
            x.append(corner.x)
            y.append(corner.y)
            for part in 1..<max(1, parts) {
                let share = Double(isAscending ? part : parts - part) / Double(parts)
                let place = low + (high - low) * share
                x.append(place.x)
                y.append(place.y)
            }
        }
        grid.projection.project(&x, &y)
        return x.indices.filter { x[$0].isFinite }.map { SIMD2(x[$0], y[$0]) }
    }
}
