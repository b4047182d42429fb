public import Quantities

/// What the readings of one series in one window come to.
public struct Aggregate: Equatable, Sendable {
    public let period: Period
    /// Nil when no reading of the window carries one.
    public let scale: CalibrationScale?
    /// Mean dry-air mole fraction, ppm: of the readings for a minute, of the minute means for an hour, of the
    /// hour means for a day. Nil when nothing could be used.
    public let meanPartsPerMillion: Double?
    /// Sample standard deviation of what the mean is the mean of, ppm; nil below two.
    public let standardDeviationPartsPerMillion: Double?
    /// Standard uncertainty of the mean, ppm; nil when nobody can say. See ``MeanUncertainty``.
    public let standardUncertaintyPartsPerMillion: Double?
    /// Mean standard uncertainty of the readings in the mean, ppm; nil when one of them states none.
    public let readingUncertaintyPartsPerMillion: Double?
    /// Of how many values the mean is the mean of: readings, minutes or hours.
    public let parts: Int
    /// Readings in the mean.
    public let used: Int
    /// Readings left out for their flag or for want of a value.
    public let excluded: Int
    /// Seconds from one reading to the next when nothing is missing; nil where nobody noted it.
    public let nominalStepSeconds: Double?
    /// Readings in the mean over what the nominal step would give, at most 1.
    public let completeness: Double
    /// The worst flag of any reading in the window, used or not: never averaged away.
    public let worstFlag: QualityFlag
    /// The tests that raised a flag on any reading.
    public let tests: QualityTests
    /// How many readings, used or not, have each flag.
    public let flagCounts: [QualityFlag: Int]

    /// The memberwise initializer, for what reads aggregates from where they are kept.
    public init(
        period: Period,
        scale: CalibrationScale?,
        meanPartsPerMillion: Double?,
        standardDeviationPartsPerMillion: Double?,
        standardUncertaintyPartsPerMillion: Double?,
        readingUncertaintyPartsPerMillion: Double?,
        parts: Int,
        used: Int,
        excluded: Int,
        nominalStepSeconds: Double?,
        completeness: Double,
        worstFlag: QualityFlag,
        tests: QualityTests,
        flagCounts: [QualityFlag: Int]
    ) {
        self.period = period
        self.scale = scale
        self.meanPartsPerMillion = meanPartsPerMillion
        self.standardDeviationPartsPerMillion = standardDeviationPartsPerMillion
        self.standardUncertaintyPartsPerMillion = standardUncertaintyPartsPerMillion
        self.readingUncertaintyPartsPerMillion = readingUncertaintyPartsPerMillion
        self.parts = parts
        self.used = used
        self.excluded = excluded
        self.nominalStepSeconds = nominalStepSeconds
        self.completeness = completeness
        self.worstFlag = worstFlag
        self.tests = tests
        self.flagCounts = flagCounts
    }

    /// What a mean needs to stand for its window.
    public static let requiredCompleteness = 0.75

    public var isComplete: Bool { completeness >= Self.requiredCompleteness }
}

/// How readings are averaged.
public struct AggregationSettings: Equatable, Sendable {
    public let interval: AggregateInterval
    /// Seconds from one reading to the next when nothing is missing.
    public let nominalStepSeconds: Double
    /// Readings with these flags enter the mean; the others are counted.
    public let usableFlags: Set<QualityFlag>

    /// - Precondition: the step is positive and finite.
    public init(
        interval: AggregateInterval,
        nominalStepSeconds: Double,
        usableFlags: Set<QualityFlag> = [.good]
    ) {
        precondition(nominalStepSeconds > 0 && nominalStepSeconds.isFinite, "the step is not positive")
        self.interval = interval
        self.nominalStepSeconds = nominalStepSeconds
        self.usableFlags = usableFlags
    }

    /// How many readings a window holds when nothing is missing; at least one.
    var expectedReadings: Double { max(1, interval.seconds / nominalStepSeconds) }
}

/// Readings that cannot be averaged together.
public enum AggregationError: Fault, Equatable {
    /// Scales of one window, in the order of their names.
    case mixedScales([CalibrationScale], start: Instant, station: String, instrument: String)

    public var exitStatus: ExitStatus { .badData }

    public var what: String {
        switch self {
        case .mixedScales(let scales, _, _, _):
            "readings on different scales (\(scales.map(\.rawValue).joined(separator: ", "))) are not averaged"
        }
    }

    public var place: String {
        switch self {
        case .mixedScales(_, let start, let station, let instrument):
            "station \(station), instrument \(instrument), window \(start)"
        }
    }

    public var remedy: String { "bring them to one scale, e.g. with --scale WMO-CO2-X2019" }
}
