import Foundation

/// The wind at a site in steps, the same everywhere near it, and how puffs widen in it.
public struct SiteWindSeries: Sendable {
    /// The mean over an interval.
    public struct Step: Sendable {
        public let seconds: Double
        /// m s-1 toward east and north.
        public let velocity: SIMD2<Double>
        public let spread: PlumeSpread

        public init(seconds: Double, velocity: SIMD2<Double>, spread: PlumeSpread) {
            self.seconds = seconds
            self.velocity = velocity
            self.spread = spread
        }

        /// From speed, m s-1, and whence the wind blows, degrees clockwise from north.
        public init(seconds: Double, windSpeed: Double, windFromDegrees: Double, spread: PlumeSpread) {
            let radians = windFromDegrees * Double.pi / 180
            self.init(
                seconds: seconds,
                velocity: SIMD2(-sin(radians), -cos(radians)) * windSpeed,
                spread: spread
            )
        }
    }

    public let steps: [Step]
    /// Seconds since the start at which steps begin, and the end of the last one.
    public let edges: [Double]
    /// Way of the air from the start to each edge, m east and north.
    private let ways: [SIMD2<Double>]

    /// Puffs widen in calm air too, as if it moved at least so fast, m s-1 (the threshold of calms in
    /// EPA-454/R-99-005).
    public static let leastSpeed = 0.5

    /// Nil without a step, or where one has no length or a velocity that is not finite.
    public init?(steps: [Step]) {
        let isSound = steps.allSatisfy { step in
            step.seconds > 0 && step.seconds.isFinite && step.velocity.x.isFinite && step.velocity.y.isFinite
        }
        guard !steps.isEmpty, isSound else { return nil }
        self.steps = steps
        var (edges, ways) = ([0.0], [SIMD2<Double>(0, 0)])
        for step in steps {
            edges.append(edges[edges.count - 1] + step.seconds)
            ways.append(ways[ways.count - 1] + step.velocity * step.seconds)
        }
        self.edges = edges
        self.ways = ways
    }

    /// Length of the series, s.
    public var seconds: Double { edges[edges.count - 1] }

    private func index(at seconds: Double) -> Int {
        var (low, high) = (0, steps.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if edges[middle] <= seconds { low = middle } else { high = middle - 1 }
        }
        return low
    }

    /// Where the air that was at the origin at the start is, m east and north.
    func way(at seconds: Double) -> SIMD2<Double> {
        let step = index(at: seconds)
        return ways[step] + steps[step].velocity * (seconds - edges[step])
    }

    /// Spread of a puff between its release and a later time. Where the conditions change it goes on from the distance
    /// at which the new ones would have given the same size.
    func sigmas(from release: Double, to time: Double) -> PlumeSigmas {
        let (first, last) = (index(at: release), index(at: time))
        var sigmas = PlumeSigmas(across: 0, vertical: 0)
        var (acrossWay, verticalWay) = (0.0, 0.0)
        for position in first...last {
            let step = steps[position]
            let speed = max((step.velocity * step.velocity).sum().squareRoot(), Self.leastSpeed)
            if position > first, step.spread != steps[position - 1].spread || step.spread.dependsOnSpeed {
                acrossWay = step.spread.distance(of: sigmas.across, speed: speed, \.across)
                verticalWay = step.spread.distance(of: sigmas.vertical, speed: speed, \.vertical)
            }
            let way = speed * (min(time, edges[position + 1]) - max(release, edges[position]))
            acrossWay += way
            verticalWay += way
            sigmas = PlumeSigmas(
                across: step.spread.sigmas(downwindMetres: acrossWay, speed: speed).across,
                vertical: step.spread.sigmas(downwindMetres: verticalWay, speed: speed).vertical
            )
        }
        return sigmas
    }
}
