import Formats
import JSON
import Quantities

/// What the firmware of sensor.community sends: `{"esp8266id":"568371","sensordatavalues":[{"value_type":`
/// `"SCD30_co2_ppm","value":"579.00"}]}`.
///
/// It names no time, so that a message counts for the moment at which it came. A message that is delivered twice is
/// therefore two observations: such devices ought to publish with QoS 0.
struct SensorCommunityFormat: PayloadFormat {
    let version = "sensor-community-1"
    private let channels: [String: PayloadChannel]
    private let json = JSONParser()

    init(channels: [String: PayloadChannel]) { self.channels = channels }

    func decode(_ payload: RawSpan, received: Instant) throws(ObservationProblem) -> DecodedPayload {
        try read(payload, with: json) { root throws(ObservationProblem) in
            guard root.kind == .object else { throw ObservationProblem(.notAnObject) }
            guard let list = root[Name.values], list.kind == .array else {
                throw ObservationProblem(.malformed, "no sensordatavalues")
            }
            let content = Result { () throws(ObservationProblem) in
                var values = ChannelValues()
                for entry in list.children {
                    guard let type = entry[Name.type]?.text, let value = entry[Name.value] else {
                        throw ObservationProblem(.malformed, "a value without value_type")
                    }
                    if let channel = channels[type] { try values.add(value, channel, name: type) }
                }
                return try values.observation(device: device(of: root), time: received)
            }
            return DecodedPayload(isBatch: false, items: [DecodedPayload.Item(content: content)])
        }
    }

    /// The number of the chip, under the name of its kind: `esp8266id`, `esp32id`, `raspiid`.
    private func device(of root: JSONElement) -> String? {
        identifier(root.children.first { $0.name.hasPrefix("esp") && $0.name.hasSuffix("id") })
            ?? identifier(root[Name.raspberry])
    }

    private enum Name {
        static let values: JSONName = "sensordatavalues"
        static let type: JSONName = "value_type"
        static let value: JSONName = "value"
        static let raspberry: JSONName = "raspiid"
    }
}
