import Archive
import Observations
import Quantities

extension ArchiveWriter {
    /// Computes the means over the minutes and hours, and over the days, that some hours belong to; and over those
    /// hours of a day whose nominal step has changed with them.
    /// - Parameters:
    ///   - hours: in the order of time.
    ///   - declaredStepSeconds: by the network file; nil to find it from the readings.
    mutating func renewMeans(
        of series: Series,
        _ hours: [Period],
        declaredStepSeconds: Double?
    ) throws(ArchiveError) {
        var steps: [Instant: Double] = [:]
        var stale = Set(hours.map(\.start))
        if declaredStepSeconds == nil {
            for day in try daysSharingStep(of: series.id, with: hours) {
                let step = try nominalStepSeconds(of: series.id, on: day)
                steps[day.start] = step
                let others = try self.hours(of: series.id, on: day, withOtherStepThan: step)
                stale.formUnion(others.map(\.start))
            }
        }
        for start in stale.sorted() {
            let day = AggregateInterval.day.window(containing: start)
            let step = declaredStepSeconds ?? steps[day.start] ?? DayStep.assumedSeconds
            try renewMinutesAndHour(of: series, AggregateInterval.hour.window(containing: start), step)
        }
        for day in AggregateInterval.day.windows(touchedBy: stale) {
            let mean = try? Aggregation.day(
                ofHours: aggregates(series, .hour, in: day),
                station: series.station,
                instrument: series.instrument
            )
            try replaceAggregates(series.id, .day, in: day, with: mean.map { [$0] } ?? [])
        }
    }

    private mutating func renewMinutesAndHour(
        of series: Series,
        _ hour: Period,
        _ nominalStepSeconds: Double
    ) throws(ArchiveError) {
        let readings = try readingsToAverage(series, in: hour)
        for interval in [AggregateInterval.minute, .hour] {
            let settings = AggregationSettings(interval: interval, nominalStepSeconds: nominalStepSeconds)
            // Readings on several scales have no mean; whoever asks for one hears why.
            let means = (try? Aggregation.aggregates(of: readings, settings)) ?? []
            try replaceAggregates(series.id, interval, in: hour, with: means)
        }
    }
}
