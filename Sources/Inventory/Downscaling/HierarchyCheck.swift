public import Quantities

/// A parent's total beside the sum of its children: provinces and the nation, cities and their province.
///
/// The sum of China's provinces was 1.00 of the nation in 1997 and 1.11 in 2019: a difference is told, with its size
/// beside what the uncertainties allow, and never repaired.
public struct HierarchyCheck: Equatable, Sendable {
    public enum Verdict: String, Codable, Sendable {
        case consistent
        /// Beyond the tolerance, within two standard deviations of the difference.
        case withinUncertainty = "within_uncertainty"
        case inconsistent
        /// Children are missing, so that the sum cannot be compared.
        case incomplete
    }

    public let parent: String
    public let parentTotal: Estimate
    /// Of the children that are there, as if their errors were independent.
    public let childrenSum: Estimate
    public let missing: [String]
    /// Relative difference that passes without a look at the uncertainties.
    public let tolerance: Double

    /// - Parameters:
    ///   - expected: names of all children; those without a total are missing.
    public init(
        parent: String,
        total: Estimate,
        expected: [String],
        children: [String: Estimate],
        tolerance: Double = 0.01
    ) {
        self.parent = parent
        parentTotal = total
        let there = expected.compactMap { children[$0] }
        childrenSum = Estimate(
            mean: there.reduce(0) { $0 + $1.mean },
            standardDeviation: there.reduce(0) { $0 + $1.standardDeviation * $1.standardDeviation }
                .squareRoot()
        )
        missing = expected.filter { children[$0] == nil }
        self.tolerance = tolerance
    }

    /// The children over the parent; nil where the parent has nothing.
    public var ratio: Double? { parentTotal.mean == 0 ? nil : childrenSum.mean / parentTotal.mean }

    /// Children minus parent.
    public var difference: Estimate {
        let variance =
            parentTotal.standardDeviation * parentTotal.standardDeviation
            + childrenSum.standardDeviation * childrenSum.standardDeviation
        return Estimate(
            mean: childrenSum.mean - parentTotal.mean,
            standardDeviation: variance.squareRoot()
        )
    }

    public var verdict: Verdict {
        guard missing.isEmpty else { return .incomplete }
        if abs(difference.mean) <= tolerance * abs(parentTotal.mean) { return .consistent }
        return abs(difference.mean) <= 2 * difference.standardDeviation ? .withinUncertainty : .inconsistent
    }
}
