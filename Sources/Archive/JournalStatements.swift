import Quantities
import SQLite

/// The statements that a transaction runs once, or for what cannot be used.
struct JournalStatements: ~Copyable {
    private let lastBatch: Statement
    private let insertBatch: Statement
    private let insertRaw: Statement
    private let insertDeadLetter: Statement
    private let insertDirty: Statement
    private let dataVersion: Statement

    init(_ connection: borrowing Connection) throws(SQLiteError) {
        let lastBatch = try connection.prepare(
            "SELECT id, received, (SELECT max(id) FROM raw_messages) FROM batches ORDER BY id DESC LIMIT 1"
        )
        let insertBatch = try connection.prepare("INSERT INTO batches(id, received) VALUES(?, ?)")
        let insertRaw = try connection.prepare(
            "INSERT INTO raw_batches(batch, codec, payloads) VALUES(?, \(RawBatch.codec), ?)"
        )
        let insertDeadLetter = try connection.prepare(
            """
            INSERT INTO dead_letters(received, topic, payload, item, reason, detail, decoder) \
            VALUES(?, ?, ?, ?, ?, ?, ?)
            """
        )
        let insertDirty = try connection.prepare(
            """
            INSERT INTO dirty(series, start, end) VALUES(?, ?, ?) \
            ON CONFLICT DO UPDATE SET end = max(end, excluded.end)
            """
        )
        let dataVersion = try connection.prepare("PRAGMA data_version")
        self.lastBatch = lastBatch
        self.insertBatch = insertBatch
        self.insertRaw = insertRaw
        self.insertDeadLetter = insertDeadLetter
        self.insertDirty = insertDirty
        self.dataVersion = dataVersion
    }

    /// Number of the last message of the store, or an upper bound of it, and when its batch came.
    func last() throws(SQLiteError) -> (message: Int64, received: Instant?) {
        defer { lastBatch.reset() }
        guard try lastBatch.step() else { return (0, nil) }
        return (
            max(lastBatch.integer(0), lastBatch.integer(2)), Instant(microseconds: lastBatch.integer(1))
        )
    }

    /// Changes when another connection has changed the file.
    func version() throws(SQLiteError) -> Int64 {
        defer { dataVersion.reset() }
        return try dataVersion.step() ? dataVersion.integer(0) : 0
    }

    func insertBatch(_ id: Int64, _ received: Instant) throws(SQLiteError) {
        try insertBatch.bind(1, id)
        try insertBatch.bind(2, received.microseconds)
        try insertBatch.run()
    }

    func insertRaw(_ batch: Int64, _ payloads: [UInt8]) throws(SQLiteError) {
        try insertRaw.bind(1, batch)
        try insertRaw.bind(2, bytes: payloads.span.bytes)
        try insertRaw.run()
    }

    func insertDirty(_ series: Int64, _ span: DirtySpans.Span) throws(SQLiteError) {
        try insertDirty.bind(1, series)
        try insertDirty.bind(2, span.first)
        try insertDirty.bind(3, span.last)
        try insertDirty.run()
    }

    func insertDeadLetter(
        _ rejection: Rejection,
        _ topic: RawSpan,
        _ payload: RawSpan,
        _ received: Instant,
        _ decoder: String
    ) throws(SQLiteError) {
        try insertDeadLetter.bind(1, received.microseconds)
        try insertDeadLetter.bind(2, topic.withUnsafeBytes { String(decoding: $0, as: UTF8.self) })
        try insertDeadLetter.bind(3, bytes: payload)
        try insertDeadLetter.bind(4, rejection.item.map { Int64($0) })
        try insertDeadLetter.bind(5, rejection.reason)
        try insertDeadLetter.bind(6, rejection.detail)
        try insertDeadLetter.bind(7, decoder)
        try insertDeadLetter.run()
    }
}
