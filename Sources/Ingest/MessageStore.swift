public import Archive
public import MQTT
public import Observations
public import Quantities

/// The path from messages to the store: decode, check, write, all of a batch in one transaction.
///
/// Calls block; one thread at a time owns it.
public struct MessageStore: ~Copyable {
    private let decoder: PayloadDecoder
    var archive: ArchiveWriter
    let path: String
    var settler: Settler
    let knowledge: NetworkKnowledge
    private let metrics: IngestMetrics?
    private var alarms: AlarmDesk
    /// Raised or cleared since ``takeAlarms()`` was called last.
    private var alarmEvents: [AlarmPublication] = []
    /// Of what is durable.
    public internal(set) var summary = IngestSummary()

    /// - Parameter maximumBytes: what the store may grow to; nil for as far as the disk goes.
    /// - Throws: `ArchiveError` when the store cannot be opened for writing, `PayloadRoutingError` when devices
    ///   cannot be told apart.
    public init(
        path: String,
        knowledge: NetworkKnowledge,
        maximumBytes: Int64? = nil,
        metrics: IngestMetrics? = nil
    ) throws {
        let decoder = try PayloadDecoder(networks: knowledge.networks, payloads: knowledge.payloads)
        let archive = try ArchiveWriter(path: path, maximumBytes: maximumBytes)
        self.decoder = decoder
        self.path = path
        self.knowledge = knowledge
        self.metrics = metrics
        settler = Settler(rules: SettlingRules(networks: knowledge.networks, edits: knowledge.edits))
        alarms = AlarmDesk(
            networks: knowledge.networks,
            rules: knowledge.alarms,
            storePath: path,
            started: .now()
        )
        self.archive = archive
    }

    /// For stations that all send our own payload.
    public init(path: String, networks: [Network], maximumBytes: Int64? = nil) throws {
        try self.init(
            path: path,
            knowledge: NetworkKnowledge(networks: networks),
            maximumBytes: maximumBytes
        )
    }

    /// What to subscribe to.
    public var topicFilters: [String] { decoder.topicFilters }

    /// The loggers whose messages the last batch contained, with all that has come of them.
    public var receipts: [ReceiptState] { archive.changedReceipts }

    /// Makes a batch durable, or leaves the store as it was.
    /// - Parameter received: the moment that times are judged against.
    /// - Returns: `refused` when trying again may help: the disk is full, the file is locked.
    /// - Throws: `ArchiveError` when it will not: the file is damaged or read-only.
    public mutating func store(_ batch: MessageBatch, received: Instant) throws -> BatchOutcome {
        let start = ContinuousClock.now
        var tally = newTally(received)
        do {
            try archive.begin(received: received)
            for index in 0..<batch.count { try take(batch, index, received, &tally) }
            try archive.commit()
        } catch {
            archive.rollBack()
            guard error.mayPass else { throw error }
            metrics?.refused()
            return .refused(error)
        }
        tally.add(to: &summary)
        metrics?.committed(tally.metrics, commit: ContinuousClock.now - start)
        raiseAlarms(tally, received)
        return .durable()
    }

    private mutating func take(
        _ batch: MessageBatch,
        _ index: Int,
        _ received: Instant,
        _ tally: inout BatchTally
    ) throws(ArchiveError) {
        let topic = batch.topic(index)
        let payload = batch.payload(index)
        let bytes = batch.bytes.span.bytes
        for message in decoder.decode(batch.bytes, topic: topic, payload: payload, received: received) {
            try write(message, bytes.extracting(topic), bytes.extracting(payload), &tally)
        }
        try archive.endMessage(topic: bytes.extracting(topic), payload: bytes.extracting(payload))
        tally.countMessage()
    }

