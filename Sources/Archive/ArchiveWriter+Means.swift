public import Observations
public import Quantities
import SQLite

extension ArchiveWriter {
    /// The aggregates of a series whose windows begin in a period, those of the open transaction included, in the
    /// order of time.
    public mutating func aggregates(
        _ series: Series,
        _ interval: AggregateInterval,
        in period: Period
    ) throws(ArchiveError) -> [Aggregate] {
        let statement = try storing { () throws(SQLiteError) in
            let statement = try connection.prepare(
                """
                SELECT start, \(AggregateColumns.names) FROM aggregates \
                WHERE series = ? AND interval = ? AND start >= ? AND start < ? ORDER BY start
                """
            )
            try statement.bind(1, series.id.number)
            try statement.bind(2, AggregateColumns.number(interval))
            try statement.bind(3, period.start.microseconds)
            try statement.bind(4, period.end.microseconds)
            return statement
        }
        var result: [Aggregate] = []
        while try storing({ () throws(SQLiteError) in try statement.step() }) {
            let start = Instant(microseconds: statement.integer(0))
            let scale = statement.isNull(1) ? nil : try catalog.scale(statement.integer(1), connection)
            let stored = StoredRow(path: connection.path, series: series.path, time: start)
            let window = interval.window(containing: start)
            result.append(
                try AggregateColumns.read(statement, from: 2, period: window, scale: scale, stored)
            )
        }
        return result
    }
}

extension ArchiveWriter {
    /// The readings of a series as they stand, in the order of time, without place, conditions and bottle: their means
    /// do not depend on them.
    public mutating func readingsToAverage(
        _ series: Series,
        in period: Period
    ) throws(ArchiveError) -> [Reading] {
        defer { settling.averaged.reset() }
        return try catalog.readingsToAverage(series, period, settling.averaged, connection)
    }

    /// Writes what has become of readings; those of moments that the store does not have are ignored.
    public mutating func write(_ rows: [SettledRow], of series: Series) throws(ArchiveError) {
        do {
            for row in rows {
                var scale: Int64?
                if let value = row.value { scale = try stations.scale(value.scale, connection) }
                try settling.update(row, series.id.number, scale: scale)
            }
        } catch {
            throw .storage(error)
        }
    }
}
