import Archive
import Observations
import Quantities

/// What was known at a moment: the readings that had come by then, settled by the rules that were in force.
///
/// Nothing of it is stored. Settling is a function of readings and rules, so what was known can be computed again, and
/// equals what an export of that moment gave.
struct Hindsight: Sendable {
    /// Nil for now.
    let moment: Instant?
    private let all: [Series]
    private let rules: [Series.ID: SeriesRules]
    private let calibrators: [Series.ID: Calibrator]
    private let selected: Set<Series.ID>

    /// - Parameter query: says for which series the calibrations are found.
    init(
        at moment: Instant?,
        _ records: NetworkRecords,
        _ archive: borrowing ArchiveReader,
        _ query: ReadingQuery
    ) throws {
        all = try archive.allSeries()
        var rules: [Series.ID: SeriesRules] = [:]
        for series in all { rules[series.id] = records.rules(of: series) }
        self.moment = moment
        self.rules = rules
        let past = CalibrationPast(moment: moment, all: all, rules: rules)
        selected = Set(all.filter(query.selects).map(\.id))
        var calibrators: [Series.ID: Calibrator] = [:]
        for series in all where Self.isNeeded(series, selected, all, rules) {
            calibrators[series.id] = try past.calibrator(of: series, archive)
        }
        self.calibrators = calibrators
    }

    /// Whether it is asked for, or others are that are compared with it.
    private static func isNeeded(
        _ series: Series,
        _ selected: Set<Series.ID>,
        _ all: [Series],
        _ rules: [Series.ID: SeriesRules]
    ) -> Bool {
        selected.contains(series.id)
            || all.contains { other in
                other.network == series.network && selected.contains(other.id)
                    && rules[other.id]?.comparison?.series.contains(series.companion) ?? false
            }
    }

    /// The series that have a calibration, with it.
    var calibrated: [(series: Series, calibrator: Calibrator)] {
        all.filter { selected.contains($0.id) }
            .compactMap { series in calibrators[series.id].map { (series, $0) } }
    }

    /// Visits the readings as they stood, in the order of time, station and instrument, holding a stretch of them
    /// at a time.
    func forEachReading(
        _ archive: borrowing ArchiveReader,
        _ query: ReadingQuery,
        _ body: (ExportedReading) throws -> Void
    ) throws {
        let selected = all.filter(query.selects)
        let flags = query.flags.map(Set.init)
        guard var start = try archive.extent(of: selected, within: query.period) else { return }
        var days = 1.0
        var memory = ComparisonMemory()
        while start.first < start.end {
            let end = min(start.end, start.first.advanced(bySeconds: days * 86_400))
            let stretch = Period(start: start.first, end: end)
            var found: [ExportedReading] = []
            for series in selected { found += try readings(of: series, stretch, &memory, archive) }
            for exported in found.sorted(by: ExportedReading.precedes)
            where flags?.contains(exported.reading.flag) ?? true { try body(exported) }
            start.first = end
            if found.count < Self.readingsAtOnce / 4 { days = min(days * 2, Self.mostDays) }
            if found.count > Self.readingsAtOnce { days = max(days / 2, Self.fewestDays) }
        }
    }

    private static let readingsAtOnce = 100_000
    private static let mostDays = 3650.0
    private static let fewestDays = 1.0 / 24

