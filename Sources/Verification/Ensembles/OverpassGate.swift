public import Quantities

/// One estimate of a source from one image.
public struct OverpassEstimate: Hashable, Sendable {
    /// Emission with the standard uncertainty the fit states.
    public let figure: Estimate
    /// Soundings in the plume that the fit saw.
    public let pixels: Int

    public init(figure: Estimate, pixels: Int) {
        self.figure = figure
        self.pixels = pixels
    }
}

/// Which estimates of a source may enter its mean.
///
/// The uncertainty is judged against the other overpasses of the same source in absolute terms. A limit on the
/// relative uncertainty would keep what was over-estimated and drop what was under-estimated.
public struct OverpassGate: Hashable, Sendable {
    /// Fewer soundings carry no plume.
    public var leastPixels: Int
    /// Share of the estimates with enough soundings that is kept, those with the smallest uncertainties; 0 to 1.
    public var keptShare: Double

    public init(leastPixels: Int = 5, keptShare: Double = 2.0 / 3) {
        self.leastPixels = leastPixels
        self.keptShare = keptShare
    }

    /// What passes, in the given order; estimates that are not finite or state no uncertainty never do.
    public func passed(_ estimates: [OverpassEstimate]) -> [OverpassEstimate] {
        let usable = estimates.filter {
            $0.figure.isMeaningful && $0.figure.standardDeviation > 0 && $0.pixels >= leastPixels
        }
        let limit = OrderStatistics(usable.map(\.figure.standardDeviation)).quantile(keptShare)
        return usable.filter { $0.figure.standardDeviation <= limit }
    }
}
