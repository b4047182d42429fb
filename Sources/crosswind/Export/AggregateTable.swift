import Archive
import Observations
import Quantities

/// Whose readings belong together.
struct SeriesName: Hashable, Comparable {
    let network: String
    let station: String
    let instrument: String
    let gas: Gas

    init(_ stored: StoredReading) {
        network = stored.network
        station = stored.reading.station
        instrument = stored.reading.instrument
        gas = stored.reading.gas
    }

    static func < (a: Self, b: Self) -> Bool {
        (a.network, a.station, a.instrument, a.gas.rawValue)
            < (b.network, b.station, b.instrument, b.gas.rawValue)
    }
}

/// Averages the readings of a store while it walks through them, holding one window at a time.
struct AggregateExport {
    private let settings: ExportSettings
    private let interval: AggregateInterval

    init(_ settings: ExportSettings, _ interval: AggregateInterval) {
        self.settings = settings
        self.interval = interval
    }

    /// Rows in the order of the windows, then of the names.
    func write(
        _ archive: borrowing ArchiveReader,
        _ query: ReadingQuery,
        to writer: ExportRowWriter
    ) throws {
        let steps = try nominalSteps(archive, query)
        var open: [SeriesName: [Reading]] = [:]
        var window: Period?
        func close() throws {
            for (name, readings) in open.sorted(by: { $0.key < $1.key }) {
                let settings = AggregationSettings(
                    interval: interval,
                    nominalStepSeconds: settings.nominalStepSeconds ?? steps[name]?.seconds
                        ?? interval.seconds,
                    usableFlags: settings.usableFlags
                )
                guard let aggregate = try Aggregation.aggregate(ofWindow: readings, settings) else {
                    continue
                }
                writer.put(AggregateRow(name, aggregate, settings))
            }
            open.removeAll(keepingCapacity: true)
        }
        try archive.forEachReading(query) { stored in
            writer.attempt {
                if let current = window, !current.contains(stored.reading.time) { try close() }
                window = interval.window(containing: stored.reading.time)
                open[SeriesName(stored), default: []].append(try settings.computable(stored.reading))
            }
        }
        writer.attempt { try close() }
    }

    /// The usual step of each series, unless the command line gives one.
    private func nominalSteps(
        _ archive: borrowing ArchiveReader,
        _ query: ReadingQuery
    ) throws -> [SeriesName: NominalStep] {
        var steps: [SeriesName: NominalStep] = [:]
        guard settings.nominalStepSeconds == nil else { return steps }
        try archive.forEachReading(query) { stored in
            steps[SeriesName(stored), default: NominalStep()].add(stored.reading.time)
        }
        return steps
    }
}

struct AggregateRow: ExportRow {
    let start: Instant
    let interval: AggregateInterval
    let network: String
    let station: String
    let instrument: String
    let gas: Gas
    let valuePartsPerMillion: Double?
    let standardDeviationPartsPerMillion: Double?
    let standardUncertaintyPartsPerMillion: Double?
    let scale: CalibrationScale?
    let parts: Int
    let used: Int
    let excluded: Int
    let nominalStepSeconds: Double
    let completeness: Double
    let isComplete: Bool
    let worstFlag: String
    let tests: UInt32
    let good: Int
    let notEvaluated: Int
    let suspect: Int
    let fail: Int
    let missing: Int

    enum CodingKeys: String, CodingKey, CaseIterable {
        case start, interval, network, station, instrument, gas
        case valuePartsPerMillion = "value_ppm"
        case standardDeviationPartsPerMillion = "standard_deviation_ppm"
        case standardUncertaintyPartsPerMillion = "standard_uncertainty_ppm"
        case scale, parts, used, excluded
        case nominalStepSeconds = "nominal_step_s"
        case completeness
        case isComplete = "complete"
        case worstFlag = "worst_flag"
        case tests, good
        case notEvaluated = "not_evaluated"
        case suspect, fail, missing
    }

    static let header = CodingKeys.allCases.map { $0.rawValue }

    init(_ name: SeriesName, _ aggregate: Aggregate, _ settings: AggregationSettings) {
        start = aggregate.period.start
        interval = settings.interval
        network = name.network
        station = name.station
        instrument = name.instrument
        gas = name.gas
        valuePartsPerMillion = aggregate.meanPartsPerMillion
        standardDeviationPartsPerMillion = aggregate.standardDeviationPartsPerMillion
        standardUncertaintyPartsPerMillion = aggregate.standardUncertaintyPartsPerMillion
        scale = aggregate.scale
        parts = aggregate.parts
        used = aggregate.used
        excluded = aggregate.excluded
        nominalStepSeconds = settings.nominalStepSeconds
        completeness = aggregate.completeness
        isComplete = aggregate.isComplete
        worstFlag = "\(aggregate.worstFlag)"
        tests = aggregate.tests.rawValue
        good = aggregate.flagCounts[.good] ?? 0
        notEvaluated = aggregate.flagCounts[.notEvaluated] ?? 0
        suspect = aggregate.flagCounts[.suspect] ?? 0
        fail = aggregate.flagCounts[.fail] ?? 0
        missing = aggregate.flagCounts[.missing] ?? 0
    }

    var fields: [String] {
        [
            "\(start)", interval.rawValue, network, station, instrument, gas.rawValue,
            field(valuePartsPerMillion), field(standardDeviationPartsPerMillion),
            field(standardUncertaintyPartsPerMillion), scale?.rawValue ?? "", "\(parts)", "\(used)",
            "\(excluded)", field(nominalStepSeconds), field(completeness), "\(isComplete)", worstFlag,
            "\(tests)", "\(good)", "\(notEvaluated)", "\(suspect)", "\(fail)", "\(missing)",
        ]
    }
}
