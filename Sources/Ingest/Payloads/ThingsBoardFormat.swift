import Formats
import JSON
import Quantities

/// The telemetry of ThingsBoard: `{"ts":1740787200000,"values":{"co2":428.4}}`, plain `{"co2":428.4}` at the moment of
/// receipt, arrays of either, and the form of its gateways, `{"Device A":[{...}]}`.
///
/// A message without `ts` that is delivered twice is two observations, as it names no time.
struct ThingsBoardFormat: PayloadFormat {
    let version = "thingsboard-1"
    private let channels: [String: PayloadChannel]
    private let json = JSONParser()

    init(channels: [String: PayloadChannel]) { self.channels = channels }

    func decode(_ payload: RawSpan, received: Instant) throws(ObservationProblem) -> DecodedPayload {
        try read(payload, with: json) { root throws(ObservationProblem) in
            if isGateway(root) {
                let items = root.children.flatMap { device in
                    device.children.map { item($0, device: device.name, received) }
                }
                return DecodedPayload(isBatch: true, items: items)
            }
            guard root.kind == .array else {
                return DecodedPayload(isBatch: false, items: [item(root, device: nil, received)])
            }
            let items = root.children.map { item($0, device: nil, received) }
            return DecodedPayload(isBatch: true, items: items)
        }
    }

    /// An object of arrays only, by device.
    private func isGateway(_ root: JSONElement) -> Bool {
        guard root.kind == .object else { return false }
        var children = root.children
        guard let first = children.next(), first.kind == .array else { return false }
        return children.allSatisfy { $0.kind == .array }
    }

    private func item(_ element: JSONElement, device: String?, _ received: Instant) -> DecodedPayload.Item {
        DecodedPayload.Item(
            content: Result { () throws(ObservationProblem) in
                guard element.kind == .object else { throw ObservationProblem(.notAnObject) }
                let stated = element[Name.time]
                let members = element[Name.values] ?? element
                guard members.kind == .object else { throw ObservationProblem(.notAnObject, "values") }
                var values = ChannelValues()
                for member in members.children {
                    guard let channel = channels[member.name] else { continue }
                    // Its gateways turn numbers into strings at times.
                    try values.add(member, channel, name: member.name)
                }
                let time = try stated.map { stated throws(ObservationProblem) in
                    try instant(unix: stated, unitMicroseconds: 1000)
                }
                return try values.observation(device: device, time: time ?? received)
            }
        )
    }

    private enum Name {
        static let time: JSONName = "ts"
        static let values: JSONName = "values"
    }
}
