import Observations
public import Quantities
import SQLite

/// A value that another has replaced.
public struct StoredRevision: Equatable, Sendable {
    /// As it was reported, with the message it came from.
    public let stored: StoredReading
    /// When the transaction came that brought the next value.
    public let superseded: Instant
}

/// A station of a store, and between which moments it has measured.
public struct StationExtent: Equatable, Sendable {
    public let network: String
    public let station: String
    /// Of the first reading or weather; nil where there is neither.
    public let first: Instant?
    public let last: Instant?
}

extension ArchiveReader {
    /// The readings of a series between two moments, both included, as reported and in the order of time.
    /// - Parameters:
    ///   - moment: what the store had been told by then; nil for all.
    ///   - ofBottles: only those of gas from bottles.
    public func knownReadings(
        _ series: Series,
        asOf moment: Instant?,
        from first: Instant,
        through last: Instant,
        ofBottles: Bool = false
    ) throws(ArchiveError) -> [StoredReading] {
        let statement = try storing { () throws(SQLiteError) -> Statement in
            let statement = try connection.prepare(Self.knownSQL(ofBottles: ofBottles))
            try statement.bind(1, series.id.number)
            try statement.bind(2, first.microseconds)
            try statement.bind(3, last.microseconds)
            let end = try moment.map { (moment) throws(SQLiteError) in
                try connection.firstMessage(after: moment)
            }
            try statement.bind(4, end ?? .max)
            try statement.bind(5, moment?.microseconds ?? .max)
            return statement
        }
        var catalog = StoreCatalog()
        var readings: [StoredReading] = []
        while try storing({ () throws(SQLiteError) in try statement.step() }) {
            readings.append(
                StoredReading(
                    network: series.network,
                    reading: try catalog.reading(statement, from: 0, of: series, connection),
                    revision: Int(statement.integer(12)),
                    rawMessage: statement.integer(11)
                )
            )
        }
        return readings
    }

    private static func knownSQL(ofBottles: Bool) -> String {
        let columns = "\(ReadingColumns.reported), raw_message, revision"
        let place = "series = ?1 AND time BETWEEN ?2 AND ?3 AND raw_message < ?4"
        let bottle = ofBottles ? " AND bottle IS NOT NULL" : ""
        return """
            SELECT \(columns) FROM readings WHERE \(place)\(bottle) UNION ALL \
            SELECT \(columns) FROM revisions WHERE \(place) AND superseded > ?5\(bottle) ORDER BY time
            """
    }

    /// Visits the values that others have replaced, in the order of time, station, instrument and revision.
    /// - Parameter query: of it count the choice of series, the period and the flags, which are those reported.
    public func forEachRevision(
        _ query: ReadingQuery,
        _ body: (StoredRevision) -> Void
    ) throws(ArchiveError) {
        let statement = try storing { () throws(SQLiteError) -> Statement in
            try query.revisions().prepare(connection)
        }
        var catalog = StoreCatalog()
        while try storing({ () throws(SQLiteError) in try statement.step() }) {
            let series = try catalog.series(statement.integer(0), connection)
            let stored = StoredReading(
                network: series.network,
                reading: try catalog.reading(statement, from: 1, of: series, connection),
                revision: Int(statement.integer(13)),
                rawMessage: statement.integer(12)
            )
            body(
                StoredRevision(stored: stored, superseded: Instant(microseconds: statement.integer(14)))
            )
        }
    }

    /// The names under which conditions have come, and those that are common.
    public func conditionNames() throws(ArchiveError) -> [String] {
        try storing { () throws(SQLiteError) in
            let statement = try connection.prepare("SELECT name FROM condition_names ORDER BY id")
            var names: [String] = []
            while try statement.step() { names.append(statement.text(0) ?? "") }
            return names
        }
    }

    /// When the first message came; nil for an empty store.
    public func firstArrival() throws(ArchiveError) -> Instant? {
        try storing { () throws(SQLiteError) in
            try connection.integer("SELECT received FROM batches ORDER BY id LIMIT 1")
                .map(Instant.init(microseconds:))
        }
    }

    /// All stations, those without gases too, in the order of network and station.
    public func stationExtents() throws(ArchiveError) -> [StationExtent] {
        try storing { () throws(SQLiteError) in
            let statement = try connection.prepare(Self.extentSQL)
            var extents: [StationExtent] = []
            while try statement.step() {
                extents.append(
                    StationExtent(
                        network: statement.text(0) ?? "",
                        station: statement.text(1) ?? "",
                        first: statement.isNull(2) ? nil : Instant(microseconds: statement.integer(2)),
                        last: statement.isNull(3) ? nil : Instant(microseconds: statement.integer(3))
                    )
                )
            }
            return extents
        }
    }

    /// Each extreme is found in the tree of the primary key, without a walk.
    private static let extentSQL = """
        SELECT network, station, min(first), max(last) FROM (
            SELECT network, stations.station AS station,
                (SELECT min(time) FROM weather WHERE weather.station = stations.id) AS first,
                (SELECT max(time) FROM weather WHERE weather.station = stations.id) AS last
            FROM stations
            UNION ALL
            SELECT network, stations.station,
                (SELECT min(time) FROM readings WHERE readings.series = series.id),
                (SELECT max(time) FROM readings WHERE readings.series = series.id)
            FROM series JOIN stations ON stations.id = series.station
        ) GROUP BY network, station ORDER BY network, station
        """
}
