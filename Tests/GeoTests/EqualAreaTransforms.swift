import Foundation
import Geo

/// Projections whose areas are known in closed form, computed here from the definition of the authalic latitude.
enum Authalic {
    static let axis = 6_378_137.0
    private static let e2 = 0.006_694_379_990_141_317
    private static let e = e2.squareRoot()

    /// `q(φ)` of Snyder 1987, equation 3-12: the area from the equator to a parallel is `π a² q`.
    static func q(_ latitude: Double) -> Double {
        let sine = sin(latitude * .pi / 180)
        return (1 - e2) * (sine / (1 - e2 * sine * sine) + atanh(e * sine) / e)
    }

    /// By bisection, so that nothing is shared with what is tested.
    static func latitude(_ q: Double) -> Double {
        var (low, high) = (-90.0, 90.0)
        for _ in 0..<70 {
            let middle = (low + high) / 2
            if self.q(middle) < q { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}

/// Lambert's cylindrical equal-area projection of WGS 84.
struct CylindricalEqualArea: PlaneTransform {
    func project(_ longitudes: inout [Double], _ latitudes: inout [Double]) {
        for index in longitudes.indices {
            longitudes[index] *= Authalic.axis * .pi / 180
            latitudes[index] = Authalic.axis * Authalic.q(latitudes[index]) / 2
        }
    }

    func unproject(_ x: inout [Double], _ y: inout [Double]) {
        for index in x.indices {
            x[index] /= Authalic.axis * .pi / 180
            y[index] = Authalic.latitude(2 * y[index] / Authalic.axis)
        }
    }

    static let projection = MapProjection(
        name: "cylinder",
        steps: "cylinder",
        transform: CylindricalEqualArea()
    )
}

/// Lambert's azimuthal equal-area projection of WGS 84 round the north pole.
struct PolarEqualArea: PlaneTransform {
    private static let polar = Authalic.q(90)

    func project(_ longitudes: inout [Double], _ latitudes: inout [Double]) {
        for index in longitudes.indices {
            let radius = Authalic.axis * max(0, Self.polar - Authalic.q(latitudes[index])).squareRoot()
            let angle = longitudes[index] * .pi / 180
            (longitudes[index], latitudes[index]) = (radius * sin(angle), -radius * cos(angle))
        }
    }

    func unproject(_ x: inout [Double], _ y: inout [Double]) {
        for index in x.indices {
            let radius = hypot(x[index], y[index]) / Authalic.axis
            let angle = atan2(x[index], -y[index]) * 180 / .pi
            (x[index], y[index]) = (angle, radius == 0 ? 90 : Authalic.latitude(Self.polar - radius * radius))
        }
    }

    static let projection = MapProjection(name: "pole", steps: "pole", transform: PolarEqualArea())
}
