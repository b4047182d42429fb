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
    /// Of an observation; of a comparison the beginning of its period.
    public let time: Instant
    /// Station, satellite or run that gave it.
    public let source: String
    /// Found less declared, in `unit`, with its standard deviation.
    public let residual: Estimate
    public let unit: String
    /// Where the numbers can be looked up: a file and its digest, a row, a run.
    public let lineage: String
    /// What a comparison is of, from its start to its end; an observation has its `time`.
    public var period: EvidencePeriod?
    /// What the residual is the difference of; nil in histories that do not say.
    public var figures: EvidenceFigures?
    /// The row of a file that it was read from.
    public var origin: EvidenceOrigin?
    /// Lineage of the evidence in the history that this one is to stand for.
    public var corrected: String?

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

    /// Differences below this share of the standard deviation are rounding, not news.
    static let leastNews = 1e-3

    /// Whether the other says the same: of the same time or period, with numbers that differ by less than a thousandth
    /// of their standard deviation once they are in one unit. The file may be another: a table written anew is no new
    /// evidence. Where both tell what was declared and found, these are compared: how the errors of both were taken
    /// together is no observation.
    public func restates(_ other: Evidence) -> Bool {
        isOfSameMoment(as: other) && (kind == .comparison || source == other.source)
            && agrees(with: other) == true
    }

    /// Whether this is the other one with other numbers: the same source about the same time or period.
    public func corrects(_ other: Evidence) -> Bool {
        isOfSameMoment(as: other) && source == other.source && agrees(with: other) == false
    }

    /// A comparison is of its period, which histories may tell another time of.
    private func isOfSameMoment(as other: Evidence) -> Bool {
        kind == other.kind && period == other.period && (period != nil || time == other.time)
    }

    /// Nil where the units do not convert into each other.
    private func agrees(with other: Evidence) -> Bool? {
        guard let factor = RateUnit.conversion(from: unit, to: other.unit) else { return nil }
        guard let figures, let others = other.figures else {
            return residual.scaled(by: factor).isClose(to: other.residual)
        }
        return figures.declared.scaled(by: factor).isClose(to: others.declared)
            && figures.found.scaled(by: factor).isClose(to: others.found)
    }

    /// The first moment that it is about.
    public var start: Instant { period?.start ?? time }

    /// The last moment that it is about: of a period the one before its end, which is not in it.
    public var last: Instant {
        guard let period, period.end > period.start else { return time }
        return Instant(microseconds: period.end.microseconds - 1)
    }

    /// The day in UTC, counted from 1970.
    var day: Int64 {
        let microsecondsPerDay: Int64 = 86_400_000_000
        let whole = time.microseconds / microsecondsPerDay
        return time.microseconds % microsecondsPerDay < 0 ? whole - 1 : whole
    }
}

/// A half-open stretch of time as a history of cases keeps it.
public struct EvidencePeriod: Codable, Hashable, Sendable {
    public let start: Instant
    public let end: Instant

    public init(_ period: Period) { (start, end) = (period.start, period.end) }
}

/// The numbers behind a residual.
public struct EvidenceFigures: Codable, Hashable, Sendable {
    public let declared: Estimate
    public let found: Estimate
    /// Residual over its standard deviation.
    public let zScore: Double
    /// Adjusted p-value among the comparisons looked at together; nil for an observation.
    public var adjustedProbability: Double?
    /// 1 - posterior over prior standard deviation; nil for an observation.
    public var uncertaintyReduction: Double?
    /// The declared figure comes from continuous measurement at the stack; nil where nothing says so.
    public var isMetered: Bool?

    public init(declared: Estimate, found: Estimate, zScore: Double) {
        self.declared = declared
        self.found = found
        self.zScore = zScore
    }
}

/// Where evidence was read.
public struct EvidenceOrigin: Codable, Hashable, Sendable {
    /// Name of the file, without its folder.
    public let file: String
    /// Of the whole file.
    public let sha256: String
    /// From 1; the header is line 1.
    public let line: Int

    public init(file: String, sha256: String, line: Int) {
        self.file = file
        self.sha256 = sha256
        self.line = line
    }

    /// For ``Evidence/lineage``.
    public var text: String { "\(file), line \(line), SHA-256 \(sha256)" }
}

extension Estimate {
    /// Within a thousandth of the larger standard deviation; a figure without one must be the same to rounding.
    fileprivate func isClose(to other: Estimate) -> Bool {
        let sigma = max(standardDeviation, other.standardDeviation)
        let tolerance = max(Evidence.leastNews * sigma, 1e-9 * max(abs(mean), abs(other.mean)))
        return abs(mean - other.mean) <= tolerance
            && abs(standardDeviation - other.standardDeviation) <= tolerance
    }
}
