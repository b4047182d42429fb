import Foundation

/// A place near a source: metres to the east and north of an origin, and above ground.
public typealias LocalPoint = SIMD3<Double>

/// A plume laid into a map by the direction of the wind: what sources of several shapes give at several kinds of
/// receptors. All sources emit 1 kg s-1 as a whole, at the height of the plume; results are kg m-3 per kg s-1.
public struct OrientedPlume: Hashable, Sendable {
    public let plume: GaussianPlume
    /// Whence the wind blows, degrees clockwise from north.
    public let windFromDegrees: Double
    /// Unit vector of the wind, to the east and to the north.
    private let east: Double
    private let north: Double

    public init(plume: GaussianPlume, windFromDegrees: Double) {
        self.plume = plume
        self.windFromDegrees = windFromDegrees
        let radians = windFromDegrees * Double.pi / 180
        east = -sin(radians)
        north = -cos(radians)
    }

    /// How far a receptor is downwind of a source and to its left.
    func frame(receptor: SIMD2<Double>, source: SIMD2<Double>) -> SIMD2<Double> {
        let way = receptor - source
        return SIMD2(way.x * east + way.y * north, east * way.y - north * way.x)
    }

    private func frame(_ receptor: LocalPoint, _ source: SIMD2<Double>) -> PlumePoint {
        let flat = frame(receptor: SIMD2(receptor.x, receptor.y), source: source)
        return PlumePoint(flat.x, flat.y, receptor.z)
    }

    /// Of a point source, at a point.
    public func concentration(at receptor: LocalPoint, from source: SIMD2<Double>) -> Double {
        let place = frame(receptor, source)
        return plume.concentration(downwindMetres: place.x, acrossMetres: place.y, atMetres: place.z)
    }

    /// Of a straight line, such as a piece of a road, that emits evenly along its length, at a point: exact where it
    /// lies across the wind, else within ``GaussianPlume`` 's tolerance of one part in ten million.
    public func concentration(
        at receptor: LocalPoint,
        fromLine start: SIMD2<Double>,
        to end: SIMD2<Double>
    ) -> Double {
        plume.mean(from: frame(receptor, start), to: frame(receptor, end)).value
    }

    /// Of an area that emits evenly, at a point.
    ///
    /// - Parameter corners: of a simple polygon with an area, in either direction, metres to the east and north.
    public func concentration(at receptor: LocalPoint, fromArea corners: [SIMD2<Double>]) -> Double {
        let placed = corners.map { frame(receptor: SIMD2(receptor.x, receptor.y), source: $0) }
        var twiceArea = 0.0
        for (one, next) in zip(placed, placed.dropFirst() + placed.prefix(1)) {
            twiceArea += one.x * next.y - next.x * one.y
        }
        guard twiceArea != 0 else { return 0 }
        return plume.areaIntegral(corners: placed, atMetres: receptor.z).value / (abs(twiceArea) / 2)
    }

    /// Of a point source, the mean along a straight path: an open-path instrument, or a vehicle at an even speed.
    public func mean(alongPath start: LocalPoint, to end: LocalPoint, from source: SIMD2<Double>) -> Double {
        plume.mean(from: frame(start, source), to: frame(end, source)).value
    }

    /// Of a straight line that emits evenly, the mean along a straight path, within one part in a hundred thousand by
    /// the bound of the quadrature.
    public func mean(
        alongPath start: LocalPoint,
        to end: LocalPoint,
        fromLine lineStart: SIMD2<Double>,
        to lineEnd: SIMD2<Double>
    ) -> Double {
        mean(alongPath: start, to: end) { concentration(at: $0, fromLine: lineStart, to: lineEnd) }
    }

    /// Of an area that emits evenly, the mean along a straight path, as near.
    public func mean(
        alongPath start: LocalPoint,
        to end: LocalPoint,
        fromArea corners: [SIMD2<Double>]
    ) -> Double {
        mean(alongPath: start, to: end) { concentration(at: $0, fromArea: corners) }
    }

    private func mean(
        alongPath start: LocalPoint,
        to end: LocalPoint,
        _ concentration: (LocalPoint) -> Double
    ) -> Double {
        let pieces = (0...8).map { Double($0) / 8 }
        return integrate(over: pieces, relativeTolerance: 1e-5) { concentration(start + $0 * (end - start)) }
            .value
    }

    /// Of a point source, what a vehicle sums up on a straight way, kg m-2 per kg s-1. Crossing the whole plume at
    /// right angles this is ``GaussianPlume/crosswindIntegral(downwindMetres:atMetres:)``.
    public func pathIntegral(from start: LocalPoint, to end: LocalPoint, source: SIMD2<Double>) -> Double {
        let way = end - start
        return mean(alongPath: start, to: end, from: source) * (way * way).sum().squareRoot()
    }
}