    private func readings(
        of series: Series,
        _ period: Period,
        _ memory: inout ComparisonMemory,
        _ archive: borrowing ArchiveReader
    ) throws -> [ExportedReading] {
        guard let rules = rules[series.id], let comparison = rules.comparison else {
            return try uncompared(series, period, archive)
        }
        var readings = try uncompared(series, comparison.window(for: period), archive)
        let names = Dictionary(
            all.filter { $0.network == series.network }.map { ($0.companion, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        let verdicts = try comparison.verdicts(readings.map(\.reading), &memory) { companion, period in
            guard let other = names[companion] else { return [] }
            return try uncompared(other, period, archive).compactMap { ComparedValue($0.reading) }
        }
        let compared = rules.compared(readings.map(\.reading), verdicts)
        for (index, verdict) in compared.enumerated() {
            readings[index].reading.flag = verdict.flag
            readings[index].reading.tests = verdict.tests
        }
        return readings.filter { period.contains($0.reading.time) }
    }

    /// After all tests but those against other series.
    private func uncompared(
        _ series: Series,
        _ period: Period,
        _ archive: borrowing ArchiveReader
    ) throws -> [ExportedReading] {
        let rules = rules[series.id]
        let wide = period.widened(bySeconds: rules?.margin ?? 0)
        let known = try archive.knownReadings(series, asOf: moment, from: wide.start, through: wide.last)
        let settled = rules?.settle(known.map(\.reading), calibrators[series.id]) ?? known.map(\.reading)
        return zip(known, settled).lazy.filter { period.contains($0.1.time) }
            .map { ExportedReading($0, reading: $1) }
    }
}

/// Finds calibrations from what had been measured by a moment.
private struct CalibrationPast {
    let moment: Instant?
    let all: [Series]
    let rules: [Series.ID: SeriesRules]

    /// - Parameter visited: the series whose calibration rests on this one; a circle of references has none.
    func calibrator(
        of series: Series,
        _ archive: borrowing ArchiveReader,
        visited: Set<Series.ID> = []
    ) throws -> Calibrator? {
        guard let rules = rules[series.id], let plan = rules.instrument.calibration,
            !visited.contains(series.id)
        else { return nil }
        switch plan.method {
        case .fixed, .unchanged: return rules.calibrator(readings: [])
        case .bottles:
            let bottles = try archive.knownReadings(
                series,
                asOf: moment,
                from: Instant(microseconds: .min),
                through: Instant(microseconds: .max),
                ofBottles: true
            )
            var readings = bottles.map(\.reading)
            for stretch in rules.stretchesCalledBottles {
                let known = Set(readings.map(\.time))
                readings += try self.known(series, stretch, archive).filter { !known.contains($0.time) }
            }
            return rules.calibrator(readings: readings.sorted { $0.time < $1.time })
        case .transfer(let transfer):
            let reference = all.first {
                $0.network == series.network && $0.station == transfer.referenceStation
                    && $0.instrument == transfer.referenceInstrument && $0.gas == series.gas
            }
            var own: [Reading] = []
            var beside: [Reading] = []
            for period in transfer.periods {
                own += try known(series, period, archive)
                guard let reference else { continue }
                beside += try settled(reference, period, archive, visited: visited.union([series.id]))
            }
            return rules.calibrator(readings: own, reference: beside)
        }
    }

    private func known(
        _ series: Series,
        _ period: Period,
        _ archive: borrowing ArchiveReader
    ) throws -> [Reading] {
        try archive.knownReadings(series, asOf: moment, from: period.start, through: period.last)
            .map(\.reading)
    }

    private func settled(
        _ series: Series,
        _ period: Period,
        _ archive: borrowing ArchiveReader,
        visited: Set<Series.ID>
    ) throws -> [Reading] {
        guard let rules = rules[series.id] else { return try known(series, period, archive) }
        let calibrator = try calibrator(of: series, archive, visited: visited)
        let readings = try known(series, period.widened(bySeconds: rules.margin), archive)
        return rules.settle(readings, calibrator).filter { period.contains($0.time) }
    }
}

extension Period {
    /// The last microsecond.
    var last: Instant { Instant(microseconds: end.microseconds - (start < end ? 1 : 0)) }

    /// Longer at both ends.
    func widened(bySeconds seconds: Double) -> Period {
        Period(start: start.advanced(bySeconds: -seconds), end: end.advanced(bySeconds: seconds))
    }
}

extension ArchiveReader {
    /// Between which moments series have readings in a period; nil where they have none.
    fileprivate func extent(
        of series: [Series],
        within period: Period?
    ) throws -> (first: Instant, end: Instant)? {
        let names = Set(series.map { "\($0.network)/\($0.station)" })
        let stations = try stationExtents().filter { names.contains("\($0.network)/\($0.station)") }
        guard let first = stations.compactMap(\.first).min(), let last = stations.compactMap(\.last).max()
        else { return nil }
        let end = Instant(microseconds: last.microseconds + 1)
        let clipped = (max(first, period?.start ?? first), min(end, period?.end ?? end))
        return clipped.0 < clipped.1 ? clipped : nil
    }
}

extension Series {
    /// As network files name it.
    fileprivate var companion: CompanionSeries {
        CompanionSeries(station: station, instrument: instrument, gas: gas)
    }
}
