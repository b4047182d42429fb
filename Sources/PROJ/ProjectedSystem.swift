import CPROJ

/// A projected coordinate reference system with the way to it from WGS 84.
public struct ProjectedSystem: Sendable, Equatable {
    /// A number that the projection is defined by.
    public struct Parameter: Sendable, Equatable {
        /// Of the EPSG registry; 0 without one.
        public let code: Int
        public let name: String
        /// Degrees, metres or 1.
        public let value: Double
    }

    /// As the registry has it, e.g. `WGS 84 / UTM zone 50N`; `unknown` for most PROJ strings.
    public let name: String
    /// e.g. `EPSG:32650`; empty for a system of no registry.
    public let identifier: String
    /// WKT2:2019 on one line.
    public let wellKnownText: String
    /// The steps of the transformation as a PROJ string; equal for systems of the same coordinates.
    public let operation: String
    /// Of its longitudes and latitudes, e.g. `EPSG:4326`; empty for some of no registry.
    public let baseIdentifier: String
    /// Of the projection in the EPSG registry; 0 without one.
    public let methodCode: Int
    public let methodName: String
    public let parameters: [Parameter]
    public let semiMajorAxisMetres: Double
    /// Infinite for a sphere.
    public let inverseFlattening: Double
    /// Where the registry means it to be used, degrees; west > east across the antimeridian.
    public let areaOfUse: (west: Double, south: Double, east: Double, north: Double)?

    /// - Parameter definition: a code of a registry, a PROJ string, well-known text or a name.
    /// - Throws: ``PROJError``
    public init(_ definition: String) throws(PROJError) {
        guard let context = ProjectionContext() else { throw .noTransformation(definition) }
        let reader = SystemReader(context: context, definition: definition)
        let system = try reader.system()
        try reader.requireMetres(system)
        operation = try reader.operation(to: system)
        name = reader.text(proj_get_name(system.pointer))
        identifier = reader.identifier(system)
        wellKnownText = reader.wellKnownText(system)
        baseIdentifier = reader.baseIdentifier(system, operation)
        (methodCode, methodName, parameters) = reader.conversion(system)
        (semiMajorAxisMetres, inverseFlattening) = reader.ellipsoid(system)
        areaOfUse = reader.areaOfUse(system)
    }

    public static func == (a: ProjectedSystem, b: ProjectedSystem) -> Bool {
        a.operation == b.operation && a.wellKnownText == b.wellKnownText
    }
}
