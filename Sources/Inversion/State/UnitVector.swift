import Foundation

/// A place on the unit sphere; degrees.
func unitVector(longitude: Double, latitude: Double) -> SIMD3<Double> {
    let (east, north) = (longitude * .pi / 180, latitude * .pi / 180)
    return SIMD3(cos(north) * cos(east), cos(north) * sin(east), sin(north))
}
