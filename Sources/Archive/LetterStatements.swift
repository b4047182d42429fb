import Quantities
import SQLite

/// The statements that keep what could not be used.
struct LetterStatements: ~Copyable {
    private let select: Statement
    private let insert: Statement
    private let countAgain: Statement
    private let markReplayed: Statement

    init(_ connection: borrowing Connection) throws(SQLiteError) {
        let select = try connection.prepare(
            """
            SELECT id FROM dead_letters WHERE digest = ?1 AND topic = ?2 AND payload = ?3 AND item IS ?4 \
            AND reason = ?5 AND decoder = ?6 ORDER BY id LIMIT 1
            """
        )
        let insert = try connection.prepare(
            """
            INSERT INTO dead_letters(digest, topic, payload, item, reason, decoder, detail, received, repeats, \
            last_received) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, ?8)
            """
        )
        let countAgain = try connection.prepare(
            """
            UPDATE dead_letters SET repeats = repeats + 1, last_received = ?2, replayed = NULL WHERE id = ?1
            """
        )
        let markReplayed = try connection.prepare("UPDATE dead_letters SET replayed = ?2 WHERE id = ?1")
        self.select = select
        self.insert = insert
        self.countAgain = countAgain
        self.markReplayed = markReplayed
    }

    /// Keeps a letter, or counts it again.
    /// - Parameter byteLimit: how much of the payload is kept.
    /// - Returns: the number of the letter that was there before; nil for a new one.
    func keep(
        _ rejection: Rejection,
        _ topic: RawSpan,
        _ payload: RawSpan,
        _ received: Instant,
        _ decoder: String,
        byteLimit: Int = .max
    ) throws(SQLiteError) -> Int64? {
        let digest = LetterDigest(rejection, topic, payload, decoder).number
        let payload = payload.extracting(first: min(byteLimit, payload.byteCount))
        // Bytes that are no UTF-8 are replaced before they are compared, too.
        let topic = topic.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        try bind(select, digest, rejection, topic, payload, decoder)
        defer { select.reset() }
        guard try select.step() else {
            try bind(insert, digest, rejection, topic, payload, decoder)
            try insert.bind(7, rejection.detail)
            try insert.bind(8, received.microseconds)
            try insert.run()
            return nil
        }
        let known = select.integer(0)
        try countAgain.bind(1, known)
        try countAgain.bind(2, received.microseconds)
        try countAgain.run()
        return known
    }

    func markReplayed(_ letter: Int64, _ moment: Instant) throws(SQLiteError) {
        try markReplayed.bind(1, letter)
        try markReplayed.bind(2, moment.microseconds)
        try markReplayed.run()
    }

    private func bind(
        _ statement: borrowing Statement,
        _ digest: Int64,
        _ rejection: Rejection,
        _ topic: String,
        _ payload: RawSpan,
        _ decoder: String
    ) throws(SQLiteError) {
        try statement.bind(1, digest)
        try statement.bind(2, topic)
        try statement.bind(3, bytes: payload)
        try statement.bind(4, rejection.item.map { Int64($0) })
        try statement.bind(5, rejection.reason)
        try statement.bind(6, decoder)
    }
}
