public import Geo
import Quantities

/// How the HJ 212 frames of a logger are to be read: the payload format `hj212`.
public struct HJ212Description: Equatable, Sendable {
    /// The editions of the standard, by year.
    public static let versions = ["2005", "2017", "2025"]
    /// The commands (`CN`) that carry measurements: real time, day, minute, hour.
    public static let measuringCommands = [2011, 2031, 2051, 2061]

    /// Nil takes the edition from each frame.
    public let version: String?
    /// By factor code, without the ending.
    public let channels: [String: PayloadChannel]
    /// Of the clock of the logger, east of Greenwich; Beijing time where none is declared.
    public let offsetSeconds: Int
    /// Frames with another one are refused; nil takes any.
    public let password: String?
    /// Which frames become readings.
    public let command: Int
    /// Frames that are answered and not kept.
    public let ignored: [Int]
    /// For loggers that stamp a mean with the end of its interval: the length of the interval.
    public let endStampedIntervalSeconds: Int?
    public let datum: PositionDatum
}

extension HJ212Description {
    static let keys = [
        "version", "channels", "offset_hours", "password", "command", "ignored", "end_stamped_interval_s",
        "crs",
    ]

    init(_ object: ConfigurationObject) throws(ConfigurationError) {
        version = object.has("version") ? try object.text("version") : nil
        guard version.map(Self.versions.contains) ?? true else {
            throw object.error("version", "not one of \(Self.versions.joined(separator: ", "))")
        }
        channels = try readChannels("channels", of: object)
        offsetSeconds = object.has("offset_hours") ? try readOffsetSeconds(object) : 8 * 3600
        password = object.has("password") ? try object.text("password") : nil
        command = object.has("command") ? try Self.command(object.number("command"), "command", object) : 2011
        var ignored: [Int] = []
        if object.has("ignored") {
            for number in try object.numbers("ignored") {
                ignored.append(try Self.command(number, "ignored", object))
            }
        }
        self.ignored = ignored
        endStampedIntervalSeconds = try Self.interval(object)
        datum = try readDatum(object)
    }

    private static func command(
        _ number: Double,
        _ key: String,
        _ object: ConfigurationObject
    ) throws(ConfigurationError) -> Int {
        guard let command = Int(exactly: number), measuringCommands.contains(command) else {
            let known = measuringCommands.map { "\($0)" }.joined(separator: ", ")
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
