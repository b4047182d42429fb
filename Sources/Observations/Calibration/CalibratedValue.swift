public import Quantities

/// The parts of a calibrated value's standard uncertainty, ppm each.
public struct CalibrationUncertainty: Codable, Equatable, Sendable {
    /// Of the line at this value, from the scatter of what it was fitted to.
    public var fit = 0.0
    /// Of what the bottles, or the reference, are said to be.
    public var certificate = 0.0
    /// Of a single value when nothing changes.
    public var repeatability = 0.0
    /// Of the time since the calibration.
    public var drift = 0.0
    /// Of the scale.
    public var scale = 0.0

    public init() {}

    /// In quadrature: nothing ties the parts to each other.
    public var combined: Double {
        (fit * fit + certificate * certificate + repeatability * repeatability + drift * drift
            + scale * scale).squareRoot()
    }
}

/// What a reading comes to after calibration.
public struct CalibratedValue: Equatable, Sendable {
    /// Dry-air mole fraction, ppm.
    public let valuePartsPerMillion: Double
    public let uncertainty: CalibrationUncertainty
    public let scale: CalibrationScale
    /// Tests that the calibration raises, and the flag they come to: good without any.
    public let tests: QualityTests
    /// The relation to dry air that was used; nil for none.
    public let dryAir: String?

    public var flag: QualityFlag { tests.isEmpty ? .good : .suspect }
    /// ppm.
    public var standardUncertaintyPartsPerMillion: Double { uncertainty.combined }
}

/// A calibration as it is kept: what was found, from when to when.
public struct CalibrationRecord: Equatable, Sendable {
    public enum Kind: String, Codable, CaseIterable, Sendable {
        case fixed
        /// Two bottles or more: slope and intercept.
        case bottles
        /// One bottle: the intercept alone.
        case oneBottle = "one-bottle"
        case transfer
        /// The target bottle: its bias.
        case target
    }

    public let kind: Kind
    /// Of the measurements it rests on; nil for a fixed one.
    public let period: Period?
    /// Names of the coefficients: `intercept`, `slope`, predictors; `bias` for a target.
    public let names: [String]
    /// Intercept and bias in ppm, the others in ppm per unit of what they multiply.
    public let coefficients: [Double]
    /// Of the coefficients, row by row.
    public let covariance: [Double]
    /// Root mean square of what the fit leaves, ppm.
    public let rootMeanSquarePartsPerMillion: Double
    /// Runs or pairs of values.
    public let count: Int
    /// What a person wants to know besides, in English.
    public let detail: String
    /// Whether the target lies beyond its limit.
    public let isBeyondLimit: Bool

    public init(
        kind: Kind,
        period: Period?,
        names: [String],
        coefficients: [Double],
        covariance: [Double],
        rootMeanSquarePartsPerMillion: Double = 0,
        count: Int,
        detail: String,
        isBeyondLimit: Bool = false
    ) {
        self.kind = kind
        self.period = period
        self.names = names
        self.coefficients = coefficients
        self.covariance = covariance
        self.rootMeanSquarePartsPerMillion = rootMeanSquarePartsPerMillion
        self.count = count
        self.detail = detail
        self.isBeyondLimit = isBeyondLimit
    }
}

extension CalibrationRecord {
    init(line slope: Double, _ intercept: Double, _ covariance: LineCovariance, _ event: CalibrationEvent?) {
        let bottles = event?.runs.map { "\($0.bottle): n \($0.used)" }.joined(separator: ", ")
        self.init(
            kind: event.map { $0.isFull ? .bottles : .oneBottle } ?? .fixed,
            period: event.map { Period(start: $0.start, end: $0.end) },
            names: ["intercept", "slope"],
            coefficients: [intercept, slope],
            covariance: [covariance.intercept, covariance.both, covariance.both, covariance.slope],
            rootMeanSquarePartsPerMillion: event?.line.rootMeanSquare ?? 0,
            count: event?.runs.count ?? 0,
            detail: bottles ?? "from the network file"
        )
    }
}
