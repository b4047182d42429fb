public import Geo
public import Quantities

/// What carries an instrument.
public enum PlatformKind: String, Codable, Sendable {
    case fixed
    case vehicle
}

/// Range limits in ppm: outside `fail` a value cannot be air, outside `suspect` it needs a look.
public struct GrossRange: Codable, Equatable, Sendable {
    public let failBelow: Double
    public let suspectBelow: Double
    public let suspectAbove: Double
    public let failAbove: Double

    public init(failBelow: Double, suspectBelow: Double, suspectAbove: Double, failAbove: Double) {
        self.failBelow = failBelow
        self.suspectBelow = suspectBelow
        self.suspectAbove = suspectAbove
        self.failAbove = failAbove
    }
}

/// One gas channel of an instrument at a station.
public struct Instrument: Equatable, Sendable {
    public let id: String
    public let gas: Gas
    /// The unit in which its messages give the value.
    public let unit: MoleFractionUnit
    public let scale: CalibrationScale
    public let inletHeightMetres: Double?
    public let grossRange: GrossRange
    /// Used when a message carries no uncertainty of its own; ppm.
    public let standardUncertaintyPartsPerMillion: Double?
    /// What the instrument must report of itself for its values to count.
    public let stateLimits: [StateLimit]
    /// Seconds from one reading to the next when nothing is missing; nil to find it from the readings around
    /// (``DayStep``).
    public var nominalStepSeconds: Double?
    /// The tests of its readings among their neighbours.
    public var quality = QualityProfile()
    /// How its readings are calibrated; nil when they come calibrated.
    public var calibration: CalibrationPlan?
    /// What its readings are compared with; nil where that is nothing.
    public var companions: Companions?

    public init(
        id: String,
        gas: Gas,
        unit: MoleFractionUnit,
        scale: CalibrationScale,
        inletHeightMetres: Double?,
        grossRange: GrossRange,
        standardUncertaintyPartsPerMillion: Double?,
        stateLimits: [StateLimit] = []
    ) {
        self.id = id
        self.gas = gas
        self.unit = unit
        self.scale = scale
        self.inletHeightMetres = inletHeightMetres
        self.grossRange = grossRange
        self.standardUncertaintyPartsPerMillion = standardUncertaintyPartsPerMillion
        self.stateLimits = stateLimits
    }
}

/// A place or a vehicle that reports, with its instruments.
public struct Station: Equatable, Sendable {
    public let id: String
    public let names: LocalizedName
    public let kind: PlatformKind
    /// Nil for a vehicle, whose readings carry their own.
    public let position: Position?
    public var instruments: [Instrument]
    /// Whether its observations without a gas are weather, and not a mistake.
    public var reportsWeather = false

    public init(
        id: String,
        names: LocalizedName,
        kind: PlatformKind,
        position: Position?,
        instruments: [Instrument]
    ) {
        self.id = id
        self.names = names
        self.kind = kind
        self.position = position
        self.instruments = instruments
    }
}

/// A set of stations under one operator.
public struct Network: Equatable, Sendable {
    /// Second-level topic name: `co2/v1/{id}/{station}/obs`.
    public let id: String
    public let names: LocalizedName
    /// Who is to be credited for the data.
    public let credit: String
    public let stations: [Station]

    public init(id: String, names: LocalizedName, credit: String, stations: [Station]) {
        self.id = id
        self.names = names
        self.credit = credit
        self.stations = stations
    }
}
