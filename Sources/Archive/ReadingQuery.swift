public import Observations
public import Quantities
import SQLite

/// Which readings are wanted. Nil means any.
public struct ReadingQuery: Sendable {
    /// Which of a reading's values.
    public enum Level: Sendable {
        /// As it came, with the flag that the message alone gives it.
        case reported
        /// As it stands after the tests among its neighbours, calibration and edits; as reported where these have
        /// not been done.
        case settled
    }

    public var network: String?
    public var stations: [String]?
    public var instruments: [String]?
    public var gas: Gas?
    public var period: Period?
    public var flags: [QualityFlag]?
    public var level: Level = .settled
    /// What the store had been told by this moment, as reported: what has been settled since is no knowledge of
    /// that time. Nil for all.
    public var asOf: Instant?

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

    /// Columns: 0 series, then those of ``ReadingColumns``, 12 raw message, 13 revision.
    var sql: String { sql(from: source, time: "time") }

    /// Columns: 0 series, 1 start, then those of ``AggregateColumns``.
    func aggregateSQL(_ interval: AggregateInterval) -> String {
        let source = """
            SELECT series, start, \(AggregateColumns.names) FROM aggregates \
            WHERE interval = \(AggregateColumns.number(interval))
            """
        return selection.sql(from: source, time: "start")
    }

    /// The choice of series and period alone.
    var selection: ReadingQuery {
        var selection = self
        selection.flags = nil
        selection.asOf = nil
        return selection
    }

    /// - Parameter source: a selection with the series first, and a column `flag` where flags are asked for.
    func sql(from source: String, time: String) -> String {
        var conditions: [String] = []
        if network != nil { conditions.append("stations.network = ?") }
        if let stations { conditions.append("stations.station IN (\(placeholders(stations.count)))") }
        if let instruments { conditions.append("instrument IN (\(placeholders(instruments.count)))") }
        if gas != nil { conditions.append("gas = ?") }
        if period != nil { conditions.append("\(time) >= ? AND \(time) < ?") }
        if let flags { conditions.append("flag IN (\(placeholders(flags.count)))") }
        return """
            SELECT known.* FROM (\(source)) AS known \
            JOIN series ON series.id = known.series JOIN stations ON stations.id = series.station \
            \(conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")) \
            ORDER BY \(time), stations.network, stations.station, instrument, gas
            """
    }

    private var source: String {
        let rest = "raw_message, revision"
        let reported = ReadingColumns.reported
            .replacing("reported_flag", with: "reported_flag AS flag")
            .replacing("reported_tests", with: "reported_tests AS tests")
        guard asOf != nil else {
            let columns = level == .settled ? ReadingColumns.settled : reported
            return "SELECT series, \(columns), \(rest) FROM readings"
        }
        return """
            SELECT series, \(reported), \(rest) FROM readings WHERE raw_message < ? UNION ALL \
            SELECT series, \(reported), \(rest) FROM revisions WHERE raw_message < ? AND superseded > ?
            """
    }

    /// - Parameter end: the number below which messages had come by the moment asked for.
    func bind(_ statement: borrowing Statement, end: Int64) throws(SQLiteError) {
        var index = 0
        func next() -> Int {
            index += 1
            return index
        }
        if let asOf {
            try statement.bind(next(), end)
            try statement.bind(next(), end)
            try statement.bind(next(), asOf.microseconds)
        }
        if let network { try statement.bind(next(), network) }
        for station in stations ?? [] { try statement.bind(next(), station) }
        for instrument in instruments ?? [] { try statement.bind(next(), instrument) }
        if let gas { try statement.bind(next(), gas.rawValue) }
        if let period {
            try statement.bind(next(), period.start.microseconds)
            try statement.bind(next(), period.end.microseconds)
        }
        for flag in flags ?? [] { try statement.bind(next(), Int64(flag.rawValue)) }
    }
}

private func placeholders(_ count: Int) -> String {
    Array(repeating: "?", count: count).joined(separator: ", ")
}
