public import LinearAlgebra
public import Quantities

/// Totals that are linear in the state, such as emissions of regions: row i of `weights` turns a state into
/// total i.
public struct LinearFunctionals: Sendable {
    public let names: [String]
    /// W, totals x states, in the unit of the totals per unit of the state.
    public let weights: Matrix
    /// What does not depend on the state, one per total.
    public let offsets: [Double]

    /// - Parameter offsets: zeros where nil.
    /// - Throws: ``InversionError`` when the shapes differ or a weight is not finite.
    public init(names: [String], weights: Matrix, offsets: [Double]? = nil) throws(InversionError) {
        try checkLength("rows of the weights", weights.rows, names.count)
        try checkFinite("weights", weights.storage)
        let offsets = offsets ?? [Double](repeating: 0, count: names.count)
        try checkLength("offsets", offsets.count, names.count)
        try checkFinite("offsets", offsets)
        self.names = names
        self.weights = weights
        self.offsets = offsets
    }

    /// Applies W to both sides of an inversion: means W x, covariances W B Wᵀ and W S Wᵀ.
    ///
    /// - Parameter priorError: B of the problem that was solved.
    /// - Throws: ``InversionError/wrongLength(of:expected:actual:)`` when W does not fit the state.
    public func totals(
        of posterior: Posterior,
        priorError: ErrorModel
    ) throws(InversionError) -> FunctionalTotals {
        try checkLength("columns of the weights", weights.columns, posterior.mean.count)
        try checkLength("prior error", priorError.count, posterior.mean.count)
        return FunctionalTotals(
            names: names,
            priorMean: mean(posterior.priorMean),
            priorCovariance: project(priorError),
            mean: mean(posterior.mean),
            covariance: project(.covariance(posterior.covariance))
        )
    }

    private func mean(_ state: [Double]) -> [Double] {
        zip(weights.times(state), offsets).map { $0 + $1 }
    }

    /// A diagonal covariance is not formed.
    private func project(_ error: ErrorModel) -> Matrix {
        var spread: Matrix
        switch error {
        case .independent(let sigma):
            spread = weights
            spread.scaleColumns(by: sigma.map { $0 * $0 })
        case .covariance(let covariance): spread = weights.times(covariance)
        }
        var result = spread.timesTransposed(weights)
        // Rounding leaves the two triangles a few units apart.
        result.mirrorLowerTriangle()
        return result
    }
}

/// Totals before and after an inversion with their full covariances, in the unit of the weights.
public struct FunctionalTotals: Sendable {
    public let names: [String]
    public let priorMean: [Double]
    /// W B Wᵀ.
    public let priorCovariance: Matrix
    public let mean: [Double]
    /// W S Wᵀ.
    public let covariance: Matrix

    public init(
        names: [String],
        priorMean: [Double],
        priorCovariance: Matrix,
        mean: [Double],
        covariance: Matrix
    ) {
        self.names = names
        self.priorMean = priorMean
        self.priorCovariance = priorCovariance
        self.mean = mean
        self.covariance = covariance
    }

    public var prior: [Estimate] { Self.estimates(priorMean, priorCovariance) }
    public var posterior: [Estimate] { Self.estimates(mean, covariance) }

    /// 1 - sigma_posterior / sigma_prior; 0 for a total without prior uncertainty.
    public var uncertaintyReductions: [Double] {
        zip(prior, posterior).map { before, after in
            before.standardDeviation > 0 ? 1 - after.standardDeviation / before.standardDeviation : 0
        }
    }

    /// Posterior correlations; 0 beside a total without uncertainty.
    public var correlations: Matrix {
        let scale = posterior.map { $0.standardDeviation > 0 ? 1 / $0.standardDeviation : 0 }
        var result = covariance
        result.scaleRows(by: scale)
        result.scaleColumns(by: scale)
        return result
    }

    private static func estimates(_ means: [Double], _ covariance: Matrix) -> [Estimate] {
        zip(means, covariance.diagonal).map {
            Estimate(mean: $0, standardDeviation: standardDeviation(ofVariance: $1))
        }
    }
}
