/// The mathematics of a map projection, as a library outside of the domain computes it.
public protocol PlaneTransform: Sendable {
    /// Brings longitudes and latitudes on WGS 84, degrees, to eastings and northings, metres; NaN where the projection
    /// has no place for them. Both arrays are of one length. May be called on any thread; for many points at once.
    func project(_ longitudes: inout [Double], _ latitudes: inout [Double])
    /// Brings eastings and northings, metres, to longitudes and latitudes on WGS 84, degrees; NaN outside of the
    /// projection.
    func unproject(_ x: inout [Double], _ y: inout [Double])
}

/// A map projection: a plane of eastings and northings in metres, and the way there from WGS 84.
///
/// Two are equal when they give the same coordinates, whatever they are called.
public struct MapProjection: Hashable, Sendable {
    /// A number that the projection is defined by.
    public struct Parameter: Hashable, Sendable {
        /// In the EPSG registry; 0 without one.
        public let code: Int
        public let name: String
        /// Degrees, metres or 1.
        public let value: Double

        public init(code: Int, name: String, value: Double) {
            self.code = code
            self.name = name
            self.value = value
        }
    }

    /// e.g. `WGS 84 / UTM zone 50N`, or the definition where the projection has no name.
    public let name: String
    /// e.g. `EPSG:32650`; empty for a projection of no registry.
    public let identifier: String
    /// The steps from longitude and latitude to the plane, as a PROJ string: what tells projections apart.
    public let steps: String
    /// WKT2:2019 of the coordinate reference system.
    public let wellKnownText: String
    /// Of its longitudes and latitudes, e.g. `EPSG:4326`; may be empty.
    public let baseIdentifier: String
    /// Of the method in the EPSG registry; 0 without one.
    public let methodCode: Int
    public let methodName: String
    public let parameters: [Parameter]
    public let semiMajorAxisMetres: Double
    /// Infinite for a sphere.
    public let inverseFlattening: Double
    private let transform: any PlaneTransform

    public init(
        name: String,
        identifier: String = "",
        steps: String,
        wellKnownText: String = "",
        baseIdentifier: String = "EPSG:4326",
        methodCode: Int = 0,
        methodName: String = "",
        parameters: [Parameter] = [],
        semiMajorAxisMetres: Double = 6_378_137,
        inverseFlattening: Double = 298.257223563,
        transform: any PlaneTransform
    ) {
        self.name = name
        self.identifier = identifier
        self.steps = steps
        self.wellKnownText = wellKnownText
        self.baseIdentifier = baseIdentifier
        self.methodCode = methodCode
        self.methodName = methodName
        self.parameters = parameters
        self.semiMajorAxisMetres = semiMajorAxisMetres
        self.inverseFlattening = inverseFlattening
        self.transform = transform
    }

    public static func == (a: MapProjection, b: MapProjection) -> Bool { a.steps == b.steps }

    public func hash(into hasher: inout Hasher) { hasher.combine(steps) }

    /// Name and code.
    public var title: String { identifier.isEmpty ? name : "\(name) (\(identifier))" }

    /// Longitudes and latitudes on WGS 84, degrees, to eastings and northings, metres; NaN where there are none.
    public func project(_ longitudes: inout [Double], _ latitudes: inout [Double]) {
        // What is no place on Earth must not become one by the period of a sine.
        for index in longitudes.indices
        where !(abs(longitudes[index]) <= 720 && abs(latitudes[index]) <= 90) { longitudes[index] = .nan }
        transform.project(&longitudes, &latitudes)
    }

    /// Eastings and northings, metres, to places on WGS 84; NaN outside of the projection.
    public func places(x: [Double], y: [Double]) -> GeographicPoints {
        var points = GeographicPoints(longitudes: x, latitudes: y)
        transform.unproject(&points.longitudes, &points.latitudes)
        return points
    }
}

/// Places on WGS 84: element `i` of both arrays belongs to place `i`; degrees.
public struct GeographicPoints: Hashable, Sendable {
    public var longitudes: [Double]
    public var latitudes: [Double]

    public init(longitudes: [Double], latitudes: [Double]) {
        self.longitudes = longitudes
        self.latitudes = latitudes
    }

    public var count: Int { longitudes.count }
}
