import Foundation

/// What the corners of a footprint turned out to be.
public enum FootprintShape: Sendable {
    case simple
    /// The corners were given crosswise (a bow-tie) and have been put in order.
    case reordered
    /// Not a footprint: corners missing, coinciding or out of range, too far apart, or round a pole.
    case invalid
}

/// The part of the Earth that one sounding sees: a polygon in the plane of longitude and latitude, degrees, or in that
/// of a map projection, metres.
///
/// One value is filled again and again, so that a loop over soundings allocates nothing. Longitudes are
/// unwrapped: neighbouring corners lie within 180 degrees of each other whatever signs and turns were given.
public struct Footprint: ~Copyable, Sendable {
    /// Latitude runs along, longitude across.
    private(set) var ring = PlaneRing()

    /// No instrument sees more at once; what is wider is a slip of the corners. Degrees of a great circle.
    static let largestSpanDegrees = 5.0
    /// About 12 m2 at the equator; the smallest real footprints have 600 m2.
    static let smallestAreaSquareDegrees = 1e-9
    /// Of a round field of view.
    public static let circleCorners = 16
    /// Five degrees of a great circle, drawn up to nearly three times too large.
    static let largestSpanMetres = 1.5e6
    static let smallestAreaSquareMetres = 12.0

    public init() {}

    /// Takes four corners, in any direction round the footprint.
    ///
    /// Four corners of which two edges cross are put in order; which, says the result.
    public mutating func setQuadrilateral(
        longitudes: (Double, Double, Double, Double),
        latitudes: (Double, Double, Double, Double)
    ) -> FootprintShape {
        ring.removeAll()
        guard isPlausible(longitudes.0, latitudes.0), isPlausible(longitudes.1, latitudes.1),
            isPlausible(longitudes.2, latitudes.2), isPlausible(longitudes.3, latitudes.3)
        else { return .invalid }
        let second = unwrapped(longitudes.1, near: longitudes.0)
        let third = unwrapped(longitudes.2, near: second)
        ring.append(latitudes.0, longitudes.0)
        ring.append(latitudes.1, second)
        ring.append(latitudes.2, third)
        ring.append(latitudes.3, unwrapped(longitudes.3, near: third))
        guard isClosed, isNarrow else { return .invalid }
        let wasCrossed = uncross()
        guard abs(ring.signedArea) > Self.smallestAreaSquareDegrees else { return .invalid }
        return wasCrossed ? .reordered : .simple
    }

    /// Takes the polygon of 16 corners on the sphere that has the area of a round field of view.
    ///
    /// - Parameter kilometres: the diameter.
    public mutating func setCircle(longitude: Double, latitude: Double, diameterKilometres kilometres: Double)
        -> FootprintShape
    {
        ring.removeAll()
        guard isPlausible(longitude, latitude), kilometres > 0, kilometres < 1000 else { return .invalid }
        let step = 2 * Double.pi / Double(Self.circleCorners)
        let radius = kilometres * 500 / Earth.authalicRadiusMetres * (step / sin(step)).squareRoot()
        let (sinLatitude, cosLatitude) = (sin(latitude * .pi / 180), cos(latitude * .pi / 180))
        var last = longitude
        for corner in 0..<Self.circleCorners {
            let bearing = (Double(corner) + 0.5) * step
            let sine = sinLatitude * cos(radius) + cosLatitude * sin(radius) * cos(bearing)
            let turn = atan2(
                sin(bearing) * sin(radius) * cosLatitude,
                cos(radius) - sinLatitude * sine
            )
            last = unwrapped(longitude + turn * 180 / .pi, near: last)
            ring.append(asin(min(max(sine, -1), 1)) * 180 / .pi, last)
        }
        guard isClosed, isNarrow, abs(ring.signedArea) > Self.smallestAreaSquareDegrees else {
            return .invalid
        }
        return .simple
    }

    /// Takes the corners of a footprint in the plane of a projection, metres; four, in any direction round it, or
    /// those of a round field of view.
    ///
    /// Four corners of which two edges cross are put in order. NaN, where the projection has no place for a corner,
    /// makes it invalid, as does what no projection fit for the place would do to a footprint.
    public mutating func setPolygon(x: ArraySlice<Double>, y: ArraySlice<Double>) -> FootprintShape {
        ring.removeAll()
        guard x.count == y.count, x.count == 4 || x.count == Self.circleCorners else { return .invalid }
        var low = SIMD2(repeating: Double.infinity)
        var high = -low
        for (easting, northing) in zip(x, y) {
            guard easting.isFinite, northing.isFinite else { return .invalid }
            ring.append(northing, easting)
            low = pointwiseMin(low, SIMD2(easting, northing))
            high = pointwiseMax(high, SIMD2(easting, northing))
        }
        guard (high - low).max() <= Self.largestSpanMetres else { return .invalid }
        let wasCrossed = ring.count == 4 && uncross()
        guard abs(ring.signedArea) > Self.smallestAreaSquareMetres else { return .invalid }
        return wasCrossed ? .reordered : .simple
    }

