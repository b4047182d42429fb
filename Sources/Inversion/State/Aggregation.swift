public import LinearAlgebra
import Quantities

/// A problem of many unknowns reduced to one of few, with the error that the reduction makes.
///
/// With the restriction z = Γ x and the prolongation Γ* = B Γᵀ (Γ B Γᵀ)⁻¹, what the reduced state cannot follow,
/// (I - Γ* Γ)(x - x_prior), is independent of z under the prior. Its image in the observations,
/// H (I - Γ* Γ) B (I - Γ* Γ)ᵀ Hᵀ, added to R, makes the reduced solution exactly that of the full problem seen
/// through Γ (Bocquet, Wu, Chevallier 2011, QJRMS 137, 1340; Turner and Jacob 2015, ACP 15, 7039).
public struct Aggregation: Sendable {
    /// The reduced problem, whose observation error holds the aggregation error.
    public let problem: LinearProblem
    /// Standard deviation of the aggregation error of each observation.
    public let sigma: [Double]
    /// Γ*, full states x reduced states.
    public let prolongation: Matrix

    /// - Parameters:
    ///   - full: the problem of many unknowns.
    ///   - restriction: Γ, reduced states x full states, of full row rank.
    ///   - names: of the reduced states.
    /// - Throws: ``InversionError`` of the problem, or ``InversionError/algebra(_:_:)`` for rows of Γ that depend
    ///   on each other.
    public init(
        of full: LinearProblem,
        restriction: Matrix,
        names: [String]
    ) throws(InversionError) {
        try full.validate()
        try checkLength("columns of the restriction", restriction.columns, full.stateCount)
        try checkLength("state_name", names.count, restriction.rows)
        try checkFinite("restriction", restriction.storage)
        let prior = full.priorError.matrix
        let spread = restriction.times(prior)
        var reduced = spread.timesTransposed(restriction)
        reduced.mirrorLowerTriangle()
        let factor: Cholesky
        do { factor = try Cholesky(factoring: reduced) } catch { throw .algebra("restriction", error) }
        prolongation = factor.solve(spread).transposed()
        // H (B - Γ* Γ B) Hᵀ: the projector drops out on one side.
        var residual = prior
        let half = factor.forwardSolve(spread)
        residual.addTransposedProduct(of: half, scale: -1)
        residual.mirrorLowerTriangle()
        var error = full.jacobian.times(residual).timesTransposed(full.jacobian)
        error.mirrorLowerTriangle()
        sigma = error.diagonal.map(standardDeviation(ofVariance:))
        let stated = full.observationError.matrix
        for index in error.storage.indices { error.storage[index] += stated.storage[index] }
        // y - H x_prior is the same on both sides: what z cannot follow stays at its prior.
        let followed = prolongation.times(restriction.times(full.priorMean))
        let fixed = full.jacobian.times(zip(full.priorMean, followed).map { $0 - $1 })
        problem = LinearProblem(
            jacobian: full.jacobian.times(prolongation),
            observations: zip(full.observations, fixed).map { $0 - $1 },
            observationError: .covariance(error),
            priorMean: restriction.times(full.priorMean),
            priorError: .covariance(reduced),
            stateNames: names
        )
    }

    /// The restriction to weighted means over the parts of a basis, parts x cells.
    ///
    /// - Parameter weights: of each cell, such as its prior emission; a part whose weights sum to zero is refused.
    public static func means(over basis: Basis, weights: [Double]) throws(InversionError) -> Matrix {
        try checkLength("weights", weights.count, basis.parts.count)
        try checkFinite("weights", weights)
        var result = Matrix(rows: basis.count, columns: weights.count)
        for (part, cells) in basis.members.enumerated() {
            let total = cells.reduce(0) { $0 + weights[$1] }
            guard total != 0 else { throw .notPositive("weight of basis function", index: part, value: 0) }
            for cell in cells { result[part, cell] = weights[cell] / total }
        }
        return result
    }
}
