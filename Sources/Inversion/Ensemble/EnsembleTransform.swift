import Foundation
public import LinearAlgebra

/// What an analysis does to the members, in the space that they span (Hunt, Kostelich and Szunyogh 2007, Physica D
/// 230, 112, equations 20 to 25): the mean moves by deviations · `weights`, and the deviations are multiplied by
/// the symmetric `transform` from the right, which keeps their sum at zero.
public struct EnsembleTransform: Sendable {
    /// One per member; they sum to zero.
    public let weights: [Double]
    /// Members x members, symmetric positive definite; each row sums to one.
    public let transform: Matrix
    /// Degrees of freedom for signal, Σ λ / (members - 1 + λ) over the eigenvalues λ of the gram matrix.
    public let degreesOfFreedomForSignal: Double
    /// ln det(I + Y Yᵀ / (members - 1)) with Y the whitened deviations of the predictions.
    public let logDeterminantRatio: Double
    /// bᵀ [(members - 1) I + Yᵀ Y]⁻¹ b: by how much the analysis lowers the innovation chi2.
    public let chiSquareReduction: Double

    /// - Parameters:
    ///   - gram: Yᵀ Y, members x members, of predicted deviations over the observation errors.
    ///   - projected: Yᵀ d, of the innovations over the observation errors.
    /// - Throws: ``LinearAlgebraError`` when a value is not finite.
    public init(gram: consuming Matrix, projected: [Double]) throws(LinearAlgebraError) {
        if let row = projected.firstIndex(where: { !$0.isFinite }) { throw .notFinite(row: row, column: 0) }
        let prior = Double(projected.count - 1)
        let eigen = try SymmetricEigen(decomposing: gram)
        // Rounding may leave the zero of the common direction a little below.
        let values = eigen.values.map { max(0, $0) }
        let components = eigen.vectors.times(projected)
        let solved = zip(components, values).map { $0 / (prior + $1) }
        weights = eigen.vectors.transposedTimes(solved)
        transform = eigen.mapped { (prior / (prior + max(0, $0))).squareRoot() }
        degreesOfFreedomForSignal = values.reduce(0) { $0 + $1 / (prior + $1) }
        logDeterminantRatio = values.reduce(0) { $0 + log1p($1 / prior) }
        chiSquareReduction = dotProduct(components, solved)
    }

    /// The analysis of an ensemble.
    public func apply(to ensemble: Ensemble) -> Ensemble {
        let shift = ensemble.deviations.times(weights)
        return Ensemble(
            mean: zip(ensemble.mean, shift).map { $0 + $1 },
            deviations: ensemble.deviations.times(transform)
        )
    }
}
