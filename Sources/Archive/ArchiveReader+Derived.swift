public import Observations
public import Quantities
import SQLite

extension ArchiveReader {
    /// The conditions that came to a station, with gases or without, in the order of time.
    ///
    /// Where several instruments report of the same moment, their numbers are put together; of a name that several
    /// give the first counts: weather by itself, then the instruments in the order of their names.
    public func conditions(
        network: String,
        station: String,
        period: Period
    ) throws(ArchiveError) -> [StoredConditions] {
        let statement = try storing { () throws(SQLiteError) in
            let statement = try connection.prepare(Self.conditionQuery)
            try statement.bind(1, network)
            try statement.bind(2, station)
            try statement.bind(3, period.start.microseconds)
            try statement.bind(4, period.end.microseconds)
            return statement
        }
        var catalog = StoreCatalog()
        var result: [StoredConditions] = []
        while try storing({ () throws(SQLiteError) in try statement.step() }) {
            let time = Instant(microseconds: statement.integer(0))
            let stored = StoredRow(path: connection.path, series: "\(network)/\(station)", time: time)
            let found = try catalog.conditions(statement, 1, connection, stored)
            if let last = result.last, last.time == time {
                result[result.count - 1] = StoredConditions(
                    time: time,
                    conditions: last.conditions.adding(found)
                )
            } else {
                result.append(StoredConditions(time: time, conditions: found))
            }
        }
        return result
    }

    private static let conditionQuery = """
        SELECT time, conditions, 0 AS rank, '' AS instrument, '' AS gas FROM weather \
        JOIN stations ON stations.id = weather.station \
        WHERE network = ?1 AND stations.station = ?2 AND time >= ?3 AND time < ?4 \
        UNION ALL \
        SELECT time, conditions, 1, instrument, gas FROM readings \
        JOIN series ON series.id = readings.series JOIN stations ON stations.id = series.station \
        WHERE network = ?1 AND stations.station = ?2 AND time >= ?3 AND time < ?4 \
        AND conditions IS NOT NULL ORDER BY time, rank, instrument, gas
        """

    /// Aggregates of the series that a query selects, in the order of time, network, station, instrument and gas.
    /// - Parameter query: of it counts the choice of series and the period, in which windows begin.
    public func aggregates(
        _ query: ReadingQuery,
        _ interval: AggregateInterval
    ) throws(ArchiveError) -> [StoredAggregate] {
        let statement = try storing { () throws(SQLiteError) in
            try query.aggregates(interval).prepare(connection)
        }
        var catalog = StoreCatalog()
        var result: [StoredAggregate] = []
        while try storing({ () throws(SQLiteError) in try statement.step() }) {
            let series = try catalog.series(statement.integer(0), connection)
            let start = Instant(microseconds: statement.integer(1))
            var scale: CalibrationScale?
            if !statement.isNull(2) { scale = try catalog.scale(statement.integer(2), connection) }
            let aggregate = try AggregateColumns.read(
                statement,
                from: 3,
                period: interval.window(containing: start),
                scale: scale,
                StoredRow(path: connection.path, series: series.path, time: start)
            )
            result.append(StoredAggregate(series: series, aggregate: aggregate))
        }
        return result
    }

    /// The fits of a series that begin in a period, in the order of their beginnings.
    public func calibrations(
        _ series: Series,
        period: Period? = nil
    ) throws(ArchiveError) -> [CalibrationRow] {
        let statement = try storing { () throws(SQLiteError) in
            let statement = try connection.prepare(
                """
                SELECT start, end, kind, coefficients, covariance, detail FROM calibrations \
                WHERE series = ? AND start >= ? AND start < ? ORDER BY start, kind
                """
            )
            try statement.bind(1, series.id.number)
            try statement.bind(2, period?.start.microseconds ?? .min)
            try statement.bind(3, period?.end.microseconds ?? .max)
            return statement
        }
        var records: [CalibrationRow] = []
        while try storing({ () throws(SQLiteError) in try statement.step() }) {
            guard let record = CalibrationRow(statement) else {
                let time = Instant(microseconds: statement.integer(0))
                throw StoredRow(path: connection.path, series: series.path, time: time)
                    .damaged("unreadable calibration")
            }
            records.append(record)
        }
        return records
    }
}

extension Conditions {
    /// These and those of the others whose names are not there yet.
    fileprivate func adding(_ others: Conditions) -> Conditions {
        Conditions(entries + others.entries.filter { self[$0.name] == nil })
    }
}