    /// Writes what a message says of one station.
    mutating func write(
        _ message: PayloadDecoder.Message,
        _ topic: RawSpan,
        _ payload: RawSpan,
        _ tally: inout BatchTally
    ) throws(ArchiveError) {
        guard !message.station.isEmpty else {
            return try reject(message, topic, payload, place: nil, &tally)
        }
        let station = archive.station(message.station, network: message.network)
        let place = tally.place(of: station, network: message.network, id: message.station)
        try reject(message, topic, payload, place: place, &tally)
        for item in message.items {
            switch item {
            case .readings(let readings):
                for reading in readings {
                    tally.count(try archive.store(reading, of: station), reading, at: place)
                }
            case .weather(let time, let conditions):
                let outcome = try archive.storeWeather(conditions, at: time, of: station)
                tally.countWeather(outcome, time, at: place)
            case .rejection: continue
            }
        }
        for sequence in message.sequences {
            try archive.receive(sequence.number, boot: sequence.boot, of: station)
        }
    }

    private mutating func reject(
        _ message: PayloadDecoder.Message,
        _ topic: RawSpan,
        _ payload: RawSpan,
        place: Int?,
        _ tally: inout BatchTally
    ) throws(ArchiveError) {
        var outcomes: [StoreOutcome] = []
        let kept = message.rejectionsToKeep
        for rejection in kept {
            outcomes.append(
                try archive.reject(rejection, topic: topic, payload: payload, decoder: message.decoder)
            )
        }
        for (index, rejection) in message.rejections.enumerated() {
            let isSeparate = kept.count == message.rejections.count
            let letter = isSeparate ? index : kept.firstIndex { $0.reason == rejection.reason }
            tally.count(rejection, letter.map { outcomes[$0] } ?? .stored, at: place)
        }
    }

    func newTally(_ received: Instant) -> BatchTally {
        BatchTally(received: received, keepsReadings: hasAlarms)
    }

    private var hasAlarms: Bool { knowledge.alarms.contains { !$0.value.isEmpty } }

    func decode(
        _ bytes: [UInt8],
        _ topic: Range<Int>,
        _ payload: Range<Int>,
        _ received: Instant
    ) -> [PayloadDecoder.Message] {
        decoder.decode(bytes, topic: topic, payload: payload, received: received)
    }

    // MARK: - Alarms

    private mutating func raiseAlarms(_ tally: BatchTally, _ received: Instant) {
        guard hasAlarms else { return }
        for part in tally.parts {
            let network = part.name.network
            if part.newReadings.isEmpty {
                alarmEvents += alarms.heard(station: part.name.station, network: network, received: received)
            } else {
                alarmEvents += alarms.observe(part.newReadings, network: network, received: received)
            }
        }
    }

    /// The alarms that were raised or cleared since the last call; to be called every second or so.
    /// - Throws: an error of the file system, when what must survive a restart cannot be written.
    public mutating func takeAlarms(at now: Instant) throws -> [AlarmPublication] {
        guard hasAlarms else { return [] }
        alarmEvents += alarms.tick(now)
        metrics?.setAlarmsStanding(alarms.standingCount)
        try alarms.save()
        defer { alarmEvents = [] }
        return alarmEvents
    }
}

extension PayloadDecoder.Message {
    /// More refused items of one message are kept together, by reason: each letter holds the whole message, and a
    /// batch with thousands of bad items would otherwise fill the disk.
    private static let separateLetterLimit = 20

    fileprivate var rejections: [Rejection] {
        items.compactMap { item in
            if case .rejection(let rejection) = item { rejection } else { nil }
        }
    }

    fileprivate var rejectionsToKeep: [Rejection] {
        let all = rejections
        guard all.count > Self.separateLetterLimit else { return all }
        var counts: [String: Int] = [:]
        for rejection in all { counts[rejection.reason, default: 0] += 1 }
        return counts.sorted { $0.key < $1.key }.map { reason, count in
            let first = all.first { $0.reason == reason }
            let place = first?.item.map { "item \($0)" } ?? ""
            return Rejection(
                reason: reason,
                detail: "\(count) items, the first is \(place): \(first?.detail ?? "")"
            )
        }
    }
}
