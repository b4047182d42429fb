import Concurrent
import Foundation
import MQTT
import Quantities
import Synchronization
import TestSupport
import Testing

private struct Trouble: Error, Sendable {}

/// Publishes numbered messages `first...last`.
private func publish(_ numbers: ClosedRange<Int>, to broker: BrokerAddress) async throws {
    try await onOwnThread(named: "publisher") {
        var session = try PublisherSession(to: broker, clientID: "publisher-\(numbers.lowerBound)")
        for number in numbers { try session.publish(topic: "numbers", payload: Array("\(number)".utf8)) }
        try session.finish()
        #expect(session.sent == numbers.count && session.acknowledged == numbers.count)
    }
}

/// Runs a subscriber until it has `count` messages, or was idle for as long as given.
private func receive(
    from broker: BrokerAddress,
    count: Int = .max,
    idle: Duration? = nil,
    store: @escaping @Sendable ([Int]) throws -> BatchOutcome
) async throws {
    try await onOwnThread(named: "subscriber") {
        let session = SubscriberSession(broker: broker, clientID: "subscriber", topicFilters: ["numbers"])
        try session.runWithinLimit(
            store: { batch in
                let numbers = (0..<batch.count).map { index in
                    Int(String(decoding: batch.bytes[batch.payload(index)], as: UTF8.self)) ?? -1
                }
                return try store(numbers)
            },
            shouldEnd: { status in status.acknowledged >= count || idle.map { status.idle > $0 } ?? false }
        )
    }
}

@Suite(.enabled(if: PrivateBroker.program != nil))
struct SessionTests {
    @Test func messagesArriveInOrderAndOnce() async throws {
        let running = try await PrivateBroker.start()
        let broker = try #require(BrokerAddress(running.url))
        let kept = Mutex<[Int]>([])
        try await receive(from: broker, idle: .milliseconds(1)) { _ in .durable() }  // opens the session
        try await publish(1...3000, to: broker)
        try await receive(from: broker, count: 3000) { numbers in
            kept.withLock { $0 += numbers }
            return .durable()
        }
        #expect(kept.withLock { $0 } == Array(1...3000))
        running.stop()
    }

    /// The heart of it: what was not stored is not acknowledged and comes again.
    @Test func aRefusedBatchIsDeliveredAgain() async throws {
        let running = try await PrivateBroker.start()
        let broker = try #require(BrokerAddress(running.url))
        try await receive(from: broker, idle: .milliseconds(1)) { _ in .durable() }
        try await publish(1...1200, to: broker)
        let kept = Mutex<(numbers: [Int], batches: Int)>(([], 0))
        try await receive(from: broker, count: 1200) { numbers in
            kept.withLock { kept in
                kept.batches += 1
                if kept.batches == 2 { return .refused(Trouble()) }
                kept.numbers += numbers
                return .durable()
            }
        }
        #expect(kept.withLock { $0.numbers } == Array(1...1200))
        running.stop()
    }

