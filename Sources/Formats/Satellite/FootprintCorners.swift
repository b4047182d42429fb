import Foundation
import Geo
import Observations

/// The corners of the footprints of some soundings, in the producer's order.
struct FootprintCorners {
    /// Ascending rows, one for each four corners.
    private let rows: [Int]
    private let longitudes: [Double]
    private let latitudes: [Double]
    private let mayBeCrossed: Bool
    private let plausibility: FootprintPlausibility

    /// Nil for products without corners.
    init?(_ file: SoundingFile, _ rows: Range<Int>, _ accepted: [Int]) throws {
        guard let x = file.resolved.variables[.cornerLongitudes],
            let y = file.resolved.variables[.cornerLatitudes]
        else { return nil }
        self.rows = accepted
        longitudes = try file.reader.doubles(x, rows, at: accepted)
        latitudes = try file.reader.doubles(y, rows, at: accepted)
        mayBeCrossed = file.resolved.family.mayHaveCrossedCorners
        plausibility = FootprintPlausibility(
            largestKilometres: file.resolved.family.largestFootprintKilometres
        )
    }

    /// Whether the corners of the sounding at a place among those read cannot belong to that centre.
    func areDisplaced(_ place: Int, longitude: Double, latitude: Double) -> Bool {
        plausibility.isDisplaced(longitudes, latitudes, from: 4 * place, longitude, latitude)
    }

    /// Those of some of the rows, ascending, `accepted x 4`; crossed ones of products that write them so are put in
    /// order.
    func picked(_ accepted: [Int]) -> (longitudes: [Double], latitudes: [Double]) {
        var x = gathered(longitudes, accepted)
        var y = gathered(latitudes, accepted)
        guard mayBeCrossed else { return (x, y) }
        for start in stride(from: 0, to: x.count, by: 4) {
            let corners = start..<(start + 4)
            guard CornerOrder.isCrossed(Array(x[corners]), Array(y[corners])) else { continue }
            x.replaceSubrange(corners, with: CornerOrder.uncrossed(Array(x[corners])))
            y.replaceSubrange(corners, with: CornerOrder.uncrossed(Array(y[corners])))
        }
        return (x, y)
    }

    private func gathered(_ values: [Double], _ accepted: [Int]) -> [Double] {
        guard accepted.count < rows.count else { return values }
        var picked: [Double] = []
        picked.reserveCapacity(accepted.count * 4)
        var place = 0
        for row in accepted {
            while rows[place] < row { place += 1 }
            for element in (4 * place)..<(4 * place + 4) { picked.append(values[element]) }
        }
        return picked
    }
}

/// Whether four corners can be those of a footprint with a given centre.
///
/// They can when the centre lies within the ranges of longitude and latitude of the corners, or no farther from their
/// mean than the farthest of them, and when that one lies within half the largest diagonal of the product. The first
/// needs no size, so it holds for footprints of any instrument; in the real files at hand the centre is off the mean
/// by at most 1.4 % of half the diagonal. Corners that are missing or no positions are not judged here.
struct FootprintPlausibility: Sendable {
    private let largestKilometres: Double
    /// Corners within so many degrees of longitude and latitude are close enough however they lie.
    private let surelySmallDegrees: Double

    /// - Parameter largestKilometres: diagonal above which a footprint is none of the product.
    init(largestKilometres: Double) {
        self.largestKilometres = largestKilometres
        // The mean of three corners in one place and a fourth lies 3/4 of the diagonal away from the last.
        surelySmallDegrees = largestKilometres / (1.5 * 2.0.squareRoot() * Self.kilometresPerDegree)
    }

    /// Above that of any great circle or meridian, so that no size is underestimated.
    private static let kilometresPerDegree = 111.7

    func isDisplaced(
        _ longitudes: [Double],
        _ latitudes: [Double],
        from first: Int,
        _ longitude: Double,
        _ latitude: Double
    ) -> Bool {
        let x = (longitudes[first], longitudes[first + 1], longitudes[first + 2], longitudes[first + 3])
        let y = (latitudes[first], latitudes[first + 1], latitudes[first + 2], latitudes[first + 3])
        let (west, east) = (min(min(x.0, x.1), min(x.2, x.3)), max(max(x.0, x.1), max(x.2, x.3)))
        let (south, north) = (min(min(y.0, y.1), min(y.2, y.3)), max(max(y.0, y.1), max(y.2, y.3)))
        // Nearly all: no more than comparisons.
        if west <= longitude, longitude <= east, south <= latitude, latitude <= north,
            east - west <= surelySmallDegrees, north - south <= surelySmallDegrees
        {
            return false
        }
        let isInRanges =
            west <= longitude && longitude <= east && south <= latitude && latitude <= north
        return isDisplaced(
            [(x.0, y.0), (x.1, y.1), (x.2, y.2), (x.3, y.3)],
            (longitude, latitude),
            isInside: isInRanges && east - west < 180
        )
    }

    /// On the sphere, whatever the latitude and the turn of the longitudes.
    private func isDisplaced(
        _ corners: [(Double, Double)],
        _ centre: (Double, Double),
        isInside: Bool
    ) -> Bool {
        guard corners.allSatisfy({ $0.0.isFinite && abs($0.1) <= 90 }) else { return false }
        let points = corners.map(Self.point)
        let mean = points.reduce(SIMD3()) { $0 + $1 / 4 }
        let half = points.map { Self.length($0 - mean) }.max() ?? 0
        if 2 * half * Earth.authalicRadiusMetres / 1000 > largestKilometres { return true }
        return !isInside && Self.length(Self.point(centre) - mean) > half
    }

    /// On the unit sphere.
    private static func point(_ position: (Double, Double)) -> SIMD3<Double> {
        let (longitude, latitude) = (position.0 * .pi / 180, position.1 * .pi / 180)
        return SIMD3(cos(latitude) * cos(longitude), cos(latitude) * sin(longitude), sin(latitude))
    }

    private static func length(_ vector: SIMD3<Double>) -> Double { (vector * vector).sum().squareRoot() }
}

/// The order of four corners.
enum CornerOrder {
    /// Whether two opposite sides of the quadrangle cross, so that its corners are not in order around it. False for
    /// corners that are missing or lie on both sides of the antimeridian.
    static func isCrossed(_ x: [Double], _ y: [Double]) -> Bool {
        guard x.count == 4, y.count == 4, (x + y).allSatisfy(\.isFinite) else { return false }
        guard let least = x.min(), let largest = x.max(), largest - least < 180 else { return false }
        return cross(x, y, 0, 1, 2, 3) || cross(x, y, 1, 2, 3, 0)
    }

    /// A, B, C, D into B, D, C, A, the order of SCIAMACHY pixels around their polygon.
    static func uncrossed(_ corners: [Double]) -> [Double] {
        [corners[1], corners[3], corners[2], corners[0]]
    }

    /// Whether side `a`-`b` crosses side `c`-`d`.
    private static func cross(_ x: [Double], _ y: [Double], _ a: Int, _ b: Int, _ c: Int, _ d: Int) -> Bool {
        func side(_ p: Int, _ q: Int, _ r: Int) -> Double {
            (x[q] - x[p]) * (y[r] - y[p]) - (y[q] - y[p]) * (x[r] - x[p])
        }
        return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0
    }
}
