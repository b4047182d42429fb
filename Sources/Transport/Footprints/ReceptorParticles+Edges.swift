public import Geo
import Quantities

extension ReceptorParticles {
    /// The air of each particle where it last was within a grid: what is added to it later lies in the footprint on
    /// that grid, what it brought along is the boundary's.
    ///
    /// A particle that went out and came back counts where it was out for good. It has left the domain too where it
    /// left the weather while over the grid. One that never was over the grid, as of a receptor beside it, counts
    /// where it set out, at the nearest edge.
    public func edges(of grid: CellGrid) -> [EdgeParticle] {
        let isWithin = Self.within(grid, table)
        // Numbers of particles are those of the run: from 0, without gaps.
        let count = Int(max(table.particle.max() ?? 0, ends.particle.max() ?? 0)) + 1
        var (first, within, last) = ([Int](repeating: -1, count: count), [Int](), [Int]())
        (within, last) = (first, first)
        for row in 0..<table.count {
            let particle = Int(table.particle[row])
            if first[particle] < 0 { first[particle] = row }
            if isWithin[row] { within[particle] = row }
            last[particle] = row
        }
        return (0..<ends.count).map { end in
            let particle = Int(ends.particle[end])
            if within[particle] == last[particle] { return edge(atEnd: end) }
            return edge(within[particle] < 0 ? first[particle] : within[particle], end, nearest: grid)
        }
    }

    private func edge(atEnd end: Int) -> EdgeParticle {
        EdgeParticle(
            longitude: ends.longitude[end],
            latitude: ends.latitude[end],
            heightMetres: ends.heightMetres[end],
            instant: receptor.time.advanced(bySeconds: 60 * ends.minutes[end]),
            weight: ends.weight[end],
            leftDomain: ends.hasLeft[end]
        )
    }

    private func edge(_ row: Int, _ end: Int, nearest grid: CellGrid) -> EdgeParticle {
        let place = grid.nearestPlace(longitude: table.longitude[row], latitude: table.latitude[row])
        return EdgeParticle(
            longitude: place.longitude,
            latitude: place.latitude,
            heightMetres: table.heightMetres[row],
            instant: receptor.time.advanced(bySeconds: 60 * table.minutes[row]),
            weight: ends.weight[end],
            leftDomain: true
        )
    }

    private static func within(_ grid: CellGrid, _ table: ParticleTable) -> [Bool] {
        let plane = grid.plane
        guard let projected = grid.projected else {
            let (west, width) = (plane.across.origin, plane.across.end - plane.across.origin)
            return zip(table.longitude, table.latitude).map { longitude, latitude in
                let east = longitude - west
                return latitude >= plane.along.origin && latitude <= plane.along.end
                    && east - 360 * (east / 360).rounded(.down) <= width
            }
        }
        var (x, y) = (table.longitude, table.latitude)
        projected.projection.project(&x, &y)
        return zip(x, y).map { x, y in
            x >= plane.across.origin && x <= plane.across.end && y >= plane.along.origin
                && y <= plane.along.end
        }
    }
}

extension CellGrid {
    /// The place itself within a grid of longitude and latitude, else the nearest of its edge; as it is on a plane.
    fileprivate func nearestPlace(longitude: Double, latitude: Double) -> (
        longitude: Double, latitude: Double
    ) {
        guard projected == nil else { return (longitude, latitude) }
        let plane = plane
        let middle = (plane.across.origin + plane.across.end) / 2
        let east = longitude - 360 * ((longitude - middle) / 360).rounded()
        return (
            min(max(east, plane.across.origin), plane.across.end),
            min(max(latitude, plane.along.origin), plane.along.end)
        )
    }

    /// The box that holds all cells; nil for one that is none, as of a grid round the Earth.
    public var boundingBox: BoundingBox? {
        if projected == nil {
            let plane = plane
            // A box has longitudes of -180 to 360; axes may be further round.
            let turn = plane.across.end > 360 ? -360.0 : plane.across.origin < -180 ? 360 : 0
            return BoundingBox(
                west: plane.across.origin + turn,
                south: max(-90, plane.along.origin),
                east: plane.across.end + turn,
                north: min(90, plane.along.end)
            )
        }
        let places = centres(of: Array(0..<cellCount))
        guard let first = places.longitudes.first(where: \.isFinite) else { return nil }
        let offsets = places.longitudes.filter(\.isFinite).map { longitudeDifference($0, from: first) }
        let latitudes = places.latitudes.filter(\.isFinite)
        return BoundingBox(
            west: wrappedLongitude(first + (offsets.min() ?? 0)),
            south: latitudes.min() ?? 0,
            east: wrappedLongitude(first + (offsets.max() ?? 0)),
            north: latitudes.max() ?? 0
        )
    }
}

extension BoundarySensitivity {
    /// Middles of layers of 1 km up to 20 km, as curtains and footprints of openghg have them.
    public static let usualHeights = (0..<20).map { 500 + 1000 * Double($0) }

    /// Counts particles at the cells of the four sides of a grid of longitude and latitude; nil for another.
    ///
    /// Particles whose weights sum to nothing, as of a column that sees nothing near the ground, give shares of zero.
    public init?(_ edges: [EdgeParticle], of receptor: Receptor, on grid: CellGrid) {
        guard grid.projected == nil, let box = grid.boundingBox,
            let across = try? BoundaryFaceCells(
                heightMetres: Self.usualHeights,
                places: grid.plane.across.centres
            ),
            let along = try? BoundaryFaceCells(
                heightMetres: Self.usualHeights,
                places: grid.plane.along.centres
            )
        else { return nil }
        var cells: [BoundaryFace: BoundaryFaceCells] = [:]
        for side in BoundaryFace.allCases { cells[side] = side.runsAlongLongitude ? across : along }
        let counted = try? BoundarySensitivity(
            receptor: receptor.name,
            time: receptor.time,
            particles: edges,
            domain: box,
            cells: cells
        )
        if let counted {
            self = counted
            return
        }
        let faces = cells.mapValues { Face(cells: $0, shares: [Double](repeating: 0, count: $0.count)) }
        try? self.init(receptor: receptor.name, time: receptor.time, faces: faces)
    }
}
