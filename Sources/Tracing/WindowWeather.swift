import Foundation
import Geo
import Quantities
public import Transport

/// What the wind of a window says of how plumes spread.
public struct WindowWeather: Hashable, Sendable {
    public let stability: StabilityClass
    /// Standard deviation of the direction, degrees: Yamartino (1984), J. Climate Appl. Meteor. 23, 1362.
    public let directionDeviation: Double
    /// Mean of the speeds, m s-1.
    public let speed: Double
    /// Of the mean vector: whence it blows, degrees clockwise from north.
    public let windFromDegrees: Double
    /// Part of the steps in which the air stood still.
    public let calmShare: Double
    /// By how much the wind elsewhere on the site may differ in direction from that at the mast within a step,
    /// radians: by what it changes from one step to the next.
    let unresolvedDeviation: Double

    /// Nil without wind in the window, or a longer step that reaches into it.
    init?(_ wind: WindRecord, _ period: Period, at position: Position, _ settings: TraceSettings) {
        var range = wind.range(period)
        if range.isEmpty, let step = wind.index(at: period.start) { range = step..<(step + 1) }
        guard !range.isEmpty else { return nil }
        let steps = wind.steps[range]
        let count = Double(steps.count)
        let moving = steps.filter { $0.speed > 0 }
        let sum = steps.reduce(SIMD2(0, 0)) { $0 + $1.velocity }
        let unit = moving.reduce(SIMD2(0, 0)) { $0 + $1.velocity / $1.speed } / max(1, Double(moving.count))
        let epsilon = max(0, 1 - (unit * unit).sum()).squareRoot()
        let deviation = asin(min(1, epsilon)) * (1 + 0.1547 * epsilon * epsilon * epsilon)
        directionDeviation = deviation * 180 / .pi
        speed = steps.reduce(0) { $0 + $1.speed } / count
        calmShare = Double(steps.count { $0.speed < WindRecord.calmSpeed }) / count
        let degrees = atan2(-sum.x, -sum.y) * 180 / .pi
        windFromDegrees = degrees < 0 ? degrees + 360 : degrees
        unresolvedDeviation = Self.unresolved(Array(steps))
        stability =
            settings.stability
            ?? StabilityClass(
                directionDeviationDegrees: directionDeviation,
                windSpeed: speed,
                isDay: isDay(period.start, at: position),
                roughnessMetres: settings.roughnessMetres
            )
    }

    /// Half of what successive steps differ by, as variances; no more than 40 degrees.
    private static func unresolved(_ steps: [WindRecord.Step]) -> Double {
        guard steps.count > 1 else { return 0 }
        let squares = zip(steps, steps.dropFirst()).map { one, next in
            let cross = one.velocity.x * next.velocity.y - one.velocity.y * next.velocity.x
            let turn = atan2(cross, (one.velocity * next.velocity).sum())
            return turn * turn
        }
        let mean = squares.reduce(0, +) / Double(squares.count)
        return min((mean / 2).squareRoot(), 40 * .pi / 180)
    }
}
