import Concurrent
import Foundation
import Quantities
import TestSupport
import Testing

@testable import MQTT

private func address(_ broker: PrivateBroker) -> BrokerAddress {
    BrokerAddress(host: "127.0.0.1", port: Int32(broker.port))
}

private func text(_ batch: MessageBatch, _ index: Int) -> String {
    String(decoding: batch.bytes[batch.payload(index)], as: UTF8.self)
}

/// Opens the session of a client at the broker, so that it keeps what comes.
private func open(_ session: SubscriberSession) throws {
    try session.runWithinLimit(store: { _ in .durable() }, shouldEnd: { _ in true })
}

private func publish(_ count: Int, topic: String = "numbers", to broker: BrokerAddress) throws {
    var session = try PublisherSession(to: broker, clientID: "publisher")
    for number in 0..<count { try session.publish(topic: topic, payload: Array("\(number)".utf8)) }
    try session.finish()
}

/// Everything that is waiting for a client.
/// - Parameter count: how many there must be; where unknown, a pause of the broker is the end.
private func drain(_ session: SubscriberSession, count: Int? = nil) throws -> [String] {
    var found: [String] = []
    try session.runWithinLimit(
        store: { batch in
            found += (0..<batch.count).map { text(batch, $0) }
            return .durable()
        },
        shouldEnd: { progress in
            count.map { found.count >= $0 } ?? (progress.idle > .seconds(3))
        }
    )
    return found
}

@Suite(.enabled(if: PrivateBroker.program != nil))
struct PublicationTests {
    @Test func receiptsFollowTheCommit() async throws {
        let running = try await PrivateBroker.start()
        let broker = address(running)
        let receipts = try await onOwnThread(named: "receipts") {
            var session = SubscriberSession(broker: broker, clientID: "s", topicFilters: ["numbers"])
            session.receiveMaximum = 500
            let logger = SubscriberSession(broker: broker, clientID: "l", topicFilters: ["receipt"])
            try open(session)
            try open(logger)
            try publish(2000, to: broker)
            var (stored, refusals, offered) = (0, 0, 0)
            var final = PublicationCounts()
            try session.runWithinLimit(
                store: { batch in
                    // What a refused batch would have said must not be heard.
                    if stored >= 1000, refusals == 0 {
                        refusals = 1
                        return .refused(BrokerFailure(reason: "disk full"))
                    }
                    stored += batch.count
                    offered += 1
                    return .durable(publishing: [
                        Publication(topic: "receipt", payload: Array("\(stored)".utf8))
                    ])
                },
                shouldEnd: { progress in
                    final = progress.publications
                    return stored >= 2000 && final.acknowledged + final.dropped == offered
                }
            )
            #expect(final.refused == 0 && refusals == 1)
            let receipts = try drain(logger).compactMap(Int.init)
            // More than 2000 when acknowledgements were lost with the connection that was given up.
            #expect(receipts.last == stored)
            return receipts
        }
        #expect(receipts == receipts.sorted() && Set(receipts).count == receipts.count)
        running.stop()
    }

    @Test func whatIsBetweenBatchesLeavesToo() async throws {
        let running = try await PrivateBroker.start()
        let broker = address(running)
        let alarms = try await onOwnThread(named: "alarms") {
            let session = SubscriberSession(broker: broker, clientID: "s", topicFilters: ["numbers"])
            let listener = SubscriberSession(broker: broker, clientID: "l", topicFilters: ["alarm"])
            var hasRaised = false
            try session.runWithinLimit(
                store: { _ in .durable() },
                publications: {
                    defer { hasRaised = true }
                    return hasRaised ? [] : [Publication(topic: "alarm", payload: [0x21], isRetained: true)]
                },
                shouldEnd: { $0.publications.acknowledged == 1 }
            )
            // Retained: who comes later hears of it.
            return try drain(listener)
        }
        #expect(alarms == ["!"])
        running.stop()
    }

