import Concurrent
import Foundation
import Ingest
import MQTT
import Quantities
import Synchronization
import TestSupport

/// How long a message waits for its acknowledgement at a steady 5,000 messages a second: from the moment the
/// publisher hands it over until our PUBACK has left, decoded, checked and committed with the log
/// synchronised. The time that broker and publisher take is in it.
struct AcknowledgementLatency: Race {
    let name = "acknowledgement-latency"
    private let rate = 5000
    private let seconds = 20

    /// One publisher and one subscriber keep the order, so the n-th message stored is the n-th sent.
    private final class Stamps: Sendable {
        let sent = Mutex<[ContinuousClock.Instant]>([])
        let isSubscribed = Atomic(false)
    }

    func run() async throws {
        guard PrivateBroker.program != nil else {
            print("skipped: mosquitto is not installed")
            return
        }
        let broker = try await PrivateBroker.start()
        let address = BrokerAddress(host: "127.0.0.1", port: Int32(broker.port))
        let messages = BenchmarkMessages.make(rate * seconds)
        let stamps = Stamps()
        async let latencies = receive(messages.count, from: address, stamps)
        while !stamps.isSubscribed.load(ordering: .acquiring) {
            try await Task.sleep(for: .milliseconds(10))
        }
        let duration = try await publish(messages, to: address, stamps)
        report(try await latencies, duration)
        broker.stop()
    }

    /// Sends a few messages every two milliseconds; how long it took.
    private func publish(
        _ messages: [BenchmarkMessages.Message],
        to address: BrokerAddress,
        _ stamps: Stamps
    ) async throws -> Duration {
        try await onOwnThread(named: "publisher") {
            var session = try PublisherSession(to: address, clientID: "latency-publisher", window: 4000)
            let start = ContinuousClock.now
            let step = rate / 500
            for first in stride(from: 0, to: messages.count, by: step) {
                let left = start + .microseconds(first * 1_000_000 / rate) - ContinuousClock.now
                if left > .zero { try session.idle(for: left) }
                for (topic, payload) in messages[first..<min(first + step, messages.count)] {
                    stamps.sent.withLock { $0.append(.now) }
                    try session.publish(topic: topic, payload: payload)
                }
            }
            try session.finish()
            return ContinuousClock.now - start
        }
    }

    private func receive(
        _ count: Int,
        from address: BrokerAddress,
        _ stamps: Stamps
    ) async throws -> [Duration] {
        try await onOwnThread(named: "subscriber") {
            let folder = try TemporaryFolder()
            var store = try MessageStore(
                path: folder.file("store.sqlite").path,
                networks: [BenchmarkMessages.network]
            )
            let session = SubscriberSession(
                broker: address,
                clientID: "latency",
                topicFilters: [observationTopic(network: "race", station: "+")]
            )
            var latencies: [Duration] = []
            try session.run(
                store: { try store.store($0, received: .now()) },
                // Asked right after the acknowledgements have been written.
                shouldEnd: { progress in
                    let now = ContinuousClock.now
                    stamps.sent.withLock { sent in
                        latencies += sent[latencies.count..<progress.acknowledged].map { now - $0 }
                    }
                    return latencies.count >= count
                },
                note: { _ in stamps.isSubscribed.store(true, ordering: .releasing) }
            )
            return latencies
        }
    }

    private func report(_ latencies: [Duration], _ duration: Duration) {
        let sorted = latencies.sorted()
        let seconds = duration / .seconds(1)
        print("\(sorted.count) messages in \(String(format: "%.1f", seconds)) s")
        for (label, share) in [("p50", 0.5), ("p99", 0.99), ("max", 1)] {
            let index = min(sorted.count - 1, Int(Double(sorted.count) * share))
            print("\(label) \(String(format: "%.1f", sorted[index] / .milliseconds(1))) ms")
        }
    }
}
