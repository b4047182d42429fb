import Archive
import Foundation
import Observations
import Quantities

/// The calibrations of the series that have a plan for one, found anew when what they rest on has changed.
struct CalibrationBook {
    private var calibrators: [Series.ID: Calibrator] = [:]

    /// The calibrator for a part of a series.
    ///
    /// When its calibrations differ from those in the store, these are replaced, and all readings that were or are
    /// to be calibrated otherwise are put on the list of what is to be settled.
    /// - Parameter window: the readings of the part and its margins, as reported.
    mutating func calibrator(
        of series: Series,
        _ rules: SeriesRules,
        for part: Period,
        _ window: [Reading],
        _ archive: inout ArchiveWriter
    ) throws(ArchiveError) -> Calibrator? {
        guard let plan = rules.instrument.calibration else { return nil }
        if let known = calibrators[series.id],
            !known.mayChange(by: rules.edits.correctingBottles(window), in: part)
        {
            return known
        }
        let basis = try archive.basis(of: plan, series, rules.stretchesCalledBottles)
        guard let found = rules.calibrator(readings: basis.own, reference: basis.reference) else {
            return nil
        }
        calibrators[series.id] = found
        try archive.keep(found.records.map(CalibrationRow.init), of: series)
        return found
    }

    /// What is calibrated against a series has to be calibrated again when readings of the series beside it change.
    func markDependents(
        of series: Series,
        changedIn part: Period,
        _ rules: SettlingRules,
        _ archive: inout ArchiveWriter
    ) throws(ArchiveError) {
        for other in try archive.allSeries() where other.network == series.network && other.id != series.id {
            guard case .transfer(let plan) = rules.rules(of: other)?.instrument.calibration?.method,
                plan.referenceStation == series.station, plan.referenceInstrument == series.instrument,
                other.gas == series.gas
            else { continue }
            for period in plan.periods where period.start < part.end && part.start < period.end {
                try archive.markDirty(other.id, period)
            }
        }
    }
}

extension Calibrator {
    /// Whether readings of a part of the series can change the calibrations.
    fileprivate func mayChange(by window: [Reading], in part: Period) -> Bool {
        switch plan.method {
        case .fixed, .unchanged: false
        case .transfer(let transfer):
            transfer.periods.contains { $0.start < part.end && part.start < $0.end }
        case .bottles:
            runs.contains { $0.start < part.end && part.start <= $0.end }
                || window.contains { $0.bottle != nil && part.contains($0.time) }
        }
    }
}

extension ArchiveWriter {
    /// What the calibrations of a series rest on.
    fileprivate mutating func basis(
        of plan: CalibrationPlan,
        _ series: Series,
        _ stretchesCalledBottles: [Period]
    ) throws(ArchiveError) -> (own: [Reading], reference: [Reading]) {
        switch plan.method {
        case .fixed, .unchanged: return ([], [])
        case .bottles:
            var own = try bottleReadings(series)
            for stretch in stretchesCalledBottles {
                let known = Set(own.map(\.time))
                own += try window(series, in: stretch).readings.filter { !known.contains($0.time) }
            }
            return (stretchesCalledBottles.isEmpty ? own : own.sorted { $0.time < $1.time }, [])
        case .transfer(let transfer):
            let reference = try allSeries().first {
                $0.network == series.network && $0.station == transfer.referenceStation
                    && $0.instrument == transfer.referenceInstrument && $0.gas == series.gas
            }
            var own: [Reading] = []
            var beside: [Reading] = []
            for period in transfer.periods {
                own += try window(series, in: period).readings
                if let reference { beside += try window(reference, in: period).uncomparedReadings }
            }
            return (own, beside)
        }
    }

    /// Replaces the calibrations of a series where they differ, and marks the readings between the last before and
    /// the first after the difference.
    fileprivate mutating func keep(_ rows: [CalibrationRow], of series: Series) throws(ArchiveError) {
        let always = Period(start: Instant(microseconds: .min), end: Instant(microseconds: .max))
        let old = try calibrations(series, in: always)
        let new = rows.sorted {
            ($0.period.start, $0.period.end, $0.kind) < ($1.period.start, $1.period.end, $1.kind)
        }
        guard old != new, let extent = try extent(series) else { return }
        try replaceCalibrations(series.id, in: always, with: new)
        if let stretch = differing(old, new, in: extent) { try markDirty(series.id, stretch) }
    }
}

/// From the last row before a difference to the first after it; calibrations and checks of the target each by
/// themselves, because a check counts up to the checks beside it, whatever calibrations lie between them.
private func differing(_ old: [CalibrationRow], _ new: [CalibrationRow], in extent: Period) -> Period? {
    var (start, end) = (extent.end, extent.start)
    for isCheck in [false, true] {
        let old = old.filter { ($0.kind == CalibrationRecord.Kind.target.rawValue) == isCheck }
        let new = new.filter { ($0.kind == CalibrationRecord.Kind.target.rawValue) == isCheck }
        guard old != new else { continue }
        let before = zip(old, new).prefix { $0 == $1 }.last?.0.period.start ?? extent.start
        let after = zip(old.reversed(), new.reversed()).prefix { $0 == $1 }.last?.0.period.end ?? extent.end
        start = min(start, before, after)
        end = max(end, before, after)
    }
    (start, end) = (max(extent.start, start), min(extent.end, end))
    return start < end ? Period(start: start, end: end) : nil
}

extension CalibrationRow {
    /// What people want to know of a fit besides its coefficients.
    private struct Detail: Encodable {
        let names: [String]
        let rmse_ppm: Double
        let count: Int
        let remark: String
        let beyond_limit: Bool
    }

    /// A fit that rests on no measurement of ours holds from the epoch to the end of the calendar.
    fileprivate init(_ record: Observations.CalibrationRecord) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let detail = Detail(
            names: record.names,
            rmse_ppm: record.rootMeanSquarePartsPerMillion,
            count: record.count,
            remark: record.detail,
            beyond_limit: record.isBeyondLimit
        )
        self.init(
            period: record.period
                ?? Period(
                    start: Instant(microseconds: 0),
                    end: Instant(microseconds: 253_402_300_799_000_000)
                ),
            kind: record.kind.rawValue,
            coefficients: record.coefficients,
            covariance: record.covariance,
            detail: (try? encoder.encode(detail)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
        )
    }
}
