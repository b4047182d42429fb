import Concurrent
import Foundation
public import MQTT
public import Observations
import Quantities
import Synchronization

/// Asks a run to finish what it has begun and end.
public final class StopRequest: Sendable {
    private let flag = Atomic(false)
    public init() {}
    public func stop() { flag.store(true, ordering: .releasing) }
    public var isStopped: Bool { flag.load(ordering: .acquiring) }
}

/// What an ingest run needs to know.
public struct IngestSettings: Sendable {
    public let broker: BrokerAddress
    public let networks: [Network]
    public let storePath: String
    public let clientID: String
    /// What the store may grow to; nil for as far as the disk goes.
    public var maximumStoreBytes: Int64?
    /// Ends after this many messages.
    public var messageLimit: Int?
    /// Ends when nothing has come for so long.
    public var idleLimit: Duration?

    public init(broker: BrokerAddress, networks: [Network], storePath: String, clientID: String) {
        self.broker = broker
        self.networks = networks
        self.storePath = storePath
        self.clientID = clientID
    }
}

/// Subscribes to the networks' topics and stores what comes until asked to end.
///
/// A message is acknowledged only after the transaction with its readings, or with its dead letter, has been
/// committed with the log synchronised. Whatever happens before that, the broker delivers it again.
/// - Parameter note: lines for the log.
/// - Throws: `MQTTError` when the broker cannot be reached at the start, `ArchiveError` when the store cannot
///   be written.
public func ingest(
    _ settings: IngestSettings,
    until stop: StopRequest,
    note: @escaping @Sendable (String) -> Void
) async throws -> IngestSummary {
    try await onOwnThread(named: "ingest") {
        var store = try MessageStore(
            path: settings.storePath,
            networks: settings.networks,
            maximumBytes: settings.maximumStoreBytes
        )
        var session = SubscriberSession(
            broker: settings.broker,
            clientID: settings.clientID,
            topicFilters: settings.networks.map { observationTopic(network: $0.id, station: "+") }
        )
        if let limit = settings.messageLimit { session.batchLimit = max(1, min(session.batchLimit, limit)) }
        try session.run(
            store: { try store.store($0, received: .now()) },
            shouldEnd: { progress in
                stop.isStopped || progress.acknowledged >= settings.messageLimit ?? .max
                    || settings.idleLimit.map { progress.idle >= $0 } ?? false
            },
            note: { note($0.description) }
        )
        return store.summary
    }
}
