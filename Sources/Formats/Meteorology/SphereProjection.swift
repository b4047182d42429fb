import Geo
import PROJ

/// Map projections of weather models, which take the Earth as a sphere and the latitudes of maps as those of the
/// sphere.
extension MapProjection {
    /// - Parameter definition: the projection as a PROJ string without its radius.
    /// - Returns: nil where the library cannot compute it.
    static func onSphere(_ definition: String, radiusMetres: Double, name: String) -> MapProjection? {
        let steps =
            "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step \(definition) +R=\(radiusMetres)"
        guard (try? PlaneTransformation(steps)) != nil else { return nil }
        return MapProjection(
            name: name,
            steps: steps,
            semiMajorAxisMetres: radiusMetres,
            inverseFlattening: .infinity,
            transform: SphereTransform(steps: steps)
        )
    }
}

/// What the library keeps for a transformation belongs to one thread: each call makes its own.
private struct SphereTransform: PlaneTransform {
    let steps: String

    func project(_ longitudes: inout [Double], _ latitudes: inout [Double]) {
        guard let transformation = try? PlaneTransformation(steps) else {
            return fail(&longitudes, &latitudes)
        }
        transformation.forward(&longitudes, &latitudes)
    }

    func unproject(_ x: inout [Double], _ y: inout [Double]) {
        guard let transformation = try? PlaneTransformation(steps) else { return fail(&x, &y) }
        transformation.inverse(&x, &y)
    }

    /// It could be made before, so that memory is short.
    private func fail(_ first: inout [Double], _ second: inout [Double]) {
        for index in first.indices { (first[index], second[index]) = (.nan, .nan) }
    }
}
