public import Quantities

/// One observation of a facility that speaks for or against its declared emission.
public struct Evidence: Codable, Hashable, Sendable {
    public enum Kind: String, CaseIterable, Codable, Sendable {
        /// One image of a plume.
        case overpass
        /// One day of one station.
        case stationDay = "station_day"
        /// One comparison of a period from an inversion.
        case comparison
    }

    public let kind: Kind
    public let time: Instant
    /// Station, satellite or run that gave it.
    public let source: String
    /// Found less declared, in `unit`, with its standard deviation.
    public let residual: Estimate
    public let unit: String
    /// Where the numbers can be looked up: a file and its digest, a row, a run.
    public let lineage: String

    public init(
        kind: Kind,
        time: Instant,
        source: String,
        residual: Estimate,
        unit: String,
        lineage: String
    ) {
        self.kind = kind
        self.time = time
        self.source = source
        self.residual = residual
        self.unit = unit
        self.lineage = lineage
    }

    /// Residual over its standard deviation; NaN where that is not positive.
    public var zScore: Double {
        residual.standardDeviation > 0 ? residual.mean / residual.standardDeviation : .nan
    }

    /// The day in UTC, counted from 1970.
    var day: Int64 {
        let microsecondsPerDay: Int64 = 86_400_000_000
        let whole = time.microseconds / microsecondsPerDay
        return time.microseconds % microsecondsPerDay < 0 ? whole - 1 : whole
    }
}

/// When residuals of one sign have lasted long enough to open a case.
///
/// A plume of one image, or one day of a station, may be another source, a wind that was wrong or a start of the plant:
/// a case needs a run of exceedances that nothing of the same kind interrupts.
public struct PersistenceRule: Hashable, Sendable {
    /// Overpasses on different days.
    public var overpasses: Int
    /// Days on which a station exceeded, each counted once however many stations saw it.
    public var stationDays: Int
    /// Standardised residual from which an observation exceeds.
    public var leastScore: Double

    public init(overpasses: Int = 3, stationDays: Int = 14, leastScore: Double = 2) {
        self.overpasses = overpasses
        self.stationDays = stationDays
        self.leastScore = leastScore
    }

    public struct Outcome: Hashable, Sendable {
        public let signal: ChartSignal
        /// The exceedances of the latest run, by time; those a case is opened with where there is a signal.
        public let evidence: [Evidence]
    }

    /// Whether the latest run of exceedances is long enough, in overpasses or in station days.
    ///
    /// - Parameter evidence: of one facility, in any order; observations without uncertainty are left out.
    public func judge(_ evidence: [Evidence]) -> Outcome {
        let overpassRun = run(evidence, of: .overpass)
        if overpasses > 0, days(overpassRun) >= overpasses { return outcome(overpassRun) }
        let stationRun = run(evidence, of: .stationDay)
        if stationDays > 0, days(stationRun) >= stationDays { return outcome(stationRun) }
        return Outcome(signal: .none, evidence: overpassRun + stationRun)
    }

    private func outcome(_ run: [Evidence]) -> Outcome {
        Outcome(signal: (run.last?.zScore ?? 0) > 0 ? .high : .low, evidence: run)
    }

    private func days(_ run: [Evidence]) -> Int { Set(run.map(\.day)).count }

    /// The exceedances of one sign at the end of the series, day by day: a day counts when the strongest residual
    /// of that day exceeds and none exceeds the other way.
    private func run(_ evidence: [Evidence], of kind: Evidence.Kind) -> [Evidence] {
        let own = evidence.filter { $0.kind == kind && $0.zScore.isFinite }
        let byDay = Dictionary(grouping: own, by: \.day)
        var run: [Evidence] = []
        var sign: FloatingPointSign?
        for day in byDay.keys.sorted(by: >) {
            let exceeding = (byDay[day] ?? []).filter { abs($0.zScore) >= leastScore }
            let signs = Set(exceeding.map(\.residual.mean.sign))
            guard let only = signs.first, signs.count == 1, sign == nil || sign == only else { break }
            sign = only
            run += exceeding
        }
        return run.sorted { ($0.time, $0.source) < ($1.time, $1.source) }
    }
}
