import Archive
import Observations
import Quantities

/// Settles what has come: tests among neighbours, calibration, edits, and the means over minutes, hours and days.
///
/// What it writes is a function of the stored readings and the rules alone, so that the order of arrival and the
/// moments at which it runs make no difference. Each call is one transaction of bounded size: between two of them
/// messages are taken in.
struct Settler {
    private let rules: SettlingRules
    /// How much of a long span is settled at once; adapts to the density of the readings.
    private var hoursAtOnce = 6.0
    private static let readingsAtOnce = 10_000

    init(rules: SettlingRules) { self.rules = rules }

    /// Settles the first part of the first span.
    /// - Returns: whether there was anything to settle.
    mutating func settleNext(_ archive: inout ArchiveWriter, at now: Instant) throws(ArchiveError) -> Bool {
        do {
            try archive.begin(received: now)
            guard let span = try archive.dirtySpans(limit: 1).first else {
                archive.rollBack()
                return false
            }
            try settle(span, &archive)
            try archive.commit()
            return true
        } catch {
            archive.rollBack()
            throw error
        }
    }

    private mutating func settle(_ span: DirtySpan, _ archive: inout ArchiveWriter) throws(ArchiveError) {
        guard let instrument = rules.instrument(of: span.series) else {
            return try archive.settle(span, updates: [])
        }
        let end = Instant(microseconds: span.last.microseconds + 1)
        let part = Period(start: span.first, end: min(end, span.first.advanced(bySeconds: hoursAtOnce * 3600)))
        let series = SeriesSettlement(series: span.series, instrument: instrument)
        let outcome = try series.settle(part, archive: &archive)
        try archive.settle(span, updates: outcome.changes)
        if part.end < end { try archive.markDirty(span.series.id, Period(start: part.end, end: end)) }
        try series.renewMeans(outcome.touchedHours, &archive)
        adapt(toReadings: outcome.readings)
    }

    private mutating func adapt(toReadings count: Int) {
        if count > 2 * Self.readingsAtOnce { hoursAtOnce = max(1, hoursAtOnce / 2) }
        if count < Self.readingsAtOnce / 2 { hoursAtOnce = min(24 * 366, hoursAtOnce * 2) }
    }
}
