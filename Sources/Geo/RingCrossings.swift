/// A place where two edges cross, degrees; nil where all rings keep clear of themselves and of each other.
///
/// Edges may touch, and run along each other: parts and neighbours share them. The edges are swept from south to north,
/// so that only those at one latitude are compared.
func firstCrossing(of rings: [RegionRing]) -> SIMD2<Double>? {
    var edges: [SweptEdge] = []
    for ring in rings {
        var last = ring.corners[ring.corners.count - 1]
        for corner in ring.corners {
            edges.append(SweptEdge(last, corner))
            last = corner
        }
    }
    edges.sort { $0.south.y < $1.south.y }
    var active: [SweptEdge] = []
    for edge in edges {
        var kept = 0
        for index in active.indices {
            let other = active[index]
            guard other.north.y >= edge.south.y else { continue }
            active[kept] = other
            kept += 1
            if edge.crosses(other) { return (edge.south + edge.north) / 2 }
        }
        active.removeLast(active.count - kept)
        active.append(edge)
    }
    return nil
}

private struct SweptEdge {
    let south: SIMD2<Double>
    let north: SIMD2<Double>
    private let west: Double
    private let east: Double

    /// Less is rounding of corners that are meant to lie on another edge, degrees.
    private static let depth = 1e-9

    init(_ a: SIMD2<Double>, _ b: SIMD2<Double>) {
        (south, north) = a.y <= b.y ? (a, b) : (b, a)
        (west, east) = (min(a.x, b.x), max(a.x, b.x))
    }

    func crosses(_ other: SweptEdge) -> Bool {
        guard west < other.east, other.west < east else { return false }
        return isBetween(other.south, other.north) && other.isBetween(south, north)
    }

    /// Whether two points lie on different sides.
    private func isBetween(_ a: SIMD2<Double>, _ b: SIMD2<Double>) -> Bool {
        let way = north - south
        let length = (way * way).sum().squareRoot()
        let (toA, toB) = (a - south, b - south)
        let (one, other) = (way.x * toA.y - way.y * toA.x, way.x * toB.y - way.y * toB.x)
        let smallest = Self.depth * length
        return one > smallest && other < -smallest || one < -smallest && other > smallest
    }
}
