public import Geo
public import JSON
import Quantities

/// Where the numbers stand in the JSON of a device: the payload format `json`.
///
/// Paths are JSON Pointers (RFC 6901). With `records` a document holds several observations; their paths are seen
/// from the record, and those of what all have in common (`device`, `sequence`, `boot`, `time`, `position`,
/// `bottle`) lead into the document where they lead nowhere in the record.
public struct JSONMapping: Equatable, Sendable {
    /// Where a number comes from.
    public enum Source: Equatable, Sendable {
        case path(JSONPointer)
        /// The same for every observation.
        case constant(Double)
    }

    public struct Value: Equatable, Sendable {
        public let channel: PayloadChannel
        public let source: Source
        /// Of a gas; in the unit of the payload, as the value.
        public let uncertainty: JSONPointer?
    }

    public struct Place: Equatable, Sendable {
        public let longitude: JSONPointer
        public let latitude: JSONPointer
        public let altitude: JSONPointer?
        public let datum: PositionDatum
    }

    public let records: JSONPointer?
    public let device: JSONPointer?
    public let time: PayloadTime
    /// Nil for times at receipt.
    public let timePath: JSONPointer?
    public let values: [Value]
    public let position: Place?
    /// Whether numbers may stand in quotes.
    public let hasNumbersAsText: Bool
    public let sequence: JSONPointer?
    public let boot: JSONPointer?
    public let bottle: JSONPointer?
    /// Numbers that stand for none, such as -999; those that are near mean the same.
    public let missing: [Double]
}

extension JSONMapping {
    static let keys = [
        "records", "device", "time", "values", "conditions", "position", "numbers_as_text", "sequence",
        "boot",
        "bottle", "missing",
    ]

    init(_ object: ConfigurationObject) throws(ConfigurationError) {
        let timeObject = try object.object("time", known: PayloadTime.keys)
        let time = try PayloadTime(timeObject)
        self.init(
            records: try optionalPointer("records", of: object),
            device: try optionalPointer("device", of: object),
            time: time,
            timePath: time == .receipt ? nil : try pointer("path", of: timeObject),
            values: try Self.values(object),
            position: object.has("position") ? try Place(object.object("position", known: Place.keys)) : nil,
            hasNumbersAsText: object.has("numbers_as_text") ? try object.bool("numbers_as_text") : false,
            sequence: try optionalPointer("sequence", of: object),
            boot: try optionalPointer("boot", of: object),
            bottle: try optionalPointer("bottle", of: object),
            missing: object.has("missing") ? try object.numbers("missing") : []
        )
    }

    private static func values(_ object: ConfigurationObject) throws(ConfigurationError) -> [Value] {
        var values: [Value] = []
        var gases: Set<Gas> = []
        for description in try object.objects("values", known: Value.gasKeys) {
            values.append(try Value(description, "gas"))
            guard gases.insert(try readGas(description)).inserted else {
                throw object.error("values", "a gas appears twice")
            }
        }
        if object.has("conditions") {
            for description in try object.objects("conditions", known: Value.conditionKeys) {
                values.append(try Value(description, "condition"))
            }
        }
        guard !values.isEmpty else { throw object.error("values", "names nothing") }
        return values
    }
}

extension JSONMapping.Value {
    fileprivate static let gasKeys = [
        "gas", "path", "constant", "unit", "scale", "offset", "state", "uncertainty",
    ]
    fileprivate static let conditionKeys = ["condition", "path", "constant", "unit", "scale", "offset"]

    fileprivate init(_ object: ConfigurationObject, _ key: String) throws(ConfigurationError) {
        guard object.has(key) else { throw object.error(key, "`\(key)` is needed") }
        let source = try Self.source(object)
        let channel = try PayloadChannel(object)
        let uncertainty = try optionalPointer("uncertainty", of: object)
        self.init(channel: channel, source: source, uncertainty: uncertainty)
    }

    private static func source(
        _ object: ConfigurationObject
    ) throws(ConfigurationError) -> JSONMapping.Source {
        guard object.has("path") != object.has("constant") else {
            throw object.error("path", "either `path` or `constant` is needed")
        }
        if object.has("path") { return .path(try pointer("path", of: object)) }
        return .constant(try object.number("constant"))
    }
}

extension JSONMapping.Place {
    fileprivate static let keys = ["longitude", "latitude", "altitude", "crs"]

    fileprivate init(_ object: ConfigurationObject) throws(ConfigurationError) {
        longitude = try pointer("longitude", of: object)
        latitude = try pointer("latitude", of: object)
        altitude = try optionalPointer("altitude", of: object)
        datum = try readDatum(object)
    }
}

/// The datum under `crs`; WGS 84 where none is named.
func readDatum(_ object: ConfigurationObject) throws(ConfigurationError) -> PositionDatum {
    guard object.has("crs") else { return .wgs84 }
    let text = try object.text("crs")
    guard let datum = PositionDatum(rawValue: text) else {
        let known = PositionDatum.allCases.map { $0.rawValue }.joined(separator: ", ")
        throw object.error("crs", "`\(text)` is not one of \(known)")
    }
    return datum
}

private func pointer(_ key: String, of object: ConfigurationObject) throws(ConfigurationError) -> JSONPointer
{
    let text = try object.text(key)
    guard let pointer = JSONPointer(text) else {
        throw object.error(key, "`\(text)` is no JSON Pointer, as `/data/co2` is")
    }
    return pointer
}

private func optionalPointer(
    _ key: String,
    of object: ConfigurationObject
) throws(ConfigurationError) -> JSONPointer? {
    object.has(key) ? try pointer(key, of: object) : nil
}
