import Concurrent
public import Formats
import Foundation
public import MQTT
import Observations
public import Quantities

/// How many messages a replay sent, and how many of them the broker has taken charge of.
public struct ReplaySummary: Codable, Equatable, Sendable {
    /// Messages in the record, as far as the limit.
    public let total: Int
    /// Fewer than `total` when the replay was stopped.
    public let sent: Int
    public let acknowledged: Int
    public let seconds: Double
}

/// How a record is to be replayed.
public struct ReplaySettings: Sendable {
    public let broker: BrokerAddress
    public var access = BrokerAccess()
    public let recordPath: String
    public let networkFile: NetworkFile
    /// How much faster than in its own time; nil for as fast as the broker takes it.
    public var speed: Double?
    /// Only this many messages.
    public var limit: Int?

    public init(broker: BrokerAddress, recordPath: String, networkFile: NetworkFile) {
        self.broker = broker
        self.recordPath = recordPath
        self.networkFile = networkFile
    }
}

/// Publishes a recorded file as the stations of its network would have, and waits until the broker has
/// acknowledged every message.
/// - Throws: `RecordError`, `NetCDFError`, `MQTTError` or ``ReplayInterrupted``.
public func replay(_ settings: ReplaySettings, until stop: StopRequest) async throws -> ReplaySummary {
    let rows = try await readRecord(at: settings.recordPath, for: settings.networkFile)
        .prefix(settings.limit ?? .max)
    let encoder = PayloadEncoder(boot: try identity(ofFile: settings.recordPath))
    return try await onOwnThread(named: "replay") {
        var session = try PublisherSession(
            to: settings.broker,
            access: settings.access,
            clientID: "crosswind-replay-\(ProcessInfo.processInfo.processIdentifier)"
        )
        let start = ContinuousClock.now
        do {
            try publish(rows, settings, encoder, &session, stop)
            try session.finish()
        } catch let error as MQTTError {
            guard case .interrupted = error.kind else { throw error }
            throw ReplayInterrupted(
                acknowledged: session.acknowledged,
                total: rows.count,
                broker: error.broker
            )
        }
        return ReplaySummary(
            total: rows.count,
            sent: session.sent,
            acknowledged: session.acknowledged,
            seconds: (ContinuousClock.now - start) / .seconds(1)
        )
    }
}

/// The connection broke before the whole record was taken over.
public struct ReplayInterrupted: Fault, Equatable {
    public let acknowledged: Int
    public let total: Int
    public let broker: String

    public var exitStatus: ExitStatus { .unavailable }
    public var what: String { "the connection broke with \(acknowledged) of \(total) messages acknowledged" }
    public var place: String { broker }
    public var remedy: String { "send again; what arrived twice is counted as duplicated" }
}

private func publish(
    _ rows: ArraySlice<RecordedRow>,
    _ settings: ReplaySettings,
    _ encoder: PayloadEncoder,
    _ session: inout PublisherSession,
    _ stop: StopRequest
) throws(MQTTError) {
    let network = settings.networkFile.network.id
    let start = ContinuousClock.now
    var sequences: [String: Int] = [:]
    for row in rows {
        if stop.isStopped { break }
        if let speed = settings.speed, let first = rows.first {
            try wait(until: start + .seconds(row.time.seconds(since: first.time) / speed), &session, stop)
        }
        let sequence = sequences[row.station, default: 0]
        sequences[row.station] = sequence + 1
        try session.publish(
            topic: observationTopic(network: network, station: row.station),
            payload: encoder.encode(row, sequence: sequence)
        )
    }
}

private func wait(
    until moment: ContinuousClock.Instant,
    _ session: inout PublisherSession,
    _ stop: StopRequest
) throws(MQTTError) {
    while !stop.isStopped {
        let left = moment - ContinuousClock.now
        guard left > .zero else { return }
        try session.idle(for: min(left, .milliseconds(200)))
    }
}

/// Eight hexadecimal digits from the content of a file (FNV-1a, 64 bits, folded).
private func identity(ofFile path: String) throws(RecordError) -> String {
    guard let data = FileManager.default.contents(atPath: path) else { throw .noSuchFile(path: path) }
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in data { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let folded = UInt32(truncatingIfNeeded: hash ^ (hash >> 32))
    let digits = String(folded, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
}
