import Geo
import Observations
import Quantities
import SQLite

/// Where a reading stands and where it came from.
struct ReadingPlace {
    let series: Int64
    let time: Int64
    let message: Int64
    /// Of the transaction.
    let received: Instant
}

/// The columns that say what was measured, conditions and bottle aside.
struct StoredValues: Equatable {
    let value: Double?
    let uncertainty: Double?
    private(set) var scale: Int64
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

    /// The same on another scale.
    func on(scale: Int64) -> StoredValues {
        var values = self
        values.scale = scale
        return values
    }

    /// Reads the columns `value ... reported_tests` from the first one on.
    init(_ row: borrowing Statement) {
        value = row.double(0)
        uncertainty = row.double(1)
        scale = row.integer(2)
        longitude = row.double(3)
        latitude = row.double(4)
        altitude = row.double(5)
        flag = row.integer(6)
        tests = row.integer(7)
    }

    /// Binds eight parameters.
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

    static let columns = """
        value, uncertainty, scale, longitude, latitude, altitude, reported_flag, reported_tests, \
        conditions, bottle
        """
}

/// All that was reported of one moment of one series; two reports that agree in it are the same.
struct ReportedRow {
    let values: StoredValues
    /// As ``ConditionCodec`` writes them; empty where there are none.
    let conditions: [UInt8]
    let bottle: String?

    init(_ values: StoredValues, conditions: [UInt8], bottle: String?) {
        self.values = values
        self.conditions = conditions
        self.bottle = bottle
    }

    init(_ row: borrowing Statement) {
        values = StoredValues(row)
        conditions = row.bytes(8)
        bottle = row.text(9)
    }

    func agrees(with other: ReportedRow) -> Bool {
        values == other.values && bottle == other.bottle
            && ConditionCodec.agree(conditions, other.conditions)
    }
}

/// The statements that put a reading into its place.
struct ReadingStatements: ~Copyable {
    private let insert: Statement
    private let select: Statement
    private let supersede: Statement
    private let update: Statement
    private let superseded: Statement

    init(_ connection: borrowing Connection) throws(SQLiteError) {
        let columns = StoredValues.columns
        let insert = try connection.prepare(
            """
            INSERT INTO readings(series, time, \(columns), raw_message, revision, flag, tests) \
            VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 0, ?9, ?10) \
            ON CONFLICT DO NOTHING
            """
        )
        let select = try connection.prepare(
            "SELECT \(columns), raw_message FROM readings WHERE series = ?1 AND time = ?2"
        )
        let supersede = try connection.prepare(
            """
            INSERT INTO revisions(series, time, \(columns), raw_message, revision, superseded) \
            SELECT series, time, \(columns), raw_message, revision, ?3 FROM readings \
            WHERE series = ?1 AND time = ?2
            """
        )
        let update = try connection.prepare(
            """
            UPDATE readings SET value = ?3, uncertainty = ?4, scale = ?5, longitude = ?6, latitude = ?7, \
            altitude = ?8, reported_flag = ?9, reported_tests = ?10, conditions = ?11, bottle = ?12, \
            raw_message = ?13, revision = revision + 1, flag = ?9, tests = ?10, settled_value = NULL, \
            settled_uncertainty = NULL, settled_scale = NULL WHERE series = ?1 AND time = ?2
            """
        )
        let superseded = try connection.prepare(
            "SELECT \(columns) FROM revisions WHERE series = ?1 AND time = ?2"
        )
        // A noncopyable value must be initialised at once: a failure half-way has nothing to undo.
        self.insert = insert
        self.select = select
        self.supersede = supersede
        self.update = update
        self.superseded = superseded
    }

    func store(
        _ row: ReportedRow,
        at place: ReadingPlace,
        _ connection: borrowing Connection
    ) throws(SQLiteError) -> StoreOutcome {
        try run(insert, row, at: place)
        if connection.changedRows == 1 { return .stored }
        return try holds(row, at: place, select) ? .duplicated : try reviseUnlessKnown(row, at: place)
    }

    /// What became of a row that a ``GroupInsertion`` has met. No other row of the group has its series and moment.
    func outcome(_ row: ReportedRow, at place: ReadingPlace) throws(SQLiteError) -> StoreOutcome {
        if let known = try known(row, at: place) { return known }
        return try reviseUnlessKnown(row, at: place)
    }

    /// Stored when what stands at the place came with the message of the row, duplicated when it came before; nil when
    /// it is another.
    private func known(_ row: ReportedRow, at place: ReadingPlace) throws(SQLiteError) -> StoreOutcome? {
        try select.bind(1, place.series)
        try select.bind(2, place.time)
        defer { select.reset() }
        guard try select.step() else { return nil }
        if select.integer(10) == place.message { return .stored }
        return ReportedRow(select).agrees(with: row) ? .duplicated : nil
    }

    /// The broker delivers again what was stored but not yet acknowledged. When the value has been revised in between,
    /// the repetition of the old one must not undo that.
    private func reviseUnlessKnown(
        _ row: ReportedRow,
        at place: ReadingPlace
    ) throws(SQLiteError) -> StoreOutcome {
        if try holds(row, at: place, superseded) { return .duplicated }
        try revise(row, at: place)
        return .revised
    }

    private func holds(
        _ row: ReportedRow,
        at place: ReadingPlace,
        _ statement: borrowing Statement
    ) throws(SQLiteError) -> Bool {
        try statement.bind(1, place.series)
        try statement.bind(2, place.time)
        defer { statement.reset() }
        while try statement.step() {
            if ReportedRow(statement).agrees(with: row) { return true }
        }
        return false
    }

    private func revise(_ row: ReportedRow, at place: ReadingPlace) throws(SQLiteError) {
        try supersede.bind(1, place.series)
        try supersede.bind(2, place.time)
        try supersede.bind(3, place.received.microseconds)
        try supersede.run()
        try run(update, row, at: place)
    }

    private func run(
        _ statement: borrowing Statement,
        _ row: ReportedRow,
        at place: ReadingPlace
    ) throws(SQLiteError) {
        try statement.bind(1, place.series)
        try statement.bind(2, place.time)
        try row.values.bind(statement, from: 3)
        try statement.bind(12, row.bottle)
        try statement.bind(13, place.message)
        if row.conditions.isEmpty {
            try statement.bindNull(11)
            try statement.run()
        } else {
            try statement.run(11, borrowing: row.conditions.span.bytes)
        }
    }
}
