public import Inversion
public import LinearAlgebra
public import Quantities

/// Totals after an inversion by one solver, with the priors they came from.
public struct SolvedTotals: Sendable {
    public let plan: TotalsPlan
    /// Prior and posterior, with full covariances.
    public let values: FunctionalTotals
    /// Shares of ``Percentiles/probabilities`` x totals; nil where unknown.
    public var percentiles: [[Double]]?
    /// Monte Carlo standard errors of the totals; nil for a solver without chance.
    public var meanError: [Double]?
    /// What the elements give each total where they emit, and where they take up, by the sign of their posterior mean;
    /// both with their sign, so that they add up to the total. Empty without the covariance of the state.
    public var sources: [Estimate] = []
    public var sinks: [Estimate] = []

    public init(_ plan: TotalsPlan, _ values: FunctionalTotals) {
        self.plan = plan
        self.values = values
    }

    /// Totals of a state whose covariance is known.
    ///
    /// - Throws: ``InversionError`` where the shapes differ.
    public init(
        _ plan: TotalsPlan,
        of problem: LinearProblem,
        mean: [Double],
        covariance: Matrix
    ) throws(InversionError) {
        let weights = plan.functionals.weights
        guard weights.columns == mean.count, covariance.rows == mean.count else {
            throw .wrongLength(of: "columns of the weights", expected: mean.count, actual: weights.columns)
        }
        self.init(
            plan,
            FunctionalTotals(
                names: plan.names,
                priorMean: Self.sums(plan.functionals, problem.priorMean),
                priorCovariance: Self.project(weights, problem.priorError),
                mean: Self.sums(plan.functionals, mean),
                covariance: Self.project(weights, .covariance(covariance))
            )
        )
        split(mean: mean, covariance: covariance)
    }

    /// The same with the percentiles of normal distributions, for a solution whose state is normal.
    public func withNormalPercentiles() -> SolvedTotals {
        var result = self
        let sigma = values.covariance.diagonal.map { max($0, 0).squareRoot() }
        result.percentiles = Percentiles.normal(values.mean, sigma)
        return result
    }

    /// The same with other posterior values, such as those of draws.
    func replacing(mean: [Double], covariance: Matrix) -> SolvedTotals {
        var result = SolvedTotals(
            plan,
            FunctionalTotals(
                names: plan.names,
                priorMean: values.priorMean,
                priorCovariance: values.priorCovariance,
                mean: mean,
                covariance: covariance
            )
        )
        (result.sources, result.sinks) = (sources, sinks)
        return result
    }

    /// Whether an element takes up, so that sources and sinks need telling apart.
    public var hasSinks: Bool { sinks.contains { $0.mean < 0 } }

    /// The same where the spread of some elements is unknown: NaN for each total, source or sink that they are part of.
    public func withoutSpread(of elements: [Int], mean state: [Double]) -> SolvedTotals {
        let weights = plan.functionals.weights
        func isPart(_ total: Int, _ fits: (Double) -> Bool = { _ in true }) -> Bool {
            elements.contains { weights[total, $0] != 0 && fits(weights[total, $0] * state[$0]) }
        }
        var covariance = values.covariance
        for total in 0..<covariance.rows where isPart(total) {
            for other in 0..<covariance.rows {
                covariance[total, other] = .nan
                covariance[other, total] = .nan
            }
        }
        var result = replacing(mean: values.mean, covariance: covariance)
        func unknown(_ parts: [Estimate], _ fits: (Double) -> Bool) -> [Estimate] {
            parts.enumerated().map { total, part in
                isPart(total, fits) ? Estimate(mean: part.mean, standardDeviation: .nan) : part
            }
        }
        // At zero an element may be either.
        result.sources = unknown(sources) { $0 >= 0 }
        result.sinks = unknown(sinks) { $0 <= 0 }
        return result
    }

    private mutating func split(mean: [Double], covariance: Matrix) {
        sources = part(positive: true, mean, covariance)
        sinks = part(positive: false, mean, covariance)
    }

    private func part(positive: Bool, _ mean: [Double], _ covariance: Matrix) -> [Estimate] {
        var weights = plan.functionals.weights
        for index in weights.storage.indices
        where (weights.storage[index] * mean[index % mean.count] >= 0) != positive {
            weights.storage[index] = 0
        }
        let sums = weights.times(mean)
        let variances = Self.project(weights, .covariance(covariance)).diagonal
        return plan.functionals.offsets.indices.map { total in
            let offset = plan.functionals.offsets[total]
            return Estimate(
                mean: sums[total] + ((offset >= 0) == positive ? offset : 0),
                standardDeviation: max(variances[total], 0).squareRoot()
            )
        }
    }

    private static func sums(_ functionals: LinearFunctionals, _ state: [Double]) -> [Double] {
        zip(functionals.weights.times(state), functionals.offsets).map { $0 + $1 }
    }

    /// W B Wᵀ; a diagonal B is not formed.
    static func project(_ weights: Matrix, _ error: ErrorModel) -> Matrix {
        var result: Matrix
        switch error {
        case .independent(let sigma):
            var scaled = weights
            scaled.scaleColumns(by: sigma)
            result = scaled.timesTransposed(scaled)
        case .covariance(let matrix):
            result = weights.times(matrix).timesTransposed(weights)
        }
        // Rounding leaves the two triangles a few units apart.
        result.mirrorLowerTriangle()
        return result
    }
}

extension SolvedTotals {
    /// Totals of draws: their mean, covariance, percentiles and Monte Carlo errors.
    ///
    /// - Throws: ``InversionError`` where the shapes differ.
    public init(
        _ plan: TotalsPlan,
        of problem: LinearProblem,
        draws: SampledPosterior,
        covariance: Matrix
    ) throws(InversionError) {
        let sampled = try draws.totals(plan.functionals)
        let whole = try SolvedTotals(plan, of: problem, mean: draws.mean, covariance: covariance)
        self = whole.replacing(mean: sampled.mean, covariance: sampled.covariance)
        percentiles = Percentiles.sampled(sampled)
        meanError = sampled.diagnostics.map(\.meanError)
    }
}
