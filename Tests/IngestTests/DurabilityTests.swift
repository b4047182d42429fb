import Archive
import Foundation
import LoadSupport
import MQTT
import TestSupport
import Testing

private func settings(_ seed: UInt64, _ messages: Int) -> LoadPlan.Settings {
    var settings = LoadPlan.Settings(seed: seed, messages: messages)
    // A thousandth of so few would be hardly any.
    settings.malformed = 0.01
    return settings
}

/// Everything the plan holds is there once, and the receipts say so; nothing else is.
private func expectWhole(_ trial: DurabilityTrial) async throws {
    let contents = try await trial.contents()
    #expect(contents.readings == trial.plan.validCount)
    #expect(contents.distinctReadings == trial.plan.validCount && contents.revisions == 0)
    #expect(contents.distinctDeadLetters == trial.plan.malformedCount)
    #expect(contents.receipts == trial.plan.numbers)
    #expect(contents.isWhole(trial.plan))
}

@Suite(.enabled(if: PrivateBroker.program != nil), .serialized)
struct DurabilityTests {
    @Test func killsUnderLoadWithFaultsLoseNothing() async throws {
        let broker = try await PrivateBroker.start()
        let address = BrokerAddress(host: "127.0.0.1", port: Int32(broker.port))
        let trial = try DurabilityTrial(settings(1, 6000), broker: address)
        let last = try await trial.killRepeatedly(4, perSecond: 4000, milliseconds: 50...400, seed: 1)
        #expect(try await trial.drain(last).status == 0)
        try await expectWhole(trial)
    }

    /// A broker that keeps its queue on disk is ended in an orderly way and comes back; sender and ingester go on.
    @Test func restartsOfTheBrokerLoseNothing() async throws {
        let folder = try TemporaryFolder()
        let port = try freePort()
        let persistence = """
            persistence_location \(folder.url.path)/
            autosave_interval 1
            """
        var broker = try await PrivateBroker.start(port: port, persistence: persistence)
        let address = BrokerAddress(host: "127.0.0.1", port: Int32(port))
        let trial = try DurabilityTrial(settings(2, 6000), broker: address)
        let ingest = try await trial.startIngest()
        #expect(await ingest.waitForError("subscribed"))
        let publisher = LoadPublisher(broker: address)
        async let sending: Void = publisher.publish(trial.plan.order, of: trial.plan, perSecond: 4000)
        for _ in 0..<2 {
            try await Task.sleep(for: .milliseconds(300))
            await broker.stopOnOwnThread()
            broker = try await PrivateBroker.start(port: port, persistence: persistence)
        }
        try await sending
        #expect(publisher.connectionCount >= 2)
        #expect(try await trial.drain(ingest).status == 0)
        try await expectWhole(trial)
    }

    /// Ingesters that share a subscription, one of them killed again and again, each with a store or both with one.
    @Test(arguments: [false, true])
    func ingestersThatShareASubscriptionLoseNothing(inOneStore: Bool) async throws {
        let broker = try await PrivateBroker.start()
        let address = BrokerAddress(host: "127.0.0.1", port: Int32(broker.port))
        let first = try DurabilityTrial(settings(3, 6000), broker: address, sharedGroup: "pair")
        let second =
            inOneStore
            ? first : try DurabilityTrial(settings(3, 6000), broker: address, sharedGroup: "pair")
        let steady = try await first.startIngest(client: "steady")
        var killed = try await second.startIngest(client: "killed")
        #expect(await steady.waitForError("subscribed"))
        #expect(await killed.waitForError("subscribed"))
        let publisher = LoadPublisher(broker: address)
        async let sending: Void = publisher.publish(first.plan.order, of: first.plan, perSecond: 4000)
        for _ in 0..<3 {
            try await Task.sleep(for: .milliseconds(300))
            killed.signal(SIGKILL)
            _ = try await killed.finish()
            killed = try await second.startIngest(client: "killed")
        }
        try await sending
        #expect(try await first.drain(steady, client: "steady").status == 0)
        #expect(try await second.drain(killed, client: "killed").status == 0)
        if inOneStore { return try await expectWhole(first) }
        let (own, other) = (try await first.contents(), try await second.contents())
        #expect(own.moments.union(other.moments).count == first.plan.validCount)
        #expect(own.letterPayloads.union(other.letterPayloads).count == first.plan.malformedCount)
        #expect(own.readings > 0 && other.readings > 0 && own.revisions + other.revisions == 0)
        let missing = Set(first.plan.missing(from: own.receipts))
        #expect(missing.isDisjoint(with: first.plan.missing(from: other.receipts)))
    }

    @Test func aPlanIsTheSameForTheSameSeed() {
        let plan = LoadPlan(settings(7, 5000))
        let again = LoadPlan(settings(7, 5000))
        #expect(plan.order == again.order && plan.messages.map(\.payload) == again.messages.map(\.payload))
        #expect(plan.order != LoadPlan(settings(8, 5000)).order)
        #expect(plan.malformedCount == 50 && plan.validCount == 4950)
        #expect(Set(plan.order) == Set(0..<5000) && (5020..<5090).contains(plan.order.count))
        let late = zip(plan.order, plan.order.dropFirst()).count { $0 > $1 }
        #expect((50..<400).contains(late))
        #expect(Set(plan.messages.map(\.payload)).count == 5000)
    }

    @Test func receiptsTellWhatToSendAgain() {
        let plan = LoadPlan(settings(7, 100))
        #expect(plan.missing(from: plan.numbers).isEmpty)
        var received = Dictionary(uniqueKeysWithValues: (0..<20).map { ("s\($0)", [Int64(0)...4]) })
        #expect(plan.missing(from: received).isEmpty)
        received["s3"] = [0...1, 3...4]
        received["s5"] = nil
        #expect(
            plan.missing(from: received).map { plan.messages[$0].station } == [
                "s5", "s5", "s3", "s5", "s5", "s5",
            ]
        )
    }
}
