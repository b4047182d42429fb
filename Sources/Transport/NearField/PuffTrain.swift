import Foundation

/// Gaussian puffs of a point source that drift with the wind of a site: for winds that turn, and for winds so weak that
/// there is no plume. Along the wind a puff is as wide as across; what a change of the wind does to the cloud of a
/// continuous source, stretch and bend, comes from each moment of release having its own way.
public struct PuffTrain: Sendable {
    public let wind: SiteWindSeries
    /// m east, north and above ground, its rise included.
    public let source: LocalPoint
    /// Height of an inversion that reflects, m; nil without one.
    public let lidMetres: Double?
    /// Standard deviations at the release, m, added as variances.
    public let size: PlumeSigmas

    public init(
        wind: SiteWindSeries,
        source: LocalPoint,
        lidMetres: Double? = nil,
        size: PlumeSigmas = PlumeSigmas(across: 0, vertical: 0)
    ) {
        self.wind = wind
        self.source = source
        self.lidMetres = lidMetres
        self.size = size
    }

    /// Of 1 kg released at a moment, kg m-3 per kg (m-3), at a place and a later time. Seconds count from the start of
    /// the series; zero before the release, outside of the series and at the release itself.
    public func concentration(at receptor: LocalPoint, seconds time: Double, releasedAt release: Double)
        -> Double
    {
        guard release >= 0, time > release, time <= wind.seconds else { return 0 }
        let grown = wind.sigmas(from: release, to: time)
        let across = (grown.across * grown.across + size.across * size.across).squareRoot()
        let vertical = (grown.vertical * grown.vertical + size.vertical * size.vertical).squareRoot()
        let way = wind.way(at: time) - wind.way(at: release)
        let offset = SIMD2(receptor.x - source.x, receptor.y - source.y) - way
        let distance = (offset * offset).sum() / (across * across)
        guard distance < 1400, across > 0 else { return 0 }
        let layer = VerticalSpread(axisMetres: source.z, sigmaMetres: vertical, lidMetres: lidMetres)
        return exp(-0.5 * distance) / (2 * Double.pi * across * across) * layer.density(atMetres: receptor.z)
    }

    /// Of 1 kg s-1 released between two times, kg m-3 per kg s-1 (s m-3), at a place and a time, within one part in a
    /// million of the adaptive rule's own bound.
    public func concentration(
        at receptor: LocalPoint,
        seconds time: Double,
        releasedDuring period: ClosedRange<Double>
    ) -> Double {
        let start = max(period.lowerBound, 0)
        let end = min(period.upperBound, time, wind.seconds)
        guard start < end else { return 0 }
        var pieces = [start, end] + wind.edges
        // A puff of some age is about a twentieth of its way wide or more: pieces of a seventh cannot miss it.
        var age = 0.1
        while age < time - start {
            pieces.append(time - age)
            age *= 1.15
        }
        let points = pieces.filter { $0 >= start && $0 <= end }.sorted()
        return integrate(over: points, relativeTolerance: 1e-6) { release in
            concentration(at: receptor, seconds: time, releasedAt: release)
        }.value
    }
}
