/// The calibration scale a mole fraction is traceable to. Values on different scales are never fused:
/// between X2007 and X2019 alone lie 0.17 ppm CO2 at 400 ppm (Hall et al. 2021, AMT 14, 3015).
public struct CalibrationScale: RawRepresentable, Codable, Hashable, Sendable, CustomStringConvertible {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    public static let co2X2007 = CalibrationScale(rawValue: "WMO-CO2-X2007")
    public static let co2X2019 = CalibrationScale(rawValue: "WMO-CO2-X2019")
    public static let ch4X2004A = CalibrationScale(rawValue: "WMO-CH4-X2004A")
    public static let n2oX2006A = CalibrationScale(rawValue: "WMO-N2O-X2006A")
    public static let coX2014A = CalibrationScale(rawValue: "WMO-CO-X2014A")
    /// The instrument was not tied to any scale.
    public static let uncalibrated = CalibrationScale(rawValue: "uncalibrated")
    /// The source does not say.
    public static let unstated = CalibrationScale(rawValue: "unstated")

    /// The current and recent scales of the WMO/GAW central calibration laboratories.
    public static let worldMeteorologicalOrganization: [(gas: Gas, scale: CalibrationScale)] = [
        (.co2, co2X2007), (.co2, co2X2019), (.ch4, ch4X2004A), (.n2o, n2oX2006A), (.co, coX2014A),
    ]

    /// Whether a gas can be on this scale: WMO scales name their gas; what others call theirs is not judged.
    public func fits(_ gas: Gas) -> Bool {
        guard rawValue.uppercased().hasPrefix("WMO") else { return true }
        return Self.worldMeteorologicalOrganization.contains { $0.gas == gas && $0.scale == self }
    }

    public var description: String { rawValue }
}
