public import LinearAlgebra

/// Where the posterior variance of a total comes from: the prior, or a part of the observation error (instrument,
/// representation, transport).
///
/// With the gain K, S = (I - A) B (I - A)ᵀ + Σ K R_p Kᵀ over the parts p of R (Rodgers 2000, section 3.2.2), so that
/// the shares of each total sum to one.
public struct VarianceShares: Sendable {
    public let totals: [String]
    /// `prior`, then the parts of the observation error.
    public let sources: [String]
    /// One row a total, one column a source.
    public let shares: Matrix
}

extension Diagnostics {
    /// Shares of the variance of totals; a problem without a budget has the one part `observations`.
    ///
    /// - Parameters:
    ///   - totals: rows of weights; see ``LinearFunctionals/elements(of:)`` for the state itself.
    ///   - budget: of which the observation error of the problem is the sum.
    /// - Throws: ``InversionError`` where lengths differ or a total has no variance.
    public static func varianceShares(
        of problem: LinearProblem,
        _ posterior: Posterior,
        totals: LinearFunctionals,
        budget: ErrorBudget? = nil
    ) throws(InversionError) -> VarianceShares {
        try checkLength("columns of the weights", totals.weights.columns, problem.stateCount)
        let prior = try priorVariance(problem, posterior, totals.weights)
        let parts: [(name: String, variance: [Double])]
        if let budget {
            try checkLength("times of the observation error", budget.times.count, problem.observationCount)
            parts = try budgetVariance(problem, posterior, totals.weights, budget)
        } else {
            parts = [("observations", try observationVariance(problem, posterior, totals.weights))]
        }
        var shares = Matrix(rows: totals.names.count, columns: 1 + parts.count)
        for row in totals.names.indices {
            let values = [prior[row]] + parts.map { $0.variance[row] }
            let sum = values.reduce(0, +)
            guard sum > 0 else {
                throw .notPositive("variance of \(totals.names[row])", index: row, value: sum)
            }
            for (column, value) in values.enumerated() { shares[row, column] = value / sum }
        }
        return VarianceShares(totals: totals.names, sources: ["prior"] + parts.map(\.name), shares: shares)
    }

    /// Diagonal of W (I - A) B (I - A)ᵀ Wᵀ.
    private static func priorVariance(
        _ problem: LinearProblem,
        _ posterior: Posterior,
        _ weights: Matrix
    ) throws(InversionError) -> [Double] {
        var kept = weights.times(posterior.averagingKernel)
        for index in kept.storage.indices {
            kept.storage[index] = weights.storage[index] - kept.storage[index]
        }
        return try ErrorFactor(problem.priorError, name: "prior_covariance").timesFactor(kept).squaredRowNorms
    }

    /// Diagonal of W K R Kᵀ Wᵀ with K = S Hᵀ R⁻¹.
    private static func observationVariance(
        _ problem: LinearProblem,
        _ posterior: Posterior,
        _ weights: Matrix
    ) throws(InversionError) -> [Double] {
        let error = try ErrorFactor(problem.observationError, name: "observation_covariance")
        let spread = weights.times(posterior.covariance).timesTransposed(problem.jacobian).transposed()
        return error.whiten(spread).squaredColumnNorms
    }

    /// Diagonals of W K R_p Kᵀ Wᵀ for each part p.
    private static func budgetVariance(
        _ problem: LinearProblem,
        _ posterior: Posterior,
        _ weights: Matrix,
        _ budget: ErrorBudget
    ) throws(InversionError) -> [(name: String, variance: [Double])] {
        let spread = weights.times(posterior.covariance)
        guard !budget.isIndependent else { return independentVariance(problem, spread, budget) }
        var sums = budget.parts.map { _ in [Double](repeating: 0, count: weights.rows) }
        for block in budget.blocks {
            let response = problem.jacobian.rows(at: block).timesTransposed(spread)
            let factor = try factored(budget.covariance(of: block), "observation error of a group")
            let gain = factor.solve(response)
            for (number, part) in budget.parts.enumerated() {
                let product = part.covariance(of: block, budget.times).times(gain)
                for index in gain.storage.indices {
                    sums[number][index % weights.rows] += gain.storage[index] * product.storage[index]
                }
            }
        }
        return zip(budget.parts, sums).map { ($0.name, $1) }
    }

    private static func independentVariance(
        _ problem: LinearProblem,
        _ spread: Matrix,
        _ budget: ErrorBudget
    ) -> [(name: String, variance: [Double])] {
        let response = problem.jacobian.timesTransposed(spread)
        let sigma = budget.sigma
        return budget.parts.map { part in
            var scaled = response
            scaled.scaleRows(by: zip(part.sigma, sigma).map { $0 / ($1 * $1) })
            return (part.name, scaled.squaredColumnNorms)
        }
    }
}

extension LinearFunctionals {
    /// Each state element as a total of its own.
    public static func elements(of names: [String]) throws(InversionError) -> LinearFunctionals {
        try LinearFunctionals(
            names: names,
            weights: Matrix(diagonal: [Double](repeating: 1, count: names.count))
        )
    }

    /// Sums over the members of each group of state elements.
    public static func sums(over groups: LabelGroups) throws(InversionError) -> LinearFunctionals {
        var weights = Matrix(rows: groups.names.count, columns: groups.groupOfElement.count)
        for (element, group) in groups.groupOfElement.enumerated() {
            if let group { weights[group, element] = 1 }
        }
        return try LinearFunctionals(names: groups.names, weights: weights)
    }
}

extension ErrorPart {
    fileprivate func covariance(of block: [Int], _ times: [Double]) -> Matrix {
        var result = Matrix(rows: block.count, columns: block.count)
        for (row, one) in block.enumerated() {
            for (column, other) in block.enumerated() { result[row, column] = covariance(one, other, times) }
        }
        return result
    }
}
