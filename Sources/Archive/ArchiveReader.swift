import Concurrent
import Geo
public import Observations
public import Quantities
import SQLite

/// Which readings are wanted. Nil means any.
public struct ReadingQuery: Sendable {
    public var network: String?
    public var stations: [String]?
    public var gas: Gas?
    public var period: Period?
    public var flags: [QualityFlag]?

    public init(
        network: String? = nil,
        stations: [String]? = nil,
        gas: Gas? = nil,
        period: Period? = nil,
        flags: [QualityFlag]? = nil
    ) {
        self.network = network
        self.stations = stations
        self.gas = gas
        self.period = period
        self.flags = flags
    }
}

/// A reading with its place in the history of the store.
public struct StoredReading: Equatable, Sendable {
    public let network: String
    public let reading: Reading
    /// How often the value of this moment has been replaced.
    public let revision: Int
    /// The message it came from.
    public let rawMessage: Int64
}

/// A message as it came.
public struct RawMessage: Equatable, Sendable {
    public let id: Int64
    public let received: Instant
    public let topic: String
    public let payload: [UInt8]
}

/// A message, or part of one, that could not be used.
public struct DeadLetter: Equatable, Sendable {
    public let id: Int64
    public let received: Instant
    public let topic: String
    public let payload: [UInt8]
    public let rejection: Rejection
    /// The version of the decoder that refused it.
    public let decoder: String
}

/// How many readings a station has with a flag.
public struct FlagCount: Equatable, Sendable {
    public let network: String
    public let station: String
    public let gas: Gas
    public let flag: QualityFlag
    public let count: Int
}

/// Reads a store while its writer goes on. Calls block; from asynchronous code use ``readArchive(at:_:)``.
public struct ArchiveReader: ~Copyable {
    private let connection: Connection

    /// - Throws: ``ArchiveError`` when the file is absent, damaged, or no store.
    public init(path: String) throws(ArchiveError) {
        let connection = try storing { () throws(SQLiteError) -> Connection in
            try Connection(path: path, access: .readOnly)
        }
        guard try Schema.check(connection) > 0 else { throw .foreign(path: path) }
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
        let statement = try storing { () throws(SQLiteError) -> Statement in
            let statement = try connection.prepare(query.sql)
            try query.bind(statement)
            return statement
        }
        while try storing({ () throws(SQLiteError) in try statement.step() }) {
            body(try StoredReading(statement, connection.path))
        }
    }

    /// Number of readings per station, gas and flag, in the order of their names.
    public func flagCounts() throws(ArchiveError) -> [FlagCount] {
        let statement = try storing { () throws(SQLiteError) in
            try connection.prepare(
                """
                SELECT network, station, gas, flag, count(*), min(time) FROM readings \
                JOIN series ON series.id = readings.series \
                GROUP BY network, station, gas, flag ORDER BY network, station, gas, flag
                """
            )
        }
        var counts: [FlagCount] = []
        while try storing({ () throws(SQLiteError) in try statement.step() }) {
            counts.append(try FlagCount(statement, connection.path))
        }
        return counts
    }

    /// Everything that could not be used, in the order of arrival.
    public func deadLetters() throws(ArchiveError) -> [DeadLetter] {
        try storing { () throws(SQLiteError) in
            let statement = try connection.prepare(
                """
                SELECT id, received, topic, payload, item, reason, detail, decoder \
                FROM dead_letters ORDER BY id
                """
            )
            var letters: [DeadLetter] = []
            while try statement.step() { letters.append(DeadLetter(statement)) }
            return letters
        }
    }

    /// The message that a reading came from; nil when there is none of that number.
    public func rawMessage(_ id: Int64) throws(ArchiveError) -> RawMessage? {
        try storing { () throws(SQLiteError) in
            let statement = try connection.prepare(
                "SELECT id, received, topic, payload FROM raw_messages WHERE id = ?"
            )
            try statement.bind(1, id)
            guard try statement.step() else { return nil }
            return RawMessage(
                id: statement.integer(0),
                received: Instant(microseconds: statement.integer(1)),
                topic: statement.text(2) ?? "",
                payload: statement.bytes(3)
            )
        }
    }

    /// Number of rows of a table; for totals and tests.
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

extension ReadingQuery {
    fileprivate var sql: String {
        var conditions: [String] = []
        if network != nil { conditions.append("network = ?") }
        if let stations { conditions.append("station IN (\(placeholders(stations.count)))") }
        if gas != nil { conditions.append("gas = ?") }
        if period != nil { conditions.append("time >= ? AND time < ?") }
        if let flags { conditions.append("flag IN (\(placeholders(flags.count)))") }
        return """
            SELECT network, station, instrument, gas, time, value, uncertainty, scales.name, longitude, \
            latitude, altitude, flag, tests, revision, raw_message FROM readings \
            JOIN series ON series.id = readings.series JOIN scales ON scales.id = readings.scale \
            \(conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")) \
            ORDER BY time, network, station, instrument, gas
            """
    }

    fileprivate func bind(_ statement: borrowing Statement) throws(SQLiteError) {
        var index = 0
        func next() -> Int {
            index += 1
            return index
        }
        if let network { try statement.bind(next(), network) }
        for station in stations ?? [] { try statement.bind(next(), station) }
        if let gas { try statement.bind(next(), gas.rawValue) }
        if let period {
            try statement.bind(next(), period.start.microseconds)
            try statement.bind(next(), period.end.microseconds)
        }
        for flag in flags ?? [] { try statement.bind(next(), Int64(flag.rawValue)) }
    }

    private func placeholders(_ count: Int) -> String {
        Array(repeating: "?", count: count).joined(separator: ", ")
    }
}
