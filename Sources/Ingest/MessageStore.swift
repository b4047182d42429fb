import Archive
public import MQTT
public import Observations
public import Quantities

/// The path from messages to the store: decode, check, write, all of a batch in one transaction.
///
/// Calls block; one thread owns it.
public struct MessageStore: ~Copyable {
    private let decoder: PayloadDecoder
    private var archive: ArchiveWriter
    /// Of what is durable.
    public private(set) var summary = IngestSummary()

    /// - Parameter maximumBytes: what the store may grow to; nil for as far as the disk goes.
    /// - Throws: `ArchiveError` when the store cannot be opened for writing.
    public init(path: String, networks: [Network], maximumBytes: Int64? = nil) throws {
        decoder = PayloadDecoder(networks: networks)
        archive = try ArchiveWriter(path: path, maximumBytes: maximumBytes)
    }

    /// Makes a batch durable, or leaves the store as it was.
    /// - Parameter received: the moment that times are judged against.
    /// - Returns: `refused` when trying again may help: the disk is full, the file is locked.
    /// - Throws: `ArchiveError` when it will not: the file is damaged or read-only.
    public mutating func store(_ batch: MessageBatch, received: Instant) throws -> BatchOutcome {
        do {
            summary = try write(batch, received)
            return .durable()
        } catch {
            archive.rollBack()
            guard error.mayPass else { throw error }
            return .refused(error)
        }
    }

    private mutating func write(
        _ batch: MessageBatch,
        _ received: Instant
    ) throws(ArchiveError) -> IngestSummary {
        var counts = summary
        try archive.begin(received: received)
        for index in 0..<batch.count {
            let topic = batch.topic(index)
            let payload = batch.payload(index)
            let message = decoder.decode(batch.bytes, topic: topic, payload: payload, received: received)
            let bytes = batch.bytes.span.bytes
            try write(message, bytes.extracting(topic), bytes.extracting(payload), &counts)
        }
        try archive.commit()
        counts.messages += batch.count
        return counts
    }

    private mutating func write(
        _ message: PayloadDecoder.Message,
        _ topic: RawSpan,
        _ payload: RawSpan,
        _ counts: inout IngestSummary
    ) throws(ArchiveError) {
        let station = message.station.isEmpty ? nil : "\(message.network)/\(message.station)"
        var readings: [Reading] = []
        for item in message.items {
            switch item {
            case .readings(let some): readings += some
            case .rejection(let rejection):
                try archive.reject(
                    rejection,
                    topic: topic,
                    payload: payload,
                    decoder: PayloadDecoder.version
                )
                counts.count(rejection, station)
            }
        }
        guard let station, !readings.isEmpty else { return }
        let outcomes = try archive.store(
            readings,
            network: message.network,
            topic: topic,
            payload: payload
        )
        for (reading, outcome) in zip(readings, outcomes) { counts.count(outcome, reading.flag, station) }
    }
}
