public import Archive
public import Quantities

/// What one batch adds to the metrics of a run. It is counted while the batch is written, without any lock, and
/// handed to ``IngestMetrics`` once the batch is durable, or thrown away with it.
public struct MetricsBatch: Sendable {
    /// One station of one network.
    struct Key: Hashable, Sendable {
        let network: String
        let station: String
    }

    /// What the batch brought of a station.
    struct Arrival: Sendable {
        var stored = 0
        var revised = 0
        var duplicated = 0
        var rejected = 0
        var latestObservation: Instant?
        /// Of what is new.
        var times: [Instant] = []
    }

    public let received: Instant
    public internal(set) var messages = 0
    var arrivals: [Key: Arrival] = [:]
    var deadLetters: [String: Int] = [:]

    /// - Parameter received: when the batch came.
    public init(received: Instant) { self.received = received }

    public mutating func countMessage() { messages += 1 }

    public mutating func count(_ outcome: StoreOutcome, time: Instant, network: String, station: String) {
        var arrival = arrivals[Key(network: network, station: station), default: Arrival()]
        arrival.count(outcome, time)
        arrivals[Key(network: network, station: station)] = arrival
    }

    /// - Parameter station: nil for what belongs to no known station.
    public mutating func countDeadLetter(reason: String, network: String? = nil, station: String? = nil) {
        deadLetters[reason, default: 0] += 1
        guard let network, let station else { return }
        arrivals[Key(network: network, station: station), default: Arrival()].rejected += 1
    }
}

extension MetricsBatch.Arrival {
    /// Counts an observation of a moment.
    mutating func count(_ outcome: StoreOutcome, _ time: Instant) {
        switch outcome {
        case .stored:
            stored += 1
            if times.last != time { times.append(time) }
        case .revised: revised += 1
        case .duplicated: duplicated += 1
        }
        latestObservation = max(latestObservation ?? time, time)
    }
}
