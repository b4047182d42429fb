import Archive
import Observations
import Quantities

/// A station and its network.
struct StationName: Hashable {
    let network: String
    let station: String
}

/// What a batch brought; it counts once the batch is durable, and not at all when that fails.
struct BatchTally {
    private(set) var summary: IngestSummary
    private(set) var metrics: MetricsBatch
    /// For the alarms, in the order of their arrival.
    private(set) var newReadings: [StationName: [Reading]] = [:]
    /// Stations that sent nothing new.
    private(set) var heard: Set<StationName> = []

    init(summary: IngestSummary, received: Instant) {
        self.summary = summary
        metrics = MetricsBatch(received: received)
    }

    mutating func countMessage() {
        summary.messages += 1
        metrics.countMessage()
    }

    mutating func count(_ outcome: StoreOutcome, _ reading: Reading, _ name: StationName) {
        summary.count(outcome, reading.flag, "\(name.network)/\(name.station)")
        metrics.count(outcome, time: reading.time, network: name.network, station: name.station)
        if outcome == .duplicated {
            heard.insert(name)
        } else {
            newReadings[name, default: []].append(reading)
        }
    }

    mutating func countWeather(_ outcome: StoreOutcome, _ time: Instant, _ name: StationName) {
        summary.countWeather(outcome)
        metrics.count(outcome, time: time, network: name.network, station: name.station)
        heard.insert(name)
    }

    mutating func count(_ rejection: Rejection, _ name: StationName) {
        let isOurs = !name.station.isEmpty
        summary.count(rejection, isOurs ? "\(name.network)/\(name.station)" : nil)
        metrics.countDeadLetter(
            reason: rejection.reason,
            network: isOurs ? name.network : nil,
            station: isOurs ? name.station : nil
        )
        if isOurs { heard.insert(name) }
    }
}
