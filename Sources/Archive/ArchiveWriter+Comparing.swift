public import Observations
public import Quantities
import SQLite

extension ArchiveWriter {
    // MARK: - What is to be compared with other series

    /// Has the readings of a series compared with others again; asked for once nothing is to be settled.
    /// - Parameter period: cut to what the series has.
    public mutating func markForComparison(_ series: Series, _ period: Period) throws(ArchiveError) {
        guard let extent = try extent(series) else { return }
        let (start, end) = (max(extent.start, period.start), min(extent.end, period.end))
        guard start < end else { return }
        try storing { () throws(SQLiteError) in
            try settling.insertComparison(series.id.number, start.microseconds, end.microseconds - 1)
        }
    }

    /// The first stretch of a series that is to be compared, from its first reading on; nil when there is none. Where
    /// there is no reading nothing is to be compared, and what is there of the list is taken off it.
    /// - Parameter longestSeconds: a longer stretch is given in parts.
    public mutating func nextComparison(longestSeconds: Double) throws(ArchiveError) -> DirtySpan? {
        let longest = Int64(exactly: (longestSeconds * 1e6).rounded()) ?? .max
        while let found = try storing({ () throws(SQLiteError) in try settling.firstComparison(longest) }) {
            let start = Instant(microseconds: found.span.first)
            let isReading = try storing { () throws(SQLiteError) in
                let first = try settling.firstReading(found.series, start)
                guard first != start else { return true }
                let end = Instant(microseconds: (first?.microseconds).map { $0 - 1 } ?? .max)
                try settling.deleteComparison(found.series, first: start, last: end)
                return false
            }
            guard isReading else { continue }
            let (cut, overflow) = found.span.first.addingReportingOverflow(longest)
            return DirtySpan(
                series: try catalog.series(found.series, connection),
                first: start,
                last: Instant(microseconds: overflow ? found.span.last : min(found.span.last, cut))
            )
        }
        return nil
    }

    /// Takes a stretch off the list of what is to be compared.
    public mutating func endComparison(_ span: DirtySpan) throws(ArchiveError) {
        try storing { () throws(SQLiteError) in
            try settling.deleteComparison(span.series.id.number, first: span.first, last: span.last)
        }
    }

    /// The values of a series in a period that other series may be judged by, those of the open transaction included,
    /// in the order of time: good by all tests but those against other series.
    public mutating func comparedValues(
        _ series: Series,
        in period: Period
    ) throws(ArchiveError) -> [ComparedValue] {
        defer { settling.compared.reset() }
        try storing { () throws(SQLiteError) in
            try settling.compared.bind(1, series.id.number)
            try settling.compared.bind(2, period.start.microseconds)
            try settling.compared.bind(3, period.end.microseconds)
        }
        var values: [ComparedValue] = []
        while try storing({ () throws(SQLiteError) in try settling.compared.step() }) {
            guard let value = settling.compared.double(1), value.isFinite else { continue }
            values.append(
                ComparedValue(
                    time: Instant(microseconds: settling.compared.integer(0)),
                    partsPerMillion: value,
                    scale: try catalog.scale(settling.compared.integer(2), connection)
                )
            )
        }
        return values
    }
}
