import Archive
import Observations
import Quantities

/// Settles what has come: tests among neighbours, calibration, edits, and the means over minutes, hours and days; and
/// once all of it is settled, compares series with each other.
///
/// What it writes is a function of the stored readings and the rules alone, so that the order of arrival and the
/// moments at which it runs make no difference. Each call is one transaction of bounded size: between two of them
/// messages are taken in.
struct Settler {
    private let rules: SettlingRules
    private var book = CalibrationBook()
    private var comparisons = ComparisonBook()
    /// Of the store, when the book was begun.
    private var changesByOthers = 0
    /// How much of a long span is settled at once; adapts to the density of the readings.
    private var hoursAtOnce = 6.0
    /// The margins of a part are read again for the next one. In parts of fewer readings the margins of an instrument
    /// that reports every second, several hours, would be most of the work.
    private static let readingsAtOnce = 50_000
    /// Spans found by one look at the list, the next one last.
    private var waiting: [DirtySpan] = []

    init(rules: SettlingRules) { self.rules = rules }

    /// Settles the first part of the next span.
    /// - Returns: whether there was anything to settle.
    mutating func settleNext(_ archive: inout ArchiveWriter, at now: Instant) throws(ArchiveError) -> Bool {
        do {
            try archive.begin(received: now)
            forgetWhatOthersChanged(archive.changesByOthers)
            if waiting.isEmpty { waiting = try archive.dirtySpans(limit: 1000).reversed() }
            if let span = waiting.popLast() {
                try settle(span, &archive)
            } else if let span = try archive.nextComparison(longestSeconds: hoursAtOnce * 3600) {
                try compare(span, &archive)
            } else {
                archive.rollBack()
                return false
            }
            try archive.commit()
            return true
        } catch {
            archive.rollBack()
            // What it has found was to be written by the transaction that is undone.
            forget()
            throw error
        }
    }

    private mutating func forget() {
        waiting = []
        book = CalibrationBook()
        comparisons = ComparisonBook()
    }

    /// Bottles may have come to another writer of the same store, and what was waiting may be settled.
    private mutating func forgetWhatOthersChanged(_ changes: Int) {
        guard changes != changesByOthers else { return }
        changesByOthers = changes
        forget()
    }

    private mutating func settle(_ span: DirtySpan, _ archive: inout ArchiveWriter) throws(ArchiveError) {
        guard let span = try archive.skipToReading(span) else { return }
        guard let rules = rules.rules(of: span.series) else {
            return try archive.settle(span, updates: [])
        }
        let series = span.series
        let end = Instant(microseconds: span.last.microseconds + 1)
        let part = Period(
            start: span.first,
            end: min(end, span.first.advanced(bySeconds: hoursAtOnce * 3600))
        )
        // Off the list first: what is marked on the way is to stay on it.
        try archive.settle(span, updates: [])
        if part.end < end { try archive.markDirty(series.id, Period(start: part.end, end: end)) }
        let outcome = try rules.settle(part, of: series, &book, &archive)
        try archive.write(outcome.changes, of: series)
        try archive.renewMeans(
            of: series,
            outcome.touchedHours,
            declaredStepSeconds: rules.instrument.nominalStepSeconds
        )
        try book.markDependents(of: series, changedIn: outcome.affected, self.rules, &archive)
        try comparisons.markDependents(of: series, changedIn: outcome.changed, self.rules, &archive)
        adapt(toReadings: outcome.readings, isWhole: part.end == end)
    }

    /// Everything is settled: what series found is compared.
    private mutating func compare(_ span: DirtySpan, _ archive: inout ArchiveWriter) throws(ArchiveError) {
        try archive.endComparison(span)
        guard let rules = rules.rules(of: span.series), let comparison = rules.comparison else { return }
        let part = Period(start: span.first, end: Instant(microseconds: span.last.microseconds + 1))
        let changes = try comparisons.compare(part, of: span.series, rules, comparison, &archive)
        guard !changes.isEmpty else { return }
        try archive.write(changes, of: span.series)
        try archive.renewMeans(
            of: span.series,
            AggregateInterval.hour.windows(touchedBy: changes.map(\.time)),
            declaredStepSeconds: rules.instrument.nominalStepSeconds
        )
    }

    /// A short span by itself does not tell how dense the readings of a long one are.
    private mutating func adapt(toReadings count: Int, isWhole: Bool) {
        if count > 2 * Self.readingsAtOnce { hoursAtOnce = max(1, hoursAtOnce / 2) }
        if count < Self.readingsAtOnce / 2, !isWhole { hoursAtOnce = min(24, hoursAtOnce * 2) }
    }
}
