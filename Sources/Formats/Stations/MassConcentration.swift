public import Quantities

extension Gas {
    /// Multiply mg of this gas in a cubic metre of air by this to have ppm: R T / (p M), the air being an ideal gas.
    ///
    /// It is the fraction of the air that was weighed, moist or dry.
    /// - Returns: nil for what is no state of air near the ground.
    public func partsPerMillionOfMilligramPerCubicMetre(
        temperatureKelvin temperature: Double,
        pressureHectopascal pressure: Double
    ) -> Double? {
        guard (180...350).contains(temperature), (300...1200).contains(pressure) else { return nil }
        // mg to g is 1e-3, hPa to Pa is 1e2, a fraction to ppm is 1e6.
        return 10 * molarGasConstant * temperature / (pressure * molarMassGramsPerMole)
    }
}

/// J mol-1 K-1; exact since 2019 (CODATA 2018).
private let molarGasConstant = 8.314462618

/// Gas weighed in a volume of air, which is a mole fraction only at a known temperature and pressure.
struct MassUnit {
    let milligramsPerCubicMetre: Double

    /// Nil for units that are none of mass in volume.
    init?(spelling: String) {
        switch spelling {
        case "mg/m3", "mg/m³", "mg m-3": milligramsPerCubicMetre = 1
        case "ug/m3", "µg/m3", "μg/m3", "ug/m³", "µg/m³", "μg/m³", "ug m-3": milligramsPerCubicMetre = 1e-3
        case "g/m3", "g/m³", "g m-3": milligramsPerCubicMetre = 1e3
        default: return nil
        }
    }
}

/// The air that a volume is stated for, under `state`.
enum VolumeState {
    /// As it was: temperature and pressure come with the value.
    case measured
    /// Converted by the device to a state of reference: 273.15 K or 298.15 K at 1013.25 hPa in Chinese standards.
    case reference(partsPerMillionPerMilligram: Double)

    static let keys = ["temperature_k", "pressure_hpa"]

    /// - Throws: `ConfigurationError` where there is none: which of the states was meant would be a guess of 9 %.
    init(_ object: ConfigurationObject, _ gas: Gas) throws(ConfigurationError) {
        guard object.has("state") else {
            throw object.error(
                "state",
                "mass in a volume needs the air's `state`: `measured`, or `temperature_k` and `pressure_hpa`"
            )
        }
        if object.isText("state") {
            let text = try object.text("state")
            guard text == "measured" else {
                throw object.error("state", "`\(text)` is neither `measured` nor an object")
            }
            self = .measured
            return
        }
        let state = try object.object("state", known: Self.keys)
        let factor = gas.partsPerMillionOfMilligramPerCubicMetre(
            temperatureKelvin: try state.number("temperature_k"),
            pressureHectopascal: try state.number("pressure_hpa")
        )
        guard let factor else { throw object.error("state", "no state of air, K and hPa") }
        self = .reference(partsPerMillionPerMilligram: factor)
    }
}
