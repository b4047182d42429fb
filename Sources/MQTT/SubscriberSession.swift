import Foundation
import Quantities

/// What became of a batch of messages.
public enum BatchOutcome: Sendable {
    /// Everything is on disk: acknowledge.
    case durable
    /// Nothing is kept for the moment: acknowledge nothing, so that the broker delivers again.
    case refused(any Error & Sendable)
}

/// What happened to a session, for the log.
public enum SessionEvent: Sendable {
    case subscribed(broker: String)
    case connectionLost(reason: String)
    case batchRefused(reason: any Error & Sendable)
    case connectionFailed(MQTTError)
}

/// How far a session has come.
public struct SessionProgress: Sendable {
    /// Messages stored and acknowledged so far.
    public internal(set) var acknowledged = 0
    /// Time since the last message, or since the subscription while there was none.
    public internal(set) var idle: Duration = .zero
}

/// A subscription of QoS 1 whose acknowledgements leave only after the receiver has stored the messages.
///
/// The broker keeps the session, so what arrives while we are away waits for us, and what was delivered and
/// not acknowledged is delivered again. While a batch is being stored nothing is read: the broker stops at
/// the receive maximum, which is the back-pressure.
public struct SubscriberSession: Sendable {
    public let broker: BrokerAddress
    /// Names the session at the broker; two processes with one identifier push each other out.
    public let clientID: String
    public let topicFilters: [String]
    /// How many unacknowledged messages the broker may have under way to us.
    public var receiveMaximum: Int32 = 2000
    /// How long the broker keeps the session while we are away.
    public var sessionExpirySeconds: UInt32 = 7 * 86_400
    /// A batch is handed over when it has this many messages ...
    public var batchLimit = 500
    /// ... or when its first message is this old.
    public var batchAge: Duration = .milliseconds(20)
    /// How often in a row a batch may be refused before the session gives up.
    public var refusalLimit = 5

    public init(broker: BrokerAddress, clientID: String, topicFilters: [String]) {
        self.broker = broker
        self.clientID = clientID
        self.topicFilters = topicFilters
    }

    /// Receives until `shouldEnd` says so. Blocks: call it on a thread of its own.
    ///
    /// - Parameters:
    ///   - store: makes a batch durable before it returns `durable`. When it throws, the session ends
    ///     without acknowledging the batch.
    ///   - shouldEnd: asked between batches, at least ten times a second.
    ///   - note: told of what an operator should see.
    /// - Throws: ``MQTTError`` when the first connection fails; later ones are tried for ever, with pauses.
    ///   What `store` throws, and what it refuses for the ``refusalLimit``-th time in a row.
    public func run(
        store: (MessageBatch) throws -> BatchOutcome,
        shouldEnd: (SessionProgress) -> Bool,
        note: (SessionEvent) -> Void
    ) throws {
        ignoreBrokenPipes()
        var progress = SessionProgress()
        var random = SystemRandomNumberGenerator()
        var backoff = Backoff()
        var refusals = 0
        var isFirst = true
        while true {
            switch try serve(&progress, isFirst: isFirst, store, shouldEnd, note) {
            case .ended: return
            case .lost(let hadProgress):
                if hadProgress { (refusals, backoff) = (0, Backoff()) }
            case .refused(let error, let hadProgress):
                refusals = hadProgress ? 1 : refusals + 1
                note(.batchRefused(reason: error))
                if refusals >= refusalLimit { throw error }
            }
            isFirst = false
            if pause(backoff.next(using: &random), progress, shouldEnd) { return }
        }
    }

    /// How one connection came to its end.
    private enum Ending {
        case ended
        case lost(hadProgress: Bool)
        case refused(any Error & Sendable, hadProgress: Bool)
    }

    /// One connection from its opening to its end.
    private func serve(
        _ progress: inout SessionProgress,
        isFirst: Bool,
        _ store: (MessageBatch) throws -> BatchOutcome,
        _ shouldEnd: (SessionProgress) -> Bool,
        _ note: (SessionEvent) -> Void
    ) throws -> Ending {
        let atStart = progress.acknowledged
        do {
            let connection = try open()
            note(.subscribed(broker: broker.description))
            return try receive(connection, &progress, store, shouldEnd, note)
        } catch let error as MQTTError where !isFirst {
            note(.connectionFailed(error))
            return .lost(hadProgress: progress.acknowledged > atStart)
        }
    }

    private func open() throws(MQTTError) -> BrokerConnection {
        let connection = try BrokerConnection.open(
            to: broker,
            .init(
                clientID: clientID,
                keepsSession: true,
                receiveMaximum: receiveMaximum,
                sessionExpirySeconds: sessionExpirySeconds
            )
        )
        try connection.subscribe(to: topicFilters)
        return connection
    }

    private func receive(
        _ connection: borrowing BrokerConnection,
        _ progress: inout SessionProgress,
        _ store: (MessageBatch) throws -> BatchOutcome,
        _ shouldEnd: (SessionProgress) -> Bool,
        _ note: (SessionEvent) -> Void
    ) throws -> Ending {
        let atStart = progress.acknowledged
        let events = connection.events
        let clock = ContinuousClock()
        var batchStart = clock.now
        var lastMessage = clock.now
        while true {
            let hadMessages = !events.messages.isEmpty
            connection.wait(
                milliseconds: hadMessages ? 5 : 100,
                forWriting: !hadMessages && connection.wantsToWrite
            )
            if let code = readBatch(connection) {
                note(.connectionLost(reason: describe(code)))
                return .lost(hadProgress: progress.acknowledged > atStart)
            }
            let now = clock.now
            if !hadMessages { batchStart = now }
            if !events.messages.isEmpty { lastMessage = now }
            if events.messages.count >= batchLimit || now - batchStart >= batchAge, !events.messages.isEmpty {
                // Leaving here drops the connection with the acknowledgements still queued in it.
                if case .refused(let error) = try store(events.messages) {
                    return .refused(error, hadProgress: progress.acknowledged > atStart)
                }
                progress.acknowledged += events.messages.count
                events.messages.removeAll()
            }
            guard events.messages.isEmpty else { continue }
            // Only here may bytes leave: every acknowledgement in the queue belongs to a stored message.
            if let code = connection.write() ?? connection.tend() {
                note(.connectionLost(reason: describe(code)))
                return .lost(hadProgress: progress.acknowledged > atStart)
            }
            progress.idle = now - lastMessage
            if shouldEnd(progress) {
                connection.close()
                return .ended
            }
        }
    }

    /// Reads packets until the batch is full or nothing more has arrived.
    private func readBatch(_ connection: borrowing BrokerConnection) -> Int32? {
        while connection.events.messages.count < batchLimit {
            let before = connection.events.messages.count
            if let code = connection.read() { return code }
            if connection.events.messages.count == before { return nil }
        }
        return nil
    }

    /// True when the session was asked to end during the pause.
    private func pause(
        _ duration: Duration,
        _ progress: SessionProgress,
        _ shouldEnd: (SessionProgress) -> Bool
    ) -> Bool {
        let end = ContinuousClock.now + duration
        while ContinuousClock.now < end {
            if shouldEnd(progress) { return true }
            Thread.sleep(forTimeInterval: 0.02)
        }
        return false
    }
}

/// On this thread only: a broken connection is to be a result code, not the end of the process.
func ignoreBrokenPipes() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
}
