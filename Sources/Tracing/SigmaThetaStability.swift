import Foundation
import Geo
import Quantities
public import Transport

extension StabilityClass {
    /// From how much the wind turns: the sigma-A method of EPA-454/R-99-005 (2000), tables 6-8a and 6-8b, with its
    /// correction for roughness.
    ///
    /// - Parameters:
    ///   - deviation: standard deviation of the direction over about 15 min, degrees.
    ///   - windSpeed: m s-1.
    ///   - isDay: from an hour after sunrise to an hour before sunset.
    public init(
        directionDeviationDegrees deviation: Double,
        windSpeed: Double,
        isDay: Bool,
        roughnessMetres: Double
    ) {
        let scale = pow(min(max(roughnessMetres, 1e-4), 3) / 0.15, 0.2)
        let limits = [22.5, 17.5, 12.5, 7.5, 3.8]
        let first = limits.firstIndex { deviation >= $0 * scale } ?? 5
        self = isDay ? Self.byDay(first, windSpeed) : Self.byNight(first, windSpeed)
    }

    private static func byDay(_ first: Int, _ speed: Double) -> StabilityClass {
        switch first {
        case 0: speed < 3 ? .a : speed < 4 ? .b : speed < 6 ? .c : .d
        case 1: speed < 4 ? .b : speed < 6 ? .c : .d
        case 2: speed < 6 ? .c : .d
        default: .d
        }
    }

    private static func byNight(_ first: Int, _ speed: Double) -> StabilityClass {
        switch first {
        case 0: speed < 2.9 ? .f : speed < 3.6 ? .e : .d
        case 1: speed < 2.4 ? .f : speed < 3 ? .e : .d
        case 2: speed < 2.4 ? .e : .d
        case 3: .d
        case 4: speed < 5 ? .e : .d
        default: speed < 3 ? .f : speed < 5 ? .e : .d
        }
    }
}

/// Whether the sun stands high enough to mix the air: about an hour above the horizon.
///
/// The declination is that of Cooper (1969) and the time that of the mean sun, good to two degrees of elevation.
func isDay(_ time: Instant, at position: Position) -> Bool {
    let days = time.secondsSince1970 / 86_400
    let declination = 0.4093 * sin(2 * Double.pi * (days + 284 - 0.5) / 365.2425)
    let hourAngle = 2 * Double.pi * (days + position.longitude / 360 - 0.5)
    let latitude = position.latitude * .pi / 180
    let elevation = sin(latitude) * sin(declination) + cos(latitude) * cos(declination) * cos(hourAngle)
    return elevation > sin(10 * Double.pi / 180)
}
