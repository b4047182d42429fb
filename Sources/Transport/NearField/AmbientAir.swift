public import Quantities

/// Temperature and pressure of the air, which turn masses into mole fractions.
public struct AmbientAir: Hashable, Sendable {
    public let kelvin: Double
    public let pascal: Double

    /// J mol-1 K-1 (CODATA 2018, exact).
    private static let molarGasConstant = 8.31446261815324

    /// Nil unless both are positive and finite.
    public init?(kelvin: Double, pascal: Double) {
        guard kelvin > 0, kelvin.isFinite, pascal > 0, pascal.isFinite else { return nil }
        self.kelvin = kelvin
        self.pascal = pascal
    }

    /// Moles of air in a cubic metre.
    public var molesPerCubicMetre: Double { pascal / (Self.molarGasConstant * kelvin) }

    /// ppm that a concentration in kg m-3 adds.
    public func partsPerMillion(_ concentration: Double, of gas: Gas) -> Double {
        concentration / (gas.molarMassGramsPerMole * 1e-3) / molesPerCubicMetre * 1e6
    }

    /// kg m-3 that ppm stand for.
    public func kilogramsPerCubicMetre(_ partsPerMillion: Double, of gas: Gas) -> Double {
        partsPerMillion * 1e-6 * molesPerCubicMetre * gas.molarMassGramsPerMole * 1e-3
    }
}
