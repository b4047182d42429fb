import Foundation
public import LinearAlgebra

/// The draws of one chain.
public struct Chain: Equatable, Sendable {
    public let dimension: Int
    /// Draw i holds the values from `i * dimension` on.
    public private(set) var values: [Double] = []
    /// Draws at whose trajectory the integrator left the level set.
    public internal(set) var divergences = 0
    /// Draws whose trajectory was cut at the maximum depth.
    public internal(set) var saturated = 0
    /// Evaluations of the density after the warm-up.
    public internal(set) var evaluations = 0
    /// Mean acceptance after the warm-up.
    public internal(set) var acceptance = 0.0
    public internal(set) var stepSize = 0.0

    init(dimension: Int, capacity: Int) {
        self.dimension = dimension
        values.reserveCapacity(dimension * capacity)
    }

    mutating func add(_ draw: [Double]) {
        precondition(draw.count == dimension, "a draw of another dimension")
        values += draw
    }

    public var count: Int { values.count / dimension }

    /// All draws of one parameter, in order.
    public func series(_ parameter: Int) -> [Double] {
        stride(from: parameter, to: values.count, by: dimension).map { values[$0] }
    }
}

/// What makes a sampled result doubtful.
public enum SamplingWarning: Equatable, Sendable {
    /// Chains do not agree, R-hat above 1.01.
    case notMixed(parameter: String, rHat: Double)
    /// Fewer than 100 effective draws for each chain, in the bulk or in the tails.
    case fewEffectiveDraws(parameter: String, effectiveDraws: Double)
    /// A parameter never moved.
    case constant(parameter: String)
    /// The integrator failed, so that parts of the density may have been missed.
    case divergent(draws: Int)
    /// Trajectories were cut before they turned: slow, not wrong.
    case saturated(draws: Int)

    /// One line for a person.
    public var text: String {
        switch self {
        case .notMixed(let parameter, let rHat):
            "\(parameter): chains do not agree, R-hat \(Self.rounded(rHat))"
        case .fewEffectiveDraws(let parameter, let count):
            "\(parameter): only \(Int(exactly: count.rounded(.down)) ?? 0) effective draws"
        case .constant(let parameter): "\(parameter): all draws are equal"
        case .divergent(let draws): "\(draws) draws with divergent trajectories"
        case .saturated(let draws): "\(draws) draws with trajectories cut at the maximum depth"
        }
    }

    private static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}

/// Draws from a posterior with their statistics and an account of how far they can be trusted.
public struct SampledPosterior: Sendable {
    public let names: [String]
    public let chains: [Chain]
    public let diagnostics: [SeriesDiagnostics]
    public let mean: [Double]
    public let sigma: [Double]

    init(names: [String], chains: [Chain]) {
        self.names = names
        self.chains = chains
        let series = names.indices.map { parameter in chains.map { $0.series(parameter) } }
        diagnostics = series.map { SeriesDiagnostics(chains: $0) }
        let moments = series.map { Self.moments($0.flatMap { $0 }) }
        mean = moments.map { $0.mean }
        sigma = moments.map { $0.sigma }
    }

    private static func moments(_ values: [Double]) -> (mean: Double, sigma: Double) {
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (mean, (squares / Double(values.count - 1)).squareRoot())
    }

    /// Draws of all chains.
    public var count: Int { chains.reduce(0) { $0 + $1.count } }
    public var divergences: Int { chains.reduce(0) { $0 + $1.divergences } }

    /// Covariance of the draws, parameters x parameters.
    public var covariance: Matrix {
        var departures = Matrix(rows: count, columns: names.count, storage: chains.flatMap { $0.values })
        for row in 0..<count {
            for column in names.indices { departures[row, column] -= mean[column] }
        }
        var result = Matrix.transposedProduct(of: departures)
        for index in result.storage.indices { result.storage[index] /= Double(count - 1) }
        return result
    }

    /// Draws of one parameter from all chains.
    public func pooled(_ parameter: Int) -> [Double] { chains.flatMap { $0.series(parameter) } }

    /// The values below which a share of the draws lies, interpolated; one for each parameter.
    ///
    /// - Precondition: the probability lies between 0 and 1.
    public func quantile(_ probability: Double) -> [Double] {
        precondition(probability >= 0 && probability <= 1, "a probability between 0 and 1")
        return names.indices.map { sortedQuantile(pooled($0).sorted(), probability) }
    }

    /// Central intervals, such as 0.68 or 0.95.
    public func interval(probability: Double) -> [ClosedRange<Double>] {
        zip(quantile((1 - probability) / 2), quantile((1 + probability) / 2)).map { $0...$1 }
    }

    /// Draws of totals of the parameters, with diagnostics of their own.
    ///
    /// - Throws: ``InversionError/wrongLength(of:expected:actual:)`` when the weights do not fit the parameters.
    public func totals(_ functionals: LinearFunctionals) throws(InversionError) -> SampledPosterior {
        try checkLength("columns of the weights", functionals.weights.columns, names.count)
        let mapped = chains.map { chain in
            var result = Chain(dimension: functionals.names.count, capacity: chain.count)
            for draw in 0..<chain.count {
                let values = Array(chain.values[(draw * chain.dimension)..<((draw + 1) * chain.dimension)])
                let totals = functionals.weights.times(values)
                result.add(zip(totals, functionals.offsets).map { $0 + $1 })
            }
            result.divergences = chain.divergences
            result.saturated = chain.saturated
            return result
        }
        return SampledPosterior(names: functionals.names, chains: mapped)
    }

    /// Everything that makes the result doubtful; empty when it can be used as it is.
    public var warnings: [SamplingWarning] {
        var result: [SamplingWarning] = []
        let needed = 100 * Double(chains.count)
        for (name, diagnostic) in zip(names, diagnostics) {
            if diagnostic.isConstant {
                result.append(.constant(parameter: name))
                continue
            }
            if !(diagnostic.rHat <= 1.01) { result.append(.notMixed(parameter: name, rHat: diagnostic.rHat)) }
            let effective = min(diagnostic.bulkEffectiveDraws, diagnostic.tailEffectiveDraws)
            if !(effective >= needed) {
                result.append(.fewEffectiveDraws(parameter: name, effectiveDraws: effective))
            }
        }
        if divergences > 0 { result.append(.divergent(draws: divergences)) }
        let saturated = chains.reduce(0) { $0 + $1.saturated }
        if saturated > 0 { result.append(.saturated(draws: saturated)) }
        return result
    }
}
