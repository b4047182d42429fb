import Foundation
import Geo
public import Observations
import Quantities

/// The description of a network: `stations/NAME.json`, in JSON or JSON5.
///
/// Numbers of an instrument stand in the unit of the instrument; here they become ppm.
public struct NetworkFile: Sendable {
    public let path: String
    public let network: Network
    /// How a recorded file becomes messages of the stations; nil where none is described.
    public let record: RecordMapping?
    /// What the devices of the stations send, by station; absent where it is our own payload.
    public let payloads: [String: PayloadDescription]
    /// When somebody is to be told.
    public let alarms: [AlarmRule]

    /// Reads and checks a file.
    /// - Throws: ``ConfigurationError`` naming the key: unknown, missing, or with a value that cannot be.
    public init(path: String) throws(ConfigurationError) {
        try self.init(JSONValue.read(json5File: path), path: path)
    }

    /// Reads and checks what was a file, such as a store keeps it.
    /// - Parameter path: what errors name.
    /// - Throws: ``ConfigurationError`` naming the key.
    public init(text: String, path: String) throws(ConfigurationError) {
        try self.init(JSONValue.parse(json5: Data(text.utf8), file: path), path: path)
    }

    private init(_ value: JSONValue, path: String) throws(ConfigurationError) {
        let known = ["id", "names", "credit", "stations", "record", "alarms"]
        let object = try ConfigurationObject(value, file: path, path: "", known: known)
        var stations: [Station] = []
        var payloads: [String: PayloadDescription] = [:]
        for description in try object.objects("stations", known: Station.keys) {
            let station = try Station(description)
            stations.append(station)
            guard description.has("payload") else { continue }
            payloads[station.id] = try PayloadDescription(
                description.object("payload", known: PayloadDescription.keys)
            )
        }
        guard !stations.isEmpty else { throw object.error("stations", "names no station") }
        let names = stations.map { $0.id }
        try checkUnique(names, "stations", of: object)
        try readCompanions(object.objects("stations", known: Station.keys), of: &stations)
        self.path = path
        self.payloads = payloads
        alarms = try readAlarms(object, stations: stations)
        network = Network(
            id: try topicLevel("id", of: object),
            names: try object.name("names"),
            credit: try object.text("credit"),
            stations: stations
        )
        try checkReferences(among: stations, of: object)
        record =
            object.has("record")
            ? try RecordMapping(object.object("record", known: RecordMapping.keys), stations: names) : nil
    }
}

extension Station {
    fileprivate static let keys = [
        "id", "names", "kind", "position", "instruments", "payload", "weather",
    ]

    fileprivate init(_ object: ConfigurationObject) throws(ConfigurationError) {
        guard let kind = PlatformKind(rawValue: try object.text("kind")) else {
            throw object.error("kind", "neither `fixed` nor `vehicle`")
        }
        var instruments: [Instrument] = []
        for instrument in try object.objects("instruments", known: Instrument.keys) {
            instruments.append(try Instrument(instrument, of: kind))
        }
        let reportsWeather = object.has("weather") ? try object.bool("weather") : false
        guard !instruments.isEmpty || reportsWeather else {
            throw object.error("instruments", "names no instrument")
        }
        // A message names the gas and not the instrument.
        try checkUnique(instruments.map { $0.gas.rawValue }, "instruments", of: object)
        let position = object.has("position") ? try readPosition(object) : nil
        guard kind == .vehicle || position != nil else {
            throw object.error("position", "a fixed station needs a position")
        }
        self.init(
            id: try topicLevel("id", of: object),
            names: try object.name("names"),
            kind: kind,
            position: position,
            instruments: instruments
        )
        self.reportsWeather = reportsWeather
    }
}

private func readPosition(_ station: ConfigurationObject) throws(ConfigurationError) -> Position {
    let object = try station.object("position", known: ["longitude", "latitude", "altitude_m"])
    let position = Position(
        longitude: try object.number("longitude"),
        latitude: try object.number("latitude"),
        altitudeMetres: try optionalNumber("altitude_m", of: object)
    )
    guard let position else { throw station.error("position", "not a place on Earth") }
    return position
}

extension Instrument {
    static let keys = [
        "id", "gas", "unit", "scale", "inlet_height_m", "gross_range", "standard_uncertainty", "state_limits",
        "nominal_step_s", "quality", "calibration", "companions",
    ]

