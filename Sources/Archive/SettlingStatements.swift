import Observations
import Quantities
import SQLite

/// The statements that settling runs for every span.
struct SettlingStatements: ~Copyable {
    let window: Statement
    let averaged: Statement
    let compared: Statement
    private let update: Statement
    private let selectFirst: Statement
    private let dirty: SpanStatements
    private let comparisons: SpanStatements
    private let insertComparison: Statement
    private let selectComparisons: Statement
    private let deleteAggregates: Statement
    private let insertAggregate: Statement

    init(_ connection: borrowing Connection) throws(SQLiteError) {
        let window = try connection.prepare(ReadingColumns.window)
        let averaged = try connection.prepare(ReadingColumns.averaged)
        let compared = try connection.prepare(ReadingColumns.compared)
        let update = try connection.prepare(
            """
            UPDATE readings SET flag = ?3, tests = ?4, settled_value = ?5, settled_uncertainty = ?6, \
            settled_scale = ?7 WHERE series = ?1 AND time = ?2
            """
        )
        let selectFirst = try connection.prepare(
            "SELECT min(time) FROM readings WHERE series = ? AND time >= ?"
        )
        let dirty = try SpanStatements("dirty", connection)
        let comparisons = try SpanStatements("comparisons", connection)
        let insertComparison = try connection.prepare(
            """
            INSERT INTO comparisons(series, start, end) VALUES(?, ?, ?) \
            ON CONFLICT DO UPDATE SET end = max(end, excluded.end)
            """
        )
        let selectComparisons = try connection.prepare(
            "SELECT series, start, end FROM comparisons ORDER BY series, start"
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
        self.compared = compared
        self.update = update
        self.selectFirst = selectFirst
        self.dirty = dirty
        self.comparisons = comparisons
        self.insertComparison = insertComparison
        self.selectComparisons = selectComparisons
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

    /// The first reading of a series from a moment on; nil where there is none.
    func firstReading(_ series: Int64, _ moment: Instant) throws(SQLiteError) -> Instant? {
        defer { selectFirst.reset() }
        try selectFirst.bind(1, series)
        try selectFirst.bind(2, moment.microseconds)
        guard try selectFirst.step(), !selectFirst.isNull(0) else { return nil }
        return Instant(microseconds: selectFirst.integer(0))
    }

    /// Takes a stretch off the list of what is to be settled.
    func deleteDirty(_ series: Int64, first: Instant, last: Instant) throws(SQLiteError) {
        try dirty.delete(series, first, last)
    }

    /// Takes a stretch off the list of what is to be compared.
    func deleteComparison(_ series: Int64, first: Instant, last: Instant) throws(SQLiteError) {
        try comparisons.delete(series, first, last)
    }

    /// Puts a stretch, both ends included, on the list of what is to be compared.
    func insertComparison(_ series: Int64, _ first: Int64, _ last: Int64) throws(SQLiteError) {
        try insertComparison.bind(1, series)
        try insertComparison.bind(2, first)
        try insertComparison.bind(3, last)
        try insertComparison.run()
    }

    /// The first stretch of that list, with those of its series that touch it, as far as it is too short.
    func firstComparison(_ longest: Int64) throws(SQLiteError) -> (series: Int64, span: DirtySpans.Span)? {
        defer { selectComparisons.reset() }
        guard try selectComparisons.step() else { return nil }
        let series = selectComparisons.integer(0)
        var span = DirtySpans.Span(first: selectComparisons.integer(1), last: selectComparisons.integer(2))
        while span.last.subtractingReportingOverflow(span.first).partialValue < longest,
            try selectComparisons.step(), selectComparisons.integer(0) == series,
            DirtySpans.isNear(span.last, selectComparisons.integer(1))
        {
            span.last = max(span.last, selectComparisons.integer(2))
        }
        return (series, span)
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

/// What takes a stretch off a list of stretches.
private struct SpanStatements: ~Copyable {
    private let shorten: Statement
    private let delete: Statement

    /// - Parameter table: with `series`, `start` and `end`, both of which belong to the stretch.
    init(_ table: String, _ connection: borrowing Connection) throws(SQLiteError) {
        let shorten = try connection.prepare(
            """
            INSERT INTO \(table)(series, start, end) SELECT series, ?3 + 1, max(end) FROM \(table) \
            WHERE series = ?1 AND start <= ?3 AND end > ?3 GROUP BY series \
            ON CONFLICT DO UPDATE SET end = max(end, excluded.end)
            """
        )
        let delete = try connection.prepare(
            "DELETE FROM \(table) WHERE series = ?1 AND start BETWEEN ?2 AND ?3"
        )
        self.shorten = shorten
        self.delete = delete
    }

    /// What begins in the stretch and ends behind it is shortened.
    func delete(_ series: Int64, _ first: Instant, _ last: Instant) throws(SQLiteError) {
        try run(shorten, series, first, last)
        try run(delete, series, first, last)
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
}
