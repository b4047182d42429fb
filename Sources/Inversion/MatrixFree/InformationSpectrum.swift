import Foundation
import LinearAlgebra
import Quantities

/// The leading eigenvalues of Gᵀ G, what the observations tell over what the prior knows, direction by direction.
///
/// With pairs (l, v) the posterior covariance is S = B - L V diag(l / (1 + l)) Vᵀ Lᵀ; directions that are missing leave
/// their part of the prior variance in (Spantini et al. 2015, SIAM J. Sci. Comput. 37, A2451).
public struct InformationSpectrum: Sendable {
    /// Descending, zero or more. Each is at most the true eigenvalue of its rank, so that sums over them are lower
    /// bounds.
    public let values: [Double]
    /// |Gᵀ G v - l v| for each pair, a bound on the distance from l to the nearest true eigenvalue.
    public let residuals: [Double]
    /// With probability 1 - 10⁻⁸, no direction outside carries more than this; nil where it was not estimated.
    public let remainderBound: Double?
    let vectors: ControlBasis

    /// Σ l / (1 + l), at most the degrees of freedom for signal of the whole problem.
    public var degreesOfFreedomForSignal: Double { values.reduce(0) { $0 + $1 / (1 + $1) } }
    /// Σ ln(1 + l) / 2 in nats, at most the information content of the whole problem.
    public var informationContent: Double { values.reduce(0) { $0 + log1p($1) } / 2 }

    init(values: [Double], residuals: [Double], remainderBound: Double? = nil, vectors: ControlBasis) {
        self.values = values
        self.residuals = residuals
        self.remainderBound = remainderBound
        self.vectors = vectors
    }

    /// Ritz pairs of a Krylov space.
    ///
    /// - Parameters:
    ///   - tridiagonal: of I + Gᵀ G where `shift` is 1, of Gᵀ G where it is 0.
    ///   - basis: at least as many members as are taken.
    init(_ tridiagonal: Tridiagonal, basis: ControlBasis, shift: Double) async throws(InversionError) {
        var leading = Tridiagonal()
        for step in 0..<min(tridiagonal.order, basis.count) {
            leading.append(diagonal: tridiagonal.diagonal[step], coupling: tridiagonal.coupling[step])
        }
        guard leading.order > 0, let outward = leading.coupling.last else {
            self.init(values: [], residuals: [], vectors: basis)
            return
        }
        let eigen = try leading.eigen("Lanczos matrix")
        let order = leading.order
        var descending = Matrix(rows: order, columns: order)
        for row in 0..<order {
            for column in 0..<order { descending[row, column] = eigen.vectors[order - 1 - row, column] }
        }
        let vectors = await basis.rotated(by: descending)
        self.init(
            values: eigen.values.reversed().map { max(0, $0 - shift) },
            residuals: (0..<order).map { abs(outward * descending[$0, order - 1]) },
            vectors: vectors
        )
    }

    /// The pairs with |Gᵀ G v - l v| at most `tolerance` · (1 + l), as many as lead.
    public func leading(tolerance: Double, most: Int = .max) async -> InformationSpectrum {
        let chosen = values.indices.filter { residuals[$0] <= tolerance * (1 + values[$0]) }.prefix(most)
        var basis = ControlBasis(length: vectors.length)
        for index in chosen { basis.append(vectors.vector(index)) }
        return InformationSpectrum(
            values: chosen.map { values[$0] },
            residuals: chosen.map { residuals[$0] },
            vectors: basis
        )
    }

    /// (I + V diag(l) Vᵀ)⁻¹ u.
    func applyInverse(to control: [Double]) async -> [Double] {
        var result = control
        let weights = zip(await vectors.coordinates(of: control), values).map { -$0 * $1 / (1 + $1) }
        addScaled(await vectors.combination(weights), 1, to: &result)
        return result
    }

    /// S w, with S as in the description of the type.
    public func covariance(
        times state: [Double],
        prior: any PriorCovariance
    ) async throws(InversionError) -> [Double] {
        try checkLength("weights", state.count, prior.count)
        try checkLength("modes", vectors.length, prior.controlCount)
        return await prior.applyRoot(applyInverse(to: prior.applyTransposedRoot(state)))
    }

    /// Standard deviations of all state elements, at least those of the whole problem.
    public func sigma(prior: any PriorCovariance) async throws(InversionError) -> [Double] {
        try checkLength("modes", vectors.length, prior.controlCount)
        var variances = prior.sigma.map { $0 * $0 }
        for (index, value) in values.enumerated() {
            let weight = value / (1 + value)
            let mode = await prior.applyRoot(vectors.vector(index))
            for element in variances.indices { variances[element] -= weight * mode[element] * mode[element] }
        }
        return variances.map(standardDeviation(ofVariance:))
    }
}
