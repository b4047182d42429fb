import Foundation

/// A rate with its intervals, kg h-1.
public struct RateEstimate: Hashable, Sendable {
    /// As likely too high as too low.
    public let median: Double
    public let lower68: Double
    public let upper68: Double
    public let lower95: Double
    public let upper95: Double

    public init(median: Double, lower68: Double, upper68: Double, lower95: Double, upper95: Double) {
        self.median = median
        (self.lower68, self.upper68) = (lower68, upper68)
        (self.lower95, self.upper95) = (lower95, upper95)
    }

    /// Normal in its logarithm about a rate above zero.
    init(rate: Double, logDeviation: Double) {
        let (near, far) = (exp(logDeviation), exp(1.959963984540054 * logDeviation))
        self.init(
            median: rate,
            lower68: rate / near,
            upper68: rate * near,
            lower95: rate / far,
            upper95: rate * far
        )
    }

    /// From log-likelihoods at rates that are equally likely beforehand in their logarithm, widened by an error that is
    /// normal in it.
    init(_ logLikelihoods: [Double], at grid: RateGrid, widenedBy logDeviation: Double) {
        let peak = logLikelihoods.max() ?? 0
        let weights = logLikelihoods.map { exp($0 - peak) }
        let total = weights.reduce(0, +)
        let step = grid.logarithms.count > 1 ? grid.logarithms[1] - grid.logarithms[0] : 1
        // Each point stands for the cell around it, so that a sharp peak is none of zero width.
        let width = (logDeviation * logDeviation + step * step / 12).squareRoot()
        func below(_ x: Double) -> Double {
            var sum = 0.0
            for (index, weight) in weights.enumerated() where weight > 1e-12 {
                sum += weight * erfc((grid.logarithms[index] - x) / (width * 2.0.squareRoot()))
            }
            return sum / (2 * total)
        }
        func quantile(_ share: Double) -> Double {
            var low = grid.logarithms[0] - 10 * width
            var high = grid.logarithms[grid.logarithms.count - 1] + 10 * width
            for _ in 0..<60 {
                let middle = (low + high) / 2
                if below(middle) < share { low = middle } else { high = middle }
            }
            return exp((low + high) / 2)
        }
        self.init(
            median: quantile(0.5),
            lower68: quantile(0.158655253931457),
            upper68: quantile(0.841344746068543),
            lower95: quantile(0.025),
            upper95: quantile(0.975)
        )
    }
}
