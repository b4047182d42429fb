public import Quantities

/// Averages the readings of one instrument.
///
/// A pure function of the set of readings: their order does not matter, and a window depends on its own readings
/// alone, so that late ones make no other window stale (``AggregateInterval/windows(touchedBy:)``).
public enum Aggregation {
    /// One aggregate a window that holds any reading, in the order of time.
    /// - Parameter readings: of one instrument and gas, in any order.
    /// - Throws: ``AggregationError`` when a window mixes calibration scales.
    public static func aggregates(
        of readings: some Sequence<Reading>,
        _ settings: AggregationSettings
    ) throws(AggregationError) -> [Aggregate] {
        let windows = Dictionary(grouping: readings) { settings.interval.index(of: $0.time) }
        var aggregates: [Aggregate] = []
        for index in windows.keys.sorted() {
            guard let readings = windows[index], let aggregate = try aggregate(ofWindow: readings, settings)
            else { continue }
            aggregates.append(aggregate)
        }
        return aggregates
    }

    /// The aggregates after readings of some moments have come, gone or changed: only the windows of these
    /// moments are computed again.
    /// - Parameters:
    ///   - aggregates: what was known before, made with the same settings.
    ///   - readings: gives all readings of a window as they are now.
    public static func updated(
        _ aggregates: [Aggregate],
        touched moments: some Sequence<Instant>,
        _ settings: AggregationSettings,
        readings: (Period) -> [Reading]
    ) throws(AggregationError) -> [Aggregate] {
        let dirty = settings.interval.windows(touchedBy: moments)
        var byStart = Dictionary(uniqueKeysWithValues: aggregates.map { ($0.period.start, $0) })
        for window in dirty {
            byStart[window.start] = try aggregate(ofWindow: readings(window), settings)
        }
        return byStart.values.sorted { $0.period.start < $1.period.start }
    }

    /// The aggregate of readings that all lie in one window; nil when there are none.
    public static func aggregate(
        ofWindow readings: [Reading],
        _ settings: AggregationSettings
    ) throws(AggregationError) -> Aggregate? {
        let inOrder = readings.sorted(by: precedes)
        guard let first = inOrder.first else { return nil }
        let usable = inOrder.filter {
            $0.valuePartsPerMillion != nil && settings.usableFlags.contains($0.flag)
        }
        let period = settings.interval.window(containing: first.time)
        let values = means(of: usable, settings.interval)
        let completeness = min(1, Double(usable.count) / settings.expectedReadings)
        let moments = values.isEmpty ? nil : Moments(values)
        let readingUncertainty = meanUncertainty(of: usable)
        return Aggregate(
            period: period,
            scale: try scale(of: usable.isEmpty ? inOrder : usable, start: period.start),
            meanPartsPerMillion: moments?.mean,
            standardDeviationPartsPerMillion: moments?.variance?.squareRoot(),
            standardUncertaintyPartsPerMillion: MeanUncertainty.standardUncertainty(
                of: values,
                readingUncertainty: readingUncertainty,
                completeness: completeness
            ),
            readingUncertaintyPartsPerMillion: readingUncertainty,
            parts: values.count,
            used: usable.count,
            excluded: inOrder.count - usable.count,
            nominalStepSeconds: settings.nominalStepSeconds,
            completeness: completeness,
            worstFlag: inOrder.reduce(first.flag) { $0.worse($1.flag) },
            tests: inOrder.reduce(into: []) { $0.formUnion($1.tests) },
            flagCounts: inOrder.reduce(into: [:]) { $0[$1.flag, default: 0] += 1 }
        )
    }

    /// What the mean of an interval is the mean of: the values, or the means of its parts.
    private static func means(of readings: [Reading], _ interval: AggregateInterval) -> [Double] {
        guard let parts = interval.parts else { return readings.compactMap(\.valuePartsPerMillion) }
        var means: [Double] = []
        var start = readings.startIndex
        while start < readings.endIndex {
            let part = parts.index(of: readings[start].time)
            let end = readings[start...].firstIndex { parts.index(of: $0.time) != part } ?? readings.endIndex
            means.append(Moments(Self.means(of: Array(readings[start..<end]), parts)).mean)
            start = end
        }
        return means
    }

    /// The mean standard uncertainty, ppm; nil when there is a reading without.
    private static func meanUncertainty(of readings: [Reading]) -> Double? {
        let uncertainties = readings.compactMap(\.standardUncertaintyPartsPerMillion)
        guard !uncertainties.isEmpty, uncertainties.count == readings.count else { return nil }
        return Moments(uncertainties).mean
    }

    private static func scale(
        of readings: [Reading],
        start: Instant
    ) throws(AggregationError) -> CalibrationScale? {
        let scales = Set(readings.map(\.scale))
        guard scales.count > 1 else { return scales.first }
        throw .mixedScales(
            scales.sorted { $0.rawValue < $1.rawValue },
            start: start,
            station: readings[0].station,
            instrument: readings[0].instrument
        )
    }

    /// By time; what else tells readings apart only makes sums the same in whatever order they came.
    private static func precedes(_ a: Reading, _ b: Reading) -> Bool {
        guard a.time == b.time else { return a.time < b.time }
        let values = (a.valuePartsPerMillion ?? -.infinity, b.valuePartsPerMillion ?? -.infinity)
        guard values.0 == values.1 else { return values.0 < values.1 }
        return (a.standardUncertaintyPartsPerMillion ?? -1) < (b.standardUncertaintyPartsPerMillion ?? -1)
    }
}
