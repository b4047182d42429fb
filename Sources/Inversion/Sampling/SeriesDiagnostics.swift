import Foundation
import Quantities

/// How far the draws of one parameter can be trusted: rank-normalised split R-hat and effective sizes (Vehtari,
/// Gelman, Simpson, Carpenter, Bürkner 2021, Bayesian Analysis 16, 667).
public struct SeriesDiagnostics: Equatable, Sendable {
    /// The larger of the values for the bulk and for the spread; 1 when the chains agree.
    public let rHat: Double
    /// Independent draws that would place the centre as well.
    public let bulkEffectiveDraws: Double
    /// Independent draws that would place the 5 % and 95 % quantiles as well, the worse of the two.
    public let tailEffectiveDraws: Double
    /// Monte Carlo standard error of the mean, in the unit of the parameter.
    public let meanError: Double
    /// Monte Carlo standard error of the standard deviation.
    public let sigmaError: Double
    /// True where all draws are equal; the other values are NaN then.
    public let isConstant: Bool

    /// - Parameter chains: draws of one parameter, one series of equal length for each chain.
    /// - Precondition: at least one chain of at least four draws, all of the same length.
    public init(chains: [[Double]]) {
        let length = chains.first?.count ?? 0
        precondition(length >= 4 && chains.allSatisfy { $0.count == length }, "chains of equal length")
        let pooled = chains.flatMap { $0 }
        isConstant = pooled.allSatisfy { $0 == pooled[0] }
        guard !isConstant, pooled.allSatisfy({ $0.isFinite }) else {
            (rHat, bulkEffectiveDraws, tailEffectiveDraws) = (.nan, .nan, .nan)
            (meanError, sigmaError) = (.nan, .nan)
            return
        }
        let halves = ChainSet(splitting: chains)
        let ranked = halves.rankNormalised()
        let sorted = pooled.sorted()
        let median = sortedQuantile(sorted, 0.5)
        let folded = halves.mapped { abs($0 - median) }.rankNormalised()
        rHat = max(ranked.rHat, folded.rHat)
        bulkEffectiveDraws = ranked.effectiveDraws
        tailEffectiveDraws = min(
            halves.mapped { [limit = sortedQuantile(sorted, 0.05)] in $0 <= limit ? 1 : 0 }.effectiveDraws,
            halves.mapped { [limit = sortedQuantile(sorted, 0.95)] in $0 <= limit ? 1 : 0 }.effectiveDraws
        )
        let mean = pooled.reduce(0, +) / Double(pooled.count)
        let variance = pooled.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(pooled.count - 1)
        meanError = (variance / halves.effectiveDraws).squareRoot()
        sigmaError = Self.sigmaError(halves, mean)
    }

    /// From the error of the mean square departure by the delta method.
    private static func sigmaError(_ halves: ChainSet, _ mean: Double) -> Double {
        let squares = halves.mapped { ($0 - mean) * ($0 - mean) }
        let values = squares.chains.flatMap { $0 }
        let square = values.reduce(0, +) / Double(values.count)
        let fourth = values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
        let variance = (fourth - square * square) / squares.effectiveDraws
        return (variance / (4 * square)).squareRoot()
    }
}

/// The value below which a share of sorted values lies, interpolated linearly.
func sortedQuantile(_ sorted: [Double], _ probability: Double) -> Double {
    let place = probability * Double(sorted.count - 1)
    guard let below = Int(exactly: place.rounded(.down)), below + 1 < sorted.count else {
        return sorted.last ?? .nan
    }
    return sorted[below] + (place - Double(below)) * (sorted[below + 1] - sorted[below])
}

/// Series of equal length of which the between and within variances are compared.
private struct ChainSet {
    let chains: [[Double]]

    init(_ chains: [[Double]]) { self.chains = chains }

    /// Each chain as two halves, without the middle draw of an odd number.
    init(splitting chains: [[Double]]) {
        self.chains = chains.flatMap { chain in
            let half = chain.count / 2
            return [Array(chain.prefix(half)), Array(chain.suffix(half))]
        }
    }

    private var length: Int { chains[0].count }
    private var means: [Double] { chains.map { $0.reduce(0, +) / Double(length) } }

    func mapped(_ transform: (Double) -> Double) -> ChainSet { ChainSet(chains.map { $0.map(transform) }) }

    /// Normal scores of the ranks among all draws, ties averaged.
    func rankNormalised() -> ChainSet {
        let pooled = chains.flatMap { $0 }
        let order = pooled.indices.sorted { pooled[$0] < pooled[$1] }
        var scores = pooled
        var start = 0
        while start < order.count {
            var end = start + 1
            while end < order.count, pooled[order[end]] == pooled[order[start]] { end += 1 }
            let rank = Double(start + 1 + end) / 2
            let score = NormalDistribution.quantile((rank - 0.375) / (Double(pooled.count) + 0.25))
            for place in start..<end { scores[order[place]] = score }
            start = end
        }
        return ChainSet(chains.indices.map { Array(scores[($0 * length)..<(($0 + 1) * length)]) })
    }

    private func spread(_ values: [Double]) -> Double {
        let mean = values.reduce(0, +) / Double(values.count)
        return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
    }

    var rHat: Double {
        let within = chains.reduce(0) { $0 + spread($1) } / Double(chains.count)
        let total = within * Double(length - 1) / Double(length) + spread(means)
        return within > 0 ? (total / within).squareRoot() : total > 0 ? .infinity : 1
    }

    /// Draws divided by the autocorrelation time with Geyer's (1992) initial monotone sequence.
    var effectiveDraws: Double {
        let count = Double(chains.count * length)
        let centred = zip(chains, means).map { chain, mean in chain.map { $0 - mean } }
        let within = chains.reduce(0) { $0 + spread($1) } / Double(chains.count)
        let total = within * Double(length - 1) / Double(length) + spread(means)
        guard total > 0 else { return count }
        func correlation(_ lag: Int) -> Double {
            let sum = centred.reduce(0) { $0 + laggedProduct($1, lag) }
            return 1 - (within - sum / count) / total
        }
        // Pairs of lags count twice, cut where their sum is no longer positive and held monotone; of the last pair
        // its first half counts once, as in the reference implementations.
        var time = -1.0
        var previous = Double.infinity
        var (even, odd) = (1.0, correlation(1))
        var lag = 1
        while lag < length - 3, even + odd > 0 {
            previous = min(previous, even + odd)
            time += 2 * previous
            (even, odd) = (correlation(lag + 1), correlation(lag + 2))
            lag += 2
        }
        time += max(0, even)
        // Antithetic chains may do better than independent draws, but not by any factor.
        return count / max(time, 1 / log10(count))
    }

    private func laggedProduct(_ values: [Double], _ lag: Int) -> Double {
        var sum = 0.0
        for index in 0..<(values.count - lag) { sum += values[index] * values[index + lag] }
        return sum
    }
}