    /// A broker that takes nothing over, or a flood of our own, must not hold up reading.
    @Test func tooManyAreDroppedAndCounted() async throws {
        let running = try await PrivateBroker.start()
        let broker = address(running)
        try await onOwnThread(named: "flood") {
            var session = SubscriberSession(broker: broker, clientID: "s", topicFilters: ["numbers"])
            session.publicationLimit = 10
            try open(session)
            try publish(1, to: broker)
            var events: [String] = []
            var counts = PublicationCounts()
            try session.runWithinLimit(
                store: { _ in
                    .durable(publishing: (0..<25).map { Publication(topic: "r", payload: [UInt8($0)]) })
                },
                shouldEnd: {
                    counts = $0.publications
                    return counts.acknowledged >= 10
                },
                note: { events.append("\($0)") }
            )
            #expect(counts.acknowledged == 10 && counts.dropped == 15)
            #expect(events.contains("15 messages of our own not sent (too many are under way)"))
        }
        running.stop()
    }

    @Test func aTopicThatIsNoneDoesNotEndTheSession() async throws {
        let running = try await PrivateBroker.start()
        let broker = address(running)
        try await onOwnThread(named: "topic") {
            let session = SubscriberSession(broker: broker, clientID: "s", topicFilters: ["numbers"])
            var dropped = 0
            try session.runWithinLimit(
                store: { _ in .durable() },
                publications: { [Publication(topic: "a/#", payload: [])] },
                shouldEnd: {
                    dropped = $0.publications.dropped
                    return dropped > 0
                }
            )
            #expect(dropped > 0)
        }
        running.stop()
    }

    @Test func whatIsTooLargeForTheBrokerIsAnErrorOfThePublisher() async throws {
        let running = try await PrivateBroker.start(extraConfiguration: "max_packet_size 1000")
        let broker = address(running)
        let error = await #expect(throws: MQTTError.self) {
            try await onOwnThread(named: "large") {
                var session = try PublisherSession(to: broker, clientID: "p")
                try session.publish(topic: "t", payload: [UInt8](repeating: 0, count: 2000))
                try session.finish()
            }
        }
        #expect(error?.line.contains("t:") == true)
        running.stop()
    }

    /// Two ingesters, one of them cut off in the middle of a batch and back later.
    @Test func aGroupSharesAStreamAndLosesNothing() async throws {
        let running = try await PrivateBroker.start()
        let broker = address(running)
        let (first, second) = try await onOwnThread(named: "group") {
            let members = ["a", "b"].map { name in
                var session = SubscriberSession(broker: broker, clientID: name, topicFilters: ["numbers"])
                session.sharedGroup = "ingest"
                return session
            }
            for member in members { try open(member) }
            try publish(2000, to: broker)
            #expect(throws: BrokerFailure.self) {
                try members[0].runWithinLimit(
                    store: { _ in throw BrokerFailure(reason: "killed") },
                    shouldEnd: { _ in false }
                )
            }
            let second = try drain(members[1])
            return (try drain(members[0]), second)
        }
        #expect(first.count > 500 && second.count > 500)
        #expect((first + second).compactMap(Int.init).sorted() == Array(0..<2000))
        running.stop()
    }

    /// The settings of `deploy/mosquitto.conf`: what the broker has taken over survives its restart.
    @Test func theBrokersRestartLosesNothing() async throws {
        let folder = try TemporaryFolder()
        let text = try String(contentsOf: Places.deploy.appending(path: "mosquitto.conf"), encoding: .utf8)
            .replacing("/var/lib/mosquitto/", with: folder.url.path + "/")
        let port = try freePort()
        let configuration = text.replacing("listener 1883", with: "listener \(port)")
        let first = try await PrivateBroker.start(port: port, configuration: configuration)
        let session = SubscriberSession(broker: address(first), clientID: "s", topicFilters: ["numbers"])
        try await onOwnThread(named: "before") {
            try open(session)
            try publish(5000, to: session.broker)
        }
        first.stop()
        let second = try await PrivateBroker.start(port: port, configuration: configuration)
        let found = try await onOwnThread(named: "after") { try drain(session, count: 5000) }
        #expect(found.compactMap(Int.init) == Array(0..<5000))
        second.stop()
    }
}
