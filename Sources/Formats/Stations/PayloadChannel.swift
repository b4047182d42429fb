public import Geo
import Observations
public import Quantities

/// What one number of a payload means.
public struct PayloadChannel: Equatable, Sendable {
    public enum Meaning: Equatable, Sendable {
        /// The unit nil for the one that the network file declares for the instrument.
        case gas(Gas, unit: MoleFractionUnit?)
        /// A gas in mg per cubic metre of air as it was: a mole fraction with the temperature and pressure that the
        /// payload states for the same moment.
        case gasMass(Gas)
        /// A number of `Conditions`.
        case condition(String)
        case longitude
        case latitude
        case altitude
    }

    public let meaning: Meaning
    /// From the number of the payload to the unit of the gas or condition: times `scale`, plus `offset`.
    public let scale: Double
    public let offset: Double
    /// Whether the description names the unit, for payloads that can name it too.
    public let declaresUnit: Bool
    /// Of a coordinate.
    public let datum: PositionDatum

    public init(
        _ meaning: Meaning,
        scale: Double = 1,
        offset: Double = 0,
        declaresUnit: Bool = false,
        datum: PositionDatum = .wgs84
    ) {
        self.meaning = meaning
        self.scale = scale
        self.offset = offset
        self.declaresUnit = declaresUnit
        self.datum = datum
    }

    public func value(of number: Double) -> Double { number * scale + offset }
}

extension PayloadChannel {
    static let keys = ["gas", "condition", "position", "unit", "scale", "offset", "state", "crs"]

    /// From one of the keys `gas`, `condition` and `position`, with `unit`, `scale` and `offset`.
    init(_ object: ConfigurationObject) throws(ConfigurationError) {
        let named = ["gas", "condition", "position"].filter { object.has($0) }
        guard named.count == 1, let key = named.first else {
            throw object.error("gas", "one of `gas`, `condition` and `position` is needed")
        }
        switch key {
        case "gas": try self.init(gas: object)
        case "condition": try self.init(condition: object)
        default: try self.init(position: object)
        }
    }

    private init(gas object: ConfigurationObject) throws(ConfigurationError) {
        let gas = try readGas(object)
        let scale = try readScaleFactor(object)
        let offset = object.has("offset") ? try object.number("offset") : 0
        let text = object.has("unit") ? try object.text("unit") : nil
        if let text, let mass = MassUnit(spelling: text) {
            let milligrams = mass.milligramsPerCubicMetre
            try self.init(gas, scale * milligrams, offset * milligrams, VolumeState(object, gas))
            return
        }
        guard !object.has("state") else {
            throw object.error("state", "only mass in a volume, such as mg/m3, depends on it")
        }
        let unit = text.flatMap { MoleFractionUnit(spelling: $0) }
        guard text == nil || unit != nil else {
            throw object.error("unit", "`\(text ?? "")` is not a unit of mole fractions, nor mg/m3")
        }
        self.init(.gas(gas, unit: unit), scale: scale, offset: offset, declaresUnit: unit != nil)
    }

    private init(_ gas: Gas, _ scale: Double, _ offset: Double, _ state: VolumeState) {
        switch state {
        case .measured: self.init(.gasMass(gas), scale: scale, offset: offset, declaresUnit: true)
        case .reference(let factor):
            self.init(
                .gas(gas, unit: .partsPerMillion),
                scale: scale * factor,
                offset: offset * factor,
                declaresUnit: true
            )
        }
    }

    private init(condition object: ConfigurationObject) throws(ConfigurationError) {
        let name = try object.text("condition")
        let scale = try readScaleFactor(object)
        let offset = object.has("offset") ? try object.number("offset") : 0
        guard object.has("unit") else {
            self.init(.condition(name), scale: scale, offset: offset)
            return
        }
        let unit = try object.text("unit")
        guard let known = ConditionUnit.units(of: name) else {
            throw object.error("unit", "`\(name)` has no units that are known; use `scale` and `offset`")
        }
        guard let conversion = Conditions.conversion(of: name, from: unit) else {
            let spellings = known.map { $0.spellings[0] }.joined(separator: ", ")
            throw object.error("unit", "`\(unit)` is not a unit of `\(name)`, known: \(spellings)")
        }
        self.init(
            .condition(name),
            scale: scale * conversion.factor,
            offset: offset * conversion.factor + conversion.offset,
            declaresUnit: true
        )
    }

    private init(position object: ConfigurationObject) throws(ConfigurationError) {
        let name = try object.text("position")
        guard let meaning = PayloadChannel(shorthand: name)?.meaning, meaning.isPosition else {
            throw object.error("position", "`\(name)` is not one of lon, lat, alt")
        }
        self.init(meaning, datum: try readDatum(object))
    }

    /// A gas, a common condition or a coordinate by its name alone, in the unit that we use.
    init?(shorthand name: String) {
        if let gas = Gas(rawValue: name) {
            self.init(.gas(gas, unit: nil))
        } else if Conditions.commonNames.contains(name) {
            self.init(.condition(name))
        } else if let meaning = Meaning(coordinate: name) {
            self.init(meaning)
        } else {
            return nil
        }
    }

    /// Those that have a name of their own.
    static let shorthands = Gas.allCases.map { $0.rawValue } + Conditions.commonNames + ["lon", "lat", "alt"]
}

extension PayloadChannel.Meaning {
    fileprivate init?(coordinate name: String) {
        switch name {
        case "lon": self = .longitude
        case "lat": self = .latitude
        case "alt": self = .altitude
        default: return nil
        }
    }

    fileprivate var isPosition: Bool { self == .longitude || self == .latitude || self == .altitude }

    /// The gas, if it is one.
    public var gas: Gas? {
        switch self {
        case .gas(let gas, _), .gasMass(let gas): gas
        default: nil
        }
    }
}

private func readScaleFactor(_ object: ConfigurationObject) throws(ConfigurationError) -> Double {
    guard object.has("scale") else { return 1 }
    let scale = try object.number("scale")
    guard scale != 0 else { throw object.error("scale", "zero makes every number the same") }
    return scale
}

/// The channels of a payload by the name that the device gives them: `{"co2_ppm": "co2", "temp": {"condition":`
/// `"t", "unit": "K"}}`.
func readChannels(
    _ key: String,
    of description: ConfigurationObject
) throws(ConfigurationError) -> [String: PayloadChannel] {
    let table = try description.table(key)
    var channels: [String: PayloadChannel] = [:]
    for name in table.keys {
        guard table.isText(name) else {
            channels[name] = try PayloadChannel(table.object(name, known: PayloadChannel.keys))
            continue
        }
        let text = try table.text(name)
        guard let channel = PayloadChannel(shorthand: text) else {
            let advice = nearest(to: text, among: PayloadChannel.shorthands).map { ", did you mean `\($0)`?" }
            throw table.error(name, "`\(text)` is no gas, condition or coordinate\(advice ?? "")")
        }
        channels[name] = channel
    }
    guard !channels.isEmpty else { throw description.error(key, "names nothing") }
    let horizontal = channels.values.filter { $0.meaning == .longitude || $0.meaning == .latitude }
    guard Set(horizontal.map(\.datum)).count < 2 else {
        throw description.error(key, "longitude and latitude have different `crs`")
    }
    return channels
}
