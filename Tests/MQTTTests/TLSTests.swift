import Concurrent
import Foundation
import Quantities
import Synchronization
import TestSupport
import Testing

@testable import MQTT

/// Publishes one message and says what stood against it.
private func problem(
    at port: Int,
    host: String = "localhost",
    topic: String = "co2/v1/n/L1/obs",
    _ access: BrokerAccess
) async throws -> MQTTError? {
    let broker = BrokerAddress(host: host, port: Int32(port), usesTLS: true)
    return try await onOwnThread(named: "publisher") {
        do {
            var session = try PublisherSession(to: broker, access: access, clientID: "tls-\(UUID())")
            try session.publish(topic: topic, payload: [1])
            try session.finish()
            return nil
        } catch let error as MQTTError {
            return error
        }
    }
}

@Suite(.enabled(if: Site.canBeMade))
struct TLSTests {
    @Test func whoeverHasACertificateOfTheSiteIsLetIn() async throws {
        let site = try await Site()
        try await site.make("broker", "localhost", "127.0.0.1")
        try await site.make("client", "L1")
        let (broker, port, _) = try await site.startBroker()
        #expect(try await problem(at: port, site.access("L1")) == nil)
        #expect(try await problem(at: port, host: "127.0.0.1", site.access("L1")) == nil)
        broker.stop()
    }

    @Test func whoeverHasNoneOfTheSiteIsNot() async throws {
        let site = try await Site()
        let other = try await Site()
        try await site.make("broker", "localhost")
        try await site.make("client", "L1")
        try await other.make("client", "L1")
        let (broker, port, _) = try await site.startBroker()
        let none = try await problem(at: port, site.access(nil))
        #expect(none?.kind == .access(.certificateDemanded))
        #expect(none?.line.contains("--certificate and --key") == true)
        var stranger = other.access("L1")
        stranger.authorityPath = site.path("ca.pem")
        guard case .access(.certificateRefused) = try await problem(at: port, stranger)?.kind else {
            Issue.record("a certificate of another authority was not refused as such")
            return
        }
        var mixed = site.access("L1")
        mixed.keyPath = other.path("L1.key")
        #expect(try await problem(at: port, mixed)?.kind == .access(.keyDoesNotFit))
        broker.stop()
    }

    @Test func aBrokerThatCannotBeTrustedIsNot() async throws {
        let site = try await Site()
        let other = try await Site()
        try await site.make("broker", "broker.example")
        try await site.make("client", "L1")
        let (broker, port, _) = try await site.startBroker()
        var access = site.access("L1")
        #expect(try await problem(at: port, access)?.kind == .access(.wrongHost("localhost")))
        access.authorityPath = other.path("ca.pem")
        let untrusted = try await problem(at: port, access)
        guard case .access(.notTrusted(let reason)) = untrusted?.kind else {
            Issue.record("\(String(describing: untrusted))")
            return
        }
        #expect(reason != "certificate verify failed")
        #expect(untrusted?.line.contains("--ca") == true)
        access.authorityPath = nil
        guard case .access(.notTrusted) = try await problem(at: port, access)?.kind else {
            Issue.record("the authorities of the system vouch for a site of our own")
            return
        }
        broker.stop()
    }

    @Test func anExpiredCertificateIsCalledThat() async throws {
        let site = try await Site()
        try await site.make("broker", "localhost", days: -1)
        try await site.make("client", "L1")
        let (broker, port, _) = try await site.startBroker()
        let error = try await problem(at: port, site.access("L1"))
        #expect(error?.kind == .access(.notTrusted("certificate has expired")))
        #expect(error?.remedy.contains("renew") == true)
        broker.stop()
    }

