import Concurrent
import Foundation
import Quantities
import Synchronization
import TestSupport
import Testing

@testable import MQTT

/// What a session said and got, with a broker that follows a script.
private struct Course {
    var events: [SessionEvent] = []
    var messages = 0
}

private func run(
    _ script: @escaping @Sendable (Int, ScriptedBroker.Peer) -> Void,
    configure: @escaping @Sendable (inout SubscriberSession) -> Void = { _ in },
    until isEnough: @escaping @Sendable (Course) -> Bool
) async throws -> Course {
    let broker = try ScriptedBroker(script)
    defer { broker.stop() }
    return try await onOwnThread(named: "subscriber") {
        var session = SubscriberSession(
            broker: BrokerAddress(host: "127.0.0.1", port: broker.port),
            clientID: "s",
            topicFilters: ["t"]
        )
        configure(&session)
        var course = Course()
        try session.runWithinLimit(
            store: { batch in
                course.messages += batch.count
                return .durable()
            },
            shouldEnd: { _ in isEnough(course) },
            note: { course.events.append($0) }
        )
        return course
    }
}

/// A message `x` to the topic `t` with identifier 1.
private func message(level: UInt8) -> [UInt8] {
    level == 5 ? [0x32, 7, 0, 1, 0x74, 0, 1, 0, 0x78] : [0x32, 6, 0, 1, 0x74, 0, 1, 0x78]
}

/// Lets a client in, delivers one message and waits for its acknowledgement.
private func serveOnce(_ peer: ScriptedBroker.Peer, level: UInt8) {
    peer.welcome(level: level)
    peer.answerSubscribe(level: level, reason: 1)
    peer.send(message(level: level))
    while let packet = peer.readPacket(), packet.kind != 0x40 {}
}

@Suite struct ScriptedBrokerTests {
    /// The three ways in which brokers for 3.1.1 meet a client with 5.
    @Test(arguments: [[0x20, 2, 0, 1], [0x20, 3, 0, 0x84, 0], []] as [[UInt8]])
    func aBrokerThatKnowsOnly311IsSpokenToInThat(refusal: [UInt8]) async throws {
        let levels = Mutex<[UInt8]>([])
        let course = try await run { _, peer in
            guard let level = peer.readConnect() else { return }
            levels.withLock { $0.append(level) }
            if level == 5 { peer.send(refusal) } else { serveOnce(peer, level: 4) }
        } until: {
            $0.messages >= 1
        }
        #expect(levels.withLock { Array($0.prefix(2)) } == [5, 4])
        #expect(course.messages == 1)
        #expect(course.events.contains { "\($0)".contains("speaks only MQTT 3.1.1") })
    }

    /// Later a connection that is closed is a broker that goes away, and no reason to speak as of old.
    @Test func aBrokerThatSpoke5IsNotTakenForAnOldOne() async throws {
        let levels = Mutex<[UInt8]>([])
        _ = try await run { number, peer in
            guard let level = peer.readConnect() else { return }
            levels.withLock { $0.append(level) }
            if number != 1 { serveOnce(peer, level: level) }
        } until: {
            $0.messages >= 2
        }
        #expect(levels.withLock { Array($0.prefix(3)) } == [5, 5, 5])
    }

