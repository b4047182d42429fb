public import Quantities

/// The supply of one fuel in an energy balance, in units of its basis.
public struct FuelSupply: Hashable, Codable, Sendable {
    /// Where the figures stand.
    public let place: TablePlace
    public let carrier: String
    public let basis: BasisUnit
    public let production: Double
    public let imports: Double
    public let exports: Double
    public let internationalBunkers: Double
    /// Positive when stocks grow.
    public let stockChange: Double
    /// What stays in products.
    public let excluded: Double

    public init(
        place: TablePlace,
        carrier: String,
        basis: BasisUnit,
        production: Double,
        imports: Double = 0,
        exports: Double = 0,
        internationalBunkers: Double = 0,
        stockChange: Double = 0,
        excluded: Double = 0
    ) {
        self.place = place
        self.carrier = carrier
        self.basis = basis
        self.production = production
        self.imports = imports
        self.exports = exports
        self.internationalBunkers = internationalBunkers
        self.stockChange = stockChange
        self.excluded = excluded
    }

    /// Production + imports - exports - bunkers - stock change (2006 IPCC, Volume 2, equation 6.2).
    public var apparentConsumption: Double {
        production + imports - exports - internationalBunkers - stockChange
    }
}

/// CO2 by the supply of fuels, beside that of the sectors that burn them (2006 IPCC, Volume 2, Chapter 6).
public struct ReferenceApproach: Codable, Sendable {
    /// Beyond this difference the guidelines ask for an explanation, percent.
    public static let flaggedPercent = 5.0

    public struct Row: Hashable, Codable, Sendable {
        public let supply: FuelSupply
        public let tonnes: Double
        public let factorSet: String
        public let factorPlace: TablePlace
    }

    public let rows: [Row]
    public let referenceTonnes: Double
    public let sectoralTonnes: Double

    /// - Parameter sectoralTonnes: t CO2 of fuel combustion by sectors.
    /// - Throws: ``AccountingError`` for fuels without a CO2 factor of their basis.
    public init(
        _ supplies: [FuelSupply],
        sets: [FactorSet],
        sectoralTonnes: Double
    ) throws(AccountingError) {
        var rows: [Row] = []
        for supply in supplies {
            let found = sets.lazy.compactMap { set in
                set.records(of: supply.carrier).first { $0.species == "co2" }.map { (set, $0) }
            }.first
            guard let (set, record) = found else {
                throw AccountingError(
                    .missingFactor(carrier: supply.carrier, sets: sets.map(\.id)),
                    at: supply.place.at("carrier")
                )
            }
            let product = try record.product(
                units: supply.apparentConsumption - supply.excluded,
                of: supply.basis,
                set: set.id,
                at: supply.place.at("unit")
            )
            rows.append(
                Row(
                    supply: supply,
                    tonnes: product.units * product.factor,
                    factorSet: set.id,
                    factorPlace: record.place
                )
            )
        }
        self.rows = rows
        referenceTonnes = rows.reduce(0) { $0 + $1.tonnes }
        self.sectoralTonnes = sectoralTonnes
    }

    /// (reference - sectoral) / sectoral, percent; NaN without sectoral emissions.
    public var differencePercent: Double {
        sectoralTonnes == 0 ? .nan : (referenceTonnes - sectoralTonnes) / sectoralTonnes * 100
    }

    /// Whether the difference needs an explanation.
    public var isFlagged: Bool { !(abs(differencePercent) <= Self.flaggedPercent) }
}

/// A parent's figure beside the sum of its parts, e.g. a country beside its provinces. They come from different
/// surveys: a difference is reported, never repaired and never an error.
public struct AccountHierarchy: Codable, Sendable {
    public enum Finding: String, Codable, Sendable {
        case agrees
        case partsExceed = "parts_exceed"
        case partsFallShort = "parts_fall_short"
        /// Parts are missing, so that the sum says nothing.
        case incomplete
    }

    public let parent: LocalizedName
    public let parentValue: Double
    public let sumOfParts: Double
    public let partCount: Int
    /// Names of parts without a figure.
    public let missing: [String]
    public let unit: String
    /// Relative difference up to which both agree.
    public let tolerance: Double

    /// - Parameter parts: nil for a part without a figure.
    public init(
        parent: LocalizedName,
        value: Double,
        parts: [(name: String, value: Double?)],
        unit: String,
        tolerance: Double = 0.05
    ) {
        self.parent = parent
        parentValue = value
        sumOfParts = parts.reduce(0) { $0 + ($1.value ?? 0) }
        partCount = parts.count
        missing = parts.filter { $0.value == nil }.map(\.name)
        self.unit = unit
        self.tolerance = tolerance
    }

    /// Sum of parts over parent; NaN for a parent of zero.
    public var ratio: Double { parentValue == 0 ? .nan : sumOfParts / parentValue }

    public var finding: Finding {
        // Of a parent of zero no ratio is known.
        if parentValue == 0, missing.isEmpty { return sumOfParts == 0 ? .agrees : .partsExceed }
        if ratio > 1 + tolerance { return .partsExceed }
        if !missing.isEmpty { return .incomplete }
        return ratio < 1 - tolerance ? .partsFallShort : .agrees
    }
}
