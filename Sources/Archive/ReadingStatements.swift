import Geo
import Observations
import Quantities
import SQLite

/// The key of a reading.
struct ReadingPlace {
    let series: Int64
    let time: Instant
}

/// The columns that say what was measured; two readings that agree in all of them are the same.
struct StoredValues: Equatable {
    let value: Double?
    let uncertainty: Double?
    let scale: Int64
    let longitude: Double?
    let latitude: Double?
    let altitude: Double?
    let flag: Int64
    let tests: Int64

    init(_ reading: Reading, scale: Int64) {
        value = reading.valuePartsPerMillion
        uncertainty = reading.standardUncertaintyPartsPerMillion
        self.scale = scale
        longitude = reading.position?.longitude
        latitude = reading.position?.latitude
        altitude = reading.position?.altitudeMetres
        flag = Int64(reading.flag.rawValue)
        tests = Int64(reading.tests.rawValue)
    }

    /// Reads the columns `value ... tests` from the given one on.
    init(_ row: borrowing Statement, from first: Int) {
        value = row.double(first)
        uncertainty = row.double(first + 1)
        scale = row.integer(first + 2)
        longitude = row.double(first + 3)
        latitude = row.double(first + 4)
        altitude = row.double(first + 5)
        flag = row.integer(first + 6)
        tests = row.integer(first + 7)
    }

    func bind(_ statement: borrowing Statement, from first: Int) throws(SQLiteError) {
        try statement.bind(first, value)
        try statement.bind(first + 1, uncertainty)
        try statement.bind(first + 2, scale)
        try statement.bind(first + 3, longitude)
        try statement.bind(first + 4, latitude)
        try statement.bind(first + 5, altitude)
        try statement.bind(first + 6, flag)
        try statement.bind(first + 7, tests)
    }

    static let columns = "value, uncertainty, scale, longitude, latitude, altitude, flag, tests"
}

/// The statements that put a reading into its place.
struct ReadingStatements: ~Copyable {
    private let insert: Statement
    private let select: Statement
    private let supersede: Statement
    private let update: Statement
    private let repeated: Statement

    init(_ connection: borrowing Connection) throws(SQLiteError) {
        let columns = StoredValues.columns
        let insert = try connection.prepare(
            """
            INSERT OR IGNORE INTO readings(series, time, \(columns), revision, raw_message) \
            VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)
            """
        )
        let select = try connection.prepare(
            "SELECT \(columns), revision FROM readings WHERE series = ? AND time = ?"
        )
        let supersede = try connection.prepare(
            """
            INSERT INTO revisions(series, time, revision, \(columns), raw_message, superseded) \
            SELECT series, time, revision, \(columns), raw_message, ? FROM readings \
            WHERE series = ? AND time = ?
            """
        )
        let update = try connection.prepare(
            """
            UPDATE readings SET value = ?, uncertainty = ?, scale = ?, longitude = ?, latitude = ?, \
            altitude = ?, flag = ?, tests = ?, revision = revision + 1, raw_message = ? \
            WHERE series = ? AND time = ?
            """
        )
        let repeated = try connection.prepare(
            """
            SELECT count(*) FROM revisions JOIN raw_messages ON raw_messages.id = raw_message \
            WHERE series = ? AND time = ? AND payload = ?
            """
        )
        // A noncopyable value must be initialised at once: a failure half-way has nothing to undo.
        self.insert = insert
        self.select = select
        self.supersede = supersede
        self.update = update
        self.repeated = repeated
    }

    func store(
        _ record: StoredValues,
        at place: ReadingPlace,
        _ message: Int64,
        _ payload: RawSpan,
        _ received: Instant,
        _ connection: borrowing Connection
    ) throws(SQLiteError) -> StoreOutcome {
        try insert.bind(1, place.series)
        try insert.bind(2, place.time.microseconds)
        try record.bind(insert, from: 3)
        try insert.bind(11, message)
        try insert.run()
        if connection.changedRows == 1 { return .stored }
        if try current(at: place) == record { return .duplicated }
        if try isLateRepetition(payload, at: place) { return .duplicated }
        try revise(record, at: place, message, received)
        return .revised
    }

    private func current(at place: ReadingPlace) throws(SQLiteError) -> StoredValues? {
        try select.bind(1, place.series)
        try select.bind(2, place.time.microseconds)
        defer { select.reset() }
        return try select.step() ? StoredValues(select, from: 0) : nil
    }

    /// The broker delivers again what was stored but not yet acknowledged. When the value has been revised
    /// in between, the repetition of the old message must not undo that.
    private func isLateRepetition(_ payload: RawSpan, at place: ReadingPlace) throws(SQLiteError) -> Bool {
        try repeated.bind(1, place.series)
        try repeated.bind(2, place.time.microseconds)
        try repeated.bind(3, bytes: payload)
        defer { repeated.reset() }
        return try repeated.step() && repeated.integer(0) > 0
    }

    private func revise(
        _ record: StoredValues,
        at place: ReadingPlace,
        _ message: Int64,
        _ received: Instant
    ) throws(SQLiteError) {
        try supersede.bind(1, received.microseconds)
        try supersede.bind(2, place.series)
        try supersede.bind(3, place.time.microseconds)
        try supersede.run()
        try record.bind(update, from: 1)
        try update.bind(9, message)
        try update.bind(10, place.series)
        try update.bind(11, place.time.microseconds)
        try update.run()
    }
}
