import Foundation

/// Thermodynamics of moist air.
public enum MoistAir {
    /// J kg-1 K-1.
    public static let dryGasConstant = 287.05
    public static let heatCapacity = 1004.5
    /// m s-2.
    public static let gravity = 9.80665
    /// Of the gas constants of dry air and water vapour.
    static let vapourRatio = 0.622
    static let vonKarman = 0.4

    /// K, of a specific humidity in kg kg-1.
    @inlinable
    public static func virtualTemperature(kelvin: Double, specificHumidity: Double) -> Double {
        kelvin * (1 + 0.608 * specificHumidity)
    }

    /// kg m-3.
    public static func density(pascal: Double, kelvin: Double, specificHumidity: Double) -> Double {
        pascal / (dryGasConstant * virtualTemperature(kelvin: kelvin, specificHumidity: specificHumidity))
    }

    /// K, at 1000 hPa.
    public static func potentialTemperature(kelvin: Double, pascal: Double) -> Double {
        kelvin * pow(100_000 / pascal, dryGasConstant / heatCapacity)
    }

    /// m s-1 upward from the rate of change of pressure along the flow, Pa s-1: w = -omega / (density g), for air in
    /// hydrostatic balance. Sinking air gains pressure.
    public static func upward(omega: Double, pascal: Double, kelvin: Double, specificHumidity: Double)
        -> Double
    {
        -omega / (density(pascal: pascal, kelvin: kelvin, specificHumidity: specificHumidity) * gravity)
    }

    /// m between two pressures, by the hypsometric equation.
    public static func thicknessMetres(
        fromPascal lower: Double,
        toPascal upper: Double,
        virtualKelvin: Double
    ) -> Double {
        dryGasConstant / gravity * virtualKelvin * log(lower / upper)
    }

    /// Pa, over water above 0.01 degrees C, over ice below -23, and between them a mixture of both (Tetens' formula
    /// with the coefficients of Buck 1981 and Alduchov and Eskridge 1996, as in IFS documentation Cy41r2 part IV,
    /// eqs. 7.4 and 7.5).
    public static func saturationPressure(kelvin: Double) -> Double {
        let triple = 273.16
        let water = 611.21 * exp(17.502 * (kelvin - triple) / (kelvin - 32.19))
        guard kelvin < triple else { return water }
        let ice = 611.21 * exp(22.587 * (kelvin - triple) / (kelvin + 0.7))
        let share = max(0, (kelvin - 250.16) / (triple - 250.16))
        return ice + (water - ice) * share * share
    }

    /// kg kg-1 from per cent of saturation.
    public static func specificHumidity(relativePercent: Double, kelvin: Double, pascal: Double) -> Double {
        let vapour = max(0, relativePercent) / 100 * saturationPressure(kelvin: kelvin)
        return vapourRatio * vapour / (pascal - (1 - vapourRatio) * vapour)
    }
}
