import Observations
import Quantities
import SQLite

/// The statements that settling runs for every span.
struct SettlingStatements: ~Copyable {
    let window: Statement
    let averaged: Statement
    private let update: Statement
    private let shortenDirty: Statement
    private let deleteDirty: Statement
    private let deleteAggregates: Statement
    private let insertAggregate: Statement

    init(_ connection: borrowing Connection) throws(SQLiteError) {
        let window = try connection.prepare(ReadingColumns.window)
        let averaged = try connection.prepare(ReadingColumns.averaged)
        let update = try connection.prepare(
            """
            UPDATE readings SET flag = ?3, tests = ?4, settled_value = ?5, settled_uncertainty = ?6, \
            settled_scale = ?7 WHERE series = ?1 AND time = ?2
            """
        )
        let shortenDirty = try connection.prepare(
            """
            INSERT INTO dirty(series, start, end) SELECT series, ?3 + 1, max(end) FROM dirty \
            WHERE series = ?1 AND start <= ?3 AND end > ?3 GROUP BY series \
            ON CONFLICT DO UPDATE SET end = max(end, excluded.end)
            """
        )
        let deleteDirty = try connection.prepare(
            "DELETE FROM dirty WHERE series = ?1 AND start BETWEEN ?2 AND ?3"
        )
        let deleteAggregates = try connection.prepare(
            "DELETE FROM aggregates WHERE series = ? AND interval = ? AND start >= ? AND start < ?"
        )
        let insertAggregate = try connection.prepare(
            """
            INSERT INTO aggregates(series, interval, start, \(AggregateColumns.names)) \
            VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        )
        self.window = window
        self.averaged = averaged
        self.update = update
        self.shortenDirty = shortenDirty
        self.deleteDirty = deleteDirty
        self.deleteAggregates = deleteAggregates
        self.insertAggregate = insertAggregate
    }

    func update(_ row: SettledRow, _ series: Int64, scale: Int64?) throws(SQLiteError) {
        try update.bind(1, series)
        try update.bind(2, row.time.microseconds)
        try update.bind(3, Int64(row.flag.rawValue))
        try update.bind(4, Int64(row.tests.rawValue))
        try update.bind(5, row.value?.partsPerMillion)
        try update.bind(6, row.value?.standardUncertaintyPartsPerMillion)
        try update.bind(7, scale)
        try update.run()
    }

    /// Takes a stretch off the list; what begins in it and ends behind it is shortened.
    func deleteDirty(_ series: Int64, first: Instant, last: Instant) throws(SQLiteError) {
        try run(shortenDirty, series, first, last)
        try run(deleteDirty, series, first, last)
    }

    private func run(
        _ statement: borrowing Statement,
        _ series: Int64,
        _ first: Instant,
        _ last: Instant
    ) throws(SQLiteError) {
        try statement.bind(1, series)
        try statement.bind(2, first.microseconds)
        try statement.bind(3, last.microseconds)
        try statement.run()
    }

    func deleteAggregates(
        _ series: Int64,
        _ interval: AggregateInterval,
        _ period: Period
    ) throws(SQLiteError) {
        try deleteAggregates.bind(1, series)
        try deleteAggregates.bind(2, AggregateColumns.number(interval))
        try deleteAggregates.bind(3, period.start.microseconds)
        try deleteAggregates.bind(4, period.end.microseconds)
        try deleteAggregates.run()
    }

    func insert(
        _ aggregate: Aggregate,
        _ series: Int64,
        _ interval: AggregateInterval,
        scale: Int64?
    ) throws(SQLiteError) {
        try insertAggregate.bind(1, series)
        try insertAggregate.bind(2, AggregateColumns.number(interval))
        try insertAggregate.bind(3, aggregate.period.start.microseconds)
        try AggregateColumns.bind(aggregate, scale: scale, insertAggregate, from: 4)
        try insertAggregate.run()
    }
}
