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
    /// Of a larger payload that cannot be used only the beginning is kept.
    private var letterByteLimit = PayloadDecoder.payloadByteLimit
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
        let tally: BatchTally
        do {
            tally = try commitMakingRoom(batch, received)
        } catch {
            guard error.mayPass else { throw error }
            metrics?.refused()
            return .refused(explain(error, batch, received))
        }
        tally.add(to: &summary)
        metrics?.committed(tally.metrics, commit: ContinuousClock.now - start)
        raiseAlarms(tally, received)
        return .durable()
    }

    private mutating func commit(
        _ batch: MessageBatch,
        _ received: Instant
    ) throws(ArchiveError) -> BatchTally {
        var tally = newTally(received)
        do {
            try archive.begin(received: received)
            for index in 0..<batch.count { try take(batch, index, received, &tally) }
            try archive.commit()
            return tally
        } catch {
            archive.rollBack()
            throw error
        }
    }

    /// One useless message must not stop all others for want of room: where the store may not grow as far as the batch
    /// needs, only the beginning is kept of what cannot be used and is larger than a tenth of the size allowed. What
    /// can be used is never cut.
    private mutating func commitMakingRoom(
        _ batch: MessageBatch,
        _ received: Instant
    ) throws(ArchiveError) -> BatchTally {
        do {
            return try commit(batch, received)
        } catch {
            guard error.isFull, let allowed = archive.maximumBytes else { throw error }
            let limit = min(letterByteLimit, max(DeadLetter.shortenedByteCount, Int(clamping: allowed / 10)))
            guard (0..<batch.count).contains(where: { batch.payload($0).count > limit }) else { throw error }
            let before = letterByteLimit
            letterByteLimit = limit
            defer { letterByteLimit = before }
            return try commit(batch, received)
        }
    }

    /// How much room the batch needs, where the size allowed is what stops it.
    private mutating func explain(
        _ error: ArchiveError,
        _ batch: MessageBatch,
        _ received: Instant
    ) -> ArchiveError {
        guard error.isFull, let allowed = archive.maximumBytes else { return error }
        var tally = newTally(received)
        do {
            try archive.beginTrial(received: received)
            for index in 0..<batch.count { try take(batch, index, received, &tally) }
            let needed = try archive.endTrial()
            guard needed > allowed else { return error }
            return .limitReached(path: path, neededBytes: needed, allowedBytes: allowed)
        } catch let trouble {
            // The disk itself is full.
            archive.rollBack()
            return trouble
        }
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
        let messages = decoder.decode(batch.bytes, topic: topic, payload: payload, received: received)
        let isShortened = payload.count > letterByteLimit && !messages.contains(where: \.isUsable)
        for message in messages {
            let (topic, payload) = (bytes.extracting(topic), bytes.extracting(payload))
            try write(message, topic, payload, shortened: isShortened, &tally)
        }
        try archive.endMessage(topic: bytes.extracting(topic), payload: bytes.extracting(payload))
        tally.countMessage()
    }

    /// Writes what a message says of one station.
    /// - Parameter isShortened: whether only the beginning is kept of what cannot be used.
    mutating func write(
        _ message: PayloadDecoder.Message,
        _ topic: RawSpan,
        _ payload: RawSpan,
        shortened isShortened: Bool = false,
        _ tally: inout BatchTally
    ) throws(ArchiveError) {
        guard !message.station.isEmpty else {
            return try reject(message, topic, payload, shortened: isShortened, place: nil, &tally)
        }
        let station = archive.station(message.station, network: message.network)
        let place = tally.place(of: station, network: message.network, id: message.station)
        try reject(message, topic, payload, shortened: isShortened, place: place, &tally)
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
        shortened isShortened: Bool,
        place: Int?,
        _ tally: inout BatchTally
    ) throws(ArchiveError) {
        var outcomes: [StoreOutcome] = []
        let all = message.rejections
        let kept = message.rejectionsToKeep(payloadBytes: payload.byteCount)
        for rejection in kept {
            outcomes.append(
                isShortened
                    ? try archive.rejectShortened(rejection.telling(payload), topic: topic, payload: payload)
                    : try archive.reject(rejection, topic: topic, payload: payload, decoder: message.decoder)
            )
        }
        let isSeparate = kept == all
        for (index, rejection) in all.enumerated() {
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
