import Foundation

/// P(|Z| >= |z|) of a standard normal Z; NaN for NaN, 0 for an infinite score.
public func twoSidedNormalProbability(zScore: Double) -> Double {
    erfc(abs(zScore) / 2.0.squareRoot())
}

/// P(Z <= z) of a standard normal Z.
func normalProbability(below zScore: Double) -> Double { erfc(-zScore / 2.0.squareRoot()) / 2 }

/// Guards against raising a flag because many regions were looked at.
public enum FalseDiscovery {
    /// Greatest share of false flags, in every report and for every case: of ten differences that are told as
    /// significant one may be chance.
    public static let rate = 0.1

    /// Adjusted p-values of the step-up procedure (Benjamini and Hochberg 1995, J. R. Stat. Soc. B 57, 289):
    /// the smallest false discovery rate at which each hypothesis is rejected, in the given order.
    ///
    /// NaN entries are no tests: they stay NaN and do not count.
    public static func adjusted(pValues: [Double]) -> [Double] {
        let ranked = pValues.indices.filter { !pValues[$0].isNaN }
            .sorted { (pValues[$0], $0) < (pValues[$1], $1) }
        var adjusted = [Double](repeating: .nan, count: pValues.count)
        var smallest = 1.0
        for (rank, index) in ranked.enumerated().reversed() {
            smallest = min(smallest, pValues[index] * Double(ranked.count) / Double(rank + 1))
            adjusted[index] = smallest
        }
        return adjusted
    }

    /// Adjusted p-values of a group of comparisons; NaN for those that the observations do not constrain,
    /// as no claim is made about them.
    public static func adjusted(_ comparisons: [Comparison]) -> [Double] {
        adjusted(pValues: comparisons.map { $0.verdict == .notConstrained ? .nan : $0.pValue })
    }
}