    @Test func anErrorWhileStoringEndsTheSessionWithoutAcknowledging() async throws {
        let running = try await PrivateBroker.start()
        let broker = try #require(BrokerAddress(running.url))
        try await receive(from: broker, idle: .milliseconds(1)) { _ in .durable() }
        try await publish(1...700, to: broker)
        await #expect(throws: Trouble.self) {
            try await receive(from: broker) { _ in throw Trouble() }
        }
        let kept = Mutex<[Int]>([])
        try await receive(from: broker, count: 700) { numbers in
            kept.withLock { $0 += numbers }
            return .durable()
        }
        #expect(kept.withLock { $0 } == Array(1...700))
        running.stop()
    }

    @Test func aSessionGivesUpAfterTooManyRefusals() async throws {
        let running = try await PrivateBroker.start()
        let broker = try #require(BrokerAddress(running.url))
        try await receive(from: broker, idle: .milliseconds(1)) { _ in .durable() }
        try await publish(1...3, to: broker)
        let attempts = Mutex(0)
        await #expect(throws: Trouble.self) {
            try await onOwnThread(named: "subscriber") {
                var session = SubscriberSession(
                    broker: broker,
                    clientID: "subscriber",
                    topicFilters: ["numbers"]
                )
                session.refusalLimit = 2
                try session.runWithinLimit(
                    store: { _ in
                        attempts.withLock { $0 += 1 }
                        return .refused(Trouble())
                    },
                    shouldEnd: { _ in false }
                )
            }
        }
        #expect(attempts.withLock { $0 } == 2)
        running.stop()
    }

    /// Whoever ends a run that is idle must not end it because storing took long.
    @Test func storingIsNotIdleness() async throws {
        let running = try await PrivateBroker.start()
        let broker = try #require(BrokerAddress(running.url))
        try await receive(from: broker, idle: .milliseconds(1)) { _ in .durable() }
        try await publish(1...1, to: broker)
        let idle = try await onOwnThread(named: "subscriber") {
            let session = SubscriberSession(broker: broker, clientID: "subscriber", topicFilters: ["numbers"])
            var idle: Duration?
            try session.runWithinLimit(
                store: { _ in
                    Thread.sleep(forTimeInterval: 3)
                    return .durable()
                },
                shouldEnd: { progress in
                    if progress.acknowledged == 1 { idle = progress.idle }
                    return idle != nil
                }
            )
            return try #require(idle)
        }
        #expect(idle < .seconds(3))
        running.stop()
    }

    @Test func aBrokerThatComesBackIsFoundAgain() async throws {
        let first = try await PrivateBroker.start()
        let broker = try #require(BrokerAddress(first.url))
        let kept = Counter()
        let subscriptions = Counter()
        async let receiving: Void = onOwnThread(named: "subscriber") {
            let session = SubscriberSession(broker: broker, clientID: "returns", topicFilters: ["numbers"])
            try session.runWithinLimit(
                store: { batch in
                    kept.add(batch.count)
                    return .durable()
                },
                shouldEnd: { $0.acknowledged >= 20 },
                note: { event in
                    if case .subscribed = event { subscriptions.add(1) }
                }
            )
        }
        try await subscriptions.wait(until: 1)
        try await publish(1...10, to: broker)
        // This broker keeps nothing on disk: what it has not delivered goes with it.
        try await kept.wait(until: 10)
        first.stop()
        let second = try await PrivateBroker.start(port: first.port)
        try await subscriptions.wait(until: 2)
        try await publish(11...20, to: broker)
        try await receiving
        #expect(kept.value == 20)
        second.stop()
    }

    @Test func anAbsentBrokerIsATypedError() async throws {
        let deaf = try DeafPort()
        let broker = BrokerAddress(host: "127.0.0.1", port: deaf.port)
        let error = await #expect(throws: MQTTError.self) {
            try await receive(from: broker) { _ in .durable() }
        }
        #expect(error?.exitStatus == .unavailable)
        #expect(error?.line.contains("mqtt://127.0.0.1:\(deaf.port)") == true)
        await #expect(throws: MQTTError.self) { try await publish(1...1, to: broker) }
    }

    @Test func aBrokerThatForbidsIsATypedError() async throws {
        let running = try await PrivateBroker.start(extraConfiguration: "allow_anonymous false")
        let broker = try #require(BrokerAddress(running.url))
        let error = await #expect(throws: MQTTError.self) { try await publish(1...1, to: broker) }
        #expect(error?.kind == .access(.credentials(user: nil)))
        running.stop()
    }

    @Test func aBrokerThatGoesAwayInterruptsThePublisher() async throws {
        let running = try await PrivateBroker.start()
        let broker = try #require(BrokerAddress(running.url))
        let error = await #expect(throws: MQTTError.self) {
            try await onOwnThread(named: "publisher") {
                var session = try PublisherSession(to: broker, clientID: "p", window: 10)
                try session.publish(topic: "numbers", payload: [49])
                running.stop()
                for _ in 0..<100 { try session.publish(topic: "numbers", payload: [50]) }
                try session.finish()
            }
        }
        guard case .interrupted = error?.kind else {
            Issue.record("expected an interruption, got \(String(describing: error))")
            return
        }
    }
}
