public import Quantities

/// The metrics of an ingest run at one moment.
public struct MetricsSnapshot: Sendable {
    public struct Station: Sendable {
        public let network: String
        public let station: String
        public internal(set) var stored = 0
        public internal(set) var revised = 0
        public internal(set) var duplicated = 0
        public internal(set) var rejected = 0
        /// When it was last heard of, by our clock.
        public internal(set) var lastReceived: Instant?
        /// The latest moment it reported of.
        public internal(set) var lastObservation: Instant?
        /// Receipt minus observation, s: of the latest batch, and the largest so far.
        public internal(set) var lagSeconds: Double?
        public internal(set) var largestLagSeconds: Double?
        /// Received of what was expected in the last 24 h; nil while that is unknown.
        public internal(set) var captureRate: Double?
    }

    public internal(set) var messages = 0
    /// Mean of the last minute.
    public internal(set) var messagesPerSecond = 0.0
    public internal(set) var unacknowledged = 0
    public internal(set) var deadLetters: [String: Int] = [:]
    public internal(set) var commitSeconds = MetricsHistogram.latency
    public internal(set) var batchMessages = MetricsHistogram.batchSize
    public internal(set) var commitsRefused = 0
    public internal(set) var isLastCommitRefused = false
    public internal(set) var isConnected = false
    public internal(set) var reconnects = 0
    public internal(set) var receiptsDropped = 0
    public internal(set) var unsettledSpans = 0
    public internal(set) var storeBytes: Int64 = 0
    public internal(set) var alarmsStanding = 0
    public internal(set) var alarmsDropped = 0
    public internal(set) var started: Instant
    /// In the order of network and station.
    public internal(set) var stations: [Station] = []

    /// Connected, and the last commit went through.
    public var isReady: Bool { isConnected && !isLastCommitRefused }

    init(started: Instant) { self.started = started }
}
