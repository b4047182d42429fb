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
        var tally = BatchTally(summary: summary, received: received)
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
        summary = tally.summary
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
        let name = StationName(network: message.network, station: message.station)
        for item in message.items {
            if case .rejection(let rejection) = item {
                try archive.reject(rejection, topic: topic, payload: payload, decoder: message.decoder)
                tally.count(rejection, name)
            }
        }
        guard !name.station.isEmpty else { return }
        let station = archive.station(name.station, network: name.network)
        for item in message.items {
            switch item {
            case .readings(let readings):
                for reading in readings {
                    tally.count(try archive.store(reading, of: station), reading, name)
                }
            case .weather(let time, let conditions):
                tally.countWeather(try archive.storeWeather(conditions, at: time, of: station), time, name)
            case .rejection: continue
            }
        }
        for sequence in message.sequences {
            try archive.receive(sequence.number, boot: sequence.boot, of: station)
        }
    }

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
        guard !knowledge.alarms.isEmpty else { return }
        for (name, readings) in tally.newReadings {
            alarmEvents += alarms.observe(readings, network: name.network, received: received)
        }
        for name in tally.heard {
            alarmEvents += alarms.heard(station: name.station, network: name.network, received: received)
        }
    }

    /// The alarms that were raised or cleared since the last call; to be called every second or so.
    /// - Throws: an error of the file system, when what must survive a restart cannot be written.
    public mutating func takeAlarms(at now: Instant) throws -> [AlarmPublication] {
        guard !knowledge.alarms.isEmpty else { return [] }
        alarmEvents += alarms.tick(now)
        metrics?.setAlarmsStanding(alarms.standingCount)
        try alarms.save()
        defer { alarmEvents = [] }
        return alarmEvents
    }
}
