import Foundation

/// The steady plume of a source of 1 kg s-1, in its own frame: x metres downwind of the source, y across the wind, z
/// above ground. Concentrations are kg m-3 per kg s-1, which is s m-3; nothing settles, nothing decays.
///
/// The wind that carries the plume at some distance is that at its mean height there (Venkatram et al. 2013), found
/// together with the spread; the mass that passes any plane downwind is that of the source. In winds below about
/// 1 m s-1 there is no such plume: take ``PuffTrain``.
public struct GaussianPlume: Hashable, Sendable {
    public let spread: PlumeSpread
    public let wind: WindProfile
    /// Effective height of the source, its rise included, m above ground.
    public let sourceMetres: Double
    /// Height of an inversion that reflects, m; nil without one.
    public let lidMetres: Double?
    /// How much wider the plume is across than its spread says; see ``averagingFactor(seconds:reference:)``.
    public let widening: Double
    /// Distances upwind of the source at which a point source would have grown to its size here, m (Turner 1970).
    public let virtualAcrossMetres: Double
    public let virtualVerticalMetres: Double

    /// Spread has no meaning closer to a source without a size; nothing is found there.
    public static let leastDownwindMetres = 1.0

    /// - Parameter size: standard deviations of the source itself, m; a width over 4.3 and a height over 2.15, or over
    ///   4.3 above the ground, as ISC3 has it.
    public init(
        spread: PlumeSpread,
        wind: WindProfile,
        sourceMetres: Double,
        size: PlumeSigmas = PlumeSigmas(across: 0, vertical: 0),
        lidMetres: Double? = nil,
        widening: Double = 1
    ) {
        self.spread = spread
        self.wind = wind
        self.sourceMetres = sourceMetres
        self.lidMetres = lidMetres
        self.widening = widening
        let speed = wind.speed(atMetres: sourceMetres)
        virtualAcrossMetres = spread.distance(of: size.across / widening, speed: speed, \.across)
        virtualVerticalMetres = spread.distance(of: size.vertical, speed: speed, \.vertical)
    }

    /// The plume at a distance downwind.
    public struct CrossSection: Sendable {
        public let acrossMetres: Double
        public let vertical: VerticalSpread
        /// Of the wind that carries it, m s-1.
        public let speed: Double

        /// Concentration integrated across the wind, kg m-2 per kg s-1, at a height, m.
        public func crosswindIntegral(atMetres height: Double) -> Double {
            vertical.density(atMetres: height) / speed
        }
    }

    /// Nil closer than ``leastDownwindMetres``, and where there is no wind.
    public func crossSection(downwindMetres x: Double) -> CrossSection? {
        guard x >= Self.leastDownwindMetres else { return nil }
        var last = wind.speed(atMetres: sourceMetres)
        guard last > 0 else { return nil }
        var found = section(x, speed: last)
        if case .uniform = wind { return found }
        var speed = wind.speed(atMetres: found.vertical.meanMetres)
        var lastChange = speed - last
        // A faster wind makes a lower plume, which meets a slower wind: what the wind at the mean height exceeds the
        // wind assumed by falls throughout, so that secants find where it is nought.
        for _ in 0..<40 {
            found = section(x, speed: speed)
            let change = spread.dependsOnSpeed ? wind.speed(atMetres: found.vertical.meanMetres) - speed : 0
            if abs(change) <= 1e-11 * speed || change == lastChange { break }
            let next = speed - change * (speed - last) / (change - lastChange)
            (last, lastChange) = (speed, change)
            speed = next > 0 ? next : speed + change
        }
        return found
    }

    private func section(_ x: Double, speed: Double) -> CrossSection {
        let across = spread.sigmas(downwindMetres: x + virtualAcrossMetres, speed: speed).across
        let vertical = spread.sigmas(downwindMetres: x + virtualVerticalMetres, speed: speed).vertical
        return CrossSection(
            acrossMetres: across * widening,
            vertical: VerticalSpread(axisMetres: sourceMetres, sigmaMetres: vertical, lidMetres: lidMetres),
            speed: speed
        )
    }

    /// kg m-3 per kg s-1.
    public func concentration(downwindMetres x: Double, acrossMetres y: Double, atMetres z: Double) -> Double
    {
        guard let section = crossSection(downwindMetres: x) else { return 0 }
        let scaled = y / section.acrossMetres
        guard abs(scaled) < 38 else { return 0 }
        return section.crosswindIntegral(atMetres: z) * exp(-0.5 * scaled * scaled)
            / (section.acrossMetres * (2 * Double.pi).squareRoot())
    }

    /// What a receptor that crosses the whole plume at right angles to the wind sums up along its way, kg m-2 per
    /// kg s-1.
    public func crosswindIntegral(downwindMetres x: Double, atMetres z: Double) -> Double {
        crossSection(downwindMetres: x)?.crosswindIntegral(atMetres: z) ?? 0
    }
}

extension PlumeSpread {
    /// The distance, m, at which a spread is reached, by bisection; zero for none, at most 10,000 km.
    func distance(of sigma: Double, speed: Double, _ part: KeyPath<PlumeSigmas, Double>) -> Double {
        guard sigma > 0, speed > 0 else { return 0 }
        var (low, high) = (0.0, 1.0)
        while high < 1e7, sigmas(downwindMetres: high, speed: speed)[keyPath: part] < sigma { high *= 2 }
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if sigmas(downwindMetres: middle, speed: speed)[keyPath: part] < sigma {
                low = middle
            } else {
                high = middle
            }
        }
        return (low + high) / 2
    }
}
