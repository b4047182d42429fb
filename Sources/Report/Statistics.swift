/// How well a model fits observations. All NaN where there is nothing to compare.
public struct FitStatistics: Hashable, Sendable {
    /// Pairs whose two values are finite.
    public let count: Int
    /// Mean of model minus observation, in the unit of both.
    public let bias: Double
    /// Root of the mean squared difference, same unit.
    public let rootMeanSquareError: Double
    /// Pearson correlation; NaN where one side does not vary.
    public let correlation: Double
    /// Mean of ((model - observation) / sigma)^2; near one when the stated errors are honest. NaN where a
    /// sigma is not positive.
    public let chiSquarePerObservation: Double

    /// - Precondition: the three arrays have the same count.
    public init(observed: [Double], modelled: [Double], sigma: [Double]) {
        precondition(
            observed.count == modelled.count && observed.count == sigma.count,
            "arrays of different length"
        )
        let pairs = observed.indices.filter { observed[$0].isFinite && modelled[$0].isFinite }
        let number = Double(pairs.count)
        count = pairs.count
        func mean(_ value: (Int) -> Double) -> Double { pairs.reduce(0) { $0 + value($1) } / number }
        let observedMean = mean { observed[$0] }
        let modelledMean = mean { modelled[$0] }
        bias = modelledMean - observedMean
        rootMeanSquareError = mean { square(modelled[$0] - observed[$0]) }.squareRoot()
        let covariance = mean { (observed[$0] - observedMean) * (modelled[$0] - modelledMean) }
        let observedVariance = mean { square(observed[$0] - observedMean) }
        let spread = observedVariance * mean { square(modelled[$0] - modelledMean) }
        correlation = spread > 0 ? min(1, max(-1, covariance / spread.squareRoot())) : .nan
        chiSquarePerObservation = mean {
            sigma[$0] > 0 ? square((modelled[$0] - observed[$0]) / sigma[$0]) : .nan
        }
    }
}

extension FitStatistics {
    /// Of the observations the inversion used, for the prior or the posterior model.
    init(of fit: [ObservationFit], modelled: (ObservationFit) -> Double) {
        let used = fit.filter(\.isUsed)
        self.init(observed: used.map(\.observed), modelled: used.map(modelled), sigma: used.map(\.sigma))
    }
}

func square(_ value: Double) -> Double { value * value }
