public import Geo
public import Quantities

/// Through which cells of the four sides the air of a receptor entered the domain.
public struct BoundarySensitivity: Equatable, Sendable {
    public struct Face: Equatable, Sendable {
        public let cells: BoundaryFaceCells
        /// Part of the particles, heights x places.
        public let shares: [Double]

        public init(cells: BoundaryFaceCells, shares: [Double]) {
            self.cells = cells
            self.shares = shares
        }
    }

    public let receptor: String
    public let time: Instant
    public let faces: [BoundaryFace: Face]

    /// - Throws: ``FootprintFault/badCurtain(_:)`` for arrays that do not fit and shares that are no numbers.
    public init(receptor: String, time: Instant, faces: [BoundaryFace: Face]) throws(FootprintFault) {
        for (side, face) in faces {
            guard face.shares.count == face.cells.count, face.shares.allSatisfy(\.isFinite) else {
                throw .badCurtain("the shares of the \(side.rawValue) face of \(receptor)")
            }
        }
        self.receptor = receptor
        self.time = time
        self.faces = faces
    }

    /// The part of the particles that reached the boundary: about 1 in a complete run.
    public var closure: Double {
        BoundaryFace.allCases.reduce(0) { $0 + (faces[$1]?.shares.reduce(0, +) ?? 0) }
    }

    /// Counts the particles that left a box through its sides. One that left through the top counts for the nearest
    /// side at the highest layer; those still inside make the ``closure`` less than 1.
    ///
    /// - Throws: ``FootprintFault/badCurtain(_:)`` without any weight.
    public init(
        receptor: String,
        time: Instant,
        particles: [EdgeParticle],
        domain: BoundingBox,
        cells: [BoundaryFace: BoundaryFaceCells]
    ) throws(FootprintFault) {
        let total = particles.reduce(0) { $0 + $1.weight }
        guard total > 0, total.isFinite else {
            throw .badCurtain("the particles of \(receptor) have no weight")
        }
        var shares = cells.mapValues { [Double](repeating: 0, count: $0.count) }
        for particle in particles where particle.leftDomain {
            let side = domain.face(nearest: particle)
            let isNorthSouth = side.runsAlongLongitude
            let cell = cells[side]?.cell(
                height: particle.heightMetres,
                place: isNorthSouth ? particle.longitude : particle.latitude,
                circle: isNorthSouth ? 360 : nil
            )
            guard let cell else {
                throw .badCurtain("its \(side.rawValue) face does not reach the particles of \(receptor)")
            }
            shares[side]?[cell] += particle.weight / total
        }
        var faces: [BoundaryFace: Face] = [:]
        for (side, cells) in cells { faces[side] = Face(cells: cells, shares: shares[side] ?? []) }
        try self.init(receptor: receptor, time: time, faces: faces)
    }
}

extension BoundingBox {
    /// The side that a particle is farthest beyond, or nearest to, by the width and the height of the box.
    func face(nearest particle: EdgeParticle) -> BoundaryFace {
        let width = west < east ? east - west : east + 360 - west
        let centre = west + width / 2
        let offset = particle.longitude - centre
        let across = (offset - 360 * (offset / 360).rounded()) / width
        let along = (particle.latitude - (south + north) / 2) / (north - south)
        if abs(across) >= abs(along) { return across >= 0 ? .east : .west }
        return along >= 0 ? .north : .south
    }
}
