import Glibc
import MQTT
import Quantities

/// The state of a running listener. One thread owns it.
struct ListenerRun {
    enum Ending {
        case stored
        case refused
    }

    private let settings: HJ212Listener
    private let clock = ContinuousClock()
    /// Nil when nothing more is accepted.
    private var socket: ListenerSocket?
    private var connections: [ListenerConnection] = []
    private var batch = MessageBatch()
    /// From whom each frame of the batch came, and what is to be answered.
    private var origins: [(connection: ListenerConnection, reply: [UInt8]?)] = []
    private var batchStart: ContinuousClock.Instant
    private var lastFrame: ContinuousClock.Instant
    private var acceptsAgain: ContinuousClock.Instant
    private var buffer = [UInt8](repeating: 0, count: 16 << 10)
    private var refusals = 0
    private(set) var progress = HJ212Listener.Progress()

    init(settings: HJ212Listener, socket: ListenerSocket) {
        self.settings = settings
        self.socket = socket
        batchStart = clock.now
        lastFrame = batchStart
        acceptsAgain = batchStart
    }

    var isBatchDue: Bool {
        batch.count >= settings.batchLimit
            || !batch.isEmpty && clock.now - batchStart >= settings.batchAge
    }

    /// Waits until something can be read or written, at most as long as a batch may wait.
    func wait() {
        var polled = connections.map { connection in
            var events: Int32 = connection.isAtEnd ? 0 : POLLIN
            if connection.hasOutput { events |= POLLOUT }
            return pollfd(fd: connection.socket.descriptor, events: Int16(events), revents: 0)
        }
        if let socket, clock.now >= acceptsAgain {
            polled.append(pollfd(fd: socket.descriptor, events: Int16(POLLIN), revents: 0))
        }
        poll(&polled, nfds_t(polled.count), batch.isEmpty ? 100 : 5)
    }

    /// Accepts, reads and writes once everywhere. The sockets do not block, so none needs to be ready.
    mutating func turn(_ note: (HJ212Listener.Event) -> Void) {
        acceptAll(note)
        let now = clock.now
        for connection in connections {
            connection.write()
            guard !connection.isAtEnd, batch.count < settings.batchLimit else { continue }
            append(connection.read(into: &buffer, now: now), from: connection, now)
            if let start = connection.frameStart, now - start >= settings.frameTimeLimit {
                append(connection.giveUpFrame(), from: connection, now)
                drop(connection, "a frame was not completed in time", note)
            }
        }
        closeUseless(now, note)
        progress.connections = connections.count
        progress.waiting = batch.count
        progress.idle = now - lastFrame
    }

    private mutating func append(
        _ messages: [ListenerConnection.Message],
        from connection: ListenerConnection,
        _ now: ContinuousClock.Instant
    ) {
        for message in messages {
            if batch.isEmpty { batchStart = now }
            batch.append(topic: message.topic.utf8, payload: message.payload)
            origins.append((connection, message.reply))
            connection.unansweredCount += 1
            lastFrame = now
        }
    }

    private mutating func acceptAll(_ note: (HJ212Listener.Event) -> Void) {
        guard let socket, clock.now >= acceptsAgain else { return }
        while true {
            switch socket.acceptConnection() {
            case .none: return
            case .exhausted(let reason):
                note(.exhausted(reason: reason))
                acceptsAgain = clock.now + .seconds(1)
                return
            case .connection(let accepted):
                guard connections.count < settings.connectionLimit else {
                    note(.dropped(reason: "more than \(settings.connectionLimit) connections"))
                    continue
                }
                connections.append(ListenerConnection(accepted, now: clock.now))
            }
        }
    }

    private mutating func closeUseless(
        _ now: ContinuousClock.Instant,
        _ note: (HJ212Listener.Event) -> Void
    ) {
        for connection in connections {
            if connection.uselessByteCount > settings.uselessByteLimit {
                drop(connection, "too many bytes that are no frames", note)
            } else if connection.outputByteCount > settings.outputByteLimit {
                drop(connection, "the answers are not taken", note)
            } else if now - connection.lastArrival >= settings.idleLimit {
                drop(connection, "nothing came for too long", note)
            }
        }
        connections.removeAll { connection in
            guard connection.isBroken || connection.isFinished else { return false }
            progress.heartbeats += connection.heartbeatCount
            return true
        }
    }

    /// Closes a connection. What it has sent is stored all the same.
    private mutating func drop(
        _ connection: ListenerConnection,
        _ reason: String,
        _ note: (HJ212Listener.Event) -> Void
    ) {
        guard let index = connections.firstIndex(where: { $0 === connection }) else { return }
        progress.heartbeats += connection.heartbeatCount
        connections.remove(at: index)
        note(.dropped(reason: reason))
    }
}

extension ListenerRun {
    /// Hands the batch over, and queues the answers if it is durable.
    mutating func storeBatch(
        _ store: (MessageBatch) throws -> BatchOutcome,
        _ note: (HJ212Listener.Event) -> Void
    ) throws -> Ending {
        guard !batch.isEmpty else { return .stored }
        let outcome = try store(batch)
        let answers = origins
        batch = MessageBatch()
        origins.removeAll()
        switch outcome {
        case .durable:
            refusals = 0
            progress.stored += answers.count
            for (connection, reply) in answers {
                connection.unansweredCount -= 1
                guard let reply else { continue }
                connection.tell(reply)
                progress.answered += 1
            }
            for connection in connections { connection.write() }
            return .stored
        case .refused(let error):
            refusals += 1
            note(.batchRefused(reason: error))
            let refused = Set(answers.map { ObjectIdentifier($0.connection) })
            connections.removeAll { refused.contains(ObjectIdentifier($0)) }
            if refusals >= settings.refusalLimit { throw error }
            return .refused
        }
    }

    /// Takes no more connections; what has come in full is in the batch.
    mutating func stopReceiving() { socket = nil }

    /// Sends the answers that are still queued, as far as they are taken within a second, and closes.
    mutating func finish() {
        let end = clock.now + .seconds(1)
        while clock.now < end {
            for connection in connections { connection.write() }
            connections.removeAll { $0.isBroken || !$0.hasOutput }
            if connections.isEmpty { return }
            usleep(5000)
        }
        connections.removeAll()
    }
}
