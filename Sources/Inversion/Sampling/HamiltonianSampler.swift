import Concurrent

/// Draws from a density by Hamiltonian Monte Carlo with the No-U-Turn rule. Parameters with bounds are drawn on the
/// unbounded scale of their ``Support``, with its Jacobian.
public struct HamiltonianSampler: Sendable {
    public var settings: SamplerSettings

    public init(_ settings: SamplerSettings = SamplerSettings()) { self.settings = settings }

    /// Runs the chains, each with a random stream of its own, side by side: the draws depend on the seed alone.
    ///
    /// - Parameters:
    ///   - density: any smooth density.
    ///   - names: one for each parameter.
    ///   - start: a point inside the supports, near the bulk of the density where one is known.
    ///   - scales: as ``LogDensity/scales``, which nil takes.
    /// - Throws: ``InversionError`` when lengths differ, the start is outside or the density is not finite near it;
    ///   `CancellationError` when the task is cancelled. What went badly without being an error is told by
    ///   ``SampledPosterior/warnings``.
    public func sample(
        _ density: some LogDensity,
        names: [String],
        start: [Double],
        scales: [Double]? = nil
    ) async throws -> SampledPosterior {
        try settings.validate()
        let scales = scales ?? density.scales
        try check(density, names, start, scales)
        let unbounded = UnboundedDensity(density, scales: scales)
        let center = zip(try Self.unbounded(start, density.supports), scales).map { $0 / $1 }
        let settings = settings
        let chains = try await parallelMap(count: settings.chains, chunks: settings.chains) { range in
            try range.map { index in
                var chain = HamiltonianChain(density: unbounded, settings: settings, stream: UInt64(index))
                return try chain.run(from: center)
            }
        }
        return SampledPosterior(names: names, chains: chains.flatMap { $0 })
    }

    private func check(
        _ density: some LogDensity,
        _ names: [String],
        _ start: [Double],
        _ scales: [Double]
    ) throws(InversionError) {
        guard density.dimension > 0 else { throw .empty("parameters") }
        try checkLength("supports", density.supports.count, density.dimension)
        try checkLength("parameter names", names.count, density.dimension)
        try checkLength("start", start.count, density.dimension)
        try checkLength("scales", scales.count, density.dimension)
        try checkFinite("start", start)
        try checkFinite("scales", scales)
        if let index = scales.firstIndex(where: { !($0 > 0) }) {
            throw .notPositive("scales", index: index, value: scales[index])
        }
    }

    private static func unbounded(_ start: [Double], _ supports: [Support]) throws(InversionError) -> [Double]
    {
        var result = start
        for (index, support) in supports.enumerated() {
            guard support.lower < support.upper else {
                throw .boundsCross(index: index, lower: support.lower, upper: support.upper)
            }
            guard let value = support.unbounded(start[index]) else {
                throw .notFinite("start on the unbounded scale", index: index)
            }
            result[index] = value
        }
        return result
    }
}
