/// How a column that was measured depends on the air at each pressure: averaging kernel times pressure weight.
public struct ColumnKernel: Equatable, Sendable {
    /// What the values stand for.
    public enum Support: String, CaseIterable, Sendable {
        /// Values at the pressures themselves.
        case levels
        /// Values between neighbouring pressures, one less than these.
        case layers
    }

    /// Edges of the parts, Pa, descending from the ground; one more than ``weights``.
    let edgesPascal: [Double]
    /// Averaging kernel times pressure weight of each part.
    let weights: [Double]

    /// The weight of a level is spread evenly in pressure over the air it stands for: up to the middle of the way to
    /// its neighbours, and to the end of the column at either end.
    ///
    /// - Parameters:
    ///   - pressuresPascal: strictly monotonic in either direction.
    ///   - averagingKernel: dimensionless, as many as the support says.
    ///   - pressureWeight: shares of the dry air that sum to about 1.
    ///
    /// Nil where counts do not fit or pressures are not monotonic and positive, or a value is not finite.
    public init?(
        pressuresPascal: [Double],
        averagingKernel: [Double],
        pressureWeight: [Double],
        support: Support
    ) {
        let expected = support == .levels ? pressuresPascal.count : pressuresPascal.count - 1
        guard expected > 0, pressuresPascal.count > 1, averagingKernel.count == expected,
            pressureWeight.count == expected, pressuresPascal.allSatisfy({ $0.isFinite && $0 >= 0 })
        else { return nil }
        var pressures = pressuresPascal
        var weights = zip(averagingKernel, pressureWeight).map { $0 * $1 }
        if pressures[0] < pressures[pressures.count - 1] {
            pressures.reverse()
            weights.reverse()
        }
        guard zip(pressures, pressures.dropFirst()).allSatisfy({ $0 > $1 }), weights.allSatisfy(\.isFinite)
        else { return nil }
        self.weights = weights
        guard support == .levels else {
            edgesPascal = pressures
            return
        }
        let middles = zip(pressures, pressures.dropFirst()).map { ($0 + $1) / 2 }
        edgesPascal = [pressures[0]] + middles + [pressures[pressures.count - 1]]
    }

    /// A column that sees all air alike.
    ///
    /// - Precondition: a positive pressure.
    public init(uniformBelowPascal surface: Double) {
        precondition(surface > 0, "a ground without air")
        edgesPascal = [surface, 0]
        weights = [1]
    }

    private init(edgesPascal: [Double], weights: [Double]) {
        self.edgesPascal = edgesPascal
        self.weights = weights
    }

    /// With the same weights over a ground of another pressure: levels of a retrieval are shares of that at its ground.
    func scaled(by ratio: Double) -> ColumnKernel {
        ColumnKernel(edgesPascal: edgesPascal.map { $0 * ratio }, weights: weights)
    }

    /// Over the whole column.
    public var total: Double { weights.reduce(0, +) }

    /// Of the air between two pressures, the first the higher. What the kernel has below the ground of the weather
    /// model, or the model below that of the kernel, falls to the lowest air: sums are kept.
    func weight(from lower: Double, to upper: Double, isLowest: Bool) -> Double {
        var sum = 0.0
        for (index, weight) in weights.enumerated() {
            let (below, above) = (edgesPascal[index], edgesPascal[index + 1])
            let start = isLowest ? below : min(below, lower)
            sum += weight * max(0, start - max(above, upper)) / (below - above)
        }
        return sum
    }
}
