public import Quantities

/// Whether emissions have peaked.
public enum PeakState: String, CaseIterable, Codable, Sendable {
    case peaked
    case plateau
    case notPeaked = "not_peaked"

    public var name: LocalizedName {
        switch self {
        case .peaked: LocalizedName(english: "peaked", chinese: "已达峰")
        case .plateau: LocalizedName(english: "plateau", chinese: "平台期")
        case .notPeaked: LocalizedName(english: "not yet peaked", chinese: "未达峰")
        }
    }
}

/// The peak of a yearly series and what the years since say.
///
/// Peaked: the highest year lies at least ``yearsToWait`` years back and the Mann-Kendall test from that year on
/// falls significantly. Plateau: it lies that far back, but the test is not significant. Otherwise not peaked.
/// The rule of Chinese peak assessments, which word it as a peak that is five years old.
public struct PeakJudgement: Hashable, Sendable {
    public static let yearsToWait = 5
    /// Fewer years since the peak are not tested.
    public static let leastYears = 4

    public let state: PeakState
    /// The last year with the highest value.
    public let peakYear: Int
    public let peak: Double
    public let latestYear: Int
    public let latest: Double
    /// From the peak year to the end; nil for fewer than ``leastYears`` values.
    public let sincePeak: MannKendall?
    public let probability: TestProbability?
    public let significance: TrendSignificance

    public var yearsSincePeak: Int { latestYear - peakYear }

    /// - Parameters:
    ///   - values: NaN where a year is missing.
    ///   - null: the published assessments use the normal approximation.
    ///   - greatestProbability: below or at it a decline is significant.
    /// - Throws: ``TrendError``.
    public init(
        years: [Int],
        values: [Double],
        null: NullDistribution = .normal,
        greatestProbability: Double = 0.1
    ) throws(TrendError) {
        guard years.count == values.count else { throw .lengthsDiffer(years.count, values.count) }
        for index in years.indices.dropFirst() where years[index] <= years[index - 1] {
            throw .timesNotAscending(index: index)
        }
        let present = years.indices.filter { !values[$0].isNaN }
        _ = try MannKendall.present(values)
        guard let last = present.last,
            let top = present.max(by: { (values[$0], $0) < (values[$1], $1) })
        else { throw .tooShort(count: 0, least: 3) }
        peakYear = years[top]
        peak = values[top]
        latestYear = years[last]
        latest = values[last]
        let since = values[top...].filter { !$0.isNaN }
        let test = since.count >= Self.leastYears ? MannKendall(present: since) : nil
        sincePeak = test
        probability = test.flatMap { $0.probability(null) ?? $0.probability(.normal) }
        significance = probability.map { TrendSignificance(probability: $0.value) } ?? .none
        let (elapsed, overflows) = years[last].subtractingReportingOverflow(years[top])
        guard !overflows else { throw .impossible("years that lie too far apart") }
        let falls = (probability?.value ?? 1) <= greatestProbability && (test?.score ?? 0) < 0
        switch (elapsed >= Self.yearsToWait && test != nil, falls) {
        case (true, true): state = .peaked
        case (true, false): state = .plateau
        case (false, _): state = .notPeaked
        }
    }
}
