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

/// Directions of the wind that are looked at: turns that may hold for a whole event, and about each of them what may
/// hold for a window.
struct WindTurns: Sendable {
    /// Cosine and sine of what the wind is turned by, counter-clockwise, in even steps; the middle one is not turned.
    let directions: [SIMD2<Double>]
    /// The directions of the turns of an event. The first is the wind as measured.
    let turns: [Int]
    /// Logarithm of how likely each turn is beforehand.
    let logWeights: [Double]
    /// Steps between a turn and its outer nodes for a window, which are the root of three standard deviations away.
    let offset: Int

    /// The nodes of Gauss and Hermite: enough for what is averaged over the error of the direction.
    static func few(_ settings: TraceSettings) -> WindTurns {
        WindTurns(settings, reach: 1, stepsPerNode: 1) { turn in log(turn == 0 ? 2.0 / 3 : 1.0 / 6) }
    }

    /// To 2.6 standard deviations in steps of 0.87: what regions of places ask for, which reach as far as any turn that
    /// still goes with the readings.
    static func many(_ settings: TraceSettings) -> WindTurns {
        let costs = (-3...3).map { -0.375 * Double($0 * $0) }
        let sum = logarithmOfSum(costs)
        return WindTurns(settings, reach: 3, stepsPerNode: 2) { turn in costs[turn + 3] - sum }
    }

    private init(
        _ settings: TraceSettings,
        reach: Int,
        stepsPerNode: Int,
        logWeight: (Int) -> Double
    ) {
        let node = 3.0.squareRoot() * settings.windDirectionError * .pi / 180
        guard node > 0 else {
            (directions, turns, logWeights, offset) = ([SIMD2(1, 0)], [0], [0], 0)
            return
        }
        let farthest = reach + stepsPerNode
        let step = node / Double(stepsPerNode)
        directions = (-farthest...farthest).map { SIMD2(cos(Double($0) * step), sin(Double($0) * step)) }
        let order = [0] + (1...reach).flatMap { [$0, -$0] }
        turns = order.map { $0 + farthest }
        logWeights = order.map(logWeight)
        offset = stepsPerNode
    }

    /// What a source adds with each turn, of what it adds with each direction.
    func sensitivities(_ values: [Double]) -> [Sensitivity] {
        turns.map { turn in
            let (centre, left, right) = (values[turn], values[turn + offset], values[turn - offset])
            return Sensitivity(centre: centre, odd: (left - right) / 2, even: (left + right) / 2 - centre)
        }
    }
}

/// Plumes in the wind of a site.
struct PlumeSensitivity: Sendable {
    let wind: WindRecord
    let turns: WindTurns
    /// ppm per kg h-1 that 1 s m-3 stands for.
    private let unit: Double

    init(_ wind: WindRecord, _ turns: WindTurns, _ settings: TraceSettings) {
        (self.wind, self.turns) = (wind, turns)
        unit = settings.air.partsPerMillion(1.0 / 3600, of: settings.gas)
    }

    /// Adds what a source adds at a moment to the sums of the directions, ppm per kg h-1.
    func add(
        _ origin: PlumeOrigin,
        at receptor: SIMD2<Double>,
        heightMetres: Double,
        step: Int,
        _ weather: WindowWeather,
        to sums: inout [Double]
    ) {
        let way = receptor - origin.place
        let velocity = wind.carrying(to: step, metres: (way * way).sum().squareRoot())
        for (index, turn) in turns.directions.enumerated() {
            let turned = SIMD2(
                velocity.x * turn.x - velocity.y * turn.y,
                velocity.x * turn.y + velocity.y * turn.x
            )
            sums[index] +=
                unit
                * origin.concentration(at: receptor, heightMetres: heightMetres, velocity: turned, weather)
        }
    }
}
