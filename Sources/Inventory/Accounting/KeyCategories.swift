import Quantities

/// One category of an inventory for the analysis of key categories.
public struct InventoryCategory: Hashable, Codable, Sendable {
    public let name: String
    public let gas: GreenhouseGas
    /// t CO2e of the year; negative for a removal.
    public let tonnes: Double
    /// t CO2e of the base year; nil without one.
    public let baseTonnes: Double?
    /// Half of the 95 % interval of the year, percent; nil where unknown.
    public let percent95: Double?

    public init(
        name: String,
        gas: GreenhouseGas,
        tonnes: Double,
        baseTonnes: Double? = nil,
        percent95: Double? = nil
    ) {
        self.name = name
        self.gas = gas
        self.tonnes = tonnes
        self.baseTonnes = baseTonnes
        self.percent95 = percent95
    }
}

/// The categories that matter most (2006 IPCC, Volume 1, Chapter 4): those whose shares of level or trend, sorted
/// from the largest, add up to 95 % (approach 1), and to 90 % of the uncertainty of the level (approach 2).
public struct KeyCategories: Codable, Sendable {
    /// Share of the sum of approach 1 and of approach 2.
    public static let threshold = 0.95
    public static let uncertaintyThreshold = 0.90
    private static let leastAssessment = 1e-12

    /// A category's place in one ranking.
    public struct Ranked: Hashable, Codable, Sendable {
        public let category: InventoryCategory
        /// What is ranked: the level or trend assessment, or the uncertainty of the level.
        public let assessment: Double
        /// Share of the sum of all assessments, 0 to 1.
        public let share: Double
        /// Share of this one and all before it.
        public let cumulative: Double
        /// Whether it is needed to reach the threshold.
        public let isKey: Bool
    }

    /// From the largest to the smallest level.
    public let level: [Ranked]
    /// From the largest to the smallest trend assessment; empty without a base year.
    public let trend: [Ranked]
    /// By level x uncertainty; empty where an uncertainty is unknown.
    public let uncertainty: [Ranked]

    public init(_ categories: [InventoryCategory]) {
        let total = categories.reduce(0) { $0 + abs($1.tonnes) }
        level = Self.ranked(categories, Self.threshold) { total > 0 ? abs($0.tonnes) / total : 0 }
        let isUncertaintyKnown = !categories.isEmpty && categories.allSatisfy { $0.percent95 != nil }
        uncertainty =
            isUncertaintyKnown
            ? Self.ranked(categories, Self.uncertaintyThreshold) {
                total > 0 ? abs($0.tonnes) / total * ($0.percent95 ?? 0) / 100 : 0
            } : []
        let bases = categories.compactMap(\.baseTonnes)
        trend =
            bases.count == categories.count && bases.contains { $0 != 0 }
            ? Self.ranked(categories, Self.threshold, Self.trendAssessment(categories)) : []
    }

    /// Equation 4.2, and 4.3 where the base year has none: how far the change of the category is from that of the
    /// total, weighted by its share of the base year.
    private static func trendAssessment(_ categories: [InventoryCategory]) -> (InventoryCategory) -> Double {
        let magnitude = categories.reduce(0) { $0 + abs($1.baseTonnes ?? 0) }
        let base = categories.reduce(0) { $0 + ($1.baseTonnes ?? 0) }
        let total = categories.reduce(0) { $0 + $1.tonnes }
        let change = base == 0 ? 0 : (total - base) / abs(base)
        return { category in
            let before = category.baseTonnes ?? 0
            guard before != 0 else { return abs(category.tonnes / magnitude) }
            return abs(before) / magnitude * abs((category.tonnes - before) / abs(before) - change)
        }
    }

    private static func ranked(
        _ categories: [InventoryCategory],
        _ threshold: Double,
        _ assessment: (InventoryCategory) -> Double
    ) -> [Ranked] {
        let assessed = categories.map { category -> (InventoryCategory, Double) in
            let value = assessment(category)
            // Assessments are shares of the totals: below this they are what rounding leaves of zero.
            return (category, value < Self.leastAssessment ? 0 : value)
        }
        .sorted {
            ($1.1, $0.0.name, $0.0.gas.rawValue) < ($0.1, $1.0.name, $1.0.gas.rawValue)
        }
        let sum = assessed.reduce(0) { $0 + $1.1 }
        var before = 0.0
        return assessed.map { category, value in
            let share = sum > 0 ? value / sum : 0
            defer { before += share }
            return Ranked(
                category: category,
                assessment: value,
                share: share,
                cumulative: before + share,
                isKey: value > 0 && before < threshold - 1e-12
            )
        }
    }
}

extension KeyCategories {
    /// Between sector and carrier in the names of categories.
    public static let separator = " / "

    /// Direct emissions of an account by sector, carrier and gas, with those of a base year where there is one.
    public init(_ account: Account, base: Account? = nil) {
        let now = Self.sums(account)
        let before = base.map(Self.sums) ?? [:]
        let keys = Set(now.keys).union(before.keys).sorted {
            ($0.name, $0.gas.rawValue) < ($1.name, $1.gas.rawValue)
        }
        self.init(
            keys.map { key in
                InventoryCategory(
                    name: key.name,
                    gas: key.gas,
                    tonnes: now[key]?.mean ?? 0,
                    baseTonnes: base == nil ? nil : before[key]?.mean ?? 0,
                    percent95: Self.percent95(now[key])
                )
            }
        )
    }

    private struct Key: Hashable {
        let name: String
        let gas: GreenhouseGas
    }

    private static func sums(_ account: Account) -> [Key: Estimate] {
        let direct = account.lines.filter(\.category.isDirect)
        let groups = Dictionary(grouping: direct) { line in
            Key(
                name: [line.sector, line.carrier].filter { !$0.isEmpty }.joined(separator: Self.separator),
                gas: line.factor.gas
            )
        }
        return groups.mapValues { lines in
            EmissionCovariance(lines.map { $0.uncertain(sign: 1, group: "") }).total
        }
    }

    private static func percent95(_ estimate: Estimate?) -> Double? {
        guard let estimate, estimate.mean != 0 else { return 0 }
        return 100 * Estimate.coverageFactor95 * estimate.standardDeviation / abs(estimate.mean)
    }
}
