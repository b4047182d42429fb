/// One row of the uncertainty table of Tier 1, as given: columns A to F.
public struct TierOneCategory: Hashable, Codable, Sendable {
    public let category: String
    public let gas: GreenhouseGas
    /// Emission of the base year and of the year, t CO2e.
    public let baseTonnes: Double
    public let tonnes: Double
    /// Half of the 95 % interval, percent.
    public let activityPercent: Double
    public let factorPercent: Double
    /// Whether the errors of both years are the same: yes for factors and no for activities unless stated.
    public let factorIsCorrelated: Bool
    public let activityIsCorrelated: Bool

    public init(
        category: String,
        gas: GreenhouseGas,
        baseTonnes: Double,
        tonnes: Double,
        activityPercent: Double,
        factorPercent: Double,
        factorIsCorrelated: Bool = true,
        activityIsCorrelated: Bool = false
    ) {
        self.category = category
        self.gas = gas
        self.baseTonnes = baseTonnes
        self.tonnes = tonnes
        self.activityPercent = activityPercent
        self.factorPercent = factorPercent
        self.factorIsCorrelated = factorIsCorrelated
        self.activityIsCorrelated = activityIsCorrelated
    }
}

/// Propagation of errors by Tier 1 (2006 IPCC, Volume 1, Chapter 3, Table 3.2).
public struct TierOneTable: Codable, Sendable {
    /// A row with its computed columns G to M, all in percent or percent points as the table has them.
    public struct Row: Hashable, Codable, Sendable {
        public let given: TierOneCategory
        /// G, sqrt(E^2 + F^2).
        public let combinedPercent: Double
        /// H, (G D / sum D)^2.
        public let contributionToVariance: Double
        /// I, percent change of the trend for 1 % more in both years.
        public let typeASensitivity: Double
        /// J, percent change of the trend for 1 % more in the year alone.
        public let typeBSensitivity: Double
        /// K.
        public let trendFromFactor: Double
        /// L.
        public let trendFromActivity: Double
        /// M, K^2 + L^2.
        public let trendVariance: Double
    }

    public let rows: [Row]
    public let baseTonnes: Double
    public let tonnes: Double
    /// Half of the 95 % interval of the year's total, percent; NaN for a total of zero.
    public let totalPercent: Double
    /// Change of the total since the base year, percent; NaN for a base of zero.
    public let trendPercent: Double
    /// Half of its 95 % interval, percent points.
    public let trendPercentPoints: Double

    public init(_ categories: [TierOneCategory]) {
        let base = categories.reduce(0) { $0 + $1.baseTonnes }
        let total = categories.reduce(0) { $0 + $1.tonnes }
        rows = categories.map { Self.row($0, base: base, total: total) }
        baseTonnes = base
        tonnes = total
        totalPercent = total == 0 ? .nan : rows.reduce(0) { $0 + $1.contributionToVariance }.squareRoot()
        trendPercent = base == 0 ? .nan : (total - base) / base * 100
        trendPercentPoints = rows.reduce(0) { $0 + $1.trendVariance }.squareRoot()
    }

    private static func row(_ given: TierOneCategory, base: Double, total: Double) -> Row {
        let (activity, factor) = (given.activityPercent, given.factorPercent)
        let combined = (activity * activity + factor * factor).squareRoot()
        let share = combined * given.tonnes / total
        // Note B of the table.
        let (moreBase, more) = (0.01 * given.baseTonnes + base, 0.01 * given.tonnes + total)
        let typeA = abs((more - moreBase) / moreBase * 100 - (total - base) / base * 100)
        let typeB = abs(given.tonnes / base)
        // Notes D and E: a correlated error acts on the trend by type A, an uncorrelated one twice by type B.
        let fromFactor = given.factorIsCorrelated ? typeA * factor : typeB * factor * 2.0.squareRoot()
        let fromActivity = given.activityIsCorrelated ? typeA * activity : typeB * activity * 2.0.squareRoot()
        return Row(
            given: given,
            combinedPercent: combined,
            contributionToVariance: share * share,
            typeASensitivity: typeA,
            typeBSensitivity: typeB,
            trendFromFactor: fromFactor,
            trendFromActivity: fromActivity,
            trendVariance: fromFactor * fromFactor + fromActivity * fromActivity
        )
    }
}
