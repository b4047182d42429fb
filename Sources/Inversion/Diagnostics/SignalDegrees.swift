public import LinearAlgebra
import Quantities

/// How many independent pieces of information the observations give on the state, and on which part of it.
public struct SignalDegrees: Sendable {
    /// tr A.
    public let total: Double
    /// Diagonal of A, one per state element.
    public let elements: [Double]
    public let groupNames: [String]
    /// tr of the block of A that belongs to each group.
    public let groups: [Double]
}

/// Totals seen by the observations: W A W* with W* = B Wᵀ (W B Wᵀ)⁻¹, the pseudo-inverse weighted by the prior.
///
/// It equals I - W S Wᵀ (W B Wᵀ)⁻¹, the averaging kernel of an inversion for the totals themselves (the reduction
/// of Nesser et al. 2024, ACP 24, 5069, with weights of the prior error, as in Bocquet et al. 2011).
public struct ReducedKernel: Sendable {
    public let names: [String]
    /// Row i: what the estimate of total i responds to.
    public let averagingKernel: Matrix

    public var degreesOfFreedomForSignal: Double { averagingKernel.diagonal.reduce(0, +) }
}

extension Diagnostics {
    /// Degrees of freedom for signal in all and for each group of state elements, such as regions or sectors.
    public static func signalDegrees(
        of posterior: Posterior,
        groups: LabelGroups
    ) throws(InversionError) -> SignalDegrees {
        let diagonal = posterior.averagingKernelDiagonal
        try checkLength("state groups", groups.groupOfElement.count, diagonal.count)
        return SignalDegrees(
            total: diagonal.reduce(0, +),
            elements: diagonal,
            groupNames: groups.names,
            groups: groups.members.map { $0.reduce(0) { $0 + diagonal[$1] } }
        )
    }
}

extension FunctionalTotals {
    /// The averaging kernel of the totals.
    ///
    /// - Throws: ``InversionError/algebra(_:_:)`` where totals depend on each other or have no prior uncertainty.
    public func reducedKernel() throws(InversionError) -> ReducedKernel {
        let name = "prior covariance of the totals"
        let sigma = priorCovariance.diagonal.map(standardDeviation(ofVariance:))
        if let index = sigma.firstIndex(of: 0) { throw .notPositive(name, index: index, value: 0) }
        var correlations = priorCovariance
        correlations.scaleRows(by: sigma.map { 1 / $0 })
        correlations.scaleColumns(by: sigma.map { 1 / $0 })
        let pivots = try factored(correlations, name).factor.diagonal
        // A total that is a sum of others leaves a pivot of rounding.
        if let index = pivots.firstIndex(where: { $0 < 1e-6 }) {
            throw .algebra(name, .notPositiveDefinite(order: index + 1))
        }
        // A = I - S B⁻¹, so Aᵀ = I - B⁻¹ S.
        let factor = try factored(priorCovariance, name)
        var kernel = factor.solve(covariance)
        for index in kernel.storage.indices { kernel.storage[index] = -kernel.storage[index] }
        kernel.addToDiagonal([Double](repeating: 1, count: names.count))
        return ReducedKernel(names: names, averagingKernel: kernel.transposed())
    }
}
