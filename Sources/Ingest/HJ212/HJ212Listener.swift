import Glibc
public import MQTT
import Quantities

/// Takes the frames of loggers over TCP and answers each only after the receiver has stored it.
///
/// Frames whose CRC does not fit and broken ones are stored too, for the dead letters, and not answered: the
/// standard lets the logger send again what was not answered. While a batch is being stored nothing is read:
/// the window of TCP is the back-pressure.
public struct HJ212Listener: Sendable {
    /// What happened, for the log.
    public enum Event: Sendable {
        case listening(port: UInt16)
        case batchRefused(reason: any Error & Sendable)
        /// A connection was closed by us.
        case dropped(reason: String)
        /// No connection can be accepted for now.
        case exhausted(reason: String)
    }

    /// How far a run has come.
    public struct Progress: Sendable {
        /// Frames stored so far, broken ones included.
        public internal(set) var stored = 0
        /// Answers sent for stored frames.
        public internal(set) var answered = 0
        /// Frames received and not stored yet.
        public internal(set) var waiting = 0
        public internal(set) var heartbeats = 0
        public internal(set) var connections = 0
        /// Time since the last frame, or since the start while there was none.
        public internal(set) var idle: Duration = .zero
    }

    /// A numeric address; loopback unless loggers are to reach it.
    public var host = "127.0.0.1"
    /// 0 for a free one.
    public var port: UInt16
    /// Further ones are closed at once.
    public var connectionLimit = 500
    /// A batch is handed over when it has this many frames ...
    public var batchLimit = 500
    /// ... or when its first frame is this old.
    public var batchAge: Duration = .milliseconds(20)
    /// How often in a row a batch may be refused before the run ends.
    public var refusalLimit = 5
    /// A frame must be complete so long after its first byte.
    public var frameTimeLimit: Duration = .seconds(15)
    /// A connection from which nothing comes for so long is closed.
    public var idleLimit: Duration = .seconds(1800)
    /// A connection that sends so much between two good frames is closed.
    public var uselessByteLimit = 64 << 10
    /// A connection that does not take its answers is closed when so many bytes wait.
    public var outputByteLimit = 256 << 10

    public init(port: UInt16) { self.port = port }

    /// Receives until `shouldEnd` says so; then stores what has come, answers it and closes. Blocks: call it on a
    /// thread of its own.
    ///
    /// - Parameters:
    ///   - store: makes a batch durable before it returns `durable`. A refused batch is not answered, and the
    ///     connections that it came from are closed. When it throws, the run ends without answering the batch.
    ///   - shouldEnd: asked between batches, at least ten times a second.
    ///   - note: told of what an operator should see.
    /// - Throws: ``ListenerError`` when the address cannot be listened at; what `store` throws, and what it
    ///   refuses for the ``refusalLimit``-th time in a row.
    public func run(
        store: (MessageBatch) throws -> BatchOutcome,
        shouldEnd: (Progress) -> Bool,
        note: (Event) -> Void
    ) throws {
        let socket = try ListenerSocket.listening(host: host, port: port)
        note(.listening(port: socket.port))
        var run = ListenerRun(settings: self, socket: socket)
        while !shouldEnd(run.progress) {
            run.wait()
            run.turn(note)
            if run.isBatchDue, try run.storeBatch(store, note) == .refused { pause(run.progress, shouldEnd) }
        }
        run.stopReceiving()
        _ = try run.storeBatch(store, note)
        run.finish()
    }

    /// After a refusal, so that a full disk is not asked all the time.
    private func pause(_ progress: Progress, _ shouldEnd: (Progress) -> Bool) {
        let end = ContinuousClock.now + .milliseconds(500)
        while ContinuousClock.now < end, !shouldEnd(progress) { usleep(20_000) }
    }
}

extension HJ212Listener.Event: CustomStringConvertible {
    /// One line for an operator.
    public var description: String {
        switch self {
        case .listening(let port): "listening for HJ 212 loggers on port \(port)"
        case .batchRefused(let reason):
            "nothing answered: \((reason as? any Fault)?.line ?? String(describing: reason))"
        case .dropped(let reason): "a logger's connection was closed (\(reason))"
        case .exhausted(let reason): "no logger's connection can be accepted (\(reason))"
        }
    }
}
