public import Observations
public import Quantities
import SQLite

extension ArchiveWriter {
    /// The readings of a series that were measured from bottles, as reported, in the order of time.
    public mutating func bottleReadings(_ series: Series) throws(ArchiveError) -> [Reading] {
        let statement = try storing { () throws(SQLiteError) in
            let statement = try connection.prepare(
                """
                SELECT \(ReadingColumns.reported) FROM readings \
                WHERE series = ? AND bottle IS NOT NULL ORDER BY time
                """
            )
            try statement.bind(1, series.id.number)
            return statement
        }
        var readings: [Reading] = []
        while try storing({ () throws(SQLiteError) in try statement.step() }) {
            readings.append(try catalog.reading(statement, from: 0, of: series, connection))
        }
        return readings
    }

    /// From the first reading of a series to just after its last; nil when it has none.
    public mutating func extent(_ series: Series) throws(ArchiveError) -> Period? {
        try storing { () throws(SQLiteError) in
            let statement = try connection.prepare(
                // Each by itself is found by the key; both at once would read the whole series.
                """
                SELECT (SELECT min(time) FROM readings WHERE series = ?1), \
                (SELECT max(time) FROM readings WHERE series = ?1)
                """
            )
            try statement.bind(1, series.id.number)
            guard try statement.step(), !statement.isNull(0) else { return nil }
            return Period(
                start: Instant(microseconds: statement.integer(0)),
                end: Instant(microseconds: statement.integer(1) + 1)
            )
        }
    }

    /// The fits of a series that begin in a period, in the order of time.
    public mutating func calibrations(
        _ series: Series,
        in period: Period
    ) throws(ArchiveError) -> [CalibrationRow] {
        let statement = try storing { () throws(SQLiteError) in
            let statement = try connection.prepare(
                """
                SELECT start, end, kind, coefficients, covariance, detail FROM calibrations \
                WHERE series = ? AND start >= ? AND start < ? ORDER BY start, end, kind
                """
            )
            try statement.bind(1, series.id.number)
            try statement.bind(2, period.start.microseconds)
            try statement.bind(3, period.end.microseconds)
            return statement
        }
        var rows: [CalibrationRow] = []
        while try storing({ () throws(SQLiteError) in try statement.step() }) {
            // A row that cannot be read equals none, so it is written anew.
            if let row = CalibrationRow(statement) { rows.append(row) }
        }
        return rows
    }
}
