import Quantities

/// What an ``AlarmMonitor`` must know after a restart, so that nothing is raised or cleared twice.
public struct AlarmMemory: Codable, Equatable, Sendable {
    /// Standing alarms by the rule and station they are of.
    var standing: [String: Alarm] = [:]
    /// By station, when it was last heard of.
    var lastReceived: [String: Instant] = [:]
    /// Latest observation by rule and station, before which nothing counts any more.
    var latest: [String: Instant] = [:]

    public init() {}
}
