public import Quantities

/// How the readings of an instrument become calibrated values: first to dry air, then to a scale.
public struct CalibrationPlan: Equatable, Sendable {
    public enum Method: Equatable, Sendable {
        /// The values are only brought to dry air.
        case unchanged
        case fixed(FixedCalibration)
        case bottles(BottlePlan)
        case transfer(TransferPlan)
    }

    public var method: Method
    public var dryAir: DryAirCorrection?
    /// The scale of the calibrated values; nil for that of the readings themselves.
    public var scale: CalibrationScale?
    /// A calibration farther away than this raises ``QualityTests/calibrationAge``; nil for no limit.
    public var maximumAgeSeconds: Double?
    /// How far the response may wander in a day, one standard deviation, ppm.
    public var driftPartsPerMillionPerDay: Double
    /// Standard deviation of repeated values, ppm; nil to take what each reading states of itself.
    public var repeatabilityPartsPerMillion: Double?
    /// Standard uncertainty of the scale itself, ppm.
    public var scaleUncertaintyPartsPerMillion: Double
    /// Calibrated values outside raise ``QualityTests/calibrationAge``; nil for what the calibration covered.
    public var spanPartsPerMillion: ClosedRange<Double>?

    public init(
        method: Method = .unchanged,
        dryAir: DryAirCorrection? = nil,
        scale: CalibrationScale? = nil,
        maximumAgeSeconds: Double? = nil,
        driftPartsPerMillionPerDay: Double = 0,
        repeatabilityPartsPerMillion: Double? = nil,
        scaleUncertaintyPartsPerMillion: Double = 0,
        spanPartsPerMillion: ClosedRange<Double>? = nil
    ) {
        self.method = method
        self.dryAir = dryAir
        self.scale = scale
        self.maximumAgeSeconds = maximumAgeSeconds
        self.driftPartsPerMillionPerDay = driftPartsPerMillionPerDay
        self.repeatabilityPartsPerMillion = repeatabilityPartsPerMillion
        self.scaleUncertaintyPartsPerMillion = scaleUncertaintyPartsPerMillion
        self.spanPartsPerMillion = spanPartsPerMillion
    }
}

/// A line that somebody else has found: value = slope x response + intercept.
public struct FixedCalibration: Equatable, Sendable {
    public let slope: Double
    /// ppm.
    public let intercept: Double
    /// Of intercept (ppm2) and slope.
    public let covariance: LineCovariance

    public init(slope: Double, intercept: Double, covariance: LineCovariance) {
        self.slope = slope
        self.intercept = intercept
        self.covariance = covariance
    }
}

/// What a laboratory states of the gas in a bottle.
public struct BottleCertificate: Equatable, Sendable {
    public let bottle: String
    /// Dry-air mole fraction on the scale of the plan, ppm.
    public let valuePartsPerMillion: Double
    /// ppm.
    public let standardUncertaintyPartsPerMillion: Double
    /// The scale on which it was certified, before any conversion.
    public let certifiedScale: CalibrationScale
    /// Nil for always.
    public let validFrom: Instant?
    public let validTo: Instant?

    public init(
        bottle: String,
        valuePartsPerMillion: Double,
        standardUncertaintyPartsPerMillion: Double,
        certifiedScale: CalibrationScale,
        validFrom: Instant? = nil,
        validTo: Instant? = nil
    ) {
        self.bottle = bottle
        self.valuePartsPerMillion = valuePartsPerMillion
        self.standardUncertaintyPartsPerMillion = standardUncertaintyPartsPerMillion
        self.certifiedScale = certifiedScale
        self.validFrom = validFrom
        self.validTo = validTo
    }

    func isValid(at time: Instant) -> Bool {
        (validFrom.map { time >= $0 } ?? true) && (validTo.map { time < $0 } ?? true)
    }
}

/// Calibration with bottles that the instrument measures from time to time.
public struct BottlePlan: Equatable, Sendable {
    /// A bottle that was certified again has several, valid at different times.
    public var certificates: [BottleCertificate]
    /// The start of a run in which the old gas still leaves the cell.
    public var flushSeconds: Double
    /// Share of the values left out at each end of their order, 0 to below 0.5.
    public var trim: Double
    /// A run with fewer values after flushing does not count.
    public var minimumReadings: Int
    /// A silence longer than this ends a run.
    public var maximumGapSeconds: Double
    /// A run that scatters or wanders more is unstable, ppm; nil for no limit.
    public var maximumStandardDeviationPartsPerMillion: Double?
    /// Runs not farther apart than this are one calibration.
    public var eventGapSeconds: Double
    /// The bottle that is measured as if it were air, to check the calibration.
    public var target: String?
    /// Its calibrated value may differ by this from the certificate, ppm.
    public var targetLimitPartsPerMillion: Double
    /// For a single bottle, before any two were measured.
    public var assumedSlope: Estimate

    public init(
        certificates: [BottleCertificate],
        flushSeconds: Double = 60,
        trim: Double = 0.05,
        minimumReadings: Int = 10,
        maximumGapSeconds: Double = 120,
        maximumStandardDeviationPartsPerMillion: Double? = nil,
        eventGapSeconds: Double = 3600,
        target: String? = nil,
        targetLimitPartsPerMillion: Double = .infinity,
        assumedSlope: Estimate = Estimate(mean: 1, standardDeviation: 0.05)
    ) {
        self.certificates = certificates
        self.flushSeconds = flushSeconds
        self.trim = trim
        self.minimumReadings = minimumReadings
        self.maximumGapSeconds = maximumGapSeconds
        self.maximumStandardDeviationPartsPerMillion = maximumStandardDeviationPartsPerMillion
        self.eventGapSeconds = eventGapSeconds
        self.target = target
        self.targetLimitPartsPerMillion = targetLimitPartsPerMillion
        self.assumedSlope = assumedSlope
    }

    /// Nil for a bottle that nobody certified for this moment.
    public func certificate(of bottle: String, at time: Instant) -> BottleCertificate? {
        certificates.first { $0.bottle == bottle && $0.isValid(at: time) }
    }
}

/// Calibration against a reference that once stood beside the instrument.
public struct TransferPlan: Equatable, Sendable {
    public var referenceStation: String
    public var referenceInstrument: String
    /// When the two measured the same air.
    public var periods: [Period]
    /// Conditions that the response depends on, e.g. `t`, `rh`, `p`.
    public var predictors: [String]
    /// Huber's estimate instead of least squares.
    public var isRobust: Bool
    /// Minutes in which both have a mean; fewer give no calibration.
    public var minimumPairs: Int
    /// The reference's values must reach over at least this, ppm.
    public var minimumSpanPartsPerMillion: Double
    /// Only nights with this much wind, when both measure the same well-mixed air although apart.
    public var windyNights: WindyNights?

    public init(
        referenceStation: String,
        referenceInstrument: String,
        periods: [Period],
        predictors: [String] = [],
        isRobust: Bool = true,
        minimumPairs: Int = 100,
        minimumSpanPartsPerMillion: Double = 10,
        windyNights: WindyNights? = nil
    ) {
        self.referenceStation = referenceStation
        self.referenceInstrument = referenceInstrument
        self.periods = periods
        self.predictors = predictors
        self.isRobust = isRobust
        self.minimumPairs = minimumPairs
        self.minimumSpanPartsPerMillion = minimumSpanPartsPerMillion
        self.windyNights = windyNights
    }
}
