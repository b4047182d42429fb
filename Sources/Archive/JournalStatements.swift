import Quantities
import SQLite

/// The statements that a transaction runs once, or for what cannot be used.
struct JournalStatements: ~Copyable {
    private let lastBatch: Statement
    private let insertBatch: Statement
    private let insertRaw: Statement
    private let extendDirty: Statement
    private let insertDirty: Statement
    private let selectDirty: Statement
    private let dataVersion: Statement

    init(_ connection: borrowing Connection) throws(SQLiteError) {
        let lastBatch = try connection.prepare(
            "SELECT id, received, (SELECT max(id) FROM raw_messages) FROM batches ORDER BY id DESC LIMIT 1"
        )
        let insertBatch = try connection.prepare("INSERT INTO batches(id, received) VALUES(?, ?)")
        let insertRaw = try connection.prepare(
            "INSERT INTO raw_batches(batch, codec, payloads) VALUES(?, \(RawBatch.codec), ?)"
        )
        let extendDirty = try connection.prepare(
            """
            UPDATE dirty SET end = max(end, ?3) WHERE series = ?1 AND start = (\
            SELECT max(start) FROM dirty WHERE series = ?1 AND start <= ?2) AND end >= ?4
            """
        )
        let insertDirty = try connection.prepare(
            """
            INSERT INTO dirty(series, start, end) VALUES(?, ?, ?) \
            ON CONFLICT DO UPDATE SET end = max(end, excluded.end)
            """
        )
        let selectDirty = try connection.prepare(
            "SELECT series, start, end FROM dirty ORDER BY series, start"
        )
        let dataVersion = try connection.prepare("PRAGMA data_version")
        self.lastBatch = lastBatch
        self.insertBatch = insertBatch
        self.insertRaw = insertRaw
        self.extendDirty = extendDirty
        self.insertDirty = insertDirty
        self.selectDirty = selectDirty
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

    /// Puts a stretch on the list: as a rule the last one of the series grows, so that the list stays as short as
    /// the stretches are few.
    func insertDirty(
        _ series: Int64,
        _ span: DirtySpans.Span,
        _ connection: borrowing Connection
    ) throws(SQLiteError) {
        let (nearest, overflow) = span.first.subtractingReportingOverflow(DirtySpans.largestGap)
        try extendDirty.bind(1, series)
        try extendDirty.bind(2, span.first)
        try extendDirty.bind(3, span.last)
        try extendDirty.bind(4, overflow ? .min : nearest)
        try extendDirty.run()
        guard connection.changedRows == 0 else { return }
        try insertDirty.bind(1, series)
        try insertDirty.bind(2, span.first)
        try insertDirty.bind(3, span.last)
        try insertDirty.run()
    }

    /// The list in the order of series and time, as far as the body wants it.
    func forEachDirty(_ body: (Int64, DirtySpans.Span) -> Bool) throws(SQLiteError) {
        defer { selectDirty.reset() }
        while try selectDirty.step() {
            let span = DirtySpans.Span(first: selectDirty.integer(1), last: selectDirty.integer(2))
            guard body(selectDirty.integer(0), span) else { return }
        }
    }
}
