public import Quantities

/// Areas that results are summed over: provinces, cities, any polygons. Boundaries come from outside; none is built in.
public struct RegionSet: Hashable, Sendable {
    public let name: LocalizedName
    public let regions: [Region]
    /// Where the boundaries come from; empty when the source does not say.
    public let provenance: String
    /// The number under which the map was approved for publication in China (审图号); nil without one.
    public let mapApproval: String?

    public init(
        name: LocalizedName,
        regions: [Region],
        provenance: String = "",
        mapApproval: String? = nil
    ) {
        self.name = name
        self.regions = regions
        self.provenance = provenance
        self.mapApproval = mapApproval
    }
}

/// One area, in one or several parts.
public struct Region: Hashable, Sendable {
    /// A code such as `CN-GS` or 620000; empty where there is none.
    public let code: String
    public let name: LocalizedName
    public let polygons: [RegionPolygon]

    /// - Throws: ``RegionFlaw/partsOverlap`` or ``RegionFlaw/crossesItself(longitude:latitude:)``.
    public init(code: String = "", name: LocalizedName, polygons: [RegionPolygon]) throws(RegionFlaw) {
        guard !polygons.isEmpty else { throw .tooFewCorners }
        if let crossing = firstCrossing(of: polygons.flatMap { $0.rings }) {
            throw .crossesItself(longitude: crossing.x, latitude: crossing.y)
        }
        for polygon in polygons {
            let holesLieWithin = polygon.holes.allSatisfy { hole in
                hole.corners.contains { polygon.outline.surrounds($0) }
            }
            guard holesLieWithin else { throw .holeOutside }
        }
        for (index, one) in polygons.enumerated() {
            for (place, other) in polygons.enumerated() where place != index {
                if one.contains(allOf: other.outline) { throw .partsOverlap }
            }
        }
        self.code = code
        self.name = name
        self.polygons = polygons
    }

    /// Area on the authalic sphere, with edges that are straight in the plane of longitude and latitude; m2.
    public var areaSquareMetres: Double {
        polygons.reduce(0) { area, polygon in
            area + polygon.outline.areaSquareMetres - polygon.holes.reduce(0) { $0 + $1.areaSquareMetres }
        }
    }

    /// Area on the ellipsoid of WGS 84, with the same edges; m2.
    public var ellipsoidAreaSquareMetres: Double {
        polygons.reduce(0) { area, polygon in
            area + polygon.outline.ellipsoidAreaSquareMetres
                - polygon.holes.reduce(0) { $0 + $1.ellipsoidAreaSquareMetres }
        }
    }
}

/// A part of a region: an outline and what is cut out of it.
public struct RegionPolygon: Hashable, Sendable {
    public let outline: RegionRing
    public let holes: [RegionRing]

    public init(outline: RegionRing, holes: [RegionRing] = []) {
        self.outline = outline
        self.holes = holes.map { $0.near(outline) }
    }

    var rings: [RegionRing] { [outline] + holes }

    fileprivate func contains(allOf ring: RegionRing) -> Bool {
        let moved = ring.near(outline)
        guard outline.box.overlaps(moved.box) else { return false }
        if Set(moved.corners) == Set(outline.corners) { return true }
        return moved.corners.allSatisfy { corner in
            outline.surrounds(corner) && !holes.contains { $0.surrounds(corner) }
        }
    }
}

/// Why corners make no region.
public enum RegionFlaw: Error, Hashable, Sendable {
    case tooFewCorners
    /// Not a place on the Earth: coordinates of a projection, or latitude given first.
    case outOfRange(longitude: Double, latitude: Double)
    /// The first corner is not the last one again.
    case notClosed
    case noArea
    /// An edge over more than 180 degrees of longitude that does not plainly cross the antimeridian.
    case longEdge(longitude: Double, latitude: Double)
    /// The longitudes do not come back to where they began.
    case goesRoundPole
    /// Two edges cross near a place.
    case crossesItself(longitude: Double, latitude: Double)
    case holeOutside
    case partsOverlap

    /// A few words for an error.
    public var words: String {
        switch self {
        case .tooFewCorners: "a polygon has fewer than three corners"
        case .outOfRange(let x, let y): "\(x), \(y) is no longitude and latitude"
        case .notClosed: "an outline does not end where it begins"
        case .noArea: "an outline encloses nothing"
        case .longEdge(let x, let y): "the edge from \(x), \(y) is longer than 180 degrees"
        case .goesRoundPole: "an outline goes round a pole"
        case .crossesItself(let x, let y): "edges cross near \(x), \(y)"
        case .holeOutside: "a hole lies outside of its polygon"
        case .partsOverlap: "one part lies within another"
        }
    }
}
