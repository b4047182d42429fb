/// Closed rings as SVG path data in the pixels of a map.
struct RingPaths {
    let path: String

    /// Corners nearer to the last drawn one are left out, pixels.
    private static let finest = 0.4

    /// - Parameter isProjected: the rings are in metres of a projection instead of degrees.
    init(_ rings: [[SIMD2<Double>]], isProjected: Bool = false, in frame: MapFrame) {
        // A map across the antimeridian shows longitudes beyond 180 degrees.
        let turns = isProjected ? [0] : [-360.0, 0, 360]
        path = rings.map { ring in
            turns.map { Self.path(ring, turn: $0, frame) }.joined()
        }.joined()
    }

    private static func path(_ outline: [SIMD2<Double>], turn: Double, _ frame: MapFrame) -> String {
        let points = outline.map { corner in
            SIMD2(
                MapFrame.left + (corner.x + turn - frame.west) * frame.pixelsPerDegreeLongitude,
                frame.y(corner.y)
            )
        }
        let (x, y) = (points.map(\.x), points.map(\.y))
        guard let west = x.min(), let east = x.max(), let top = y.min(), let bottom = y.max(),
            east >= MapFrame.left, west <= frame.right, bottom >= MapFrame.top, top <= frame.bottom
        else { return "" }
        var drawn = ""
        var last: SIMD2<Double>?
        for point in points {
            if let last, abs(point.x - last.x) < finest, abs(point.y - last.y) < finest { continue }
            drawn += (last == nil ? "M" : "L") + tenths(point.x) + " " + tenths(point.y)
            last = point
        }
        return drawn + "Z"
    }

    private static func tenths(_ value: Double) -> String {
        // Far outside of the frame nothing is drawn.
        let tenths = Int((min(max(value, -1e5), 1e5) * 10).rounded())
        let digits = tenths.magnitude.quotientAndRemainder(dividingBy: 10)
        let fraction = digits.remainder == 0 ? "" : ".\(digits.remainder)"
        return "\(tenths < 0 ? "-" : "")\(digits.quotient)\(fraction)"
    }
}
