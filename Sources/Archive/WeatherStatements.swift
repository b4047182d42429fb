import Quantities
import SQLite

/// The statements that put the conditions of a moment without any gas into their place.
struct WeatherStatements: ~Copyable {
    private let insert: Statement
    private let select: Statement
    private let supersede: Statement
    private let update: Statement

    init(_ connection: borrowing Connection) throws(SQLiteError) {
        let insert = try connection.prepare(
            """
            INSERT INTO weather(station, time, conditions, raw_message, revision) \
            VALUES(?1, ?2, ?3, ?4, 0) ON CONFLICT DO NOTHING
            """
        )
        let select = try connection.prepare(
            """
            SELECT conditions FROM weather WHERE station = ?1 AND time = ?2 UNION ALL \
            SELECT conditions FROM weather_revisions WHERE station = ?1 AND time = ?2
            """
        )
        let supersede = try connection.prepare(
            """
            INSERT INTO weather_revisions(station, time, conditions, raw_message, revision, superseded) \
            SELECT station, time, conditions, raw_message, revision, ?3 FROM weather \
            WHERE station = ?1 AND time = ?2
            """
        )
        let update = try connection.prepare(
            """
            UPDATE weather SET conditions = ?3, raw_message = ?4, revision = revision + 1 \
            WHERE station = ?1 AND time = ?2
            """
        )
        self.insert = insert
        self.select = select
        self.supersede = supersede
        self.update = update
    }

    /// - Parameter place: its series is the number of the station.
    func store(
        _ conditions: [UInt8],
        at place: ReadingPlace,
        _ connection: borrowing Connection
    ) throws(SQLiteError) -> StoreOutcome {
        try write(conditions, at: place, insert)
        if connection.changedRows == 1 { return .stored }
        if try holds(conditions, at: place) { return .duplicated }
        try supersede.bind(1, place.series)
        try supersede.bind(2, place.time)
        try supersede.bind(3, place.received.microseconds)
        try supersede.run()
        try write(conditions, at: place, update)
        return .revised
    }

    private func holds(_ conditions: [UInt8], at place: ReadingPlace) throws(SQLiteError) -> Bool {
        try select.bind(1, place.series)
        try select.bind(2, place.time)
        defer { select.reset() }
        while try select.step() {
            if ConditionCodec.agree(select.bytes(0), conditions) { return true }
        }
        return false
    }

    private func write(
        _ conditions: [UInt8],
        at place: ReadingPlace,
        _ statement: borrowing Statement
    ) throws(SQLiteError) {
        try statement.bind(1, place.series)
        try statement.bind(2, place.time)
        try statement.bind(3, bytes: conditions.span.bytes)
        try statement.bind(4, place.message)
        try statement.run()
    }
}