    fileprivate init(_ object: ConfigurationObject, of kind: PlatformKind) throws(ConfigurationError) {
        let unitText = try object.text("unit")
        guard let unit = MoleFractionUnit(spelling: unitText) else {
            throw object.error("unit", "`\(unitText)` is not a unit of mole fractions")
        }
        let uncertainty = try optionalNumber("standard_uncertainty", of: object)
        guard (uncertainty ?? 1) > 0 else {
            throw object.error("standard_uncertainty", "a standard uncertainty is positive")
        }
        let height = try optionalNumber("inlet_height_m", of: object)
        guard (-10...2000).contains(height ?? 0) else {
            throw object.error("inlet_height_m", "not a height above ground, m")
        }
        let gas = try readGas(object)
        self.init(
            id: try object.text("id"),
            gas: gas,
            unit: unit,
            scale: try readScale(object, gas),
            inletHeightMetres: height,
            grossRange: try readRange(object, unit),
            standardUncertaintyPartsPerMillion: uncertainty.map(unit.partsPerMillion),
            stateLimits: try readLimits(object)
        )
        nominalStepSeconds = try optionalNumber("nominal_step_s", of: object)
        guard (1e-3...1e7).contains(nominalStepSeconds ?? 1) else {
            throw object.error("nominal_step_s", "not a time between two readings, s")
        }
        quality = try readQualityProfile(object, of: kind, unit)
        calibration = try readCalibrationPlan(object, unit)
    }
}

private func readScale(
    _ instrument: ConfigurationObject,
    _ gas: Gas
) throws(ConfigurationError) -> CalibrationScale {
    let scale = CalibrationScale(rawValue: try instrument.text("scale"))
    guard scale.fits(gas) else {
        let known = CalibrationScale.worldMeteorologicalOrganization.filter { $0.gas == gas }
            .map { $0.scale.rawValue }.joined(separator: ", ")
        throw instrument.error("scale", "`\(scale)` is no WMO scale of \(gas.rawValue), known: \(known)")
    }
    return scale
}

private func readRange(
    _ instrument: ConfigurationObject,
    _ unit: MoleFractionUnit
) throws(ConfigurationError) -> GrossRange {
    let object = try instrument.object("gross_range", known: ["fail", "suspect"])
    let fail = try object.numbers("fail")
    let suspect = try object.numbers("suspect")
    guard fail.count == 2, suspect.count == 2, fail[0] <= suspect[0], suspect[0] <= suspect[1],
        suspect[1] <= fail[1]
    else {
        throw instrument.error("gross_range", "needs [lower, upper] twice, the suspect inside the fail range")
    }
    return GrossRange(
        failBelow: unit.partsPerMillion(fail[0]),
        suspectBelow: unit.partsPerMillion(suspect[0]),
        suspectAbove: unit.partsPerMillion(suspect[1]),
        failAbove: unit.partsPerMillion(fail[1])
    )
}

private func readLimits(_ instrument: ConfigurationObject) throws(ConfigurationError) -> [StateLimit] {
    guard instrument.has("state_limits") else { return [] }
    var limits: [StateLimit] = []
    for object in try instrument.objects("state_limits", known: ["quantity", "minimum", "maximum"]) {
        let limit = StateLimit(
            quantity: try object.text("quantity"),
            minimum: try object.number("minimum"),
            maximum: try object.number("maximum")
        )
        guard limit.minimum <= limit.maximum else {
            throw object.error("minimum", "the minimum is above the maximum")
        }
        limits.append(limit)
    }
    return limits
}

func readGas(_ object: ConfigurationObject) throws(ConfigurationError) -> Gas {
    let text = try object.text("gas")
    guard let gas = Gas(rawValue: text) else {
        let known = Gas.allCases.map { $0.rawValue }
        let hint = nearest(to: text, among: known).map { ", did you mean `\($0)`?" } ?? ""
        throw object.error("gas", "`\(text)` is not one of \(known.joined(separator: ", "))\(hint)")
    }
    return gas
}

/// Nil for an absent number.
func optionalNumber(
    _ key: String,
    of object: ConfigurationObject
) throws(ConfigurationError) -> Double? {
    object.has(key) ? try object.number(key) : nil
}

/// A name that can stand between two slashes of an MQTT topic.
private func topicLevel(_ key: String, of object: ConfigurationObject) throws(ConfigurationError) -> String {
    let name = try object.text(key)
    guard !name.isEmpty, !name.contains(where: { "/+#".contains($0) || $0.isWhitespace }) else {
        throw object.error(key, "`\(name)` cannot be a level of a topic")
    }
    return name
}

private func checkUnique(
    _ names: [String],
    _ key: String,
    of object: ConfigurationObject
) throws(ConfigurationError) {
    var seen = Set<String>()
    for name in names where !seen.insert(name).inserted {
        throw object.error(key, "`\(name)` appears twice")
    }
}
