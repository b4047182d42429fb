import Foundation
public import Quantities
import Transport

/// The wind of a site in steps, in the order of time and without those that are not known.
public struct WindRecord: Sendable {
    public struct Step: Hashable, Sendable {
        public let time: Instant
        /// m s-1 toward east and north.
        public let velocity: SIMD2<Double>

        public init(time: Instant, velocity: SIMD2<Double>) {
            self.time = time
            self.velocity = velocity
        }

        /// From speed, m s-1, and whence it blows, degrees clockwise from north.
        public init(time: Instant, windSpeed: Double, windFromDegrees: Double) {
            let radians = windFromDegrees * Double.pi / 180
            self.init(time: time, velocity: SIMD2(-sin(radians), -cos(radians)) * windSpeed)
        }

        var speed: Double { (velocity * velocity).sum().squareRoot() }
    }

    public let steps: [Step]
    /// Median time between steps, s.
    public let stepSeconds: Double
    /// Way of the air to the beginning of each step, m.
    private let ways: [SIMD2<Double>]

    /// Below it the direction means nothing, m s-1: the threshold of calms in EPA-454/R-99-005.
    public static let calmSpeed = SiteWindSeries.leastSpeed

    /// A step holds from its time to the next one, at most twice the usual length; of two at one time the first in the
    /// order of their components.
    ///
    /// - Throws: ``TraceError/noWind``.
    public init(_ steps: [Step]) throws(TraceError) {
        let sound = steps.filter { step in
            step.velocity.x.isFinite && step.velocity.y.isFinite && step.speed < 150
        }.sorted { one, other in
            (one.time, one.velocity.x, one.velocity.y) < (other.time, other.velocity.x, other.velocity.y)
        }
        var distinct: [Step] = []
        for step in sound where distinct.last?.time != step.time { distinct.append(step) }
        guard !distinct.isEmpty else { throw .noWind }
        self.steps = distinct
        let lengths = zip(distinct, distinct.dropFirst()).map { $1.time.seconds(since: $0.time) }.sorted()
        stepSeconds = lengths.isEmpty ? 3600 : lengths[lengths.count / 2]
        var (ways, way) = ([SIMD2<Double>](), SIMD2<Double>(0, 0))
        for (index, step) in distinct.enumerated() {
            ways.append(way)
            guard index + 1 < distinct.count else { break }
            way += step.velocity * min(distinct[index + 1].time.seconds(since: step.time), 2 * stepSeconds)
        }
        self.ways = ways
    }

    /// With every velocity changed.
    func mapped(_ change: (SIMD2<Double>) -> SIMD2<Double>) -> WindRecord {
        WindRecord(
            steps: steps.map { Step(time: $0.time, velocity: change($0.velocity)) },
            stepSeconds: stepSeconds,
            ways: ways.map(change)
        )
    }

    private init(steps: [Step], stepSeconds: Double, ways: [SIMD2<Double>]) {
        (self.steps, self.stepSeconds, self.ways) = (steps, stepSeconds, ways)
    }

    /// The step that holds at a time; nil in gaps.
    func index(at time: Instant) -> Int? {
        let next = steps.partitioningIndex { $0.time > time }
        guard next > 0, time.seconds(since: steps[next - 1].time) < 2 * stepSeconds else { return nil }
        return next - 1
    }

    /// Mean wind over the time that air takes for a distance to arrive at a moment within a step: the steps before it
    /// count where that is longer than a step.
    func carrying(to step: Int, metres: Double) -> SIMD2<Double> {
        let velocity = steps[step].velocity
        let seconds = metres / max(steps[step].speed, Self.calmSpeed)
        guard seconds > stepSeconds, step > 0 else { return velocity }
        let count = min(Int(exactly: (seconds / stepSeconds).rounded(.down)) ?? step, step)
        let elapsed = steps[step].time.seconds(since: steps[step - count].time)
        guard count > 0, elapsed > 0, elapsed < 2 * stepSeconds * Double(count) else { return velocity }
        let way = ways[step] - ways[step - count] + velocity * stepSeconds
        return way / (elapsed + stepSeconds)
    }

    /// The steps that begin within a period.
    func range(_ period: Period) -> Range<Int> {
        let first = steps.partitioningIndex { $0.time >= period.start }
        return first..<max(first, steps.partitioningIndex { $0.time >= period.end })
    }
}

extension Array {
    /// The first index of which something holds that holds of all after it.
    func partitioningIndex(_ belongs: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if belongs(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
