public import Quantities

/// The covariance of sums of emissions by Tier 1: errors to first order, shared inputs counted once.
///
/// For verification over regions: totals of regions that share a factor err together.
public struct EmissionCovariance: Codable, Sendable {
    /// Groups in alphabetical order.
    public let groups: [String]
    /// Stated totals, tonnes.
    public let tonnes: [Double]
    /// Row by row, t^2.
    public let covariance: [Double]

    public init(_ emissions: [UncertainEmission]) {
        let groups = Set(emissions.map(\.group)).sorted()
        let places = Dictionary(uniqueKeysWithValues: groups.enumerated().map { ($1, $0) })
        var tonnes = [Double](repeating: 0, count: groups.count)
        var sensitivities: [String: [Int: Double]] = [:]
        for emission in emissions {
            guard let group = places[emission.group] else { continue }
            tonnes[group] += emission.tonnes
            for input in [emission.activity, emission.factor] where input.distribution != .exact {
                sensitivities[input.key, default: [:]][group, default: 0] +=
                    emission.tonnes * input.distribution.standardDeviation
            }
        }
        var covariance = [Double](repeating: 0, count: groups.count * groups.count)
        // Sums of doubles depend on their order; that of the keys is the same for any order of the rows.
        for key in sensitivities.keys.sorted() {
            let parts = (sensitivities[key] ?? [:]).sorted { $0.key < $1.key }
            for (row, first) in parts {
                for (column, second) in parts { covariance[row * groups.count + column] += first * second }
            }
        }
        self.groups = groups
        self.tonnes = tonnes
        self.covariance = covariance
    }

    /// Each total with its own standard uncertainty, tonnes.
    public var estimates: [Estimate] {
        groups.indices.map { index in
            Estimate(
                mean: tonnes[index],
                standardDeviation: max(0, covariance[index * groups.count + index]).squareRoot()
            )
        }
    }

    /// The sum of all groups.
    public var total: Estimate {
        Estimate(
            mean: tonnes.reduce(0, +),
            standardDeviation: max(0, covariance.reduce(0, +)).squareRoot()
        )
    }

    /// Correlation of two groups; NaN where one is exact.
    public func correlation(_ first: Int, _ second: Int) -> Double {
        let count = groups.count
        let variances = covariance[first * count + first] * covariance[second * count + second]
        return covariance[first * count + second] / variances.squareRoot()
    }
}
