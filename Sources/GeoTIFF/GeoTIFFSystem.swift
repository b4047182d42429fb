/// What the coordinates of a picture are.
public enum GeoTIFFSystem: Equatable, Sendable {
    /// Degrees on WGS 84 (EPSG:4326).
    case longitudeLatitude
    /// Metres of a projected system of the EPSG registry.
    case registered(code: UInt16, name: String)
    /// Metres of a projected system of no registry.
    case spelt(GeoTIFFProjection, name: String)

    var name: String {
        switch self {
        case .longitudeLatitude: ""
        case .registered(_, let name), .spelt(_, let name): name
        }
    }
}

/// A projection in the words of the format (GeoTIFF 1.1, OGC 19-008r4, annex C).
public struct GeoTIFFProjection: Equatable, Sendable {
    /// A number that the projection is defined by: degrees, metres or 1.
    public struct Parameter: Equatable, Sendable {
        /// e.g. 3081, ProjNatOriginLatGeoKey.
        public let key: UInt16
        public let value: Double

        public init(key: UInt16, value: Double) {
            self.key = key
            self.value = value
        }
    }

    /// Of longitudes and latitudes in the EPSG registry.
    public let baseCode: UInt16
    /// ProjCoordTransGeoKey, e.g. 1 for the transverse Mercator.
    public let method: UInt16
    public let parameters: [Parameter]

    public init(baseCode: UInt16, method: UInt16, parameters: [Parameter]) {
        self.baseCode = baseCode
        self.method = method
        self.parameters = parameters
    }
}
