import Foundation

/// A closed line round an area, in the plane of longitude and latitude, degrees.
///
/// Corners go counter-clockwise whatever direction was given; the first is not repeated at the end. Longitudes are
/// unwrapped, neighbours within 180 degrees of each other, and may leave -180...360. Edges are straight in the plane.
public struct RegionRing: Hashable, Sendable {
    /// Longitude in `x`, latitude in `y`.
    public let corners: [SIMD2<Double>]
    let box: PlaneBox

    /// Beyond this an edge can only be one that crosses the antimeridian.
    private static let shortestTurn = 270.0

    /// Takes corners of which the last repeats the first, as GeoJSON has them (RFC 7946, 3.1.6).
    ///
    /// A ring may cross the antimeridian, with or without a jump of its longitudes, or run along it and along a pole
    /// as rings that were cut there do.
    public init(closed corners: [SIMD2<Double>]) throws(RegionFlaw) {
        for corner in corners {
            // Not so for NaN.
            guard abs(corner.x) <= 540, abs(corner.y) <= 90 else {
                throw .outOfRange(longitude: corner.x, latitude: corner.y)
            }
        }
        guard let first = corners.first, let last = corners.last, corners.count >= 4 else {
            throw .tooFewCorners
        }
        guard first == last else { throw .notClosed }
        do throws(RegionFlaw) {
            try self.init(plane: try Self.unwrapped(corners))
        } catch {
            // A box round the whole Earth, and Antarctica cut along the antimeridian, are closed as they stand.
            guard let plane = Self.asTheyStand(corners) else { throw error }
            try self.init(plane: plane)
        }
    }

    private init(plane: [SIMD2<Double>]) throws(RegionFlaw) {
        var corners: [SIMD2<Double>] = []
        for corner in plane.dropLast() where corner != corners.last { corners.append(corner) }
        guard corners.count >= 3 else { throw .tooFewCorners }
        let area = planeArea(corners)
        guard abs(area) > 1e-12 else { throw .noArea }
        if area < 0 { corners.reverse() }
        self.init(ordered: corners)
    }

    private init(ordered corners: [SIMD2<Double>]) {
        self.corners = corners
        box = PlaneBox(corners)
    }

    private static func unwrapped(_ corners: [SIMD2<Double>]) throws(RegionFlaw) -> [SIMD2<Double>] {
        var plane = [corners[0]]
        for (corner, next) in zip(corners, corners.dropFirst()) {
            var step = next.x - corner.x
            if abs(step) > 180 {
                guard abs(step) >= shortestTurn else {
                    throw .longEdge(longitude: corner.x, latitude: corner.y)
                }
                step -= 360 * (step / 360).rounded()
            }
            plane.append(SIMD2(plane[plane.count - 1].x + step, next.y))
        }
        guard abs(plane[plane.count - 1].x - plane[0].x) < 180 else { throw .goesRoundPole }
        return plane.enumerated().map { index, corner in
            // Without a turn on the way the numbers stay as they were given.
            abs(corner.x - corners[index].x) < 1e-6 ? corners[index] : corner
        }
    }

    /// The corners where every long edge runs round the whole Earth on one parallel; else nil.
    private static func asTheyStand(_ corners: [SIMD2<Double>]) -> [SIMD2<Double>]? {
        let isPlane = zip(corners, corners.dropFirst()).allSatisfy { corner, next in
            abs(next.x - corner.x) <= 180 || abs(next.x - corner.x) == 360 && next.y == corner.y
        }
        return isPlane ? corners : nil
    }

    /// The same ring on the turn of longitude of another.
    func near(_ other: RegionRing) -> RegionRing {
        let turns = ((box.middle - other.box.middle) / 360).rounded()
        return turns == 0 ? self : moved(by: -360 * turns)
    }

    func moved(by degrees: Double) -> RegionRing {
        RegionRing(ordered: corners.map { SIMD2($0.x + degrees, $0.y) })
    }

    /// Whether a point lies within; on the line itself it may be either.
    func surrounds(_ point: SIMD2<Double>) -> Bool {
        guard box.contains(point) else { return false }
        var isWithin = false
        var last = corners[corners.count - 1]
        for corner in corners {
            if (corner.y > point.y) != (last.y > point.y) {
                let part = (point.y - last.y) / (corner.y - last.y)
                if point.x < last.x + part * (corner.x - last.x) { isWithin.toggle() }
            }
            last = corner
        }
        return isWithin
    }

    /// `R² ∮ λ cos φ dφ`, positive, m2.
    var areaSquareMetres: Double {
        let radians = Double.pi / 180
        // Relative to the middle: far longitudes would cost digits.
        let middle = box.middle
        var sum = 0.0
        var last = corners[corners.count - 1]
        for corner in corners {
            let half = (corner.y - last.y) * radians / 2
            let centre = (corner.y + last.y) * radians / 2
            let longitude = ((corner.x + last.x) / 2 - middle) * radians
            let turn = (corner.x - last.x) * radians
            // Of an edge linear in the plane: its mean longitude and what its slope adds.
            sum += longitude * 2 * cos(centre) * sin(half) - turn * sin(centre) * Self.slopeTerm(half)
            last = corner
        }
        return Earth.authalicRadiusMetres * Earth.authalicRadiusMetres * sum
    }

    /// `sin h / h - cos h`, which for small `h` is `h² / 3`.
    private static func slopeTerm(_ half: Double) -> Double {
        abs(half) < 1e-3 ? half * half / 3 : sin(half) / half - cos(half)
    }
}

/// The bounds of corners, degrees.
struct PlaneBox: Hashable, Sendable {
    private(set) var low = SIMD2(repeating: Double.infinity)
    private(set) var high = SIMD2(repeating: -Double.infinity)

    init(_ corners: [SIMD2<Double>]) {
        for corner in corners {
            low = pointwiseMin(low, corner)
            high = pointwiseMax(high, corner)
        }
    }

    /// Longitude of the middle.
    var middle: Double { (low.x + high.x) / 2 }

    func contains(_ point: SIMD2<Double>) -> Bool {
        point.x >= low.x && point.x <= high.x && point.y >= low.y && point.y <= high.y
    }

    func overlaps(_ other: PlaneBox) -> Bool {
        low.x <= other.high.x && other.low.x <= high.x && low.y <= other.high.y && other.low.y <= high.y
    }
}

/// Positive counter-clockwise, square degrees, relative to the first corner.
private func planeArea(_ corners: [SIMD2<Double>]) -> Double {
    var sum = 0.0
    for (corner, next) in zip(corners.dropFirst(), corners.dropFirst(2)) {
        let (a, b) = (corner - corners[0], next - corners[0])
        sum += a.x * b.y - a.y * b.x
    }
    return sum / 2
}