    @Test func passwordsAreCheckedAndNeverShown() async throws {
        let site = try await Site()
        try await site.make("broker", "localhost")
        let (broker, _, port) = try await site.startBroker()
        var access = site.access(nil)
        #expect(try await problem(at: port, access)?.kind == .access(.credentials(user: nil)))
        access.user = "L2"
        access.password = Password("wrong horse")
        let error = try await problem(at: port, access)
        #expect(error?.kind == .access(.credentials(user: "L2")))
        #expect(error?.line.contains("horse") == false)
        access.password = Password("correct horse")
        #expect(try await problem(at: port, topic: "co2/v1/n/L2/obs", access) == nil)
        broker.stop()
    }

    /// The rules of `deploy/mosquitto.acl`.
    @Test func aLoggerWritesOnlyItsOwn() async throws {
        let site = try await Site()
        try await site.make("broker", "localhost")
        for user in ["L1", "crosswind-ingest"] { try await site.make("client", user) }
        let (broker, port, _) = try await site.startBroker()
        let logger = site.access("L1")
        let ingester = site.access("crosswind-ingest")
        let refused = MQTTError.Kind.publicationRefused(count: 1, reason: "Not authorized")
        for topic in ["co2/v1/n/L2/obs", "co2/v1/n/L1/receipt", "elsewhere", "co2/v1/n/L1/obs/more"] {
            #expect(try await problem(at: port, topic: topic, logger)?.kind == refused, "\(topic)")
        }
        #expect(try await problem(at: port, topic: "co2/v1/n/L1/status", logger) == nil)
        #expect(try await problem(at: port, topic: "co2/v1/n/L1/receipt", ingester) == nil)
        #expect(try await problem(at: port, topic: "co2/v1/n/L1/obs", ingester)?.kind == refused)
        broker.stop()
    }

    @Test func aPortWithoutTLSIsToldFromOneWith() async throws {
        let broker = try await PrivateBroker.start()
        let error = try await problem(at: broker.port, host: "127.0.0.1", BrokerAccess())
        #expect(error?.exitStatus == .unavailable)
        broker.stop()
        let site = try await Site()
        try await site.make("broker", "localhost")
        let (encrypted, port, _) = try await site.startBroker()
        let plain = BrokerAddress(host: "127.0.0.1", port: Int32(port))
        await #expect {
            try await onOwnThread(named: "publisher") {
                _ = try PublisherSession(to: plain, clientID: "p")
            }
        } throws: { error in
            (error as? MQTTError)?.line.contains("mqtts://") == true
        }
        encrypted.stop()
    }

    /// Subscribing as the ingester does, over TLS, with more than one TLS record under way.
    @Test func messagesArriveOverTLS() async throws {
        let site = try await Site()
        try await site.make("broker", "localhost")
        for user in ["L1", "crosswind-ingest"] { try await site.make("client", user) }
        let (running, port, _) = try await site.startBroker()
        let broker = BrokerAddress(host: "localhost", port: Int32(port), usesTLS: true)
        let (logger, ingester) = (site.access("L1"), site.access("crosswind-ingest"))
        let numbers = try await onOwnThread(named: "tls") {
            let session = SubscriberSession(
                broker: broker,
                access: ingester,
                clientID: "i",
                topicFilters: ["co2/v1/n/+/obs"]
            )
            try session.runWithinLimit(store: { _ in .durable() }, shouldEnd: { _ in true })
            var publisher = try PublisherSession(to: broker, access: logger, clientID: "p")
            for number in 0..<3000 {
                try publisher.publish(topic: "co2/v1/n/L1/obs", payload: Array("\(number)".utf8))
            }
            try publisher.finish()
            var numbers: [String] = []
            try session.runWithinLimit(
                store: { batch in
                    numbers += (0..<batch.count).map {
                        String(decoding: batch.bytes[batch.payload($0)], as: UTF8.self)
                    }
                    return .durable()
                },
                shouldEnd: { $0.acknowledged >= 3000 }
            )
            return numbers
        }
        #expect(numbers == (0..<3000).map { "\($0)" })
        running.stop()
    }
}
