import Archive
import Observations
import Quantities

/// A station and its network.
struct StationName: Hashable {
    let network: String
    let station: String
}

/// What a batch brought; it counts once the batch is durable, and not at all when that fails.
///
/// Kept by station, so that a reading costs no look-up of names.
struct BatchTally {
    /// What the batch brought of one station.
    struct Part {
        let name: StationName
        var counts = IngestSummary.Station()
        var arrival = MetricsBatch.Arrival()
        /// For the alarms, in the order of their arrival.
        var newReadings: [Reading] = []
    }

    private let received: Instant
    /// Whether anybody wants the readings themselves.
    private let keepsReadings: Bool
    private(set) var parts: [Part] = []
    private var places: [StationHandle: Int] = [:]
    private var messages = 0
    private var weather = 0
    private var reasons: [String: Int] = [:]
    /// What belongs to no station.
    private var strays = IngestSummary.Station()

    init(received: Instant, keepsReadings: Bool) {
        self.received = received
        self.keepsReadings = keepsReadings
    }

    mutating func countMessage() { messages += 1 }

    /// The place of a station among the parts.
    mutating func place(of station: StationHandle, network: String, id: String) -> Int {
        if let place = places[station] { return place }
        parts.append(Part(name: StationName(network: network, station: id)))
        places[station] = parts.count - 1
        return parts.count - 1
    }

    mutating func count(_ outcome: StoreOutcome, _ reading: Reading, at place: Int) {
        parts[place].counts.count(outcome, reading.flag)
        parts[place].arrival.count(outcome, reading.time)
        if keepsReadings, outcome != .duplicated { parts[place].newReadings.append(reading) }
    }

    mutating func countWeather(_ outcome: StoreOutcome, _ time: Instant, at place: Int) {
        if outcome != .duplicated { weather += 1 }
        parts[place].arrival.count(outcome, time)
    }

    /// - Parameters:
    ///   - outcome: `duplicated` when the same had been refused before.
    ///   - place: nil for what belongs to no station.
    mutating func count(_ rejection: Rejection, _ outcome: StoreOutcome, at place: Int?) {
        guard outcome != .duplicated else {
            if let place { parts[place].counts.duplicated += 1 } else { strays.duplicated += 1 }
            return
        }
        reasons[rejection.reason, default: 0] += 1
        guard let place else {
            strays.rejected += 1
            return
        }
        parts[place].counts.rejected += 1
        parts[place].arrival.rejected += 1
    }

    /// Adds the batch, which has become durable.
    func add(to summary: inout IngestSummary) {
        summary.messages += messages
        summary.weather += weather
        summary.addStrays(strays)
        summary.rejectedByReason.merge(reasons, uniquingKeysWith: +)
        for part in parts {
            summary.add(part.counts)
            let name = "\(part.name.network)/\(part.name.station)"
            summary.stations[name, default: IngestSummary.Station()].add(part.counts)
        }
    }

    var metrics: MetricsBatch {
        var batch = MetricsBatch(received: received)
        batch.messages = messages
        batch.deadLetters = reasons
        for part in parts {
            let key = MetricsBatch.Key(network: part.name.network, station: part.name.station)
            batch.arrivals[key] = part.arrival
        }
        return batch
    }
}
