/// Under which null distribution a probability was computed.
public enum NullDistribution: String, CaseIterable, Codable, Sendable {
    /// All orders of the values enumerated, ties included.
    case exact
    /// Normal approximation with continuity correction.
    case normal
}

/// A two-sided probability and how it was come by.
public struct TestProbability: Codable, Hashable, Sendable {
    public let value: Double
    public let null: NullDistribution
}

/// The Mann-Kendall test for a monotonic trend (Mann 1945, Econometrica 13, 245; Kendall 1975).
///
/// NaN stands for a missing value and is skipped.
public struct MannKendall: Hashable, Sendable {
    /// Above this the exact distribution is not offered; the two differ by less than 1e-3 there.
    public static let greatestExactCount = 40

    /// Values that were there.
    public let count: Int
    /// S: pairs that rise less pairs that fall.
    public let score: Int
    /// Variance of the score when there is no trend, with the tie correction.
    public let variance: Double
    /// S / (n (n - 1) / 2), Kendall's tau a.
    public let tau: Double
    /// How many values share each distinct value, in ascending order of the values.
    let groups: [Int]

    /// - Complexity: O(n²).
    /// - Throws: ``TrendError`` for fewer than three values, more than ``SenSlope/greatestCount`` or an infinite one.
    public init(_ values: [Double]) throws(TrendError) {
        let present = try Self.present(values)
        self.init(present: present)
    }

    init(present: [Double], variance: Double? = nil) {
        var score = 0
        for (index, value) in present.enumerated() {
            for later in present[(index + 1)...] {
                if later > value { score += 1 } else if later < value { score -= 1 }
            }
        }
        count = present.count
        self.score = score
        groups = Self.groups(present)
        self.variance = variance ?? Self.variance(count: count, groups: groups)
        tau = Double(score) / (Double(count) * Double(count - 1) / 2)
    }

    /// (S - sign S) / sqrt(variance); 0 where S is.
    public var zScore: Double { score == 0 ? 0 : Double(score - score.signum()) / variance.squareRoot() }

    /// The exact probability up to ``greatestExactCount`` values, the normal one above.
    public var probability: TestProbability {
        probability(.exact)
            ?? TestProbability(value: twoSidedNormalProbability(zScore: zScore), null: .normal)
    }

    /// P(a score at least this far from 0 | no trend); nil where the exact one is not offered.
    public func probability(_ null: NullDistribution) -> TestProbability? {
        switch null {
        case .normal:
            return TestProbability(value: twoSidedNormalProbability(zScore: zScore), null: .normal)
        case .exact:
            guard count <= Self.greatestExactCount else { return nil }
            let value = ScoreDistribution(groups: groups).probability(ofAtLeast: score)
            return TestProbability(value: value, null: .exact)
        }
    }

    static func present(_ values: [Double]) throws(TrendError) -> [Double] {
        if let index = values.firstIndex(where: \.isInfinite) { throw .notFinite(index: index) }
        let present = values.filter { !$0.isNaN }
        guard present.count >= 3 else { throw .tooShort(count: present.count, least: 3) }
        guard present.count <= SenSlope.greatestCount else {
            throw .tooLong(count: present.count, greatest: SenSlope.greatestCount)
        }
        return present
    }

    private static func groups(_ values: [Double]) -> [Int] {
        var groups: [Int] = []
        var previous = Double.nan
        for value in values.sorted() {
            if value == previous { groups[groups.count - 1] += 1 } else { groups.append(1) }
            previous = value
        }
        return groups
    }

    private static func variance(count: Int, groups: [Int]) -> Double {
        func term(_ size: Int) -> Double { Double(size) * Double(size - 1) * Double(2 * size + 5) }
        return (term(count) - groups.reduce(0) { $0 + term($1) }) / 18
    }
}

/// How sure a trend is, in the steps that Chinese peak assessments print.
public enum TrendSignificance: String, CaseIterable, Codable, Sendable {
    case onePercent = "0.01"
    case fivePercent = "0.05"
    case tenPercent = "0.1"
    case none = "not_significant"

    public init(probability: Double) {
        switch probability {
        case ...0.01: self = .onePercent
        case ...0.05: self = .fivePercent
        case ...0.1: self = .tenPercent
        default: self = .none
        }
    }
}
