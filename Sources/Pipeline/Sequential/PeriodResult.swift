import Inversion
import LinearAlgebra
public import Quantities

/// What is known of one period.
public struct PeriodResult: Codable, Sendable, Equatable {
    public let period: Int
    /// Whether it left the window and changes no more.
    public let isFinal: Bool
    public let observations: Int
    public let priorMean: [Double]
    public let priorSigma: [Double]
    public let mean: [Double]
    public let sigma: [Double]
    /// Elements held at zero.
    public let atBound: [Int]
    /// Totals in the unit of their weights, without offsets.
    public let totals: [Estimate]
}

extension PeriodResult {
    /// One that left the window.
    init(final product: RetiredPeriod, observations: Int, priorSigma: [Double], totals: [TotalOverTime]) {
        self.init(
            period: product.prior.index,
            isFinal: true,
            observations: observations,
            priorMean: product.prior.mean,
            priorSigma: priorSigma,
            mean: product.mean,
            sigma: product.covariance.diagonal.map(standardDeviation(ofVariance:)),
            atBound: product.atBound,
            totals: totals.map { Self.total($0.weights, product.mean, product.covariance, 0) }
        )
    }

    /// One of the open window.
    init(
        open prior: PeriodPrior,
        of estimate: WindowEstimate,
        at place: Range<Int>,
        observations: Int,
        priorSigma: [Double],
        totals: [TotalOverTime]
    ) {
        let mean = Array(estimate.mean[place])
        self.init(
            period: prior.index,
            isFinal: false,
            observations: observations,
            priorMean: prior.mean,
            priorSigma: priorSigma,
            mean: mean,
            sigma: Array(estimate.sigma[place]),
            atBound: estimate.atBound.filter { $0.period == prior.index }.map(\.element),
            totals: totals.map { Self.total($0.weights, mean, estimate.covariance, place.lowerBound) }
        )
    }

    /// - Parameter first: where the elements begin in the covariance.
    private static func total(
        _ weights: [Double],
        _ mean: [Double],
        _ covariance: Matrix,
        _ first: Int
    ) -> Estimate {
        var variance = 0.0
        for (row, a) in weights.enumerated() where a != 0 {
            for (column, b) in weights.enumerated() {
                variance += a * b * covariance[first + row, first + column]
            }
        }
        return Estimate(
            mean: zip(weights, mean).reduce(0) { $0 + $1.0 * $1.1 },
            standardDeviation: standardDeviation(ofVariance: variance)
        )
    }
}
