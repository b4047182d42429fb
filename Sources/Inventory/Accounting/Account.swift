public import Quantities

/// Where an amount of emission belongs in an account.
public enum AccountCategory: String, Codable, Hashable, TableTerm {
    case combustion
    case release
    case importedElectricity = "imported_electricity"
    case importedHeat = "imported_heat"
    case exportedElectricity = "exported_electricity"
    case exportedHeat = "exported_heat"
    /// Fuel sold on; what its carbon would give.
    case exportedFuel = "exported_fuel"
    /// What the carbon would give if it were burnt; it is not.
    case feedstock
    /// What the carbon would give here; it is counted with the carriers made of it.
    case transformation

    public var names: LocalizedName {
        switch self {
        case .combustion: LocalizedName(english: "fuel combustion", chinese: "化石燃料燃烧")
        case .release: LocalizedName(english: "processes and leaks", chinese: "过程与逸散")
        case .importedElectricity: LocalizedName(english: "imported electricity", chinese: "净购入电力")
        case .importedHeat: LocalizedName(english: "imported heat", chinese: "净购入热力")
        case .exportedElectricity: LocalizedName(english: "exported electricity", chinese: "外供电力")
        case .exportedHeat: LocalizedName(english: "exported heat", chinese: "外供热力")
        case .exportedFuel: LocalizedName(english: "exported fuel", chinese: "调出燃料")
        case .feedstock: LocalizedName(english: "feedstock (not emitted)", chinese: "原料用途(不计排放)")
        case .transformation:
            LocalizedName(english: "transformation (counted later)", chinese: "加工转换(另计)")
        }
    }

    public var spellings: [String] { [] }

    /// Emitted on the territory.
    public var isDirect: Bool { self == .combustion || self == .release }
}

/// What an account's total contains. Production and consumption totals are both reported.
public enum AccountBoundary: String, Codable, Hashable, TableTerm {
    /// Direct emissions.
    case scope1
    /// Direct emissions and those of imported electricity and heat.
    case scope1AndImports = "scope1_and_imports"
    /// As before, less what exported electricity and heat carry away.
    case consumption

    public var names: LocalizedName {
        switch self {
        case .scope1: LocalizedName(english: "direct (scope 1)", chinese: "直接排放(范围一)")
        case .scope1AndImports:
            LocalizedName(english: "direct and imported energy", chinese: "直接排放与调入电力热力间接排放")
        case .consumption: LocalizedName(english: "consumption", chinese: "消费侧")
        }
    }

    public var spellings: [String] { [] }

    /// 1 for what counts, -1 for what is deducted, 0 for the rest.
    public func sign(of category: AccountCategory) -> Double {
        switch category {
        case .combustion, .release: 1
        case .importedElectricity, .importedHeat: self == .scope1 ? 0 : 1
        case .exportedElectricity, .exportedHeat: self == .consumption ? -1 : 0
        case .exportedFuel, .feedstock, .transformation: 0
        }
    }
}

/// One product of activity and factor, with all that it came from.
public struct AccountLine: Codable, Hashable, Sendable {
    /// Where the activity stands.
    public let place: TablePlace
    public let region: String
    public let facility: String
    public let sector: String
    public let carrier: String
    public let period: String
    public let scope: StatisticalScope
    public let use: CarrierUse
    public let category: AccountCategory
    public let quality: DataQuality
    /// As printed, with its unit.
    public let quantity: Double
    public let unit: String
    /// In units of the factor's basis.
    public let units: Double
    public let basis: BasisUnit
    public let factor: AppliedFactor
    /// Of the gas itself.
    public let tonnes: Double
    public let tonnesCarbonDioxideEquivalent: Double
    /// Half of the 95 % interval of the activity, percent.
    public let activityPercent95: Double
    public let source: String
    public let asOf: String

    /// Half of the 95 % interval of the emission, percent: both parts in quadrature (2006 IPCC, Volume 1,
    /// equation 3.1), with the mean of an asymmetric factor's sides.
    public var percent95: Double {
        let factorPercent = factor.percent95
        return (activityPercent95 * activityPercent95 + factorPercent * factorPercent).squareRoot()
    }
}

