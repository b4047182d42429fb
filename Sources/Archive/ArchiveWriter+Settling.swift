public import Observations
public import Quantities
import SQLite

extension ArchiveWriter {
    // MARK: - What is to be settled

    /// Stretches of series whose readings have come or changed, those of the open transaction included, in the
    /// order of series and time. Stretches of a series within an hour of each other are given as one.
    /// - Parameter longestSeconds: a longer stretch is given in parts: the next one when this one is settled.
    public mutating func dirtySpans(
        limit: Int,
        longestSeconds: Double = 86_400
    ) throws(ArchiveError) -> [DirtySpan] {
        try flushDirty()
        var found: [(series: Int64, span: DirtySpans.Span)] = []
        try storing { () throws(SQLiteError) in
            try journal.forEachDirty { series, span in
                if let end = found.indices.last, found[end].series == series,
                    DirtySpans.isNear(found[end].span.last, span.first)
                {
                    found[end].span.last = max(found[end].span.last, span.last)
                    return true
                }
                guard found.count < limit else { return false }
                found.append((series, span))
                return true
            }
        }
        let longest = Int64(exactly: (longestSeconds * 1e6).rounded()) ?? .max
        var spans: [DirtySpan] = []
        for (series, span) in found {
            let (cut, overflow) = span.first.addingReportingOverflow(longest)
            spans.append(
                DirtySpan(
                    series: try catalog.series(series, connection),
                    first: Instant(microseconds: span.first),
                    last: Instant(microseconds: overflow ? span.last : min(span.last, cut))
                )
            )
        }
        return spans
    }

    /// Has the readings of a series settled again: the configuration has changed.
    public mutating func markDirty(_ series: Series.ID, _ period: Period) throws(ArchiveError) {
        guard period.start < period.end else { return }
        try storing { () throws(SQLiteError) in
            try journal.insertDirty(
                series.number,
                DirtySpans.Span(first: period.start.microseconds, last: period.end.microseconds - 1),
                connection
            )
        }
    }

    /// Takes what holds no reading off the front of a stretch that is to be settled, and off what is to be settled
    /// behind it up to the next reading, so that years between two readings are no work.
    /// - Returns: the stretch from its first reading on; nil where it has none.
    public mutating func skipToReading(_ span: DirtySpan) throws(ArchiveError) -> DirtySpan? {
        try flushDirty()
        return try storing { () throws(SQLiteError) in
            let first = try settling.firstReading(span.series.id.number, span.first)
            if first != span.first {
                let end = Instant(microseconds: (first?.microseconds).map { $0 - 1 } ?? .max)
                try settling.deleteDirty(span.series.id.number, first: span.first, last: end)
            }
            guard let first, first <= span.last else { return nil }
            return DirtySpan(series: span.series, first: first, last: span.last)
        }
    }

    /// All series of the store, in the order of network, station, instrument and gas.
    public func allSeries() throws(ArchiveError) -> [Series] { try StoreCatalog.allSeries(connection) }

    /// The readings of a series between two moments, both included, as reported, with what stands of them.
    public mutating func window(
        _ series: Series,
        from first: Instant,
        through last: Instant
    ) throws(ArchiveError) -> SeriesWindow {
        defer { settling.window.reset() }
        return try catalog.window(series, first, last, settling.window, connection)
    }

    // MARK: - What has been settled

    /// Writes what has become of readings and takes the span off the list.
    /// - Parameter updates: rows to write, such as ``SeriesWindow/changes(to:)`` finds; those of moments that the
    ///   store does not have are ignored.
    public mutating func settle(_ span: DirtySpan, updates: [SettledRow]) throws(ArchiveError) {
        try flushDirty()
        do {
            for row in updates {
                var scale: Int64?
                if let value = row.value { scale = try stations.scale(value.scale, connection) }
                try settling.update(row, span.series.id.number, scale: scale)
            }
            try settling.deleteDirty(span.series.id.number, first: span.first, last: span.last)
        } catch {
            throw .storage(error)
        }
    }

    /// Puts aggregates in the place of all that begin in a period.
    /// - Parameter aggregates: all begin in the period, each at another moment.
    public mutating func replaceAggregates(
        _ series: Series.ID,
        _ interval: AggregateInterval,
        in period: Period,
        with aggregates: [Aggregate]
    ) throws(ArchiveError) {
        do {
            try settling.deleteAggregates(series.number, interval, period)
            for aggregate in aggregates {
                var scale: Int64?
                if let known = aggregate.scale { scale = try stations.scale(known, connection) }
                try settling.insert(aggregate, series.number, interval, scale: scale)
            }
        } catch {
            throw .storage(error)
        }
    }

    /// Puts fits in the place of all that begin in a period.
    public mutating func replaceCalibrations(
        _ series: Series.ID,
        in period: Period,
        with records: [CalibrationRow]
    ) throws(ArchiveError) {
        try storing { () throws(SQLiteError) in
            let delete = try connection.prepare(
                "DELETE FROM calibrations WHERE series = ? AND start >= ? AND start < ?"
            )
            try delete.bind(1, series.number)
            try delete.bind(2, period.start.microseconds)
            try delete.bind(3, period.end.microseconds)
            try delete.run()
            let insert = try connection.prepare("INSERT INTO calibrations VALUES(?, ?, ?, ?, ?, ?, ?)")
            for record in records {
                try insert.bind(1, series.number)
                try record.bind(insert)
                try insert.run()
            }
        }
    }
}
