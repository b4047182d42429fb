public import Quantities

/// How a mass of carbon becomes a mass of gas. Sources differ, so that the one used is kept with the number.
public enum CarbonRatio: String, CaseIterable, Codable, Sendable {
    /// Molar masses of the gases over 12.011; for CO2 44.0095/12.011 = 3.6641.
    case molarMasses = "44.0095/12.011"
    /// Whole numbers; for CO2 44/12 = 3.6667, as ODIAC and GridFED count.
    case wholeNumbers = "44/12"

    static let carbonGramsPerMole = 12.011

    /// Grams of gas for each gram of its carbon; nil for a gas without carbon.
    public func gramsPerGramOfCarbon(_ gas: Gas) -> Double? {
        let whole: Double
        switch gas {
        case .co2: whole = 44.0 / 12
        case .ch4: whole = 16.0 / 12
        case .co: whole = 28.0 / 12
        default: return nil
        }
        return self == .wholeNumbers ? whole : gas.molarMassGramsPerMole / Self.carbonGramsPerMole
    }
}
