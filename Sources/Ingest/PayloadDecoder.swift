public import Archive
public import Formats
public import Observations
public import Quantities

/// What a message contained, item by item in their order.
public enum DecodedItem: Equatable, Sendable {
    /// The readings of one observation: one for each gas.
    case readings([Reading])
    /// An observation of the weather alone.
    case weather(time: Instant, Conditions)
    case rejection(Rejection)
}

/// Decodes messages into readings with their quality flags.
///
/// The topic says which station a message is of and what its payload looks like; where several devices share a topic,
/// the payload names the device. Stations without a ``PayloadDescription`` publish to
/// `co2/v1/{network}/{station}/obs` a JSON object, or an array of such objects:
/// `{"v":1, "boot":"7f3a", "seq":12, "ts":"2025-03-01T00:00:07.5Z", "co2":428.37, "u":{"co2":0.1},`
/// `"gps":{"lat":39.9,"lon":116.4,"alt":44}, "inst":{"cp":140.0}, "bottle":"95"}`. Gas values and their standard
/// uncertainties under `u` are in the unit that the network file declares; `null` is a missing value. `bottle`, or
/// `"cal":{"bottle":"95"}`, names the bottle that is measured in place of air. Of a member that is there twice the
/// first counts. Members that we do not use need only look like JSON.
///
/// An observation without any gas of the station is weather when the network file says `"weather": true` for the
/// station, when its payload names the quantity as SensorThings does, or when it tells of the wind; elsewhere it is
/// a mistake and refused.
public struct PayloadDecoder: Sendable {
    /// Of our own payload; each ``Message`` tells the version that decoded it.
    public static let version = "native-5"
    /// How far a device's clock may be ahead of ours.
    public static let toleratedLeadSeconds = 300.0
    /// More than any batch of a device; bounds the memory that one message may take.
    public static let payloadByteLimit = 8 << 20

    private let routes: [PayloadRoute]
    private let topics: TopicTable
    private let networks: Set<String>
    private let strayFrames = HJ212StrayFrames()
    /// What to subscribe to, each filter once.
    public let topicFilters: [String]

    /// For stations that all send our own payload.
    public init(networks: [Network]) {
        let drafts = networks.flatMap { network in
            network.stations.map { station in
                var draft = RouteDraft(
                    topic: observationTopic(network: network.id, station: station.id),
                    format: .native
                )
                // The first member of a route has nothing to be at odds with.
                try? draft.add(PayloadDestination(network, station, nil), PayloadDescription(format: .native))
                return draft
            }
        }
        self.init(drafts, networks)
    }

    /// - Parameter payloads: by network and station, see `NetworkFile.payloads`; those not named send our own.
    /// - Throws: ``PayloadRoutingError`` when the devices of a topic cannot be told apart.
    public init(
        networks: [Network],
        payloads: [String: [String: PayloadDescription]]
    ) throws(PayloadRoutingError) {
        var drafts: [RouteDraft] = []
        var indices: [String: Int] = [:]
        for network in networks {
            for station in network.stations {
                let description =
                    payloads[network.id]?[station.id] ?? PayloadDescription(format: .native)
                let destination = PayloadDestination(network, station, description)
                for topic in description.topics(network: network.id, station: station.id) {
                    if indices[topic] == nil {
                        indices[topic] = drafts.count
                        drafts.append(RouteDraft(topic: topic, format: description.format))
                    }
                    guard let index = indices[topic] else { continue }
                    try drafts[index].add(destination, description)
                }
            }
        }
        self.init(drafts, networks)
    }

    private init(_ drafts: [RouteDraft], _ networks: [Network]) {
        routes = drafts.map { PayloadRoute($0) }
        topics = TopicTable(drafts.enumerated().map { ($0.element.topic, $0.offset) })
        self.networks = Set(networks.map { $0.id })
        let own = networks.map { observationTopic(network: $0.id, station: "+") }
        topicFilters =
            own
            + drafts.map(\.topic).filter { topic in
                !own.contains { matches(Array($0.utf8), Array(topic.utf8).span.bytes) }
            }
    }

    /// What a message says of one station. `network` and `station` are empty for what belongs to none.
    public struct Message: Sendable {
        public let network: String
        public let station: String
        public internal(set) var items: [DecodedItem] = []
        /// Where in its batch each item stands; empty for what is no batch.
        var places: [Int] = []
        /// Of the observations that have one, those that cannot be used included.
        public internal(set) var sequences: [SequenceNumber] = []
        /// Recorded with dead letters, so that it is known which are worth decoding again.
        public let decoder: String
        /// The index of the station's destination in the route; nil for what belongs to none.
        var destination: Int?
    }

    /// Decodes one message, whose topic and payload lie in `bytes`.
    /// - Parameter received: when it came; times far after it are refused.
    /// - Returns: one for each station that the message says something of, in the order in which it does.
    public func decode(
        _ bytes: [UInt8],
        topic: Range<Int>,
        payload: Range<Int>,
        received: Instant
    ) -> [Message] {
        guard let index = topics.value(of: bytes.span.bytes.extracting(topic)) else {
            let name = String(decoding: bytes[topic], as: UTF8.self)
            return [strayMessage(topic: name, bytes.span.bytes.extracting(payload), received)]
        }
        return messages(bytes.span.bytes.extracting(payload), routes[index], received)
    }

    /// What came under a topic that no station has.
    private func strayMessage(topic: String, _ payload: RawSpan, _ received: Instant) -> Message {
        guard topic.hasPrefix("hj212/") else {
            let rejection = reject(topic: topic)
            return Message(network: "", station: "", items: [.rejection(rejection)], decoder: Self.version)
        }
        let items = strayFrames.rejections(of: payload, received).map { DecodedItem.rejection($0) }
        return Message(network: "", station: "", items: items, decoder: strayFrames.version)
    }

    private func messages(_ payload: RawSpan, _ route: PayloadRoute, _ received: Instant) -> [Message] {
        var sorter = MessageSorter(route)
        do throws(ObservationProblem) {
            guard payload.byteCount <= Self.payloadByteLimit else {
                throw ObservationProblem(.tooLarge, "\(payload.byteCount) bytes")
            }
            let decoded = try route.format.decode(payload, received: received)
            for (index, item) in decoded.items.enumerated() {
                sorter.add(item, index: decoded.isBatch ? index : nil, received)
            }
        } catch {
            sorter.refuse(error)
        }
        return sorter.messages
    }

    private func reject(topic: String) -> Rejection {
        let levels = topic.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard levels.count == 5, levels[0] == "co2", levels[1] == "v1", levels[4] == "obs" else {
            return Rejection(ObservationProblem(.unknownTopic, "no station has this topic"), item: nil)
        }
        let problem =
            networks.contains(levels[2])
            ? ObservationProblem(.unknownStation, levels[3]) : ObservationProblem(.unknownNetwork, levels[2])
        return Rejection(problem, item: nil)
    }
}

extension Rejection {
    init(_ problem: ObservationProblem, item: Int?) {
        self.init(reason: problem.reason.rawValue, detail: problem.detail, item: item)
    }
}

extension PayloadDestination {
    fileprivate convenience init(_ network: Network, _ station: Station, _ description: PayloadDescription?) {
        var namesQuantities = false
        if case .sensorThings? = description?.format { namesQuantities = true }
        self.init(
            network: network.id,
            judge: ObservationJudge(station: station),
            takesWeather: station.reportsWeather || namesQuantities
        )
    }
}

/// The topic of a station's observations.
public func observationTopic(network: String, station: String) -> String {
    "co2/v1/\(network)/\(station)/obs"
}
