import Quantities

/// What happened to a session, for the log.
public enum SessionEvent: Sendable {
    /// - Parameter isResumed: whether the broker kept our session; where it did not, what came while we were away
    ///   is not delivered.
    case subscribed(broker: String, version: ProtocolVersion, isResumed: Bool)
    /// The broker speaks only MQTT 3.1.1: its own limit of unacknowledged messages holds.
    case olderProtocol(broker: String)
    case connectionLost(broker: String, reason: String)
    /// Another client came with our identifier.
    case takenOver(broker: String, clientID: String)
    /// The broker hangs up without a word as soon as we are there, so many times in a row: most do that to a client
    /// whose identifier another one brings along.
    case hungUpAtOnce(broker: String, clientID: String, times: Int)
    case batchRefused(reason: any Error & Sendable)
    case connectionFailed(MQTTError)
    /// Messages of our own did not reach the broker.
    case publicationsDropped(count: Int, reason: String)
}

extension SessionEvent: CustomStringConvertible {
    /// One line for an operator.
    public var description: String {
        switch self {
        case .subscribed(let broker, _, isResumed: true): "subscribed at \(broker), session resumed"
        case .subscribed(let broker, _, isResumed: false): "subscribed at \(broker), new session"
        case .olderProtocol(let broker):
            "\(broker) speaks only MQTT 3.1.1: its max_inflight_messages bounds what is under way"
        case .connectionLost(let broker, let reason):
            "the connection to \(broker) broke (\(reason)); connecting again"
        case .takenOver(let broker, let clientID):
            "another client with the id \(clientID) took over our session at \(broker); "
                + "give each ingester a --client-id of its own; waiting before trying again"
        case .hungUpAtOnce(let broker, let clientID, let times):
            "\(broker) let us in and hung up at once, \(times) times in a row: "
                + "probably another client with the id \(clientID) connects again and again, "
                + "which the broker's log would tell; "
                + "give each ingester a --client-id of its own; waiting before trying again"
        case .connectionFailed(let error): "\(error.what): \(error.place); trying again"
        case .batchRefused(let reason):
            "nothing acknowledged: \((reason as? any Fault)?.line ?? String(describing: reason))"
        case .publicationsDropped(let count, let reason):
            "\(count) messages of our own not sent (\(reason))"
        }
    }
}
