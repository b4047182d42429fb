public import Archive
import Foundation
import Geo
public import Observations
public import Quantities

/// What a message contained, item by item in their order.
public enum DecodedItem: Equatable, Sendable {
    /// The readings of one observation: one for each gas.
    case readings([Reading])
    case rejection(Rejection)
}

/// Decodes messages of `co2/v1/{network}/{station}/obs` into readings with their quality flags.
///
/// The payload is a JSON object, or an array of such objects:
/// `{"v":1, "boot":"7f3a", "seq":12, "ts":"2025-03-01T00:00:07.5Z", "co2":428.37, "u":{"co2":0.1},`
/// `"gps":{"lat":39.9,"lon":116.4,"alt":44}, "inst":{"cp":140.0}}`. Gas values and their standard
/// uncertainties under `u` are in the unit that the network file declares; `null` is a missing value. Of a
/// member that is there twice the first counts. Members that we do not use need only look like JSON.
public struct PayloadDecoder: Sendable {
    /// Recorded with every dead letter, so that it is known which are worth sending again.
    public static let version = "native-4"
    /// How far a device's clock may be ahead of ours.
    public static let toleratedLeadSeconds = 300.0
    /// More than any batch of a device; bounds the memory that one message may take.
    public static let payloadByteLimit = 8 << 20

    private struct Destination {
        let network: String
        let station: Station
    }

    private let destinations: [String: Destination]
    private let networks: Set<String>
    private let native = NativeFormat()

    public init(networks: [Network]) {
        var destinations: [String: Destination] = [:]
        for network in networks {
            for station in network.stations {
                destinations[observationTopic(network: network.id, station: station.id)] =
                    Destination(network: network.id, station: station)
            }
        }
        self.destinations = destinations
        self.networks = Set(networks.map { $0.id })
    }

    /// A decoded message. `network` and `station` are empty for topics of none.
    public struct Message: Sendable {
        public let network: String
        public let station: String
        public let items: [DecodedItem]
    }

    /// Decodes one message, whose topic and payload lie in `bytes`.
    /// - Parameter received: when it came; times far after it are refused.
    public func decode(
        _ bytes: [UInt8],
        topic: Range<Int>,
        payload: Range<Int>,
        received: Instant
    ) -> Message {
        let name = String(decoding: bytes[topic], as: UTF8.self)
        guard let destination = destinations[name] else {
            return Message(network: "", station: "", items: [.rejection(reject(topic: name))])
        }
        return Message(
            network: destination.network,
            station: destination.station.id,
            items: items(bytes, payload, destination.station, received)
        )
    }

    private func items(
        _ bytes: [UInt8],
        _ payload: Range<Int>,
        _ station: Station,
        _ received: Instant
    ) -> [DecodedItem] {
        guard payload.count <= Self.payloadByteLimit else {
            return [.rejection(rejection(.tooLarge, "\(payload.count) bytes", nil))]
        }
        do {
            let decoded = try native.decode(bytes.span.bytes.extracting(payload))
            return decoded.items.enumerated().map { index, item in
                judged(item.content, station, received, decoded.isBatch ? index : nil)
            }
        } catch {
            return [.rejection(rejection(error.reason, error.detail, nil))]
        }
    }

    private func judged(
        _ content: Result<Observation, ObservationProblem>,
        _ station: Station,
        _ received: Instant,
        _ index: Int?
    ) -> DecodedItem {
        do {
            let readings = try ObservationJudge(station: station)
                .readings(of: try content.get(), received: received)
            return .readings(readings)
        } catch {
            return .rejection(rejection(error.reason, error.detail, index))
        }
    }

    private func rejection(_ reason: RejectionReason, _ detail: String, _ item: Int?) -> Rejection {
        Rejection(reason: reason.rawValue, detail: detail, item: item)
    }

    private func reject(topic: String) -> Rejection {
        let levels = topic.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard levels.count == 5, levels[0] == "co2", levels[1] == "v1", levels[4] == "obs" else {
            return rejection(.unknownTopic, "not co2/v1/{network}/{station}/obs", nil)
        }
        return networks.contains(levels[2])
            ? rejection(.unknownStation, levels[3], nil) : rejection(.unknownNetwork, levels[2], nil)
    }
}

/// The topic of a station's observations.
public func observationTopic(network: String, station: String) -> String {
    "co2/v1/\(network)/\(station)/obs"
}