    @Test func withoutSharedSubscriptionsAGroupIsRefused() async throws {
        let error = await #expect(throws: MQTTError.self) {
            _ = try await run(
                { _, peer in
                    guard let level = peer.readConnect() else { return }
                    if level == 4 { serveOnce(peer, level: 4) }
                },
                configure: { $0.sharedGroup = "ingest" },
                until: { $0.messages > 0 }
            )
        }
        #expect(error?.kind == .noSharedSubscriptions)
    }

    @Test func aRefusedSubscriptionSaysWhichAndWhy() async throws {
        let error = await #expect(throws: MQTTError.self) {
            _ = try await run { _, peer in
                guard let level = peer.readConnect() else { return }
                peer.welcome(level: level)
                peer.answerSubscribe(level: level, reason: 0x87)
            } until: { _ in
                false
            }
        }
        #expect(error?.kind == .subscriptionRefused(filter: "t", reason: "Not authorized"))
    }

    @Test func theBrokersGoodbyeIsTold() async throws {
        let course = try await run { number, peer in
            guard let level = peer.readConnect() else { return }
            guard number == 0 else { return serveOnce(peer, level: level) }
            peer.welcome(level: level)
            peer.answerSubscribe(level: level, reason: 1)
            peer.send([0xE0, 2, 0x8B, 0])
            _ = peer.readPacket()
        } until: {
            $0.messages >= 1
        }
        #expect(course.events.contains { "\($0)".contains("Server shutting down") })
    }

    @Test func whoeverIsPushedOutWaits() async throws {
        let connections = Mutex(0)
        let pushedOut = Mutex<ContinuousClock.Instant?>(nil)
        let course = try await run { _, peer in
            connections.withLock { $0 += 1 }
            guard let level = peer.readConnect() else { return }
            peer.welcome(level: level)
            peer.answerSubscribe(level: level, reason: 1)
            peer.send([0xE0, 2, 0x8E, 0])
            _ = peer.readPacket()
        } until: { course in
            guard course.events.contains(where: { if case .takenOver = $0 { true } else { false } }) else {
                return false
            }
            let now = ContinuousClock.now
            let since = pushedOut.withLock { start in
                start = start ?? now
                return start ?? now
            }
            return now - since > .seconds(2)
        }
        #expect(course.events.contains { if case .takenOver(_, "s") = $0 { true } else { false } })
        #expect(connections.withLock { $0 } == 1)
    }

    /// Mosquitto closes the socket of a client of 3.1.1 that another one pushes out, and says nothing.
    @Test func whoeverIsHungUpOnAgainAndAgainIsToldWhy() async throws {
        let connections = Mutex(0)
        let course = try await run { _, peer in
            guard let level = peer.readConnect() else { return }
            connections.withLock { $0 += 1 }
            peer.welcome(level: level)
            peer.answerSubscribe(level: level, reason: 1)
        } until: { course in
            course.events.contains { if case .hungUpAtOnce = $0 { true } else { false } }
        }
        #expect(connections.withLock { $0 } == 3)
        let words = try #require(course.events.last).description
        #expect(words.contains("3 times in a row"))
        #expect(words.contains("probably another client with the id s") && words.contains("--client-id"))
    }

    /// A broker that restarts again and again is not there in between.
    @Test func aBrokerThatComesAndGoesIsNoOtherClient() async throws {
        let course = try await run { number, peer in
            guard let level = peer.readConnect() else { return }
            guard number < 5 else { return serveOnce(peer, level: level) }
            guard number % 2 == 0 else { return }
            peer.welcome(level: level)
            peer.answerSubscribe(level: level, reason: 1)
        } until: {
            $0.messages >= 1
        }
        #expect(!course.events.contains { if case .hungUpAtOnce = $0 { true } else { false } })
    }

    /// Whoever waits for a broker does not wait for another password.
    @Test(
        arguments: [
            (5, [0x20, 3, 0, 0x86, 0]), (5, [0x20, 3, 0, 0x87, 0]), (4, [0x20, 2, 0, 4]),
            (4, [0x20, 2, 0, 5]),
        ]
            as [(UInt8, [UInt8])]
    )
    func aWrongPasswordIsNotWaitedFor(version: UInt8, answer: [UInt8]) async throws {
        let error = await #expect(throws: MQTTError.self) {
            _ = try await run(
                { _, peer in
                    guard let level = peer.readConnect() else { return }
                    peer.send(level == version ? answer : [0x20, 2, 0, 1])
                },
                configure: { $0.waitsForBroker = true },
                until: { !$0.events.isEmpty }
            )
        }
        #expect(error?.kind == .access(.credentials(user: nil)))
        #expect(error?.exitStatus == .unavailable)
        #expect(error?.line.contains("give --user and --password-file") == true)
    }

    @Test func aBrokerThatIsNotReadyIsWaitedFor() async throws {
        let course = try await run(
            { number, peer in
                guard let level = peer.readConnect() else { return }
                if number == 0 { peer.send([0x20, 3, 0, 0x88, 0]) } else { serveOnce(peer, level: level) }
            },
            configure: { $0.waitsForBroker = true },
            until: { $0.messages >= 1 }
        )
        #expect(course.events.contains { "\($0)".contains("cannot serve us now") })
    }

    /// Nothing comes, not even an answer to a ping: the connection is given up after twice the keep-alive.
    @Test func aSilentBrokerIsLeft() async throws {
        let course = try await run(
            { number, peer in
                guard let level = peer.readConnect() else { return }
                guard number == 0 else { return serveOnce(peer, level: level) }
                peer.welcome(level: level)
                peer.answerSubscribe(level: level, reason: 1)
                while peer.readPacket() != nil {}
            },
            configure: { $0.keepAliveSeconds = 5 },
            until: { $0.messages >= 1 }
        )
        #expect(course.messages == 1)
    }

    /// A broker whose window is smaller than a batch must not wait for the batch to grow old.
    @Test func aFullWindowIsStoredAtOnce() async throws {
        let course = try await run(
            { _, peer in
                guard let level = peer.readConnect() else { return }
                for _ in 0..<2 { serveOnce(peer, level: level) }
            },
            configure: {
                $0.receiveMaximum = 1
                $0.batchAge = .seconds(3600)
            },
            until: { $0.messages >= 1 }
        )
        #expect(course.messages == 1)
    }

    @Test func aBrokerThatIsDownAtTheStartCanBeWaitedFor() async throws {
        let deaf = try DeafPort()
        let failures = Mutex(0)
        try await onOwnThread(named: "subscriber") {
            var session = SubscriberSession(
                broker: BrokerAddress(host: "127.0.0.1", port: deaf.port),
                clientID: "waits",
                topicFilters: ["t"]
            )
            session.waitsForBroker = true
            try session.runWithinLimit(
                store: { _ in .durable() },
                shouldEnd: { _ in failures.withLock { $0 } >= 2 },
                note: { event in
                    if case .connectionFailed = event { failures.withLock { $0 += 1 } }
                }
            )
        }
        #expect(failures.withLock { $0 } == 2)
        withExtendedLifetime(deaf) {}
    }
}
