public import Quantities

/// A parent's figure beside the sum of its children: provinces and their country, sectors and their total.
///
/// Inventories of different levels do not add up; the ratio is reported, and a ratio beyond the tolerance is a finding
/// about the inventories, not a failure.
public struct FamilyConsistency: Sendable {
    public enum Judgement: String, CaseIterable, Codable, Sendable {
        case withinTolerance = "within_tolerance"
        /// Beyond the tolerance, but not by more than twice the uncertainty of the ratio.
        case withinUncertainty = "within_uncertainty"
        case beyond
        /// The parent is zero or a figure is missing.
        case notComparable = "not_comparable"
    }

    public let parent: Estimate
    /// Sum of the children that have a figure.
    public let sum: Estimate
    /// sum / parent, with its standard deviation.
    public let ratio: Estimate
    /// Children without a finite figure.
    public let missing: [String]
    public let tolerance: Double
    public let judgement: Judgement

    /// - Parameters:
    ///   - correlation: of the errors of any two children, 0 to 1: common emission factors make it large.
    ///   - tolerance: of the ratio about one.
    public init(
        parent: Estimate,
        children: [(name: String, figure: Estimate)],
        correlation: Double = 0,
        tolerance: Double = 0.05
    ) {
        let present = children.filter { $0.figure.isMeaningful }.map(\.figure)
        self.parent = parent
        self.tolerance = tolerance
        missing = children.filter { !$0.figure.isMeaningful }.map(\.name)
        let own = present.reduce(0) { $0 + $1.standardDeviation * $1.standardDeviation }
        let deviations = present.reduce(0) { $0 + $1.standardDeviation }
        let shared = confined(correlation, to: 0...1) * (deviations * deviations - own)
        let total = Estimate(
            mean: present.reduce(0) { $0 + $1.mean },
            standardDeviation: standardDeviation(ofVariance: own + shared)
        )
        sum = total
        guard parent.isMeaningful, parent.mean != 0, missing.isEmpty, !present.isEmpty else {
            ratio = Estimate(mean: .nan, standardDeviation: .nan)
            judgement = .notComparable
            return
        }
        let quotient = total.mean / parent.mean
        let first = total.standardDeviation / parent.mean
        let second = quotient * parent.standardDeviation / parent.mean
        let deviation = (first * first + second * second).squareRoot()
        ratio = Estimate(mean: quotient, standardDeviation: deviation)
        switch abs(quotient - 1) {
        case ...tolerance: judgement = .withinTolerance
        case ...(tolerance + 2 * deviation): judgement = .withinUncertainty
        default: judgement = .beyond
        }
    }
}
