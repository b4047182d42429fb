import Quantities

/// One row of activity data: who used how much of what, counted how, known how well.
public struct ActivityRecord: Hashable, Sendable {
    public let place: TablePlace
    public let region: String
    /// Empty for figures of a region.
    public let facility: String
    /// The sector in the words of its table; empty when the table has none.
    public let sector: String
    /// The key of the catalogue, or the species of a release.
    public let carrier: String
    /// `2019`, or from and to in ISO 8601.
    public let period: AccountingPeriod
    /// As printed.
    public let quantity: Double
    public let unit: AmountUnit
    public let scope: StatisticalScope
    public let use: CarrierUse
    public let quality: DataQuality
    /// Half of the 95 % interval in percent; that of the quality where the table gives none.
    public let percent95: Double
    public let source: String
    /// When the figure was published or taken; empty when not stated.
    public let asOf: String

    public init(
        place: TablePlace,
        region: String,
        facility: String = "",
        sector: String = "",
        carrier: String,
        period: AccountingPeriod,
        quantity: Double,
        unit: AmountUnit,
        scope: StatisticalScope,
        use: CarrierUse,
        quality: DataQuality,
        percent95: Double? = nil,
        source: String,
        asOf: String = ""
    ) {
        self.place = place
        self.region = region
        self.facility = facility
        self.sector = sector
        self.carrier = carrier
        self.period = period
        self.quantity = quantity
        self.unit = unit
        self.scope = scope
        self.use = use
        self.quality = quality
        self.percent95 = percent95 ?? quality.percent95
        self.source = source
        self.asOf = asOf
    }

    /// In units of the basis.
    public var units: Double { quantity * unit.factor }
}

/// The time a figure is about, in whole days.
public struct AccountingPeriod: Hashable, Codable, Sendable, CustomStringConvertible {
    /// The year of its first day.
    public let year: Int
    /// As its table writes it.
    public let description: String

    /// Reads `2019`, `2019年`, `2019-03` or `2019-01-01/2019-06-30`; nil for others.
    public init?(_ text: String) {
        let plain = String(text.compactMap { AmountText.halfWidth($0) }.filter { $0 != "年" })
        let ends = plain.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard let first = ends.first, ends.count <= 2, ends.allSatisfy(Self.isDate),
            let year = Int(first.prefix(4)),
            ends.count == 1 || (ends[0] <= ends[1] && ends[0].count == ends[1].count)
        else { return nil }
        self.year = year
        description = plain
    }

    /// Whether both hold a common day.
    public func overlaps(_ other: AccountingPeriod) -> Bool {
        firstDay <= other.lastDay && other.firstDay <= lastDay
    }

    private var firstDay: String { Self.filled(String(description.prefix { $0 != "/" }), "-01-01") }
    private var lastDay: String {
        Self.filled(description.split(separator: "/").last.map(String.init) ?? "", "-12-31")
    }

    /// A date with its missing month and day; days compare as texts.
    private static func filled(_ date: String, _ rest: String) -> String {
        date + rest.suffix(max(0, 10 - date.count))
    }

    private static func isDate(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard (1...3).contains(parts.count), parts[0].count == 4,
            parts.dropFirst().allSatisfy({ $0.count == 2 }),
            parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } })
        else { return false }
        let numbers = parts.compactMap { Int($0) }
        return CivilTime(
            year: numbers[0],
            month: numbers.count > 1 ? numbers[1] : 1,
            day: numbers.count > 2 ? numbers[2] : 1
        ).isValid
    }
}
