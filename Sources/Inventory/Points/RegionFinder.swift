import Foundation
public import Geo

/// How a place came to its region.
public enum RegionAssignment: Hashable, Sendable {
    case inside(region: Int)
    /// Outside of all, within reach of the edge of this one: coasts of simplified outlines cut off harbours.
    ///
    /// The rival is another region with an edge hardly farther: outlines that are coarser than that cannot tell
    /// which of the two it is.
    case nearest(region: Int, metres: Double, rival: Int? = nil)
    case unassigned

    /// Index of the region; nil without one.
    public var region: Int? {
        switch self {
        case .inside(let region), .nearest(let region, _, _): region
        case .unassigned: nil
        }
    }
}

/// Finds the region of a place: the one it lies in, else the one with the nearest edge.
public struct RegionFinder: Sendable {
    public let set: RegionSet
    /// Beyond this a place belongs to no region, metres.
    public let reachMetres: Double
    private let rings: [Ring]

    private struct Ring: Sendable {
        let region: Int
        /// -1 for a hole.
        let sign: Int
        let corners: [SIMD2<Double>]
        let low: SIMD2<Double>
        let high: SIMD2<Double>
    }

    public static let standardReachMetres = 60_000.0

    public init(_ set: RegionSet, reachMetres: Double = RegionFinder.standardReachMetres) {
        self.set = set
        self.reachMetres = reachMetres
        rings = set.regions.enumerated().flatMap { index, region in
            region.polygons.flatMap { polygon in
                [Self.ring(index, 1, polygon.outline)] + polygon.holes.map { Self.ring(index, -1, $0) }
            }
        }
    }

    private static func ring(_ region: Int, _ sign: Int, _ ring: RegionRing) -> Ring {
        var low = SIMD2(repeating: Double.infinity)
        var high = -low
        for corner in ring.corners {
            low = pointwiseMin(low, corner)
            high = pointwiseMax(high, corner)
        }
        return Ring(region: region, sign: sign, corners: ring.corners, low: low, high: high)
    }

    /// Of several regions around or equally near the first of the set is taken.
    public func assignment(of position: Position) -> RegionAssignment {
        var depth: [Int: Int] = [:]
        for ring in rings {
            let point = Self.near(position, ring)
            if Self.surrounds(ring, point) { depth[ring.region, default: 0] += ring.sign }
        }
        if let region = depth.filter({ $0.value > 0 }).keys.min() { return .inside(region: region) }
        var nearest: [Int: Double] = [:]
        for ring in rings {
            let metres = distance(position, ring, below: reachMetres)
            nearest[ring.region] = min(metres, nearest[ring.region] ?? .infinity)
        }
        let ordered = nearest.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
        guard let best = ordered.first, best.value < reachMetres else { return .unassigned }
        let rival = ordered.dropFirst().first.flatMap { $0.value <= Self.rivalry * best.value ? $0.key : nil }
        return .nearest(region: best.key, metres: best.value, rival: rival)
    }

    /// An edge this many times as far as the nearest may be the nearer one in truth.
    private static let rivalry = 1.1

    private static func near(_ position: Position, _ ring: Ring) -> SIMD2<Double> {
        let middle = (ring.low.x + ring.high.x) / 2
        let turns = ((position.longitude - middle) / 360).rounded()
        return SIMD2(position.longitude - 360 * turns, position.latitude)
    }

    private static func surrounds(_ ring: Ring, _ point: SIMD2<Double>) -> Bool {
        guard point.x >= ring.low.x, point.x <= ring.high.x, point.y >= ring.low.y, point.y <= ring.high.y,
            var last = ring.corners.last
        else { return false }
        var isWithin = false
        for corner in ring.corners {
            if (corner.y > point.y) != (last.y > point.y) {
                let part = (point.y - last.y) / (corner.y - last.y)
                if point.x < last.x + part * (corner.x - last.x) { isWithin.toggle() }
            }
            last = corner
        }
        return isWithin
    }

    /// Metres to the nearest edge in a plane that is true at the place; infinite when plainly beyond a limit.
    private func distance(_ position: Position, _ ring: Ring, below limit: Double) -> Double {
        let degree = Earth.meanRadiusMetres * Double.pi / 180
        let point = Self.near(position, ring)
        let scale = SIMD2(degree * max(cos(point.y * .pi / 180), 1e-3), degree)
        let beyond = pointwiseMax(pointwiseMax(ring.low - point, point - ring.high), SIMD2(0, 0)) * scale
        // The box is a little nearer than the corners when parallels are drawn as long as here.
        guard (beyond * beyond).sum().squareRoot() <= limit * 1.5, var last = ring.corners.last else {
            return .infinity
        }
        var least = Double.infinity
        for corner in ring.corners {
            let (start, end) = ((last - point) * scale, (corner - point) * scale)
            let edge = end - start
            let length = (edge * edge).sum()
            let part = length > 0 ? min(1, max(0, -(start * edge).sum() / length)) : 0
            let foot = start + edge * part
            least = min(least, (foot * foot).sum())
            last = corner
        }
        return least.squareRoot()
    }
}
