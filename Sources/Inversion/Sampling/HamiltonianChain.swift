import Foundation

import struct Concurrent.RandomStream

/// One chain of the No-U-Turn sampler.
struct HamiltonianChain<Density: LogDensity> {
    private let density: UnboundedDensity<Density>
    private let settings: SamplerSettings
    private let stream: UInt64
    private var random: RandomStream
    private var metric: Metric

    init(density: UnboundedDensity<Density>, settings: SamplerSettings, stream: UInt64) {
        self.density = density
        self.settings = settings
        self.stream = stream
        random = RandomStream(seed: settings.seed, stream: stream)
        metric = .diagonal([Double](repeating: 1, count: density.dimension))
    }

    mutating func run(from center: [Double]) throws -> Chain {
        var point = try startingPoint(near: center)
        let plan = WarmUpPlan(length: settings.warmUp)
        var step = StepSizeAdaptation(initial: reasonableStep(at: point), target: settings.targetAcceptance)
        var estimate = CovarianceEstimate(kind: settings.metric, dimension: density.dimension)
        for draw in 0..<plan.length {
            try Task.checkCancellation()
            let tree = advance(&point, stepSize: step.stepSize)
            step.add(acceptance: tree.meanAcceptance)
            if plan.estimatesMetric(at: draw) { estimate.add(point.position) }
            guard plan.renewsMetric(after: draw), let renewed = estimate.metric else { continue }
            metric = renewed
            estimate = CovarianceEstimate(kind: settings.metric, dimension: density.dimension)
            step = StepSizeAdaptation(initial: reasonableStep(at: point), target: settings.targetAcceptance)
        }
        return try sample(from: &point, stepSize: step.settled)
    }

    private mutating func sample(from point: inout PhasePoint, stepSize: Double) throws -> Chain {
        var chain = Chain(dimension: density.dimension, capacity: settings.draws)
        chain.stepSize = stepSize
        for _ in 0..<settings.draws {
            try Task.checkCancellation()
            let tree = advance(&point, stepSize: stepSize)
            chain.add(density.values(point.position))
            chain.evaluations += tree.steps
            chain.acceptance += tree.meanAcceptance / Double(settings.draws)
            if tree.hasDiverged { chain.divergences += 1 }
            if tree.depth == settings.maximumDepth, !tree.hasDiverged { chain.saturated += 1 }
        }
        return chain
    }

    private mutating func advance(_ point: inout PhasePoint, stepSize: Double) -> NoUTurnTree<
        UnboundedDensity<Density>
    > {
        refreshMomentum(of: &point)
        let leapfrog = Leapfrog(density: density, metric: metric)
        var tree = NoUTurnTree(leapfrog: leapfrog, stepSize: stepSize, maximumDepth: settings.maximumDepth)
        point = tree.draw(from: point, &random)
        return tree
    }

    private mutating func refreshMomentum(of point: inout PhasePoint) {
        point.momentum = metric.momentum(&random)
        point.velocity = metric.velocity(point.momentum)
    }

    /// A point near the center at which the density is finite.
    private mutating func startingPoint(near center: [Double]) throws(InversionError) -> PhasePoint {
        var gradient = center
        for attempt in 0..<100 {
            // Every failure halves the distance, so that the start itself is reached in the end.
            let reach = settings.jitter * pow(0.5, Double(attempt))
            let position = center.map { $0 + reach * (2 * random.uniform() - 1) }
            let value = density.logDensity(at: position, gradient: &gradient)
            guard value.isFinite, gradient.allSatisfy({ $0.isFinite }) else { continue }
            return PhasePoint(
                position: position,
                momentum: position,
                velocity: position,
                gradient: gradient,
                logDensity: value
            )
        }
        throw .notFinite("log density near the start of chain", index: Int(stream))
    }

    /// A step that changes the joint density by about a factor of two (Hoffman and Gelman 2014, algorithm 4).
    private mutating func reasonableStep(at start: PhasePoint) -> Double {
        var point = start
        refreshMomentum(of: &point)
        let leapfrog = Leapfrog(density: density, metric: metric)
        let goal = log(0.8)
        var step = 0.1
        func gain(_ step: Double) -> Double {
            let joint = leapfrog.moved(point, by: step).energyless
            return joint.isNaN ? -.infinity : joint - point.energyless
        }
        let grows = gain(step) > goal
        for _ in 0..<60 {
            let next = grows ? step * 2 : step / 2
            if (gain(next) > goal) != grows { return grows ? step : next }
            step = next
        }
        return step
    }
}
