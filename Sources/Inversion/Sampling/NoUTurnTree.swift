import Concurrent
import Foundation

/// A point of phase space with what was computed there.
struct PhasePoint: Sendable {
    var position: [Double]
    var momentum: [Double]
    var velocity: [Double]
    var gradient: [Double]
    var logDensity: Double

    /// ln of the joint density of position and momentum.
    var energyless: Double { logDensity - dotProduct(momentum, velocity) / 2 }
}

/// The leapfrog integrator of one density with one metric.
struct Leapfrog<Density: LogDensity> {
    let density: Density
    let metric: Metric

    func moved(_ start: PhasePoint, by step: Double) -> PhasePoint {
        var point = start
        for index in point.momentum.indices { point.momentum[index] += step / 2 * point.gradient[index] }
        let velocity = metric.velocity(point.momentum)
        for index in velocity.indices { point.position[index] += step * velocity[index] }
        point.logDensity = density.logDensity(at: point.position, gradient: &point.gradient)
        for index in point.momentum.indices { point.momentum[index] += step / 2 * point.gradient[index] }
        point.velocity = metric.velocity(point.momentum)
        return point
    }
}

/// A stretch of a trajectory.
private struct Stretch {
    /// First and last point in the direction of growth.
    var first: PhasePoint
    var last: PhasePoint
    /// Drawn from the stretch with the weights of its points.
    var proposal: PhasePoint
    /// ln of the summed weights.
    var logWeight: Double
    /// Sum of the momenta.
    var momentum: [Double]
    /// False where it turned back or diverged, so that nothing beyond it counts.
    var isOpen = true
}

/// One draw of the No-U-Turn sampler with multinomial weights (Hoffman and Gelman 2014; Betancourt 2017,
/// arXiv:1701.02434, appendix A), with the turn also looked for across the seam of two stretches.
struct NoUTurnTree<Density: LogDensity> {
    let leapfrog: Leapfrog<Density>
    let stepSize: Double
    let maximumDepth: Int
    private var origin = 0.0
    private(set) var steps = 0
    private(set) var acceptance = 0.0
    private(set) var hasDiverged = false
    private(set) var depth = 0

    /// A trajectory whose energy is off by this much has left the level set (Betancourt 2017).
    private static var divergence: Double { 1000 }

    init(leapfrog: Leapfrog<Density>, stepSize: Double, maximumDepth: Int) {
        self.leapfrog = leapfrog
        self.stepSize = stepSize
        self.maximumDepth = maximumDepth
    }

    /// Mean acceptance over the trajectory.
    var meanAcceptance: Double { steps > 0 ? acceptance / Double(steps) : 0 }

    mutating func draw(from start: PhasePoint, _ random: inout RandomStream) -> PhasePoint {
        origin = start.energyless
        // Kept in the direction of positive time.
        var whole = Stretch(
            first: start,
            last: start,
            proposal: start,
            logWeight: 0,
            momentum: start.momentum
        )
        while depth < maximumDepth {
            let forward = random.uniform() < 0.5
            let edge = forward ? whole.last : whole.first
            let added = grow(depth, from: edge, step: forward ? stepSize : -stepSize, &random)
            depth += 1
            guard added.isOpen else { break }
            if log(random.uniform()) < added.logWeight - whole.logWeight { whole.proposal = added.proposal }
            let isOpen = forward ? joined(whole, added) : joined(reversed(added), whole)
            whole.momentum = sum(whole.momentum, added.momentum)
            whole.logWeight = logSum(whole.logWeight, added.logWeight)
            if forward { whole.last = added.last } else { whole.first = added.last }
            guard isOpen else { break }
        }
        return whole.proposal
    }

    private func reversed(_ stretch: Stretch) -> Stretch {
        var result = stretch
        swap(&result.first, &result.last)
        return result
    }

    private mutating func grow(
        _ depth: Int,
        from edge: PhasePoint,
        step: Double,
        _ random: inout RandomStream
    ) -> Stretch {
        guard depth > 0 else { return leaf(from: edge, step: step) }
        var stretch = grow(depth - 1, from: edge, step: step, &random)
        guard stretch.isOpen else { return stretch }
        let other = grow(depth - 1, from: stretch.last, step: step, &random)
        guard other.isOpen else { return other }
        let logWeight = logSum(stretch.logWeight, other.logWeight)
        if log(random.uniform()) < other.logWeight - logWeight { stretch.proposal = other.proposal }
        stretch.isOpen = joined(stretch, other)
        stretch.momentum = sum(stretch.momentum, other.momentum)
        stretch.logWeight = logWeight
        stretch.last = other.last
        return stretch
    }

    private mutating func leaf(from edge: PhasePoint, step: Double) -> Stretch {
        let point = leapfrog.moved(edge, by: step)
        let joint = point.energyless
        let gain = joint.isNaN ? -Double.infinity : joint - origin
        steps += 1
        acceptance += min(1, exp(gain))
        let isOpen = gain > -Self.divergence
        if !isOpen { hasDiverged = true }
        return Stretch(
            first: point,
            last: point,
            proposal: point,
            logWeight: gain,
            momentum: point.momentum,
            isOpen: isOpen
        )
    }

    /// Whether two stretches that follow each other go on without turning back, over all and across the seam. Which
    /// of them is earlier does not matter, since both ends are asked the same.
    private func joined(_ before: Stretch, _ after: Stretch) -> Bool {
        let total = sum(before.momentum, after.momentum)
        return goesOn(before.first, after.last, total)
            && goesOn(before.first, after.first, sum(before.momentum, after.first.momentum))
            && goesOn(before.last, after.last, sum(after.momentum, before.last.momentum))
    }

    private func goesOn(_ first: PhasePoint, _ last: PhasePoint, _ momentum: [Double]) -> Bool {
        dotProduct(first.velocity, momentum) > 0 && dotProduct(last.velocity, momentum) > 0
    }

    private func sum(_ a: [Double], _ b: [Double]) -> [Double] {
        var result = a
        for index in result.indices { result[index] += b[index] }
        return result
    }

    private func logSum(_ a: Double, _ b: Double) -> Double {
        let top = max(a, b)
        return top == -.infinity ? top : top + log(exp(a - top) + exp(b - top))
    }
}
