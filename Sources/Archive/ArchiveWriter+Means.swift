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
