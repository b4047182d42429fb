import Foundation

/// From moist to dry air.
public struct DryAirCorrection: Codable, Equatable, Sendable {
    /// Where the water vapour is known from.
    public enum Source: String, Codable, CaseIterable, Sendable {
        /// The condition `h2o`, % of moist air.
        case reported = "h2o"
        /// The conditions `rh`, `t` and `p` of the air in the cell.
        case humidity = "rh,t,p"
    }

    public let source: Source
    /// wet / dry = 1 + linear h + quadratic h2, with h in %.
    public let linear: Double
    public let quadratic: Double

    /// Water vapour only takes the place of dry air: wet / dry = 1 - x.
    public static func dilution(from source: Source) -> DryAirCorrection {
        DryAirCorrection(source: source, linear: -0.01, quadratic: 0)
    }

    /// The analyser's own relation, which holds dilution and the broadening of its lines (Rella et al. 2013,
    /// AMT 6, 837, eq. 9).
    public init(source: Source, linear: Double, quadratic: Double) {
        self.source = source
        self.linear = linear
        self.quadratic = quadratic
    }

    /// What is stored with the values.
    public var name: String {
        let isDilution = linear == -0.01 && quadratic == 0
        return isDilution
            ? "dilution (\(source.rawValue))" : "1 + \(linear) h + \(quadratic) h2 (\(source.rawValue))"
    }

    /// The dry-air mole fraction in the unit of the moist one; nil where the conditions do not tell the water
    /// vapour, or tell one that cannot be.
    public func dry(_ moist: Double, _ conditions: Conditions) -> Double? {
        guard let percent = waterVapourPercent(conditions) else { return nil }
        // Written so that the dilution agrees with co2 / (1 - x) to the last bit.
        let ratio =
            linear == -0.01 && quadratic == 0
            ? 1 - percent / 100 : 1 + percent * (linear + percent * quadratic)
        return ratio > 0.5 ? moist / ratio : nil
    }

    /// Water vapour, % of moist air.
    public func waterVapourPercent(_ conditions: Conditions) -> Double? {
        let percent: Double?
        switch source {
        case .reported: percent = conditions["h2o"]
        case .humidity:
            guard let humidity = conditions["rh"], let temperature = conditions["t"],
                let pressure = conditions["p"], pressure > 0, humidity >= 0,
                let saturation = WaterVapour.saturationPressureHectopascals(atCelsius: temperature)
            else { return nil }
            percent = humidity * saturation / pressure
        }
        return percent.flatMap { (0..<50).contains($0) ? $0 : nil }
    }
}

/// Properties of water vapour.
public enum WaterVapour {
    /// Saturation pressure over liquid water, hPa, from the triple to the critical point (Wagner and Pruss 2002,
    /// Journal of Physical and Chemical Reference Data 31, 387, eq. 2.5). Below the triple point it is continued
    /// over supercooled water, down to -40 degree Celsius; nil outside.
    public static func saturationPressureHectopascals(atCelsius temperature: Double) -> Double? {
        let kelvin = temperature + 273.15
        guard (233.15...criticalKelvin).contains(kelvin) else { return nil }
        let distance = 1 - kelvin / criticalKelvin
        let root = distance.squareRoot()
        let cube = distance * distance * distance
        let sum =
            -7.85951783 * distance + 1.84408259 * distance * root - 11.7866497 * cube
            + 22.6807411 * cube * root - 15.9618719 * cube * distance
            + 1.80122502 * cube * cube * distance * root
        return criticalHectopascals * exp(criticalKelvin / kelvin * sum)
    }

    private static let criticalKelvin = 647.096
    private static let criticalHectopascals = 220_640.0
}
