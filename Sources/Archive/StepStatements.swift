import Observations
public import Quantities
import SQLite

/// Which readings of a series had come by a moment; those without values count.
private struct KnownReadings {
    /// The number below which messages had come.
    let end: Int64?

    /// A value that has been replaced since was known as well.
    var condition: String {
        end == nil
            ? "series = ?1"
            : """
            series = ?1 AND (raw_message < ?4 OR EXISTS (SELECT 1 FROM revisions \
            WHERE revisions.series = readings.series AND revisions.time = readings.time \
            AND revisions.raw_message < ?4))
            """
    }
}

extension Connection {
    /// The first, or last, moments of a series in a period; in the order of time.
    fileprivate func times(
        of series: Series.ID,
        _ known: KnownReadings,
        in period: Period,
        limit: Int,
        fromEnd: Bool = false
    ) throws(SQLiteError) -> [Instant] {
        let statement = try prepare(
            """
            SELECT time FROM readings WHERE \(known.condition) AND time >= ?2 AND time < ?3 \
            ORDER BY time \(fromEnd ? "DESC" : "ASC") LIMIT \(limit)
            """
        )
        try statement.bind(1, series.number)
        try statement.bind(2, period.start.microseconds)
        try statement.bind(3, period.end.microseconds)
        if let end = known.end { try statement.bind(4, end) }
        var times: [Instant] = []
        while try statement.step() { times.append(Instant(microseconds: statement.integer(0))) }
        return fromEnd ? times.reversed() : times
    }

    fileprivate func nominalStepSeconds(
        of series: Series.ID,
        _ known: KnownReadings,
        on day: Period
    ) throws(SQLiteError) -> Double {
        var hours: [[Instant]] = []
        var start = day.start
        while start < day.end {
            let hour = AggregateInterval.hour.window(containing: start)
            hours.append(try times(of: series, known, in: hour, limit: DayStep.readingsAnHour))
            start = hour.end
        }
        return try DayStep.seconds(ofHours: hours) { () throws(SQLiteError) in
            (
                before: try neighbours(of: series, known, before: day.start),
                after: try neighbours(of: series, known, after: day.end)
            )
        }
    }

    fileprivate func neighbours(
        of series: Series.ID,
        _ known: KnownReadings,
        before moment: Instant
    ) throws(SQLiteError) -> [Instant] {
        let past = Period(start: Instant(microseconds: .min), end: moment)
        return try times(of: series, known, in: past, limit: DayStep.neighbours, fromEnd: true)
    }

    fileprivate func neighbours(
        of series: Series.ID,
        _ known: KnownReadings,
        after moment: Instant
    ) throws(SQLiteError) -> [Instant] {
        let future = Period(start: moment, end: Instant(microseconds: .max))
        return try times(of: series, known, in: future, limit: DayStep.neighbours)
    }
}

extension ArchiveReader {
    /// The usual step of a series on a UTC day and around it, s; see ``DayStep``.
    /// - Parameter moment: what the store had been told by then; nil for all.
    public func nominalStepSeconds(
        of series: Series.ID,
        on day: Period,
        asOf moment: Instant? = nil
    ) throws(ArchiveError) -> Double {
        try storing { () throws(SQLiteError) in
            let end = try moment.map { (moment) throws(SQLiteError) in
                try connection.firstMessage(after: moment)
            }
            return try connection.nominalStepSeconds(of: series, KnownReadings(end: end), on: day)
        }
    }
}

extension ArchiveWriter {
    /// The usual step of a series on a UTC day and around it, s, with the readings of the open transaction; see
    /// ``DayStep``.
    public func nominalStepSeconds(of series: Series.ID, on day: Period) throws(ArchiveError) -> Double {
        try storing { () throws(SQLiteError) in
            try connection.nominalStepSeconds(of: series, KnownReadings(end: nil), on: day)
        }
    }

    /// The hours of a day whose means, or those of their minutes, were made with another step, in the order of time.
    public func hours(
        of series: Series.ID,
        on day: Period,
        withOtherStepThan step: Double
    ) throws(ArchiveError) -> [Period] {
        try storing { () throws(SQLiteError) in
            let statement = try connection.prepare(
                """
                SELECT start FROM aggregates WHERE series = ?1 AND interval IN (?2, ?3) AND start >= ?4 \
                AND start < ?5 AND nominal_step IS NOT ?6
                """
            )
            try statement.bind(1, series.number)
            try statement.bind(2, AggregateColumns.number(.minute))
            try statement.bind(3, AggregateColumns.number(.hour))
            try statement.bind(4, day.start.microseconds)
            try statement.bind(5, day.end.microseconds)
            try statement.bind(6, step)
            var starts: [Instant] = []
            while try statement.step() { starts.append(Instant(microseconds: statement.integer(0))) }
            return AggregateInterval.hour.windows(touchedBy: starts)
        }
    }

    /// The UTC days whose nominal step may change when readings of some hours do, in the order of time.
    /// - Parameter hours: in the order of time.
    public func daysSharingStep(
        of series: Series.ID,
        with hours: [Period]
    ) throws(ArchiveError) -> [Period] {
        let all = KnownReadings(end: nil)
        var moments = hours.map(\.start)
        for day in AggregateInterval.day.windows(touchedBy: moments) {
            let own = hours.filter { day.contains($0.start) }
            guard let first = own.first, let last = own.last else { continue }
            moments += try storing { () throws(SQLiteError) in
                try connection.neighbours(of: series, all, before: first.start)
                    + connection.neighbours(of: series, all, after: last.end)
            }
        }
        return AggregateInterval.day.windows(touchedBy: moments)
    }
}
