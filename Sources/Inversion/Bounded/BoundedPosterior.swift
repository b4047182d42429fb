public import LinearAlgebra
import Quantities

/// The most probable state of a Gaussian problem inside bounds.
///
/// Sigma and covariance are conditional: they hold for the elements between their bounds, given that the others
/// stay where they are. An element at a bound has no spread here, which does not mean that it is known; the
/// spread of a truncated normal comes from a ``HamiltonianSampler``.
public struct BoundedPosterior: Sendable {
    /// The solution without bounds, to tell where bounds changed the answer.
    public let unconstrained: Posterior
    /// The most probable state inside the bounds; elements at a bound hold its exact value.
    public let mean: [Double]
    /// Covariance of the free elements given the others, states x states; zero beside an element at a bound.
    public let covariance: Matrix
    public let states: [BoundState]
    /// Half the slope of the cost at the solution, per unit of the state: positive at a lower bound, negative at
    /// an upper one, zero where free.
    public let multipliers: [Double]
    /// H x, one per observation.
    public let modelledPosterior: [Double]
    /// J at the solution, as in ``Posterior/cost``.
    public let cost: Double
    /// Partitions into free and bound that were tried.
    public let iterations: Int

    public var stateNames: [String] { unconstrained.stateNames }
    /// Conditional standard deviations; zero at a bound.
    public var sigma: [Double] { covariance.diagonal.map(standardDeviation(ofVariance:)) }
    /// Indices of elements at a bound.
    public var bound: [Int] { states.indices.filter { states[$0] != .free } }
    /// True where some bound changed the answer.
    public var differsFromUnconstrained: Bool { multipliers.contains { $0 != 0 } }
}
