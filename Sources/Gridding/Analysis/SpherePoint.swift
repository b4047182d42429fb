import Foundation
import Geo

/// Places as unit vectors, so that neither the poles nor the antimeridian are special.
enum SpherePoint {
    static func vector(longitude: Double, latitude: Double) -> SIMD3<Double> {
        let (x, y) = (longitude * Double.pi / 180, latitude * Double.pi / 180)
        return SIMD3(cos(y) * cos(x), cos(y) * sin(x), sin(y))
    }

    /// Along the great circle between places whose unit vectors are that far apart, km.
    static func kilometres(squaredChord: Double) -> Double {
        2 * asin(min(1, squaredChord.squareRoot() / 2)) * radiusKilometres
    }

    /// Length of the chord of a great circle arc, in radii, squared.
    static func squaredChord(kilometres: Double) -> Double {
        let half = sin(min(Double.pi / 2, kilometres / (2 * radiusKilometres)))
        return 4 * half * half
    }

    static let radiusKilometres = Earth.meanRadiusMetres / 1000
}

extension SIMD3 where Scalar == Double {
    func squaredDistance(to other: SIMD3<Double>) -> Double {
        let difference = self - other
        return (difference * difference).sum()
    }
}