/// The factor that made a line, with its lineage.
public struct AppliedFactor: Codable, Hashable, Sendable {
    public let set: String
    public let version: String
    /// The gas as released.
    public let species: String
    public let gas: GreenhouseGas
    public let tonnesPerUnit: Double
    public let basis: BasisUnit
    public let lowerRelative95: Double
    public let upperRelative95: Double
    public let hasOwnUncertainty: Bool
    public let source: String
    public let note: String
    public let place: TablePlace

    /// Lines with the same key share one unknown error.
    public var key: String { "\(set)/\(version)/\(place.line ?? 0)/\(species)" }
    /// Mean of both sides, percent.
    public var percent95: Double { (lowerRelative95 + upperRelative95) * 50 }
}

/// A sum of lines with its uncertainty.
public struct AccountTotal: Codable, Hashable, Sendable {
    public enum Dimension: String, Codable, Hashable, Sendable, CaseIterable {
        case boundary
        case category
        case gas
        case use
        case sector
        case region
        case carrier
    }

    public let dimension: Dimension
    public let name: String
    /// t CO2e.
    public let emission: Estimate
    /// Tonnes of the gas itself where the sum is of one species.
    public let tonnesOfGas: Double?

    /// Half of the 95 % interval in percent; NaN for a sum of nothing.
    public var percent95: Double {
        100 * Estimate.coverageFactor95 * emission.standardDeviation / abs(emission.mean)
    }
}

/// Something that a reader of the account must know.
public struct AccountWarning: Codable, Hashable, Sendable {
    public enum Kind: String, Codable, Hashable, Sendable {
        case factorSet = "factor_set"
        case unverifiedFactor = "unverified_factor"
        case defaultUncertainty = "default_uncertainty"
        case possibleDoubleCount = "possible_double_count"
        case givenTwice = "given_twice"
    }

    public let kind: Kind
    public let text: LocalizedName
    public let places: [TablePlace]
    /// t CO2e at stake where that is known.
    public let tonnes: Double?
}

/// The emissions of one year and one statistical scope, with everything they were made of.
public struct Account: Codable, Sendable {
    public let year: Int
    public let scope: StatisticalScope
    public let potentials: AssessmentReport
    public let lines: [AccountLine]
    public let totals: [AccountTotal]
    public let warnings: [AccountWarning]
    /// What a sum of everything that is called fuel would give, feedstock and transformation included, t CO2e.
    /// Never a result; told because it is often taken for one.
    public let naiveSumTonnes: Double

    public func total(_ boundary: AccountBoundary) -> Estimate? {
        total(.boundary, boundary.rawValue)
    }

    public func total(_ category: AccountCategory) -> Estimate? {
        total(.category, category.rawValue)
    }

    /// t CO2e; nil where nothing is in the sum.
    public func total(_ dimension: AccountTotal.Dimension, _ name: String) -> Estimate? {
        totals.first { $0.dimension == dimension && $0.name == name }?.emission
    }

    /// The lines with what is uncertain of them, for sums over other groups, Monte Carlo and covariances. Signs
    /// are those of the boundary; lines outside are left out.
    public func uncertain(
        _ boundary: AccountBoundary,
        grouped group: (AccountLine) -> String = { $0.region }
    ) -> [UncertainEmission] {
        lines.compactMap { line in
            let sign = boundary.sign(of: line.category)
            return sign == 0 ? nil : line.uncertain(sign: sign, group: group(line))
        }
    }
}

extension AccountLine {
    func uncertain(sign: Double, group: String) -> UncertainEmission {
        UncertainEmission(
            group: group,
            tonnes: sign * tonnesCarbonDioxideEquivalent,
            activity: UncertainInput(
                key: "activity/\(place.file)/\(place.line ?? 0)",
                .fitting(lower95: activityPercent95 / 100, upper95: activityPercent95 / 100)
            ),
            factor: UncertainInput(
                key: "factor/\(factor.key)",
                .fitting(lower95: factor.lowerRelative95, upper95: factor.upperRelative95)
            )
        )
    }
}
