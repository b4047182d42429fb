public import Observations

/// Our number from that of a source: factor times number plus offset.
public struct LinearConversion: Equatable, Sendable {
    public let factor: Double
    public let offset: Double

    public init(factor: Double, offset: Double = 0) {
        self.factor = factor
        self.offset = offset
    }

    public static let identity = LinearConversion(factor: 1)

    public func callAsFunction(_ number: Double) -> Double { number * factor + offset }
}

extension Conditions {
    /// How to have a quantity in our unit when it is given in another. Spellings are those of UCUM, SenML
    /// (RFC 8428 and 8798) and of common files and devices.
    /// - Parameter name: one of ``commonNames``.
    /// - Returns: nil when the quantity does not come in such a unit.
    public static func conversion(of name: String, from unit: String) -> LinearConversion? {
        ConditionUnit.units(of: name)?.first { $0.spellings.contains(unit) }?.conversion
    }
}

/// A unit in which a condition is given, by the names it goes by.
struct ConditionUnit {
    /// The one to recommend first.
    let spellings: [String]
    let conversion: LinearConversion

    init(_ spellings: String..., factor: Double = 1, offset: Double = 0) {
        self.spellings = spellings
        conversion = LinearConversion(factor: factor, offset: offset)
    }

    /// Nil for conditions whose unit is their own affair.
    static func units(of condition: String) -> [ConditionUnit]? {
        switch condition {
        case "t":
            [
                .init("degC", "Cel", "°C", "C"), .init("K", offset: -273.15),
                .init("degF", "°F", "F", factor: 5.0 / 9, offset: -160.0 / 9),
            ]
        case "rh": [.init("%", "%RH", "/100"), .init("1", "/", factor: 100)]
        case "p":
            [
                .init("hPa", "mbar"), .init("Pa", factor: 0.01), .init("kPa", factor: 10),
                .init("bar", factor: 1000), .init("atm", factor: 1013.25),
                .init("Torr", "torr", "mmHg", factor: 1013.25 / 760),
            ]
        case "h2o":
            [
                .init("%", "/100"), .init("ppm", "umol/mol", factor: 1e-4),
                .init("mmol/mol", "/1000", "ppt", factor: 0.1), .init("mol/mol", "1", "/", factor: 100),
            ]
        case "ws", "spd":
            [
                .init("m/s", "m s-1"), .init("km/h", factor: 1 / 3.6), .init("mph", factor: 0.44704),
                .init("kn", "knot", factor: 1852.0 / 3600),
            ]
        case "wd", "hdg": [.init("deg", "°"), .init("rad", factor: 180 / .pi)]
        case "acc": [.init("m"), .init("km", factor: 1000)]
        case "sat": [.init("1", "count")]
        case "bat": [.init("V"), .init("mV", factor: 0.001)]
        default: nil
        }
    }
}
