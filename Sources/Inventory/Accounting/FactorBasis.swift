/// What one unit of an activity is, and so what an emission factor is per.
///
/// A factor per tonne of standard coal multiplied by physical tonnes overstates raw coal by 31 % and understates
/// crude oil by 30 %; such a product must not exist. In code the basis is a type, in files a word that is checked.
public enum BasisUnit: String, CaseIterable, Codable, Hashable, Sendable {
    case tonne = "t"
    /// Ten thousand cubic metres at the reference state of the statistics (万立方米).
    case tenThousandCubicMetres = "10k_Nm3"
    /// Tonne of standard coal (吨标准煤), 29.3076 GJ (GB/T 2589).
    case tonneOfCoalEquivalent = "tce"
    case gigajoule = "GJ"
    case kilowattHour = "kWh"

    /// GJ in one tonne of standard coal: 7000 kcal/kg of 4.1868 kJ (GB/T 2589).
    public static let gigajoulesPerTonneOfCoalEquivalent = 29.3076

    /// The unit in words, for messages.
    public var words: String {
        switch self {
        case .tonne: "physical tonne"
        case .tenThousandCubicMetres: "10,000 cubic metres"
        case .tonneOfCoalEquivalent: "tonne of standard coal"
        case .gigajoule: "gigajoule"
        case .kilowattHour: "kilowatt hour"
        }
    }
}

/// A basis as a type: activities and factors of different bases cannot be multiplied.
public protocol FactorBasis: Sendable {
    static var unit: BasisUnit { get }
}

/// Per physical tonne.
public enum FuelTonne: FactorBasis { public static let unit = BasisUnit.tonne }
/// Per ten thousand cubic metres of gas.
public enum TenThousandCubicMetres: FactorBasis { public static let unit = BasisUnit.tenThousandCubicMetres }
/// Per tonne of standard coal.
public enum TonneOfCoalEquivalent: FactorBasis { public static let unit = BasisUnit.tonneOfCoalEquivalent }
/// Per gigajoule of net calorific value or of heat.
public enum Gigajoule: FactorBasis { public static let unit = BasisUnit.gigajoule }
/// Per kilowatt hour.
public enum KilowattHour: FactorBasis { public static let unit = BasisUnit.kilowattHour }

/// An amount of activity in units of its basis.
public struct ActivityAmount<Basis: FactorBasis>: Hashable, Sendable {
    public let units: Double

    public init(units: Double) { self.units = units }
}

/// Tonnes of a gas per unit of the basis.
public struct EmissionFactor<Basis: FactorBasis>: Hashable, Sendable {
    public let tonnesPerUnit: Double

    public init(tonnesPerUnit: Double) { self.tonnesPerUnit = tonnesPerUnit }
}

/// A mass of emitted gas.
public struct EmittedMass: Hashable, Sendable {
    public let tonnes: Double
}

/// Activity x factor, which exists for equal bases alone.
public func * <Basis: FactorBasis>(
    activity: ActivityAmount<Basis>,
    factor: EmissionFactor<Basis>
) -> EmittedMass {
    EmittedMass(tonnes: activity.units * factor.tonnesPerUnit)
}

extension ActivityAmount where Basis == TonneOfCoalEquivalent {
    /// The same energy in gigajoules.
    public var gigajoules: ActivityAmount<Gigajoule> {
        ActivityAmount<Gigajoule>(units: units * BasisUnit.gigajoulesPerTonneOfCoalEquivalent)
    }
}

/// CO2 of a fuel by its parts, E = AD x NCV x CC x OF x 44/12 (2006 IPCC, Volume 2, equation 2.2).
public struct CombustionParts: Hashable, Codable, Sendable {
    /// Tonnes of CO2 per tonne of carbon as national guidelines use it.
    public static let carbonDioxidePerCarbon = 44.0 / 12.0

    /// Net calorific value, GJ per unit.
    public let gigajoulesPerUnit: Double
    /// Carbon content, tC/GJ.
    public let carbonTonnesPerGigajoule: Double
    /// Share of the carbon that is oxidised, 0 to 1.
    public let oxidation: Double

    public init(gigajoulesPerUnit: Double, carbonTonnesPerGigajoule: Double, oxidation: Double) {
        self.gigajoulesPerUnit = gigajoulesPerUnit
        self.carbonTonnesPerGigajoule = carbonTonnesPerGigajoule
        self.oxidation = oxidation
    }

    /// t CO2 per unit.
    public var tonnesPerUnit: Double { gigajoulesPerUnit * tonnesPerGigajoule }
    /// t CO2 per GJ.
    public var tonnesPerGigajoule: Double {
        carbonTonnesPerGigajoule * oxidation * Self.carbonDioxidePerCarbon
    }
}
