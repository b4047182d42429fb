/// A greenhouse gas (or co-emitted tracer) that instruments report and inventories declare.
public enum Gas: String, CaseIterable, Codable, Hashable, Sendable {
    case co2
    case ch4
    case n2o
    case co

    /// Molar mass, g mol-1 (IUPAC 2021 standard atomic weights).
    public var molarMassGramsPerMole: Double {
        switch self {
        case .co2: 44.0095
        case .ch4: 16.0425
        case .n2o: 44.0128
        case .co: 28.0101
        }
    }

    /// The formula with subscripts, for text a person reads.
    public var formula: String {
        switch self {
        case .co2: "CO₂"
        case .ch4: "CH₄"
        case .n2o: "N₂O"
        case .co: "CO"
        }
    }

    /// The CF standard name of the dry-air mole fraction.
    public var moleFractionStandardName: String {
        switch self {
        case .co2: "mole_fraction_of_carbon_dioxide_in_air"
        case .ch4: "mole_fraction_of_methane_in_air"
        case .n2o: "mole_fraction_of_nitrous_oxide_in_air"
        case .co: "mole_fraction_of_carbon_monoxide_in_air"
        }
    }
}
