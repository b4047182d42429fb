import Foundation
import Quantities

/// What became of a batch of messages.
public enum BatchOutcome: Sendable {
    /// Everything is on disk: acknowledge, and then publish these, receipts for instance.
    case durable(publishing: [Publication] = [])
    /// Nothing is kept for the moment: acknowledge nothing, so that the broker delivers again.
    case refused(any Error & Sendable)
}

/// How far a session has come.
public struct SessionProgress: Sendable {
    /// Messages stored and acknowledged so far.
    public internal(set) var acknowledged = 0
    /// Time since the last message, or since the subscription while there was none.
    public internal(set) var idle: Duration = .zero
    /// Our own messages so far; those under way are in none of the counts.
    public internal(set) var publications = PublicationCounts()
    /// Connections that were opened so far.
    public internal(set) var connections = 0
}

/// A subscription of QoS 1 whose acknowledgements leave only after the receiver has stored the messages.
///
/// The broker keeps the session, so what arrives while we are away waits for us, and what was delivered and
/// not acknowledged is delivered again. While a batch is being stored nothing is read: the broker stops at
/// the receive maximum, which is the back-pressure.
public struct SubscriberSession: Sendable {
    public let broker: BrokerAddress
    public let access: BrokerAccess
    /// Names the session at the broker; two processes with one identifier push each other out.
    public let clientID: String
    public let topicFilters: [String]
    /// Sessions of one group, each with its own `clientID`, share the messages among them: each message goes
    /// to one. Nil to receive all of them.
    ///
    /// A member that is away stays in the group as long as its session lasts. Mosquitto 2.0 goes on dealing it
    /// its share, and gives what it has not acknowledged to nobody else: all of that waits for its return.
    public var sharedGroup: String?
    /// How many unacknowledged messages the broker may have under way to us, 1 to 65,535.
    public var receiveMaximum = 2000
    /// How long the broker keeps the session while we are away. With MQTT 3.1.1 the broker decides.
    public var sessionExpirySeconds: UInt32 = 7 * 86_400
    /// After so long without a packet the broker is asked whether it is there, and after as long again given up.
    /// At least 5.
    public var keepAliveSeconds = 30
    /// A batch is handed over when it has this many messages (the first one of a connection may hold all that the
    /// receive maximum lets through) ...
    public var batchLimit = 500
    /// ... or so many bytes ...
    public var batchByteLimit = 16 << 20
    /// ... or when its first message is this old.
    public var batchAge: Duration = .milliseconds(20)
    /// How often in a row a batch may be refused before the session gives up.
    public var refusalLimit = 5
    /// How many messages of our own may be under way. What comes on top is dropped: it must not hold up
    /// reading, nor fill the memory behind a slow broker.
    public var publicationLimit = 1000
    /// Whether a broker that cannot be reached at the start, or cannot serve us yet, is waited for like one that is
    /// lost later. A wrong password or certificate is an error all the same: waiting does not mend it.
    public var waitsForBroker = false

    public init(
        broker: BrokerAddress,
        access: BrokerAccess = BrokerAccess(),
        clientID: String,
        topicFilters: [String]
    ) {
        self.broker = broker
        self.access = access
        self.clientID = clientID
        self.topicFilters = topicFilters
    }

    /// Receives until `shouldEnd` says so. Blocks: call it on a thread of its own.
    ///
    /// - Parameters:
    ///   - store: makes a batch durable before it returns `durable`. When it throws, the session ends
    ///     without acknowledging the batch.
    ///   - publications: asked between batches, at least ten times a second, for what else is to be published.
    ///     Like receipts these are sent at most once: what the broker has not taken over when the
    ///     connection breaks is dropped and counted.
    ///   - shouldEnd: asked between batches, at least ten times a second.
    ///   - note: told of what an operator should see.
    /// - Throws: ``MQTTError`` when the first connection fails; later ones are tried for ever, with pauses.
    ///   What `store` throws, and what it refuses for the ``refusalLimit``-th time in a row.
    public func run(
        store: (MessageBatch) throws -> BatchOutcome,
        publications: () -> [Publication] = { [] },
        shouldEnd: (SessionProgress) -> Bool,
        note: (SessionEvent) -> Void
    ) throws {
        ignoreBrokenPipes()
        var state = SessionState()
        while true {
            switch try serve(&state, store, publications, shouldEnd, note) {
            case .ended: return
            case .lost(let hadProgress):
                if hadProgress { state.refusals = 0 }
            case .refused(let error, let hadProgress):
                state.refusals = hadProgress ? 1 : state.refusals + 1
                note(.batchRefused(reason: error))
                if state.refusals >= refusalLimit { throw error }
            }
            if pause(state.nextPause(), state.progress, shouldEnd) { return }
        }
    }

    /// One connection from its opening to its end.
    private func serve(
        _ state: inout SessionState,
        _ store: (MessageBatch) throws -> BatchOutcome,
        _ publications: () -> [Publication],
        _ shouldEnd: (SessionProgress) -> Bool,
        _ note: (SessionEvent) -> Void
    ) throws -> ConnectionEnding {
        let wasConnected = state.progress.connections > 0
        var isSubscribed = false
        do {
            let connection = try open(&state, note)
            var loop = ReceiveLoop(session: self, progress: state.progress)
            defer { state.finish(loop, connection.events, note) }
            // What came along with the answer to CONNECT: anything that is sent acknowledges it.
            if let ending = try loop.storeBatch(connection, store, note) { return ending }
            try connection.subscribe(to: try filters(at: connection))
            isSubscribed = true
            state.begin()
            loop.progress.connections += 1
            note(subscription(connection))
            return try loop.run(connection, store, publications, shouldEnd, note)
        } catch let error as MQTTError
            where !isSubscribed && (wasConnected || waitsForBroker && error.mayPass)
        {
            state.forgetLosses()
            note(.connectionFailed(error))
            return .lost(hadProgress: false)
        }
    }

    private func subscription(_ connection: borrowing BrokerConnection) -> SessionEvent {
        .subscribed(
            broker: broker.description,
            version: connection.version,
            isResumed: connection.events.hasSessionPresent
        )
    }

    private func open(
        _ state: inout SessionState,
        _ note: (SessionEvent) -> Void
    ) throws(MQTTError) -> BrokerConnection {
        let known = state.negotiation.agreed
        let connection = try state.negotiation.open(to: broker, access, connectionSettings)
        if connection.version != known, connection.version == .threeOneOne {
            note(.olderProtocol(broker: broker.description))
        }
        return connection
    }

    private var connectionSettings: BrokerConnection.Settings {
        BrokerConnection.Settings(
            clientID: clientID,
            keepsSession: true,
            receiveMaximum: Int32(clamping: min(max(receiveMaximum, 1), 65_535)),
            sessionExpirySeconds: sessionExpirySeconds,
            keepAliveSeconds: Int32(clamping: min(max(keepAliveSeconds, 5), 65_535))
        )
    }

    /// To a broker without shared subscriptions, `$share/...` would be a topic that nobody publishes to.
    private func filters(at connection: borrowing BrokerConnection) throws(MQTTError) -> [String] {
        guard let sharedGroup else { return topicFilters }
        guard connection.version == .five, connection.events.hasSharedSubscriptions else {
            throw connection.failure(.noSharedSubscriptions)
        }
        return topicFilters.map { "$share/\(sharedGroup)/\($0)" }
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
