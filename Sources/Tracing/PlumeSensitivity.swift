import Foundation
import Geo
import Transport

/// What a source adds at a place, ppm per kg h-1, with what it would add were the wind turned by its error.
///
/// With a turn of z standard deviations times the root of three, z = -1, 0, 1, it is centre + z odd + z^2 even: nodes
/// of Gauss and Hermite, of which the outer have a sixth of the weight each.
public struct Sensitivity: Hashable, Sendable {
    var centre = 0.0
    var odd = 0.0
    var even = 0.0

    /// Over the error of the direction, ppm per kg h-1.
    public var mean: Double { centre + even / 3 }
    /// Two independent parts of a standard deviation, which all sensors of a window share.
    var parts: (Double, Double) { (odd / 3.0.squareRoot(), even * 2.0.squareRoot() / 3) }

    static func + (one: Sensitivity, other: Sensitivity) -> Sensitivity {
        Sensitivity(centre: one.centre + other.centre, odd: one.odd + other.odd, even: one.even + other.even)
    }

    func scaled(by factor: Double) -> Sensitivity {
        Sensitivity(centre: centre * factor, odd: odd * factor, even: even * factor)
    }
}

/// A source in the plane of the site, with its plume in each stability class in a wind of 1 m s-1.
///
/// Its equipment gives the plume a size to begin with, as ISC3 (EPA-454/B-95-003b, table 3-1) has it for volumes on or
/// by a building: width over 4.3 and height over 2.15.
struct PlumeOrigin: Sendable {
    let place: SIMD2<Double>
    private let plumes: [GaussianPlume]

    init(place: SIMD2<Double>, heightMetres: Double, sizeMetres: Double) {
        self.place = place
        plumes = StabilityClass.allCases.map { stability in
            GaussianPlume(
                spread: .briggs(stability, .rural),
                wind: .uniform(1),
                sourceMetres: heightMetres,
                size: PlumeSigmas(across: sizeMetres / 4.3, vertical: sizeMetres / 2.15)
            )
        }
    }

    /// s m-3 at a place and a height, in a wind that carries the plume.
    func concentration(
        at receptor: SIMD2<Double>,
        heightMetres: Double,
        velocity: SIMD2<Double>,
        _ weather: WindowWeather
    ) -> Double {
        let speed = (velocity * velocity).sum().squareRoot()
        guard speed > 0 else { return 0 }
        let (way, along) = (receptor - place, velocity / speed)
        let downwind = (way * along).sum()
        guard downwind >= GaussianPlume.leastDownwindMetres,
            let section = plumes[weather.stability.rawValue].crossSection(downwindMetres: downwind)
        else { return 0 }
        let unresolved = weather.unresolvedDeviation * downwind
        let across = (section.acrossMetres * section.acrossMetres + unresolved * unresolved).squareRoot()
        let scaled = (along.x * way.y - along.y * way.x) / across
        guard abs(scaled) < 12 else { return 0 }
        // The air is diluted as if it moved at least at the threshold of calms.
        return section.crosswindIntegral(atMetres: heightMetres) / max(speed, WindRecord.calmSpeed)
            * exp(-0.5 * scaled * scaled) / (across * (2 * Double.pi).squareRoot())
    }
}

/// Plumes in the wind of a site.
struct PlumeSensitivity: Sendable {
    let wind: WindRecord
    /// ppm per kg h-1 that 1 s m-3 stands for.
    private let unit: Double
    private let turn: SIMD2<Double>

    /// - Parameter turn: of all the wind, counter-clockwise, radians.
    init(_ wind: WindRecord, turn: Double = 0, _ settings: TraceSettings) {
        let (cosine, sine) = (cos(turn), sin(turn))
        self.wind =
            turn == 0
            ? wind : wind.mapped { SIMD2($0.x * cosine - $0.y * sine, $0.x * sine + $0.y * cosine) }
        unit = settings.air.partsPerMillion(1.0 / 3600, of: settings.gas)
        let radians = 3.0.squareRoot() * settings.windDirectionError * .pi / 180
        self.turn = SIMD2(cos(radians), sin(radians))
    }

    /// In the wind as measured, and turned to either side by what stays so for a whole event.
    static func turned(_ wind: WindRecord, _ settings: TraceSettings) -> [PlumeSensitivity] {
        let radians = 3.0.squareRoot() * settings.windDirectionError * .pi / 180
        return (radians > 0 ? [0, radians, -radians] : [0]).map { PlumeSensitivity(wind, turn: $0, settings) }
    }

    func sensitivity(
        of origin: PlumeOrigin,
        at receptor: SIMD2<Double>,
        heightMetres: Double,
        step: Int,
        _ weather: WindowWeather
    ) -> Sensitivity {
        let way = receptor - origin.place
        let velocity = wind.carrying(to: step, metres: (way * way).sum().squareRoot())
        func value(_ sine: Double) -> Double {
            let turned = SIMD2(
                velocity.x * turn.x - velocity.y * sine,
                velocity.x * sine + velocity.y * turn.x
            )
            return origin.concentration(
                at: receptor,
                heightMetres: heightMetres,
                velocity: sine == 0 ? velocity : turned,
                weather
            ) * unit
        }
        let centre = value(0)
        guard turn.y != 0 else { return Sensitivity(centre: centre) }
        let (left, right) = (value(turn.y), value(-turn.y))
        return Sensitivity(centre: centre, odd: (left - right) / 2, even: (left + right) / 2 - centre)
    }
}
