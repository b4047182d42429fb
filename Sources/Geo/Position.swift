/// A place on the WGS 84 ellipsoid, degrees; altitude in metres above sea level where known.
public struct Position: Codable, Hashable, Sendable {
    public let longitude: Double
    public let latitude: Double
    public let altitudeMetres: Double?

    /// Nil unless latitude is in -90...90, longitude in -180...360 and all numbers are finite.
    /// Longitudes above 180 are brought to -180..<180.
    public init?(longitude: Double, latitude: Double, altitudeMetres: Double? = nil) {
        guard (-90...90).contains(latitude), (-180...360).contains(longitude),
            altitudeMetres?.isFinite ?? true
        else { return nil }
        self.longitude = longitude >= 180 ? longitude - 360 : longitude
        self.latitude = latitude
        self.altitudeMetres = altitudeMetres
    }

    /// Great-circle distance on the mean sphere, metres (haversine form, stable at short range).
    public func distanceMetres(to other: Position) -> Double {
        let radians = Double.pi / 180
        let halfLatitude = sin2((other.latitude - latitude) * radians / 2)
        let halfLongitude = sin2((other.longitude - longitude) * radians / 2)
        let root =
            halfLatitude + cosine(latitude * radians) * cosine(other.latitude * radians) * halfLongitude
        return 2 * Earth.meanRadiusMetres * arcSine(root.squareRoot())
    }
}
