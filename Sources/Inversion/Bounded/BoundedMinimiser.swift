/// L-BFGS-B: minimises a smooth function of many variables inside bounds with the memory of a few vectors.
///
/// After Byrd, Lu, Nocedal, Zhu (1995, SIAM J. Sci. Comput. 16, 1190): generalised Cauchy point, then the
/// subspace of the variables left free, with the projection of Morales and Nocedal (2011, ACM TOMS 38, 7) and a
/// line search on the strong Wolfe conditions. Local: of a function with several minima it finds one. Give
/// variables that differ by orders of magnitude a common scale first.
public struct BoundedMinimiser: Sendable {
    /// Pairs of steps and gradient differences that are kept.
    public var memory: Int
    public var maximumIterations: Int
    /// Largest component of the projected gradient at which the search is over.
    public var tolerance: Double
    /// Decrease of the value that the last model must promise for a search that gets no further to have failed: less
    /// is met. Nil for a hundred roundings of the value, 1e-14 of it (at least 1e-14).
    public var leastDecrease: Double?

    /// - Precondition: all are positive.
    public init(
        memory: Int = 10,
        maximumIterations: Int = 2000,
        tolerance: Double = 1e-8,
        leastDecrease: Double? = nil
    ) {
        precondition(memory > 0 && maximumIterations > 0 && tolerance > 0, "settings are positive")
        precondition(leastDecrease.map { $0 > 0 } ?? true, "settings are positive")
        self.leastDecrease = leastDecrease
        self.memory = memory
        self.maximumIterations = maximumIterations
        self.tolerance = tolerance
    }

    /// - Parameter start: moved to the nearest point inside the bounds.
    /// - Throws: ``InversionError`` when lengths differ, the function is not finite at the start, or the
    ///   tolerance is not met. Where rounding of the value ends the search first, a projected gradient of up to
    ///   1e-6 of the value (at least 1e-6) counts as met, as does a step that promises less than ``leastDecrease``;
    ///   the result tells the gradient. The gradient alone does not do: where terms of the value cancel, its rounding
    ///   is that of the terms, and against much curvature even a large gradient is a short step.
    public func minimise(
        _ function: some SmoothFunction,
        from start: [Double],
        bounds: Bounds
    ) throws(InversionError) -> BoundedMinimum {
        try checkLength("start", start.count, function.dimension)
        try checkLength("bounds", bounds.count, function.dimension)
        try checkFinite("start", start)
        var search = QuasiNewtonSearch(function, start: bounds.clamped(start), bounds: bounds, memory: memory)
        guard search.value.isFinite else { throw .notFinite("value at the start", index: 0) }
        try checkFinite("gradient at the start", search.gradient)
        var best = Double.infinity
        var stepsSinceBest = 0
        while search.projectedGradient > tolerance {
            let size = max(1, abs(search.value))
            let promises = leastDecrease ?? 1e-14 * size
            let isAtRounding = search.projectedGradient <= 1e-6 * size || search.promised <= promises
            // Rounding of the value may let a search go on for ever without coming nearer.
            if isAtRounding, stepsSinceBest >= Self.patience { break }
            guard search.iterations < maximumIterations else { throw search.failure }
            guard search.advance() else {
                guard isAtRounding || search.promised <= promises else { throw search.failure }
                break
            }
            stepsSinceBest = search.projectedGradient < best ? 0 : stepsSinceBest + 1
            best = min(best, search.projectedGradient)
        }
        return search.minimum
    }

    /// Steps without a smaller gradient after which one within rounding is as good as it gets.
    private static let patience = 20
}

/// The state of one search.
private struct QuasiNewtonSearch<Function: SmoothFunction> {
    let function: Function
    let bounds: Bounds
    let memory: Int
    var point: [Double]
    var value: Double
    var gradient: [Double]
    var model: CompactHessian
    var iterations = 0
    var evaluations = 1
    /// How much less the value should be along the last direction that was searched, by the slope there.
    var promised = Double.infinity

    init(_ function: Function, start: [Double], bounds: Bounds, memory: Int) {
        self.function = function
        self.bounds = bounds
        self.memory = memory
        point = start
        gradient = [Double](repeating: 0, count: start.count)
        value = function.value(at: start, gradient: &gradient)
        model = CompactHessian(dimension: start.count, memory: memory)
    }

    var projectedGradient: Double {
        point.indices.reduce(0) { worst, index in
            max(worst, abs(bounds.clamped(point[index] - gradient[index], at: index) - point[index]))
        }
    }

    var failure: InversionError {
        .notConverged("the bounded minimisation", iterations: iterations, residual: projectedGradient)
    }

    var minimum: BoundedMinimum {
        BoundedMinimum(
            point: point,
            value: value,
            gradient: gradient,
            states: point.indices.map { bounds.state(of: point[$0], at: $0) },
            projectedGradient: projectedGradient,
            iterations: iterations,
            evaluations: evaluations
        )
    }

    /// One step; false when no step goes down even along the steepest descent.
    mutating func advance() -> Bool {
        iterations += 1
        if step() { return true }
        guard !model.isEmpty else { return false }
        let byModel = promised
        model = CompactHessian(dimension: point.count, memory: memory)
        if step() { return true }
        // The steepest descent knows nothing of the curvature.
        if byModel < .infinity { promised = byModel }
        return false
    }

    private mutating func step() -> Bool {
        let target = model.target(from: point, gradient: gradient, bounds: bounds)
        let direction = zip(target, point).map { $0 - $1 }
        let slope = dotProduct(direction, gradient)
        guard slope < 0, slope.isFinite else {
            promised = .infinity
            return false
        }
        promised = -slope
        let longest = longestStep(along: direction)
        let norm = squaredNorm(direction).squareRoot()
        var line = LineSearch(value: value, slope: slope, longest: longest)
        let first = model.isEmpty ? min(1, 1 / norm) : 1
        guard let found = line.run(first: min(first, longest), trial: { trial(along: direction, $0) }) else {
            evaluations += line.evaluations
            return false
        }
        evaluations += line.evaluations
        model.add(
            step: zip(found.point, point).map { $0 - $1 },
            change: zip(found.gradient, gradient).map { $0 - $1 }
        )
        (point, value, gradient) = (found.point, found.value, found.gradient)
        return true
    }

    private func trial(along direction: [Double], _ length: Double) -> LineTrial {
        let moved = point.indices.map { bounds.clamped(point[$0] + length * direction[$0], at: $0) }
        var slopes = [Double](repeating: 0, count: moved.count)
        let value = function.value(at: moved, gradient: &slopes)
        return LineTrial(
            length: length,
            value: value,
            slope: dotProduct(slopes, direction),
            point: moved,
            gradient: slopes
        )
    }

    /// How far the direction can be followed inside the bounds, in units of the direction.
    private func longestStep(along direction: [Double]) -> Double {
        direction.indices.reduce(1e10) { longest, index in
            let change = direction[index]
            if change > 0 { return min(longest, max(1, (bounds.upper[index] - point[index]) / change)) }
            if change < 0 { return min(longest, max(1, (bounds.lower[index] - point[index]) / change)) }
            return longest
        }
    }
}
