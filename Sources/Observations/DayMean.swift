import Quantities

extension Aggregation {
    /// The day's aggregate from those of its hours, as it is kept up to date while hours come and change.
    ///
    /// The mean and its spread are those of ``aggregate(ofWindow:_:)``, which also averages hour means. The day is as
    /// complete as its hours are on average, absent ones counting as empty, so that a crowded hour makes up for no
    /// other.
    /// - Parameter hours: of one series and one UTC day.
    /// - Returns: nil when there are none.
    /// - Throws: ``AggregationError`` when the hours are on different scales.
    public static func day(
        ofHours hours: [Aggregate],
        station: String,
        instrument: String
    ) throws(AggregationError) -> Aggregate? {
        let hours = hours.sorted { $0.period.start < $1.period.start }
        guard let first = hours.first else { return nil }
        let period = AggregateInterval.day.window(containing: first.period.start)
        let filled = hours.filter { $0.meanPartsPerMillion != nil }
        let means = filled.compactMap(\.meanPartsPerMillion)
        let moments = means.isEmpty ? nil : Moments(means)
        let completeness = min(1, hours.reduce(0) { $0 + $1.completeness } / 24)
        let readingUncertainty = readingUncertainty(of: filled)
        return Aggregate(
            period: period,
            scale: try scale(ofHours: filled.isEmpty ? hours : filled, period.start, station, instrument),
            meanPartsPerMillion: moments?.mean,
            standardDeviationPartsPerMillion: moments?.variance?.squareRoot(),
            standardUncertaintyPartsPerMillion: MeanUncertainty.standardUncertainty(
                of: means,
                readingUncertainty: readingUncertainty,
                completeness: completeness
            ),
            readingUncertaintyPartsPerMillion: readingUncertainty,
            parts: means.count,
            used: hours.reduce(0) { $0 + $1.used },
            excluded: hours.reduce(0) { $0 + $1.excluded },
            nominalStepSeconds: commonStepSeconds(of: hours),
            completeness: completeness,
            worstFlag: hours.reduce(first.worstFlag) { $0.worse($1.worstFlag) },
            tests: hours.reduce(into: []) { $0.formUnion($1.tests) },
            flagCounts: hours.reduce(into: [:]) { $0.merge($1.flagCounts, uniquingKeysWith: +) }
        )
    }

    /// Of all readings in the hours, ppm; nil when an hour has a reading without.
    private static func readingUncertainty(of hours: [Aggregate]) -> Double? {
        var sum = 0.0
        var count = 0
        for hour in hours {
            guard let uncertainty = hour.readingUncertaintyPartsPerMillion else { return nil }
            sum += uncertainty * Double(hour.used)
            count += hour.used
        }
        return count > 0 ? sum / Double(count) : nil
    }

    /// The hours of a day share their step (``DayStep``); nil where they do not.
    private static func commonStepSeconds(of hours: [Aggregate]) -> Double? {
        let steps = Set(hours.map(\.nominalStepSeconds))
        return steps.count == 1 ? steps.first ?? nil : nil
    }

    private static func scale(
        ofHours hours: [Aggregate],
        _ start: Instant,
        _ station: String,
        _ instrument: String
    ) throws(AggregationError) -> CalibrationScale? {
        let scales = Set(hours.compactMap(\.scale))
        guard scales.count > 1 else { return scales.first }
        throw .mixedScales(
            scales.sorted { $0.rawValue < $1.rawValue },
            start: start,
            station: station,
            instrument: instrument
        )
    }
}