    /// Appends the corners, degrees or metres.
    public func appendCorners(x: inout [Double], y: inout [Double]) {
        for corner in 0..<ring.count {
            x.append(ring.across[corner])
            y.append(ring.along[corner])
        }
    }

    /// The centre and half of two neighbouring sides as vectors, degrees east and north; of a round footprint its
    /// radii to the east and to the north.
    public var frame:
        (centre: (x: Double, y: Double), first: (x: Double, y: Double), second: (x: Double, y: Double))
    {
        let corners = Double(ring.count)
        var (x, y, width, height) = (0.0, 0.0, 0.0, 0.0)
        for corner in 0..<ring.count {
            x += ring.across[corner] / corners
            y += ring.along[corner] / corners
        }
        guard ring.count == 4 else {
            for corner in 0..<ring.count {
                width = max(width, abs(ring.across[corner] - x))
                height = max(height, abs(ring.along[corner] - y))
            }
            return ((x, y), (width, 0), (0, height))
        }
        // From the middle of the quadrilateral to the middle of its second and its third side.
        return (
            (x, y),
            ((ring.across[1] + ring.across[2]) / 2 - x, (ring.along[1] + ring.along[2]) / 2 - y),
            ((ring.across[2] + ring.across[3]) / 2 - x, (ring.along[2] + ring.along[3]) / 2 - y)
        )
    }

    /// Area in the plane of longitude and latitude, square degrees.
    public var areaSquareDegrees: Double { abs(ring.signedArea) }

    /// Not so for NaN.
    private func isPlausible(_ longitude: Double, _ latitude: Double) -> Bool {
        abs(longitude) <= 720 && abs(latitude) <= 90
    }

    private func unwrapped(_ longitude: Double, near other: Double) -> Double {
        let difference = longitude - other
        return abs(difference) <= 180 ? longitude : longitude - 360 * (difference / 360).rounded()
    }

    /// Going round a pole the longitudes do not come back to where they began: such a footprint has no shape in
    /// the plane.
    private var isClosed: Bool {
        let longitudes = ring.across.span
        return abs(longitudes[ring.count - 1] - longitudes[0]) <= 180
    }

    private var isNarrow: Bool {
        let (latitudes, longitudes) = (ring.along.span, ring.across.span)
        var (south, north) = (latitudes[0], latitudes[0])
        var (west, east) = (longitudes[0], longitudes[0])
        for corner in 1..<ring.count {
            (south, north) = (min(south, latitudes[corner]), max(north, latitudes[corner]))
            (west, east) = (min(west, longitudes[corner]), max(east, longitudes[corner]))
        }
        guard north - south <= Self.largestSpanDegrees else { return false }
        let width = east - west
        if width <= Self.largestSpanDegrees { return true }
        return width < 180
            && width * cosine(max(abs(south), abs(north)) * .pi / 180) <= Self.largestSpanDegrees
    }

    /// Puts four corners in order of which two edges cross: at such a quadrilateral two corners turn left and two
    /// right, at any other at most one turns against the rest.
    private mutating func uncross() -> Bool {
        guard turnsCancel else { return false }
        // The corners lie in convex position and the crossing edges are its diagonals: one exchange of
        // neighbours makes them edges again.
        swapCorners(1, 2)
        if turnsCancel {
            swapCorners(1, 2)
            swapCorners(2, 3)
        }
        return true
    }

    private mutating func swapCorners(_ a: Int, _ b: Int) {
        (ring.along[a], ring.along[b]) = (ring.along[b], ring.along[a])
        (ring.across[a], ring.across[b]) = (ring.across[b], ring.across[a])
    }

    private var turnsCancel: Bool {
        let (y, x) = (ring.along.span, ring.across.span)
        let (x1, y1) = (x[1] - x[0], y[1] - y[0])
        let (x2, y2) = (x[2] - x[1], y[2] - y[1])
        let (x3, y3) = (x[3] - x[2], y[3] - y[2])
        let (x4, y4) = (x[0] - x[3], y[0] - y[3])
        let turns: InlineArray<4, Double> = [
            x1 * y2 - x2 * y1, x2 * y3 - x3 * y2, x3 * y4 - x4 * y3, x4 * y1 - x1 * y4,
        ]
        var left = 0
        var right = 0
        for corner in turns.indices {
            if turns[corner] > 0 { left += 1 }
            if turns[corner] < 0 { right += 1 }
        }
        return left == 2 && right == 2
    }
}
