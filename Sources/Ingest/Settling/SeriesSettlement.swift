import Archive
import Observations
import Quantities

/// Settles stretches of one series.
struct SeriesSettlement {
    let series: Series
    let instrument: Instrument

    struct Outcome {
        /// Rows that differ from what the store holds.
        let changes: [SettledRow]
        /// Beginnings of the hours whose means have to be computed again.
        let touchedHours: [Period]
        /// How many readings were looked at.
        let readings: Int
    }

    /// What becomes of the readings in a period and of those near enough to depend on them.
    func settle(_ period: Period, archive: inout ArchiveWriter) throws(ArchiveError) -> Outcome {
        let margin = instrument.quality.margin
        // Verdicts may change within one margin, and depend on readings within another.
        let affected = period.extended(bySeconds: margin)
        let window = try archive.window(series, in: affected.extended(bySeconds: margin))
        let rows = settledRows(window.readings)
        let inside = rows.filter { affected.contains($0.time) }
        let changes = window.changes(to: inside)
        let moments = window.readings.lazy.map(\.time).filter { period.contains($0) } + changes.map(\.time)
        return Outcome(
            changes: changes,
            touchedHours: AggregateInterval.hour.windows(touchedBy: moments),
            readings: window.readings.count
        )
    }

    private func settledRows(_ readings: [Reading]) -> [SettledRow] {
        zip(readings, contextVerdicts(readings, profile: instrument.quality)).map { reading, verdict in
            let own = QualityVerdict(flag: reading.flag, tests: reading.tests)
            let final = own.combined(with: verdict)
            return SettledRow(time: reading.time, flag: final.flag, tests: final.tests)
        }
    }

    // MARK: - Means

    /// Computes the means over the minutes, hours and days that some hours belong to.
    func renewMeans(_ hours: [Period], _ archive: inout ArchiveWriter) throws(ArchiveError) {
        for hour in hours { try renewMinutesAndHour(hour, &archive) }
        for day in AggregateInterval.day.windows(touchedBy: hours.map(\.start)) {
            let hours = try archive.aggregates(series, .hour, in: day)
            let mean = try? Aggregation.day(
                ofHours: hours,
                station: series.station,
                instrument: series.instrument
            )
            try archive.replaceAggregates(series.id, .day, in: day, with: mean.map { [$0] } ?? [])
        }
    }

    private func renewMinutesAndHour(
        _ hour: Period,
        _ archive: inout ArchiveWriter
    ) throws(ArchiveError) {
        let readings = try archive.window(series, in: hour).currentReadings
        let step = nominalStepSeconds(readings)
        for interval in [AggregateInterval.minute, .hour] {
            let settings = AggregationSettings(interval: interval, nominalStepSeconds: step)
            // Readings on several scales have no mean; whoever asks for one hears why.
            let means = (try? Aggregation.aggregates(of: readings, settings)) ?? []
            try archive.replaceAggregates(series.id, interval, in: hour, with: means)
        }
    }

    /// Found from the readings of the hour; one by itself stands for its hour.
    private func nominalStepSeconds(_ readings: [Reading]) -> Double {
        var step = NominalStep()
        for reading in readings { step.add(reading.time) }
        return step.seconds ?? AggregateInterval.hour.seconds
    }
}

extension Period {
    fileprivate func extended(bySeconds seconds: Double) -> Period {
        Period(start: start.advanced(bySeconds: -seconds), end: end.advanced(bySeconds: seconds))
    }
}

extension ArchiveWriter {
    /// The readings of a series in a period.
    fileprivate mutating func window(_ series: Series, in period: Period) throws(ArchiveError) -> SeriesWindow {
        try window(series, from: period.start, through: Instant(microseconds: period.end.microseconds - 1))
    }
}
