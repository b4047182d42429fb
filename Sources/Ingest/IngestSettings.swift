public import Formats
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

/// A text that the store keeps as it was, so that an earlier state can be computed again.
public struct ConfigurationText: Equatable, Sendable {
    public enum Kind: String, Sendable {
        case network
        case edits
    }

    public let kind: Kind
    public let network: String
    public let text: String

    public init(kind: Kind, network: String, text: String) {
        self.kind = kind
        self.network = network
        self.text = text
    }
}

/// What is known of the networks whose messages are taken in.
public struct NetworkKnowledge: Sendable {
    public var networks: [Network]
    /// What the devices send, by network and station; our own payload where absent.
    public var payloads: [String: [String: PayloadDescription]] = [:]
    /// By network.
    public var edits: [String: OperatorEdits] = [:]
    /// By network.
    public var alarms: [String: [AlarmRule]] = [:]
    public var texts: [ConfigurationText] = []

    /// Of stations that all send our own payload, without edits and alarms.
    public init(networks: [Network]) { self.networks = networks }

    /// Everything that network files and the edits beside them say.
    /// - Throws: `RecordError` for edits that cannot be read.
    public init(files: [NetworkFile]) throws {
        networks = files.map(\.network)
        for file in files {
            let id = file.network.id
            payloads[id] = file.payloads
            alarms[id] = file.alarms
            edits[id] = try OperatorEditsFile.edits(beside: file)
            texts.append(ConfigurationText(kind: .network, network: id, text: contents(of: file.path) ?? ""))
            let editsText = contents(of: OperatorEditsFile.path(besideNetwork: file.path)) ?? ""
            texts.append(ConfigurationText(kind: .edits, network: id, text: editsText))
        }
    }
}

private func contents(of path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
}

/// What an ingest run needs to know.
public struct IngestSettings: Sendable {
    public var brokers: [BrokerAddress]
    /// The same for all brokers.
    public var access = BrokerAccess()
    public let knowledge: NetworkKnowledge
    public let storePath: String
    public let clientID: String
    /// Ingesters of one group share the messages among them.
    public var sharedGroup: String?
    /// Where loggers of HJ 212 connect over TCP; nil for no listener.
    public var loggerListener: (host: String, port: UInt16)?
    /// What the store may grow to; nil for as far as the disk goes.
    public var maximumStoreBytes: Int64?
    /// Raw messages older than this are deleted; nil keeps them.
    public var rawMessagesKept: Duration?
    /// Ends after this many messages.
    public var messageLimit: Int?
    /// Ends when nothing has come for so long.
    public var idleLimit: Duration?
    /// Whether a broker that cannot be reached at the start is waited for.
    public var waitsForBroker = false
    public var metrics: IngestMetrics?
    /// Told how the run is; called by its threads.
    public var signs: (@Sendable (RunSign) -> Void)?
    public var webhook: Webhook?

    public init(brokers: [BrokerAddress], knowledge: NetworkKnowledge, storePath: String, clientID: String) {
        self.brokers = brokers
        self.knowledge = knowledge
        self.storePath = storePath
        self.clientID = clientID
    }

    /// One broker, and stations that all send our own payload.
    public init(broker: BrokerAddress, networks: [Network], storePath: String, clientID: String) {
        self.init(
            brokers: [broker],
            knowledge: NetworkKnowledge(networks: networks),
            storePath: storePath,
            clientID: clientID
        )
    }
}
