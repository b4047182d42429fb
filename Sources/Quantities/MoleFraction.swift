/// A unit in which a source may give a mole fraction. Inside, values are always ppm.
public enum MoleFractionUnit: String, CaseIterable, Codable, Hashable, Sendable {
    case partsPerMillion = "ppm"
    case partsPerBillion = "ppb"
    case molesPerMole = "mol/mol"

    /// Multiply a value in this unit by this factor to have ppm.
    public var partsPerMillionFactor: Double {
        switch self {
        case .partsPerMillion: 1
        case .partsPerBillion: 1e-3
        case .molesPerMole: 1e6
        }
    }

    /// The value in ppm. Division is used where the factor is not exact in binary, so that 1949.5 ppb
    /// becomes the double nearest to 1.9495.
    public func partsPerMillion(_ value: Double) -> Double {
        switch self {
        case .partsPerMillion: value
        case .partsPerBillion: value / 1e3
        case .molesPerMole: value * 1e6
        }
    }

    /// A value held in ppm, in this unit.
    public func fromPartsPerMillion(_ value: Double) -> Double {
        switch self {
        case .partsPerMillion: value
        case .partsPerBillion: value * 1e3
        case .molesPerMole: value / 1e6
        }
    }

    /// Reads the spellings met in files: `1e-9`, `1e-09 mol/mol`, `nmol mol-1`, `ppmv`, ...
    public init?(spelling: String) {
        switch spelling.trimmedLowercase {
        case "ppm", "ppmv", "1e-6", "1e-06", "1e-06 mol/mol", "umol mol-1", "µmol mol-1", "micromol mol-1":
            self = .partsPerMillion
        case "ppb", "ppbv", "1e-9", "1e-09", "1e-09 mol/mol", "nmol mol-1", "nanomol mol-1":
            self = .partsPerBillion
        case "mol/mol", "mol mol-1", "mol mol^-1", "1":
            self = .molesPerMole
        default:
            return nil
        }
    }
}

extension String {
    /// Lower case without surrounding blanks; enough for unit spellings.
    var trimmedLowercase: String {
        var characters = Substring(lowercased())
        while characters.first?.isWhitespace == true { characters.removeFirst() }
        while characters.last?.isWhitespace == true { characters.removeLast() }
        return String(characters)
    }
}
