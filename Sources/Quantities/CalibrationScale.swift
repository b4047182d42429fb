/// The calibration scale a mole fraction is traceable to. Values on different scales are never fused:
/// between X2007 and X2019 alone lie 0.17 ppm CO2 at 400 ppm (Hall et al. 2021, AMT 14, 3015).
public struct CalibrationScale: RawRepresentable, Codable, Hashable, Sendable, CustomStringConvertible {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    public static let co2X2007 = CalibrationScale(rawValue: "WMO-CO2-X2007")
    public static let co2X2019 = CalibrationScale(rawValue: "WMO-CO2-X2019")
    public static let ch4X2004A = CalibrationScale(rawValue: "WMO-CH4-X2004A")
    /// The instrument was not tied to any scale.
    public static let uncalibrated = CalibrationScale(rawValue: "uncalibrated")
    /// The source does not say.
    public static let unstated = CalibrationScale(rawValue: "unstated")

    public var description: String { rawValue }
}
