import Concurrent
import Geo
public import Observations
public import Quantities
import SQLite

/// Reads a store while its writer goes on. Calls block; from asynchronous code use ``readArchive(at:_:)``.
public struct ArchiveReader: ~Copyable {
    let connection: Connection

    /// - Throws: ``ArchiveError`` when the file is absent, damaged, no store, or of an earlier version.
    public init(path: String) throws(ArchiveError) {
        let connection = try storing { () throws(SQLiteError) -> Connection in
            try Connection(path: path, access: .readOnly)
        }
        let version = try Schema.check(connection)
        guard version > 0 else { throw .foreign(path: path) }
        guard version == Schema.version else { throw .older(path: path, version: version) }
        self.connection = connection
    }

    /// Readings in the order of time, then of station and instrument.
    public func readings(_ query: ReadingQuery) throws(ArchiveError) -> [Reading] {
        try storedReadings(query).map { $0.reading }
    }

    /// Readings with the messages they came from, in the order of time, then of station and instrument.
    public func storedReadings(_ query: ReadingQuery) throws(ArchiveError) -> [StoredReading] {
        var result: [StoredReading] = []
        try forEachReading(query) { result.append($0) }
        return result
    }

    /// Visits readings one by one, for exports of any length.
    /// - Throws: ``ArchiveError`` at the first row that cannot be read; those before it have been visited.
    public func forEachReading(
        _ query: ReadingQuery,
        _ body: (StoredReading) -> Void
    ) throws(ArchiveError) {
        // What had come by a moment, and what has been replaced since, must be of the same state of the store.
        let opensTransaction = query.asOf != nil && connection.isInAutocommit
        if opensTransaction { try storing { () throws(SQLiteError) in try connection.execute("BEGIN") } }
        defer { if opensTransaction { connection.rollBack() } }
        let statement = try storing { () throws(SQLiteError) -> Statement in
            let end = try query.asOf.map { (moment) throws(SQLiteError) in
                try connection.firstMessage(after: moment)
            }
            return try query.readings(end: end ?? .max).prepare(connection)
        }
        var catalog = StoreCatalog()
        while try storing({ () throws(SQLiteError) in try statement.step() }) {
            let series = try catalog.series(statement.integer(0), connection)
            body(
                StoredReading(
                    network: series.network,
                    reading: try catalog.reading(statement, from: 1, of: series, connection),
                    revision: Int(statement.integer(13)),
                    rawMessage: statement.integer(12)
                )
            )
        }
    }

    /// Number of readings per station, gas and flag, in the order of their names.
    public func flagCounts() throws(ArchiveError) -> [FlagCount] {
        let statement = try storing { () throws(SQLiteError) in
            try connection.prepare(
                """
                SELECT network, stations.station, gas, flag, count(*), min(time) FROM readings \
                JOIN series ON series.id = readings.series JOIN stations ON stations.id = series.station \
                GROUP BY network, stations.station, gas, flag \
                ORDER BY network, stations.station, gas, flag
                """
            )
        }
        var counts: [FlagCount] = []
        while try storing({ () throws(SQLiteError) in try statement.step() }) {
            counts.append(try FlagCount(statement, connection.path))
        }
        return counts
    }

    /// All series, in the order of network, station, instrument and gas.
    public func allSeries() throws(ArchiveError) -> [Series] { try StoreCatalog.allSeries(connection) }

    /// The readings of a series between two moments, both included, as reported, with what stands of them.
    public func window(
        _ series: Series,
        from first: Instant,
        through last: Instant
    ) throws(ArchiveError) -> SeriesWindow {
        let statement = try storing { () throws(SQLiteError) in try connection.prepare(ReadingColumns.window)
        }
        var catalog = StoreCatalog()
        return try catalog.window(series, first, last, statement, connection)
    }

    /// Number of replaced values; for totals and tests.
    public func revisionCount() throws(ArchiveError) -> Int {
        try storing { () throws(SQLiteError) in
            Int(try connection.integer("SELECT count(*) FROM revisions") ?? 0)
        }
    }
}

/// Opens a store on a thread of its own, so that the cooperative pool is not blocked, and reads from it.
public func readArchive<Value: Sendable>(
    at path: String,
    _ body: @escaping @Sendable (borrowing ArchiveReader) throws -> Value
) async throws -> Value {
    try await onOwnThread(named: "archive") { try body(try ArchiveReader(path: path)) }
}
