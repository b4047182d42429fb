import Archive
import Observations
import Quantities

/// What settling a part of a series came to.
struct SettlementOutcome {
    /// Rows that differ from what the store holds.
    let changes: [SettledRow]
    /// Beginnings of the hours whose means have to be computed again.
    let touchedHours: [Period]
    /// Where readings may have changed: the part and its margins.
    let affected: Period
    /// Where readings have come or changed.
    let changed: Period
    /// How many readings the part has.
    let readings: Int
}

extension SeriesRules {
    /// What becomes of the readings in a period and of those near enough to depend on them.
    func settle(
        _ part: Period,
        of series: Series,
        _ book: inout CalibrationBook,
        _ archive: inout ArchiveWriter
    ) throws(ArchiveError) -> SettlementOutcome {
        // Verdicts may change within one margin, and depend on readings within another.
        let affected = part.extended(bySeconds: margin)
        let window = try archive.window(series, in: affected.extended(bySeconds: margin))
        let calibrator = try book.calibrator(of: series, self, for: part, window.readings, &archive)
        let settled = settle(window.readings, calibrator)
        let rows = zip(window.readings, settled).lazy.filter { affected.contains($0.0.time) }
            .map { SettledRow(reported: $0, settled: $1) }
            .keepingComparisons(of: window, where: comparison != nil)
        let changes = window.changes(to: rows)
        let moments = window.readings.map(\.time).filter { part.contains($0) }
        return SettlementOutcome(
            changes: changes,
            touchedHours: AggregateInterval.hour.windows(touchedBy: moments + changes.map(\.time)),
            affected: affected,
            changed: part.including(changes.map(\.time)),
            readings: moments.count
        )
    }
}

extension SettledRow {
    fileprivate init(reported: Reading, settled: Reading) {
        let isAsReported =
            reported.valuePartsPerMillion == settled.valuePartsPerMillion
            && reported.standardUncertaintyPartsPerMillion == settled.standardUncertaintyPartsPerMillion
            && reported.scale == settled.scale
        self.init(
            time: reported.time,
            flag: settled.flag,
            tests: settled.tests,
            value: isAsReported
                ? nil
                : Value(
                    partsPerMillion: settled.valuePartsPerMillion,
                    standardUncertaintyPartsPerMillion: settled.standardUncertaintyPartsPerMillion,
                    scale: settled.scale
                )
        )
    }
}

extension Sequence<SettledRow> {
    /// Until they are compared again, rows keep what comparing them with other series has found.
    fileprivate func keepingComparisons(of window: SeriesWindow, where isCompared: Bool) -> [SettledRow] {
        guard isCompared else { return Array(self) }
        var index = 0
        return map { row in
            while index < window.settled.count, window.settled[index].time < row.time { index += 1 }
            let old = window.settled[index]
            let verdict = QualityVerdict(flag: row.flag, tests: row.tests)
                .keepingComparison(of: QualityVerdict(flag: old.flag, tests: old.tests))
            return SettledRow(time: row.time, flag: verdict.flag, tests: verdict.tests, value: row.value)
        }
    }
}

extension Period {
    /// The least period that also holds some moments.
    fileprivate func including(_ moments: [Instant]) -> Period {
        guard let first = moments.min(), let last = moments.max() else { return self }
        return Period(start: min(start, first), end: max(end, Instant(microseconds: last.microseconds + 1)))
    }

    func extended(bySeconds seconds: Double) -> Period {
        Period(start: start.advanced(bySeconds: -seconds), end: end.advanced(bySeconds: seconds))
    }
}

extension ArchiveWriter {
    /// The readings of a series in a period.
    mutating func window(_ series: Series, in period: Period) throws(ArchiveError) -> SeriesWindow {
        try window(series, from: period.start, through: Instant(microseconds: period.end.microseconds - 1))
    }
}
