import Formats
import Observations
public import Quantities

/// Where the observations of one device go. A class: each message asks for it, and the description of a station is
/// dear to copy.
final class PayloadDestination: Sendable {
    let network: String
    let judge: ObservationJudge
    /// Whether observations without a gas are weather even when they tell no wind.
    let takesWeather: Bool

    init(network: String, judge: ObservationJudge, takesWeather: Bool) {
        self.network = network
        self.judge = judge
        self.takesWeather = takesWeather
    }

    var station: Station { judge.station }
}

/// The devices that publish under one topic filter in one format. A class, as ``PayloadDestination`` is.
final class PayloadRoute: Sendable {
    let format: any PayloadFormat
    let destinations: [PayloadDestination]
    /// By what the device calls itself; empty where one device has the topic for itself.
    private let devices: [String: Int]

    init(_ draft: RouteDraft) {
        format = payloadFormat(for: draft.format, topic: draft.topic)
        destinations = draft.members.map(\.destination)
        devices = draft.needsDevices ? draft.devices : [:]
    }

    /// The index of the destination.
    func destination(of device: String?) throws(ObservationProblem) -> Int {
        guard !devices.isEmpty else { return 0 }
        guard let device else {
            throw ObservationProblem(
                .unknownDevice,
                "several devices share the topic, and the payload names none"
            )
        }
        guard let index = devices[device] else {
            throw ObservationProblem(.unknownDevice, String(device.prefix(64)))
        }
        return index
    }
}

/// The reader of a payload format. Here each format is plugged in.
/// - Parameter topic: the topic filter under which it reads.
private func payloadFormat(for format: PayloadDescription.Format, topic: String) -> any PayloadFormat {
    switch format {
    case .native: NativeFormat()
    case .json(let mapping): JSONMappingFormat(mapping)
    case .sensorThings(let channels):
        SensorThingsFormat(channels: channels, datastream: datastream(ofTopic: topic))
    case .sensorCommunity(let channels): SensorCommunityFormat(channels: channels)
    case .thingsBoard(let channels): ThingsBoardFormat(channels: channels)
    case .senMLJSON(let channels): SenMLFormat(isCBOR: false, channels: channels)
    case .senMLCBOR(let channels): SenMLFormat(isCBOR: true, channels: channels)
    case .hj212(let description): HJ212Format(description)
    }
}

/// The `12` of `v1.1/Datastreams(12)/Observations`; nil for other topics. Quotes round it are no part of it.
private func datastream(ofTopic topic: String) -> String? {
    for level in topic.split(separator: "/") where level.hasPrefix("Datastreams(") && level.hasSuffix(")") {
        let id = level.dropFirst("Datastreams(".count).dropLast()
        return String(id.hasPrefix("'") && id.hasSuffix("'") && id.count > 2 ? id.dropFirst().dropLast() : id)
    }
    return nil
}

/// A route that is being put together.
struct RouteDraft {
    struct Member {
        let destination: PayloadDestination
        /// Whether the description names the device, or the station's id stands for it.
        let isNamed: Bool
    }

    let topic: String
    private(set) var format: PayloadDescription.Format
    private(set) var members: [Member] = []
    private(set) var devices: [String: Int] = [:]

    init(topic: String, format: PayloadDescription.Format) {
        self.topic = topic
        self.format = format
    }

    var needsDevices: Bool { members.count > 1 || members.contains(where: \.isNamed) }

    mutating func add(
        _ destination: PayloadDestination,
        _ description: PayloadDescription
    ) throws(PayloadRoutingError) {
        guard let merged = format.merged(with: description.format) else {
            throw PayloadRoutingError(.differentFormats, topic: topic, station: destination.station.id)
        }
        format = merged
        for device in description.devices(station: destination.station.id) {
            guard devices.updateValue(members.count, forKey: device) == nil else {
                throw PayloadRoutingError(.sameDevice(device), topic: topic, station: destination.station.id)
            }
        }
        members.append(Member(destination: destination, isNamed: description.deviceID != nil))
    }
}

extension PayloadDescription.Format {
    /// The format that reads both; nil when none does.
    fileprivate func merged(with other: Self) -> Self? {
        if case .sensorThings(let mine) = self, case .sensorThings(let others) = other {
            return .sensorThings(mine.merging(others) { first, _ in first })
        }
        return self == other ? self : nil
    }
}

extension PayloadDescription {
    /// What the payload calls the device; for SensorThings its datastreams.
    fileprivate func devices(station: String) -> [String] {
        if case .sensorThings(let channels) = format { return channels.keys.sorted() }
        return [deviceID ?? station]
    }

    /// The topic filters under which the device publishes. Frames that a logger sends over TCP come as if published
    /// under its `MN`, whatever its topic in MQTT is.
    func topics(network: String, station: String) -> [String] {
        if case .hj212 = format {
            let own = hj212Topic(device: deviceID ?? station)
            return topics.contains(own) ? topics : topics + [own]
        }
        guard topics.isEmpty else { return topics }
        switch format {
        case .sensorThings(let channels):
            return channels.keys.sorted().map { "v1.1/Datastreams(\($0))/Observations" }
        default: return [observationTopic(network: network, station: station)]
        }
    }
}

/// Descriptions of devices that cannot all be followed.
public struct PayloadRoutingError: Fault, Equatable {
    public enum Kind: Equatable, Sendable {
        /// Devices of one topic send different formats.
        case differentFormats
        /// Two devices of one topic call themselves the same.
        case sameDevice(String)
    }

    public let kind: Kind
    public let topic: String
    public let station: String

    init(_ kind: Kind, topic: String, station: String) {
        self.kind = kind
        self.topic = topic
        self.station = station
    }

    public var what: String {
        switch kind {
        case .differentFormats: "stations that share the topic `\(topic)` have different payloads"
        case .sameDevice(let device): "two stations on the topic `\(topic)` have the device `\(device)`"
        }
    }

    public var place: String { "station \(station)" }

    public var remedy: String {
        switch kind {
        case .differentFormats: "give each of them a `topic` of its own, or the same `payload`"
        case .sameDevice: "give each of them a `topic` or a `device_id` of its own"
        }
    }

    public var exitStatus: ExitStatus { .badData }
}
