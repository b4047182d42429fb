import Foundation

/// Turbulence as instruments at a site measure it.
public struct MeasuredTurbulence: Hashable, Sendable {
    /// Standard deviations of the wind across its mean and in the vertical, m s-1.
    public let across: Double
    public let vertical: Double
    public let isStable: Bool

    public init(across: Double, vertical: Double, isStable: Bool) {
        self.across = across
        self.vertical = vertical
        self.isStable = isStable
    }

    /// From the standard deviations of the direction and the elevation of the wind, radians, at a mean speed, m s-1.
    public init(directionDeviation: Double, elevationDeviation: Double, windSpeed: Double, isStable: Bool) {
        self.init(
            across: windSpeed * tan(min(directionDeviation, 1)),
            vertical: windSpeed * tan(min(elevationDeviation, 1)),
            isStable: isStable
        )
    }
}

/// How a plume widens on its way.
public enum PlumeSpread: Hashable, Sendable {
    /// See ``StabilityClass/pasquillGiffordSigmas(downwindMetres:)``.
    case pasquillGifford(StabilityClass)
    /// See ``StabilityClass/briggsSigmas(downwindMetres:terrain:)``.
    case briggs(StabilityClass, PlumeTerrain)
    /// Taylor's law with Draxler's (1976), Atmospheric Environment 10, 99, functions for memory of the air: for sources
    /// near the ground 300 s across and, in stable air, 50 s in the vertical; as Irwin (1983), J. Climate Appl. Meteor.
    /// 22, 92, none in the vertical of unstable air. For sources at the ground ``surfaceLayer(_:across:)`` is the
    /// better: against Prairie Grass, with 1.3 u* taken for the vertical, this one finds crosswind integrals a quarter
    /// too low.
    case measured(MeasuredTurbulence)
    /// The same with the decay of Irwin (1983) across, f = 1 / (1 + 0.0308 x^0.4548) to 10 km, for sources aloft.
    case measuredAloft(MeasuredTurbulence)
    /// Sources near the ground by friction velocity and stability: Venkatram et al. (2013), Atmospheric Environment 77,
    /// 846, which was fitted to Prairie Grass. `across` is the standard deviation of the wind across, m s-1.
    case surfaceLayer(SurfaceLayer, across: Double)

    /// Whether the spread depends on the wind that carries the plume.
    var dependsOnSpeed: Bool {
        switch self {
        case .pasquillGifford, .briggs: false
        case .measured, .measuredAloft, .surfaceLayer: true
        }
    }

    /// - Parameters:
    ///   - distance: m downwind.
    ///   - speed: of the wind that carries the plume, m s-1.
    public func sigmas(downwindMetres distance: Double, speed: Double) -> PlumeSigmas {
        let x = max(distance, 0)
        switch self {
        case .pasquillGifford(let stability): return stability.pasquillGiffordSigmas(downwindMetres: x)
        case .briggs(let stability, let terrain):
            return stability.briggsSigmas(downwindMetres: x, terrain: terrain)
        case .measured(let turbulence):
            let seconds = x / speed
            return turbulence.sigmas(
                seconds: seconds,
                acrossMemory: 1 / (1 + 0.9 * (seconds / 300).squareRoot())
            )
        case .measuredAloft(let turbulence):
            let memory = x <= 1e4 ? 1 / (1 + 0.0308 * pow(x, 0.4548)) : 0.333 * (1e4 / x).squareRoot()
            return turbulence.sigmas(seconds: x / speed, acrossMemory: memory)
        case .surfaceLayer(let layer, let across):
            return layer.plumeSigmas(downwindMetres: x, speed: speed, across: across)
        }
    }
}

extension MeasuredTurbulence {
    fileprivate func sigmas(seconds: Double, acrossMemory: Double) -> PlumeSigmas {
        let verticalMemory = isStable ? 1 / (1 + 0.9 * (seconds / 50).squareRoot()) : 1
        return PlumeSigmas(
            across: across * seconds * acrossMemory,
            vertical: vertical * seconds * verticalMemory
        )
    }
}

extension SurfaceLayer {
    fileprivate func plumeSigmas(downwindMetres x: Double, speed: Double, across: Double) -> PlumeSigmas {
        let share = frictionVelocity / speed
        let length = abs(obukhovMetres)
        let isStable = obukhovMetres > 0
        let vertical =
            isStable
            ? 0.57 * share * x / (1 + 3 * share * pow(x / length, 2.0 / 3))
            : 0.57 * share * x * (1 + 1.5 * share * x / length)
        let ratio = vertical / length
        let shape = isStable ? 1 + 2.5 * ratio : 1 / (1 + ratio).squareRoot()
        return PlumeSigmas(across: 1.6 * across / frictionVelocity * vertical * shape, vertical: vertical)
    }
}

/// How much wider a plume is across the wind when it is averaged over longer than its curves are made for: the slow
/// swaying of the wind adds. (t / t0)^0.2, Gifford (1975) and Turner (1970), from 3 minutes to an hour, and with 0.25
/// of what lies beyond the hour.
///
/// - Parameters:
///   - seconds: of the average wanted.
///   - reference: of the curves; those of Pasquill and Gifford stand for about 600 s.
public func averagingFactor(seconds: Double, reference: Double = 600) -> Double {
    func growth(_ time: Double) -> Double {
        let held = max(time, 180)
        return pow(min(held, 3600), 0.2) * pow(max(held, 3600) / 3600, 0.25)
    }
    return growth(seconds) / growth(reference)
}
