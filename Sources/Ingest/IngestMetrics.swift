public import Observations
public import Quantities
import Synchronization

/// The metrics of a running ingest. Written by the threads that ingest, once a batch; read by whoever asks.
public final class IngestMetrics: Sendable {
    fileprivate struct State {
        var snapshot: MetricsSnapshot
        var stations: [MetricsBatch.Key: MetricsSnapshot.Station] = [:]
        var captures: [MetricsBatch.Key: CaptureWindow] = [:]
        var rate = MessageRate()
    }

    private static let captureSeconds = 86_400.0
    private let state: Mutex<State>

    /// The stations of the networks appear from the start; others, which are not ours, never do.
    public init(networks: [Network], started: Instant = .now()) {
        var state = State(snapshot: MetricsSnapshot(started: started))
        for network in networks {
            for station in network.stations {
                let key = MetricsBatch.Key(network: network.id, station: station.id)
                state.stations[key] = .init(network: network.id, station: station.id)
                state.captures[key] = CaptureWindow(seconds: Self.captureSeconds)
            }
        }
        self.state = Mutex(state)
    }

    /// Adds a batch that is durable.
    /// - Parameter commit: from the opening of its transaction until it was on disk.
    public func committed(_ batch: MetricsBatch, commit: Duration) {
        state.withLock { state in
            state.snapshot.messages += batch.messages
            state.snapshot.commitSeconds.add(commit / .seconds(1))
            state.snapshot.batchMessages.add(Double(batch.messages))
            state.snapshot.isLastCommitRefused = false
            state.snapshot.deadLetters.merge(batch.deadLetters, uniquingKeysWith: +)
            state.rate.add(batch.messages, at: batch.received)
            for (key, arrival) in batch.arrivals { state.add(arrival, of: key, received: batch.received) }
        }
    }

    /// A batch that could not be made durable; nothing of it was acknowledged.
    public func refused() {
        state.withLock { state in
            state.snapshot.commitsRefused += 1
            state.snapshot.isLastCommitRefused = true
        }
    }

    /// Every connection after the first counts as another.
    public func connected(again: Bool) {
        state.withLock { state in
            state.snapshot.isConnected = true
            if again { state.snapshot.reconnects += 1 }
        }
    }

    public func disconnected() { state.withLock { $0.snapshot.isConnected = false } }
    public func setUnacknowledged(_ count: Int) { state.withLock { $0.snapshot.unacknowledged = count } }
    public func setUnsettledSpans(_ count: Int) { state.withLock { $0.snapshot.unsettledSpans = count } }
    public func setStoreBytes(_ bytes: Int64) { state.withLock { $0.snapshot.storeBytes = bytes } }
    public func setAlarmsStanding(_ count: Int) { state.withLock { $0.snapshot.alarmsStanding = count } }
    public func setAlarmsDropped(_ count: Int) { state.withLock { $0.snapshot.alarmsDropped = count } }
    public func receiptDropped() { state.withLock { $0.snapshot.receiptsDropped += 1 } }

    /// Everything as it is now.
    public func snapshot(at now: Instant = .now()) -> MetricsSnapshot {
        state.withLock { state in
            var snapshot = state.snapshot
            snapshot.messagesPerSecond = state.rate.perSecond(at: now, started: snapshot.started)
            snapshot.stations = state.stations.map { key, station in
                var station = station
                station.captureRate = state.captures[key]?.rate(at: now)
                return station
            }
            snapshot.stations.sort { ($0.network, $0.station) < ($1.network, $1.station) }
            return snapshot
        }
    }
}

extension IngestMetrics.State {
    fileprivate mutating func add(
        _ arrival: MetricsBatch.Arrival,
        of key: MetricsBatch.Key,
        received: Instant
    ) {
        guard var station = stations[key] else { return }
        station.stored += arrival.stored
        station.revised += arrival.revised
        station.duplicated += arrival.duplicated
        station.rejected += arrival.rejected
        station.lastReceived = received
        if let time = arrival.latestObservation {
            station.lastObservation = max(station.lastObservation ?? time, time)
            let lag = received.seconds(since: time)
            station.lagSeconds = lag
            station.largestLagSeconds = max(station.largestLagSeconds ?? lag, lag)
        }
        stations[key] = station
        for time in arrival.times { captures[key]?.add(time) }
    }
}

/// Messages of the last minute, by the second.
private struct MessageRate {
    private var counts = [Int](repeating: 0, count: 60)
    private var seconds = [Int64](repeating: .min, count: 60)

    mutating func add(_ count: Int, at time: Instant) {
        let second = time.microseconds / 1_000_000
        let place = Int(((second % 60) + 60) % 60)
        if seconds[place] != second { (seconds[place], counts[place]) = (second, 0) }
        counts[place] += count
    }

    func perSecond(at now: Instant, started: Instant) -> Double {
        let second = now.microseconds / 1_000_000
        let range = (second - 59)...second
        let total = zip(seconds, counts).reduce(0) { range.contains($1.0) ? $0 + $1.1 : $0 }
        return Double(total) / min(60, max(1, now.seconds(since: started)))
    }
}
