public import Quantities

/// An alarm that was raised or cleared.
public struct AlarmEvent: Codable, Equatable, Sendable {
    public enum Change: String, Codable, Sendable {
        case raised
        case cleared
    }

    public let change: Change
    public let alarm: Alarm
    /// The moment of the change: of the observation for a threshold, of our clock otherwise.
    public let time: Instant
    /// What led to it: ppm, seconds of silence, or the share captured; nil when the rule is gone.
    public let value: Double?

    enum CodingKeys: String, CodingKey {
        case change = "state"
        case alarm, time, value
    }
}

/// Something an operator should look at, from when it began until it is over.
public struct Alarm: Codable, Equatable, Sendable {
    public let kind: AlarmRule.Kind
    public let network: String
    public let station: String
    /// Of a threshold only.
    public let gas: Gas?
    /// What was crossed: ppm, seconds or a share.
    public let limit: Double
    /// When what it is about began: the first reading above, the last message.
    public let since: Instant
}
