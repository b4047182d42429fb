public import Observations
public import Quantities
import SQLite

/// What became of a reading that was handed to the store.
public enum StoreOutcome: String, CaseIterable, Sendable {
    /// New.
    case stored
    /// Another value for a moment that had one: the new one counts, the old one is kept as a revision.
    case revised
    /// The same again, or the late repetition of a value that has been revised since.
    case duplicated
}

/// A message that could not be used, or a part of one.
public struct Rejection: Equatable, Sendable {
    /// A stable name for counting.
    public let reason: String
    /// What exactly was wrong.
    public let detail: String
    /// Index in a batch message; nil when the message as a whole is meant.
    public let item: Int?

    public init(reason: String, detail: String, item: Int? = nil) {
        self.reason = reason
        self.detail = detail
        self.item = item
    }
}

/// The one writer of a store. Calls block: keep it on a thread of its own.
///
/// Everything between ``begin()`` and ``commit()`` is kept together or not at all, and is on disk when
/// `commit` returns.
public struct ArchiveWriter: ~Copyable {
    private let connection: Connection
    private let insertRaw: Statement
    private let insertDeadLetter: Statement
    private let readings: ReadingStatements
    private var series: SeriesIndex
    private var lastRawMessage: Int64 = 0

    /// Opens a store, creating or migrating its tables.
    /// - Parameter maximumBytes: what the file may grow to; beyond it writing fails as on a full disk.
    public init(path: String, maximumBytes: Int64? = nil) throws(ArchiveError) {
        let connection = try storing { () throws(SQLiteError) -> Connection in
            let connection = try Connection(path: path)
            try connection.useDurableWriteAheadLog()
            if let maximumBytes { try connection.limitSize(bytes: maximumBytes) }
            return connection
        }
        try Schema.prepare(connection)
        let insertRaw = try storing { () throws(SQLiteError) -> Statement in
            try connection.prepare(
                "INSERT INTO raw_messages(id, received, topic, payload) VALUES(?, ?, ?, ?)"
            )
        }
        let insertDeadLetter = try storing { () throws(SQLiteError) -> Statement in
            try connection.prepare(
                """
                INSERT INTO dead_letters(received, topic, payload, item, reason, detail, decoder) \
                VALUES(?, ?, ?, ?, ?, ?, ?)
                """
            )
        }
        let readings = try storing { () throws(SQLiteError) -> ReadingStatements in
            try ReadingStatements(connection)
        }
        self.insertRaw = insertRaw
        self.insertDeadLetter = insertDeadLetter
        self.readings = readings
        self.series = SeriesIndex()
        self.connection = connection
    }

    /// Opens a transaction.
    public mutating func begin() throws(ArchiveError) {
        do {
            try connection.beginImmediate()
            lastRawMessage = try connection.integer("SELECT max(id) FROM raw_messages") ?? 0
        } catch {
            connection.rollBack()
            throw .storage(error)
        }
    }

    /// Makes everything since ``begin()`` durable.
    public mutating func commit() throws(ArchiveError) {
        do {
            try connection.commit()
        } catch {
            rollBack()
            throw .storage(error)
        }
    }

    /// Forgets everything since ``begin()``.
    public mutating func rollBack() {
        connection.rollBack()
        // Identifiers that the undone transaction gave out are not in the file.
        series = SeriesIndex()
    }

    /// Stores the readings of one message, and the message itself when any of them changes the store.
    /// - Returns: what became of each reading, in order.
    public mutating func store(
        _ newReadings: [Reading],
        network: String,
        topic: RawSpan,
        payload: RawSpan,
        received: Instant
    ) throws(ArchiveError) -> [StoreOutcome] {
        let message = lastRawMessage + 1
        var outcomes: [StoreOutcome] = []
        do {
            for reading in newReadings {
                let key = SeriesKey(
                    network: network,
                    station: reading.station,
                    instrument: reading.instrument,
                    gas: reading.gas
                )
                let record = StoredValues(reading, scale: try series.scale(reading.scale, connection))
                let place = ReadingPlace(series: try series.id(key, connection), time: reading.time)
                outcomes.append(
                    try readings.store(record, at: place, message, payload, received, connection)
                )
            }
            if outcomes.contains(where: { $0 != .duplicated }) {
                try insertRaw.bind(1, message)
                try insertRaw.bind(2, received.microseconds)
                try insertRaw.bind(3, text(topic))
                try insertRaw.bind(4, bytes: payload)
                try insertRaw.run()
                lastRawMessage = message
            }
        } catch {
            throw .storage(error)
        }
        return outcomes
    }

    /// Keeps what cannot be used, with its reason, so that it can be looked at and sent again.
    public mutating func reject(
        _ rejection: Rejection,
        topic: RawSpan,
        payload: RawSpan,
        received: Instant,
        decoder: String
    ) throws(ArchiveError) {
        do {
            try insertDeadLetter.bind(1, received.microseconds)
            try insertDeadLetter.bind(2, text(topic))
            try insertDeadLetter.bind(3, bytes: payload)
            try insertDeadLetter.bind(4, rejection.item.map { Int64($0) })
            try insertDeadLetter.bind(5, rejection.reason)
            try insertDeadLetter.bind(6, rejection.detail)
            try insertDeadLetter.bind(7, decoder)
            try insertDeadLetter.run()
        } catch {
            throw .storage(error)
        }
    }
}

private func text(_ bytes: RawSpan) -> String {
    bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
}
