import Foundation

/// The datum of the coordinates that a device reports. Map services in China publish shifted coordinates, which
/// lie 100 to 700 m beside the place.
public enum PositionDatum: String, CaseIterable, Codable, Sendable {
    /// The ellipsoid of GNSS receivers, and of every ``Position``.
    case wgs84 = "WGS84"
    /// As the map services of China have it, by order of its survey administration.
    case gcj02 = "GCJ02"
    /// As Baidu has it: another shift on top of GCJ-02.
    case bd09 = "BD09"

    /// The place on WGS 84 that coordinates in this datum mean, within 1e-9 degree; degrees and metres.
    ///
    /// The shift ends at the borders of a rectangle round China; within a kilometre of them, where the sea or
    /// another country lies, it cannot be told whether coordinates are shifted.
    /// - Returns: nil for numbers that are no place on Earth, see ``Position``.
    public func worldPosition(
        longitude: Double,
        latitude: Double,
        altitudeMetres: Double? = nil
    ) -> Position? {
        let stated = Position(longitude: longitude, latitude: latitude, altitudeMetres: altitudeMetres)
        guard self != .wgs84, let stated, ChineseDatum.covers(stated.coordinates) else { return stated }
        let place = unshifted(stated.coordinates)
        return Position(longitude: place.x, latitude: place.y, altitudeMetres: altitudeMetres)
    }

    /// The coordinates in this datum of a place on WGS 84, degrees.
    public func coordinates(of position: Position) -> (longitude: Double, latitude: Double) {
        guard ChineseDatum.covers(position.coordinates) else {
            return (position.longitude, position.latitude)
        }
        let place = shifted(position.coordinates)
        return (place.x, place.y)
    }

    private func shifted(_ world: SIMD2<Double>) -> SIMD2<Double> {
        switch self {
        case .wgs84: world
        case .gcj02: ChineseDatum.gcj02(world: world)
        case .bd09: ChineseDatum.bd09(gcj02: ChineseDatum.gcj02(world: world))
        }
    }

    /// The shift changes by less than 3 % of a step, so that every iteration gains at least one and a half
    /// digits: ten of them reach the precision of a double.
    private func unshifted(_ stated: SIMD2<Double>) -> SIMD2<Double> {
        var world = stated
        for _ in 0..<30 {
            let correction = stated - shifted(world)
            world += correction
            if max(abs(correction.x), abs(correction.y)) < 1e-12 { break }
        }
        return world
    }
}

extension Position {
    fileprivate var coordinates: SIMD2<Double> { SIMD2(longitude, latitude) }
}

/// The shifts. They were never published; these are the formulas that became known in 2010 and that open map
/// software agrees on. Longitude is `x`, latitude `y`, degrees.
private enum ChineseDatum {
    /// Where coordinates are shifted: a rectangle, neighbouring countries included.
    static func covers(_ place: SIMD2<Double>) -> Bool {
        (72.004...137.8347).contains(place.x) && (0.8293...55.8271).contains(place.y)
    }

    /// Krasovsky 1940.
    private static let semiMajorAxisMetres = 6_378_245.0
    private static let squaredEccentricity = 0.006_693_421_622_965_943

    /// The shift in metres east and north, brought to degrees on the ellipsoid of Krasovsky.
    static func gcj02(world: SIMD2<Double>) -> SIMD2<Double> {
        let east = eastShiftMetres(world.x - 105, world.y - 35)
        let north = northShiftMetres(world.x - 105, world.y - 35)
        let radians = Double.pi / 180
        let sine = sin(world.y * radians)
        let flatness = 1 - squaredEccentricity * sine * sine
        let normalRadius = semiMajorAxisMetres / flatness.squareRoot()
        let meridianRadius = normalRadius * (1 - squaredEccentricity) / flatness
        return SIMD2(
            world.x + east / (normalRadius * cos(world.y * radians) * radians),
            world.y + north / (meridianRadius * radians)
        )
    }

    private static func eastShiftMetres(_ x: Double, _ y: Double) -> Double {
        let polynomial = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * abs(x).squareRoot()
        let waves =
            short(x) + 20 * sin(x * .pi) + 40 * sin(x * .pi / 3) + 150 * sin(x * .pi / 12)
            + 300 * sin(x * .pi / 30)
        return polynomial + waves * 2 / 3
    }

    private static func northShiftMetres(_ x: Double, _ y: Double) -> Double {
        let polynomial = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * abs(x).squareRoot()
        let waves =
            short(x) + 20 * sin(y * .pi) + 40 * sin(y * .pi / 3) + 160 * sin(y * .pi / 12)
            + 320 * sin(y * .pi / 30)
        return polynomial + waves * 2 / 3
    }

    private static func short(_ x: Double) -> Double { 20 * sin(6 * x * .pi) + 20 * sin(2 * x * .pi) }

    /// A turn and a stretch with small waves, then an offset.
    static func bd09(gcj02 place: SIMD2<Double>) -> SIMD2<Double> {
        let frequency = Double.pi * 3000 / 180
        let radius = (place.x * place.x + place.y * place.y).squareRoot() + 2e-5 * sin(place.y * frequency)
        let angle = atan2(place.y, place.x) + 3e-6 * cos(place.x * frequency)
        return SIMD2(radius * cos(angle) + 0.0065, radius * sin(angle) + 0.006)
    }
}
