import Geo
import PROJ

extension MapProjection {
    /// - Parameter definition: a code such as EPSG:32650, a PROJ string, well-known text or a name.
    /// - Returns: the projection, and where it is meant to be used if the registry says so.
    static func find(_ definition: String) throws(PROJError) -> (
        projection: MapProjection, areaOfUse: BoundingBox?
    ) {
        let system = try ProjectedSystem(definition)
        _ = try PlaneTransformation(system.operation)
        let projection = MapProjection(
            name: system.name == "unknown" ? definition : system.name,
            identifier: system.identifier,
            steps: system.operation,
            wellKnownText: system.wellKnownText,
            baseIdentifier: system.baseIdentifier,
            methodCode: system.methodCode,
            methodName: system.methodName,
            parameters: system.parameters.map { Parameter(code: $0.code, name: $0.name, value: $0.value) },
            semiMajorAxisMetres: system.semiMajorAxisMetres,
            inverseFlattening: system.inverseFlattening,
            transform: LibraryTransform(operation: system.operation)
        )
        let area = system.areaOfUse.flatMap {
            BoundingBox(west: $0.west, south: $0.south, east: $0.east, north: $0.north)
        }
        return (projection, area)
    }
}

/// What the library keeps for a transformation belongs to one thread: each call makes its own.
private struct LibraryTransform: PlaneTransform {
    let operation: String

    func project(_ longitudes: inout [Double], _ latitudes: inout [Double]) {
        guard let transformation = try? PlaneTransformation(operation) else {
            return fail(&longitudes, &latitudes)
        }
        transformation.forward(&longitudes, &latitudes)
    }

    func unproject(_ x: inout [Double], _ y: inout [Double]) {
        guard let transformation = try? PlaneTransformation(operation) else { return fail(&x, &y) }
        transformation.inverse(&x, &y)
    }

    /// It could be made before, so that memory is short.
    private func fail(_ first: inout [Double], _ second: inout [Double]) {
        for index in first.indices { (first[index], second[index]) = (.nan, .nan) }
    }
}
