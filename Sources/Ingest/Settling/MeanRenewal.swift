import Archive
import Observations
import Quantities

extension ArchiveWriter {
    /// Computes the means over the minutes and hours, and over the days, that some hours belong to.
    mutating func renewMeans(of series: Series, _ hours: [Period]) throws(ArchiveError) {
        for hour in hours { try renewMinutesAndHour(of: series, hour) }
        for day in AggregateInterval.day.windows(touchedBy: hours.map(\.start)) {
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
        _ hour: Period
    ) throws(ArchiveError) {
        let readings = try readingsToAverage(series, in: hour)
        let step = nominalStepSeconds(readings)
        for interval in [AggregateInterval.minute, .hour] {
            let settings = AggregationSettings(interval: interval, nominalStepSeconds: step)
            // Readings on several scales have no mean; whoever asks for one hears why.
            let means = (try? Aggregation.aggregates(of: readings, settings)) ?? []
            try replaceAggregates(series.id, interval, in: hour, with: means)
        }
    }
}

/// Found from the readings of an hour; one by itself stands for its hour.
private func nominalStepSeconds(_ readings: [Reading]) -> Double {
    var step = NominalStep()
    for reading in readings { step.add(reading.time) }
    return step.seconds ?? AggregateInterval.hour.seconds
}
