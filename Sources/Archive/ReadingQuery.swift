public import Observations
public import Quantities

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
    /// - Parameter end: the number below which messages had come by the moment asked for.
    func readings(end: Int64) -> BoundQuery {
        let rest = "raw_message, revision"
        let reported = ReadingColumns.reported
            .replacing("reported_flag", with: "reported_flag AS flag")
            .replacing("reported_tests", with: "reported_tests AS tests")
        return bound(time: "time") { parameters in
            guard let asOf else {
                let columns = level == .settled ? ReadingColumns.settled : reported
                return "SELECT series, \(columns), \(rest) FROM readings"
            }
            // SQLite pushes no join into the parts of a union, so that each has to say itself where it looks.
            let place = place(time: "time", &parameters)
            let known = "raw_message < \(parameters.add(end))"
            let superseded = "superseded > \(parameters.add(asOf.microseconds))"
            return """
                SELECT series, \(reported), \(rest) FROM readings WHERE \(place)\(known) UNION ALL \
                SELECT series, \(reported), \(rest) FROM revisions WHERE \(place)\(known) AND \(superseded)
                """
        }
    }

    /// Columns: 0 series, 1 start, then those of ``AggregateColumns``.
    func aggregates(_ interval: AggregateInterval) -> BoundQuery {
        selection.bound(time: "start") { _ in
            """
            SELECT series, start, \(AggregateColumns.names) FROM aggregates \
            WHERE interval = \(AggregateColumns.number(interval))
            """
        }
    }

    /// Columns: those of ``readings(end:)``, 14 when it was replaced.
    func revisions() -> BoundQuery {
        var selection = selection
        selection.flags = flags
        let reported = ReadingColumns.reported.replacing("reported_flag", with: "reported_flag AS flag")
        return selection.bound(time: "time", then: ", revision") { _ in
            "SELECT series, \(reported), raw_message, revision, superseded FROM revisions"
        }
    }

    /// The choice of series and period alone.
    private var selection: ReadingQuery {
        var selection = self
        selection.flags = nil
        selection.asOf = nil
        return selection
    }

    /// - Parameters:
    ///   - order: what follows time and names in the order of the rows.
    ///   - source: a selection with the series first, and a column `flag` where flags are asked for.
    private func bound(
        time: String,
        then order: String = "",
        _ source: (inout QueryParameters) -> String
    ) -> BoundQuery {
        var parameters = QueryParameters()
        let source = source(&parameters)
        var conditions = seriesConditions(&parameters) + periodConditions(time, &parameters)
        if let flags {
            let numbers = flags.map { parameters.add(Int64($0.rawValue)) }
            conditions.append("flag IN (\(numbers.joined(separator: ", ")))")
        }
        let sql = """
            SELECT known.* FROM (\(source)) AS known \
            JOIN series ON series.id = known.series JOIN stations ON stations.id = series.station \
            \(conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")) \
            ORDER BY \(time), stations.network, stations.station, instrument, gas\(order)
            """
        return BoundQuery(sql: sql, parameters: parameters)
    }

    /// Where rows of a table by series and time lie, with an `AND` behind it; empty where they may lie anywhere.
    private func place(time: String, _ parameters: inout QueryParameters) -> String {
        var conditions = periodConditions(time, &parameters)
        let series = seriesConditions(&parameters)
        if !series.isEmpty {
            let names = "series JOIN stations ON stations.id = series.station"
            let chosen = "SELECT series.id FROM \(names) WHERE \(series.joined(separator: " AND "))"
            conditions.insert("series IN (\(chosen))", at: 0)
        }
        return conditions.map { $0 + " AND " }.joined()
    }

    private func seriesConditions(_ parameters: inout QueryParameters) -> [String] {
        var conditions: [String] = []
        if let network { conditions.append("stations.network = \(parameters.add(network))") }
        if let stations {
            let names = stations.map { parameters.add($0) }
            conditions.append("stations.station IN (\(names.joined(separator: ", ")))")
        }
        if let instruments {
            let names = instruments.map { parameters.add($0) }
            conditions.append("instrument IN (\(names.joined(separator: ", ")))")
        }
        if let gas { conditions.append("gas = \(parameters.add(gas.rawValue))") }
        return conditions
    }

    private func periodConditions(_ time: String, _ parameters: inout QueryParameters) -> [String] {
        guard let period else { return [] }
        let start = parameters.add(period.start.microseconds)
        return ["\(time) >= \(start)", "\(time) < \(parameters.add(period.end.microseconds))"]
    }
}
