/// A message of our own, sent with QoS 1.
public struct Publication: Equatable, Sendable {
    public let topic: String
    public let payload: [UInt8]
    /// Whether the broker keeps it for those who subscribe later.
    public let isRetained: Bool

    public init(topic: String, payload: [UInt8], isRetained: Bool = false) {
        self.topic = topic
        self.payload = payload
        self.isRetained = isRetained
    }
}

/// What became of our own messages.
public struct PublicationCounts: Equatable, Sendable {
    /// Taken over by the broker.
    public internal(set) var acknowledged = 0
    /// Refused by the broker, by its access rules for instance.
    public internal(set) var refused = 0
    /// Not sent because too many were under way, or lost with a connection before the broker took them over.
    public internal(set) var dropped = 0
}
