public import Geo
import Observations
import Quantities

/// The edition of the standard that a frame follows, as its flag states it.
public enum HJ212Version: UInt8, CaseIterable, Sendable {
    /// HJ/T 212-2005.
    case hjt2005 = 0
    case hj2017 = 1
    /// In force since 2026-01-01. Frames, CRC and plain data are those of 2017; encrypted data areas (SM4) are
    /// not read.
    case hj2025 = 2

    /// Its year, as network files name it.
    public var year: String {
        switch self {
        case .hjt2005: "2005"
        case .hj2017: "2017"
        case .hj2025: "2025"
        }
    }
}

/// The frames that carry measurements, by their `CN`.
public enum HJ212Command: Int, CaseIterable, Sendable {
    case realTime = 2011
    case day = 2031
    case minute = 2051
    case hour = 2061
}

/// How the HJ 212 frames of a logger are to be read: the payload format `hj212`.
public struct HJ212Description: Equatable, Sendable {
    /// Nil takes the edition from each frame.
    public var version: HJ212Version?
    /// By factor code, without the ending. Codes of ``standardChannels`` that mean what no code here does are added.
    public var channels: [String: PayloadChannel]
    /// Of the clock of the logger, east of Greenwich; the standard wants Beijing time.
    public var offsetSeconds = 8 * 3600
    /// Frames with another one are refused; nil takes any.
    public var password: String?
    /// Which frames become readings. Means and the values they are means of are different series: only one of
    /// them may be taken from a logger, or every measurement would count several times.
    public var command = HJ212Command.realTime
    /// Frames that are answered and not kept. Others that are not taken are kept with the reason `not_ingested`, so
    /// that a wrong choice above loses nothing.
    public var ignored: Set<HJ212Command> = []
    /// For loggers that stamp a mean with the end of its interval: the length of the interval. Nil for those that
    /// follow the standard, which stamps means with the start and real-time data with the moment itself.
    public var endStampedIntervalSeconds: Int?
    /// Of the coordinates.
    public var datum = PositionDatum.wgs84
    /// Numbers that stand for none; those that are near mean the same.
    public var missing = [-9999.0, -999]

    /// - Parameter channels: by factor code; see ``channels``.
    public init(channels: [String: PayloadChannel] = [:]) { self.channels = Self.completed(channels) }

    /// Gases in the unit of the instrument under the codes of HJ 524-2009, and the weather of air stations
    /// (HJ 212-2017, appendix B), whose pressure is in kPa. Carbon monoxide is not among them: the standard has it in
    /// mg/m3 and does not say of which air.
    public static let standardChannels: [String: PayloadChannel] = [
        "a05001": PayloadChannel(.gas(.co2, unit: nil)),
        "a05002": PayloadChannel(.gas(.ch4, unit: nil)),
        "a05003": PayloadChannel(.gas(.n2o, unit: nil)),
        "a01001": PayloadChannel(.condition("t")),
        "a01002": PayloadChannel(.condition("rh")),
        "a01006": PayloadChannel(.condition("p"), scale: 10),
        "a01007": PayloadChannel(.condition("ws")),
        "a01008": PayloadChannel(.condition("wd")),
    ]

    private static func completed(_ named: [String: PayloadChannel]) -> [String: PayloadChannel] {
        var channels = named
        for (code, channel) in standardChannels where channels[code] == nil {
            let isNamed = named.values.contains { other in
                channel.meaning.gas.map { $0 == other.meaning.gas } ?? (channel.meaning == other.meaning)
            }
            if !isNamed { channels[code] = channel }
        }
        return channels
    }
}

extension HJ212Description {
    static let keys = [
        "version", "channels", "offset_hours", "password", "command", "ignored", "end_stamped_interval_s",
        "crs", "missing",
    ]

    init(_ object: ConfigurationObject) throws(ConfigurationError) {
        self.init(channels: object.has("channels") ? try readChannels("channels", of: object) : [:])
        if object.has("version") {
            let year = try object.text("version")
            guard let found = HJ212Version.allCases.first(where: { $0.year == year }) else {
                let known = HJ212Version.allCases.map(\.year).joined(separator: ", ")
                throw object.error("version", "not one of \(known)")
            }
            version = found
        }
        if object.has("offset_hours") { offsetSeconds = try readOffsetSeconds(object) }
        if object.has("password") { password = try object.text("password") }
        if object.has("command") {
            command = try Self.command(object.number("command"), "command", object)
        }
        if object.has("ignored") {
            for number in try object.numbers("ignored") {
                ignored.insert(try Self.command(number, "ignored", object))
            }
        }
        endStampedIntervalSeconds = try Self.interval(object)
        datum = try readDatum(object)
        if object.has("missing") { missing = try object.numbers("missing") }
    }

    private static func command(
        _ number: Double,
        _ key: String,
        _ object: ConfigurationObject
    ) throws(ConfigurationError) -> HJ212Command {
        guard let command = Int(exactly: number).flatMap({ HJ212Command(rawValue: $0) }) else {
            let known = HJ212Command.allCases.map { "\($0.rawValue)" }.joined(separator: ", ")
            throw object.error(key, "not one of the commands \(known)")
        }
        return command
    }

    private static func interval(_ object: ConfigurationObject) throws(ConfigurationError) -> Int? {
        guard object.has("end_stamped_interval_s") else { return nil }
        let seconds = try object.number("end_stamped_interval_s")
        guard (1...86_400).contains(seconds), let interval = Int(exactly: seconds) else {
            throw object.error("end_stamped_interval_s", "not a whole number of seconds up to a day")
        }
        return interval
    }
}
