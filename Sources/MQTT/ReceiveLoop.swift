/// Reads, stores and acknowledges on one connection.
struct ReceiveLoop {
    /// OASIS MQTT 5.0, section 3.14.2.1.
    static let sessionTakenOver: Int32 = 0x8E

    private let session: SubscriberSession
    /// As it was when the connection began, and what has come on top.
    var progress: SessionProgress
    private let before: SessionProgress
    private var handedOver = 0
    private var noticedRefusals = 0
    private let clock = ContinuousClock()
    private var batchStart: ContinuousClock.Instant
    private var lastMessage: ContinuousClock.Instant
    private var hasNotedDrop = false
    /// Whether the connection broke.
    private(set) var isLost = false

    init(session: SubscriberSession, progress: SessionProgress) {
        self.session = session
        self.progress = progress
        before = progress
        batchStart = clock.now
        lastMessage = batchStart
    }

    /// Messages of our own that were handed to the library and that the broker has not answered.
    var unsent: Int {
        let counts = progress.publications
        let answered =
            counts.acknowledged + counts.refused - before.publications.acknowledged
            - before.publications.refused
        return handedOver - answered
    }

    mutating func run(
        _ connection: borrowing BrokerConnection,
        _ store: (MessageBatch) throws -> BatchOutcome,
        _ publications: () -> [Publication],
        _ shouldEnd: (SessionProgress) -> Bool,
        _ note: (SessionEvent) -> Void
    ) throws -> ConnectionEnding {
        let events = connection.events
        lastMessage = clock.now
        while true {
            if let code = read(connection) { return lost(connection, code, note) }
            count(events, connection, note)
            if isDue(events.messages, connection.version),
                let ending = try storeBatch(connection, store, note)
            {
                return ending
            }
            guard events.messages.isEmpty else { continue }
            send(publications(), connection, note)
            // Only here may bytes leave: every acknowledgement in the queue belongs to a stored message.
            if let code = connection.write() ?? connection.tend() { return lost(connection, code, note) }
            progress.idle = clock.now - lastMessage
            if shouldEnd(progress) {
                connection.close()
                return .ended
            }
        }
    }

    /// Stores what has been read, whatever its number and age.
    /// - Returns: how the connection has to end when it could not be stored.
    mutating func storeBatch(
        _ connection: borrowing BrokerConnection,
        _ store: (MessageBatch) throws -> BatchOutcome,
        _ note: (SessionEvent) -> Void
    ) throws -> ConnectionEnding? {
        let events = connection.events
        guard !events.messages.isEmpty else { return nil }
        // Leaving here drops the connection with the acknowledgements still queued in it.
        switch try store(events.messages) {
        case .refused(let error): return .refused(error, hadProgress: hadProgress)
        case .durable(let receipts):
            progress.acknowledged += events.messages.count
            events.messages.removeAll()
            // However long storing took, the broker could send nothing meanwhile.
            lastMessage = clock.now
            send(receipts, connection, note)
            return nil
        }
    }

    private var hadProgress: Bool { progress.acknowledged > before.acknowledged }

    /// Waits for packets and reads them until the batch is full or nothing more has arrived.
    private mutating func read(_ connection: borrowing BrokerConnection) -> Int32? {
        let events = connection.events
        let hadMessages = !events.messages.isEmpty
        connection.wait(
            milliseconds: hadMessages ? 5 : 100,
            forWriting: !hadMessages && connection.wantsToWrite
        )
        while !isFull(events.messages, connection.version) {
            let before = events.readCount
            if let code = connection.read() { return code }
            if events.readCount == before { break }
        }
        let now = clock.now
        if !hadMessages { batchStart = now }
        if !events.messages.isEmpty { lastMessage = now }
        return nil
    }

    /// Also when the broker may send no more before it is answered: waiting would only waste time.
    private func isFull(_ messages: borrowing MessageBatch, _ version: ProtocolVersion) -> Bool {
        let window = version == .five ? session.receiveMaximum : .max
        return messages.count >= min(session.batchLimit, window)
            || messages.bytes.count >= session.batchByteLimit
    }

    private func isDue(_ messages: borrowing MessageBatch, _ version: ProtocolVersion) -> Bool {
        guard !messages.isEmpty else { return false }
        let age = clock.now - batchStart
        // The window of a 3.1.1 broker is unknown, 20 where nobody set it: it may be full long before.
        let limit = version == .five ? session.batchAge : min(session.batchAge, .milliseconds(5))
        return age >= limit || isFull(messages, version)
    }

    /// Queues messages of our own as far as there is room.
    private mutating func send(
        _ messages: [Publication],
        _ connection: borrowing BrokerConnection,
        _ note: (SessionEvent) -> Void
    ) {
        var (dropped, reason) = (0, "too many are under way")
        for message in messages {
            do throws(MQTTError) {
                guard unsent < session.publicationLimit else {
                    dropped += 1
                    continue
                }
                try connection.publish(message)
                handedOver += 1
            } catch {
                dropped += 1
                reason = error.what
            }
        }
        progress.publications.dropped += dropped
        // One line for a connection; the counts tell the rest.
        guard dropped > 0, !hasNotedDrop else { return }
        hasNotedDrop = true
        note(.publicationsDropped(count: dropped, reason: reason))
    }

    private mutating func count(
        _ events: ConnectionEvents,
        _ connection: borrowing BrokerConnection,
        _ note: (SessionEvent) -> Void
    ) {
        progress.publications.acknowledged = before.publications.acknowledged + events.acknowledged
        progress.publications.refused = before.publications.refused + events.refused
        guard events.refused > 0, noticedRefusals == 0 else { return }
        noticedRefusals = events.refused
        let reason = describeReason(events.firstRefusal)
        note(.publicationsDropped(count: events.refused, reason: reason))
    }

    var broker: String { session.broker.description }
    var clientID: String { session.clientID }

    private mutating func lost(
        _ connection: borrowing BrokerConnection,
        _ code: Int32,
        _ note: (SessionEvent) -> Void
    ) -> ConnectionEnding {
        isLost = true
        if connection.events.goodbye == Self.sessionTakenOver {
            note(.takenOver(broker: broker, clientID: session.clientID))
        } else {
            note(.connectionLost(broker: broker, reason: connection.lossReason(code)))
        }
        return .lost(hadProgress: hadProgress)
    }
}
