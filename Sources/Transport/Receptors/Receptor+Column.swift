import Foundation
import Geo
public import Quantities

/// How a column is taken apart into points.
public struct ColumnReleases: Equatable, Sendable {
    /// Edges of the layers that particles leave from the middles of, m above ground, ascending from 0.
    public let edgesMetres: [Double]

    /// - Parameter topMetres: above it no particle leaves.
    ///
    /// Layers of 100 m up to 3 km and of 500 m above, as X-STILT has them (Wu et al. 2018, Geosci. Model Dev. 11,
    /// 4843). Nil unless the top is from 100 m to 50 km.
    public init?(topMetres: Double = 6000) {
        guard (100...50_000).contains(topMetres) else { return nil }
        var edges = [0.0]
        while let last = edges.last, last < topMetres {
            let next = last + (last < 3000 ? 100 : 500)
            // No sliver at the top.
            edges.append(topMetres - next < 50 ? topMetres : next)
        }
        edgesMetres = edges
    }

    /// Nil unless the edges ascend from 0.
    public init?(edgesMetres: [Double]) {
        let ascends = zip(edgesMetres, edgesMetres.dropFirst()).allSatisfy { $0 < $1 }
        guard edgesMetres.count > 1, edgesMetres[0] == 0, ascends else { return nil }
        self.edgesMetres = edgesMetres
    }
}

/// One way of light through the air to or from the ground.
public struct LightPath: Equatable, Sendable {
    /// Degrees from the vertical, 0 to 85.
    public let zenithDegrees: Double
    /// Direction seen from the ground, degrees clockwise from north.
    public let azimuthDegrees: Double

    /// Nil for a zenith angle outside 0 to 85, where the Earth is no longer flat, or numbers that are not finite.
    public init?(zenithDegrees: Double, azimuthDegrees: Double) {
        guard (0...85).contains(zenithDegrees), azimuthDegrees.isFinite else { return nil }
        self.zenithDegrees = zenithDegrees
        self.azimuthDegrees = azimuthDegrees
    }
}

extension Receptor {
    /// A column of the air, as a satellite or a spectrometer on the ground measures it.
    ///
    /// The weight of a point is the averaging kernel times the pressure weight of its layer. The weights sum to the
    /// kernel's part below the top; the part above is ``Receptor/remainderWeight``. With paths of light given, each
    /// layer is seen where they cross it, at height times the tangent of the zenith angle from the foot; the weight is
    /// parted between them by their lengths, 1 / cos of the angle. Without, the column stands upright.
    ///
    /// - Parameters:
    ///   - longitude: of the foot, degrees on WGS 84.
    ///   - kernel: of the measurement.
    ///   - air: pressure by height at the foot.
    ///   - paths: sun and view for reflected light, the sun alone for a spectrometer on the ground.
    public static func column(
        name: String,
        time: Instant,
        longitude: Double,
        latitude: Double,
        kernel: ColumnKernel,
        air: AirColumn,
        releases: ColumnReleases,
        paths: [LightPath] = []
    ) -> Receptor {
        var points: [ReceptorPoint] = []
        var within = 0.0
        for (lower, upper) in zip(releases.edgesMetres, releases.edgesMetres.dropFirst()) {
            let weight = kernel.weight(
                from: air.pressure(atMetres: lower),
                to: air.pressure(atMetres: upper),
                isLowest: lower == 0
            )
            within += weight
            let foot = ReceptorPoint(
                longitude: longitude,
                latitude: latitude,
                heightMetres: (lower + upper) / 2,
                weight: weight
            )
            points += foot.along(paths)
        }
        return Receptor(name: name, time: time, points: points, remainderWeight: kernel.total - within)
    }
}

extension ReceptorPoint {
    /// Where paths of light that meet the ground below this point cross its height.
    fileprivate func along(_ paths: [LightPath]) -> [ReceptorPoint] {
        guard !paths.isEmpty else { return [self] }
        let lengths = paths.map { 1 / cos($0.zenithDegrees * .pi / 180) }
        let total = lengths.reduce(0, +)
        return zip(paths, lengths).map { path, length in
            let distance = heightMetres * tan(path.zenithDegrees * .pi / 180)
            return moved(metres: distance, azimuthDegrees: path.azimuthDegrees, share: length / total)
        }
    }

    /// By a short way on the sphere.
    private func moved(metres: Double, azimuthDegrees: Double, share: Double) -> ReceptorPoint {
        let degrees = metres / Earth.meanRadiusMetres * 180 / .pi
        let azimuth = azimuthDegrees * .pi / 180
        let parallel = max(1e-6, cos(latitude * .pi / 180))
        return ReceptorPoint(
            longitude: wrappedLongitude(longitude + degrees * sin(azimuth) / parallel),
            latitude: min(90, max(-90, latitude + degrees * cos(azimuth))),
            heightMetres: heightMetres,
            weight: weight * share,
            secondsAfter: secondsAfter
        )
    }
}
