import Quantities

/// What a device sends and where to: the member `payload` of a station. Stations without it send our own JSON to
/// `co2/v1/{network}/{station}/obs`.
///
/// `{"format": "json", "topic": "site/+/data", "device_id": "A17", ...}` with the keys of the format:
/// ``JSONMapping`` for `json`, ``HJ212Description`` for `hj212`, and `channels` for `sensorthings`,
/// `sensor-community`, `thingsboard`, `senml-json` and `senml-cbor`: an object from the device's name of a quantity
/// (for SensorThings the id of the datastream) to a gas, condition or coordinate, see ``PayloadChannel``.
public struct PayloadDescription: Equatable, Sendable {
    public enum Format: Equatable, Sendable {
        case native
        case json(JSONMapping)
        case senMLJSON([String: PayloadChannel])
        case senMLCBOR([String: PayloadChannel])
        case sensorThings([String: PayloadChannel])
        case sensorCommunity([String: PayloadChannel])
        case thingsBoard([String: PayloadChannel])
        case hj212(HJ212Description)
    }

    public let format: Format
    /// MQTT topic filters; empty for the topic that the format implies.
    public let topics: [String]
    /// What the device calls itself in the payload, for topics that several share; nil for the station's id.
    public let deviceID: String?

    public init(format: Format, topics: [String] = [], deviceID: String? = nil) {
        self.format = format
        self.topics = topics
        self.deviceID = deviceID
    }
}

extension PayloadDescription {
    private static let commonKeys = ["format", "topic", "topics", "device_id"]
    /// Of all formats; a key of another format than the named one is refused afterwards.
    static let keys = commonKeys + JSONMapping.keys + HJ212Description.keys

    private static let formats: [String: [String]] = [
        "native": [], "json": JSONMapping.keys, "senml-json": ["channels"], "senml-cbor": ["channels"],
        "sensorthings": ["channels"], "sensor-community": ["channels"], "thingsboard": ["channels"],
        "hj212": HJ212Description.keys,
    ]

    init(_ object: ConfigurationObject) throws(ConfigurationError) {
        let name = object.has("format") ? try object.text("format") : "native"
        guard let own = Self.formats[name] else {
            let known = Self.formats.keys.sorted().joined(separator: ", ")
            let advice = nearest(to: name, among: Self.formats.keys.sorted()).map {
                ", did you mean `\($0)`?"
            }
            throw object.error("format", "`\(name)` is not one of \(known)\(advice ?? "")")
        }
        let known = Self.commonKeys + own
        if let foreign = object.keys.first(where: { !known.contains($0) }) {
            throw object.error(foreign, "`\(foreign)` is no key of the format `\(name)`")
        }
        self.init(
            format: try Self.format(name, object),
            topics: try Self.topics(object),
            deviceID: object.has("device_id") ? try object.text("device_id") : nil
        )
    }

    private static func format(
        _ name: String,
        _ object: ConfigurationObject
    ) throws(ConfigurationError) -> Format {
        switch name {
        case "json": .json(try JSONMapping(object))
        case "senml-json": .senMLJSON(try readChannels("channels", of: object))
        case "senml-cbor": .senMLCBOR(try readChannels("channels", of: object))
        case "sensorthings": .sensorThings(try readChannels("channels", of: object))
        case "sensor-community":
            .sensorCommunity(
                object.has("channels") ? try readChannels("channels", of: object) : sensorCommunityChannels
            )
        case "thingsboard": .thingsBoard(try readChannels("channels", of: object))
        case "hj212": .hj212(try HJ212Description(object))
        default: .native
        }
    }

    private static func topics(_ object: ConfigurationObject) throws(ConfigurationError) -> [String] {
        guard !(object.has("topic") && object.has("topics")) else {
            throw object.error("topics", "either `topic` or `topics`")
        }
        let key = object.has("topics") ? "topics" : "topic"
        let topics =
            object.has("topics") ? try object.texts(key) : object.has(key) ? [try object.text(key)] : []
        for topic in topics where !isTopicFilter(topic) {
            throw object.error(key, "`\(topic)` is no MQTT topic filter")
        }
        return topics
    }

    /// The names of the firmware of sensor.community. Its pressure is in Pa.
    private static let sensorCommunityChannels: [String: PayloadChannel] = [
        "SCD30_co2_ppm": PayloadChannel(.gas(.co2, unit: .partsPerMillion)),
        "SCD30_temperature": PayloadChannel(.condition("t")),
        "SCD30_humidity": PayloadChannel(.condition("rh")),
        "BME280_temperature": PayloadChannel(.condition("t")),
        "BME280_humidity": PayloadChannel(.condition("rh")),
        "BME280_pressure": PayloadChannel(.condition("p"), scale: 0.01),
        "GPS_lat": PayloadChannel(.latitude),
        "GPS_lon": PayloadChannel(.longitude),
        "GPS_height": PayloadChannel(.altitude),
    ]
}

/// By MQTT 5.0 (4.7): `+` fills a level, `#` fills the last one, and the whole has 1 to 65535 bytes without NUL.
func isTopicFilter(_ text: String) -> Bool {
    guard (1...65_535).contains(text.utf8.count), !text.utf8.contains(0) else { return false }
    let levels = text.split(separator: "/", omittingEmptySubsequences: false)
    return levels.enumerated().allSatisfy { index, level in
        level == "+" || (level == "#" && index == levels.count - 1) || !level.contains { "+#".contains($0) }
    }
}
