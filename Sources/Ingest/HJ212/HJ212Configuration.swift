public import Geo
public import Quantities

/// The frames that carry measurements, by their `CN`.
public enum HJ212Command: Int, CaseIterable, Sendable {
    case realTime = 2011
    case day = 2031
    case minute = 2051
    case hour = 2061

    /// The ending of the keys with the value: instantaneous, or the mean.
    var valueKind: String { self == .realTime ? "Rtd" : "Avg" }
}

/// What a code of the data area means.
public enum HJ212Factor: Equatable, Sendable {
    /// A gas; the unit nil for the one that the network file declares for the instrument.
    case gas(Gas, unit: MoleFractionUnit?)
    /// A number of ``Conditions``, and by what to multiply it to have the unit that they use.
    case condition(String, multiplier: Double)
    /// Degrees, in the datum of the configuration.
    case longitude
    case latitude
    case altitudeMetres
}

/// How the frames of a logger are to be read.
public struct HJ212Configuration: Equatable, Sendable {
    /// Nil takes the edition from each frame.
    public var version: HJ212Version?
    /// By code, without the ending; see ``gasFactors`` and ``weatherFactors``. Loggers use others too.
    public var factors: [String: HJ212Factor]
    /// Of the clock of the logger, east of Greenwich. The standard wants Beijing time.
    public var offsetSeconds: Int
    /// Frames with another one are refused; nil takes any.
    public var password: String?
    /// Which frames become readings. Means and the values they are means of are different series: only one of
    /// them may be taken from a logger, or every measurement would count several times.
    public var ingested: HJ212Command
    /// Frames that are answered and not kept. Others that are not ingested are kept with the reason
    /// `not_ingested`, so that a wrong choice above loses nothing.
    public var ignored: Set<HJ212Command>
    /// For loggers that stamp a mean with the end of its interval: the length of the interval. Nil for those that
    /// follow the standard, which stamps means with the start and real-time data with the moment itself.
    public var endStampedIntervalSeconds: Int?
    /// Of the coordinates.
    public var datum: PositionDatum

    public init(
        version: HJ212Version? = nil,
        factors: [String: HJ212Factor],
        offsetSeconds: Int = 8 * 3600,
        password: String? = nil,
        ingested: HJ212Command = .realTime,
        ignored: Set<HJ212Command> = [],
        endStampedIntervalSeconds: Int? = nil,
        datum: PositionDatum = .wgs84
    ) {
        self.version = version
        self.factors = factors
        self.offsetSeconds = offsetSeconds
        self.password = password
        self.ingested = ingested
        self.ignored = ignored
        self.endStampedIntervalSeconds = endStampedIntervalSeconds
        self.datum = datum
    }

    /// The codes under which loggers send the gases that we know (HJ 524-2009), in the unit of the instrument.
    public static let gasFactors: [String: HJ212Factor] = [
        "a05001": .gas(.co2, unit: nil),
        "a05002": .gas(.ch4, unit: nil),
        "a05003": .gas(.n2o, unit: nil),
        "a21005": .gas(.co, unit: nil),
    ]

    /// The weather of air stations (HJ 212-2017, appendix B): temperature, humidity, pressure in kPa, wind speed and
    /// direction.
    public static let weatherFactors: [String: HJ212Factor] = [
        "a01001": .condition("t", multiplier: 1),
        "a01002": .condition("rh", multiplier: 1),
        "a01006": .condition("p", multiplier: 10),
        "a01007": .condition("ws", multiplier: 1),
        "a01008": .condition("wd", multiplier: 1),
    ]
}
