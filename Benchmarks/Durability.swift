import Foundation
import LoadSupport
import MQTT
import TestSupport

/// Not a race but a proof: what an ingester keeps under 5,000 messages a second with 1 % repeated, 2 % out of order
/// and 0.1 % malformed, while it is killed, its broker is killed, or its disk is full.
struct Durability: Race {
    let name = "durability"
    private let perSecond = 5000.0
    private let messages = 120_000

    func run() async throws {
        guard PrivateBroker.program != nil else {
            print("skipped: mosquitto is not installed")
            return
        }
        try await killedIngester()
        try await killedPair(inOneStore: true)
        try await killedPair(inOneStore: false)
        try await killedBroker()
        try await fullDisk()
    }

    private func killedIngester() async throws {
        let broker = try await PrivateBroker.start()
        let trial = try trial(1, broker.port)
        let last = try await trial.killRepeatedly(20, perSecond: perSecond, milliseconds: 100...1500, seed: 1)
        _ = try await trial.drain(last)
        print("20 kills of the ingester ", try await verdict(trial))
        await broker.stopOnOwnThread()
    }

    /// Two ingesters on one subscription; in turn each of them is killed, ten times.
    private func killedPair(inOneStore: Bool) async throws {
        let broker = try await PrivateBroker.start()
        let first = try trial(4, broker.port, sharedGroup: "pair")
        let trials = [first, inOneStore ? first : try trial(4, broker.port, sharedGroup: "pair")]
        let clients = ["one", "two"]
        var running = [
            try await trials[0].startIngest(client: clients[0]),
            try await trials[1].startIngest(client: clients[1]),
        ]
        for ingest in running { _ = await ingest.waitForError("subscribed") }
        let publisher = LoadPublisher(broker: first.broker)
        async let sending: Void = publisher.publish(first.plan.order, of: first.plan, perSecond: perSecond)
        for kill in 0..<20 {
            try await Task.sleep(for: .milliseconds(1000))
            let chosen = kill % 2
            running[chosen].signal(SIGKILL)
            _ = try await running[chosen].finish()
            running[chosen] = try await trials[chosen].startIngest(client: clients[chosen])
        }
        try await sending
        for index in running.indices {
            _ = try await trials[index].drain(running[index], client: clients[index])
        }
        if inOneStore {
            print("20 kills of two on a group", try await verdict(first))
        } else {
            print("  with a store for each   ", try await verdictOfBoth(trials))
        }
        await broker.stopOnOwnThread()
    }

    /// A message that two ingesters got, since its first was killed before acknowledging, may be in both stores.
    private func verdictOfBoth(_ trials: [DurabilityTrial]) async throws -> String {
        let (own, other) = (try await trials[0].contents(), try await trials[1].contents())
        let plan = trials[0].plan
        let without = Set(plan.missing(from: own.receipts)).intersection(plan.missing(from: other.receipts))
        return """
            \(own.readings) and \(other.readings) readings, \(own.moments.union(other.moments).count) different of \
            \(plan.validCount) valid, \(own.revisions + other.revisions) revisions, \
            \(own.letterPayloads.union(other.letterPayloads).count) different dead letters of \
            \(plan.malformedCount), receipts for \(plan.messages.count - without.count) of \(plan.messages.count)
            """
    }

    /// What the broker had acknowledged and not yet saved dies with it; the receipts tell what to send again.
    private func killedBroker() async throws {
        let folder = try TemporaryFolder()
        let port = try freePort()
        let persistence = "persistence_location \(folder.url.path)/\nautosave_interval 1"
        var broker = try await PrivateBroker.start(port: port, persistence: persistence)
        let trial = try trial(2, port)
        let ingest = try await trial.startIngest()
        _ = await ingest.waitForError("subscribed")
        let publisher = LoadPublisher(broker: trial.broker)
        async let sending: Void = publisher.publish(trial.plan.order, of: trial.plan, perSecond: perSecond)
        for _ in 0..<10 {
            try await Task.sleep(for: .milliseconds(1500))
            await broker.crashOnOwnThread()
            broker = try await PrivateBroker.start(port: port, persistence: persistence)
        }
        try await sending
        _ = try await trial.drain(ingest)
        print("10 kills of the broker   ", try await verdict(trial))
        let missing = try await trial.missing()
        print("  without a receipt, lost by the broker or cut off: \(missing.count) messages; sent again")
        let again = try await trial.startIngest()
        _ = await again.waitForError("subscribed")
        try await publisher.publish(missing, of: trial.plan, perSecond: nil)
        _ = try await trial.drain(again)
        print("  after sending them again", try await verdict(trial))
        await broker.stopOnOwnThread()
    }

    /// The store may grow to a few megabytes, then the ingester gives up without acknowledging, then it may go on.
    private func fullDisk() async throws {
        let broker = try await PrivateBroker.start()
        let trial = try trial(3, broker.port)
        let full = try await trial.startIngest(more: ["--max-store-megabytes", "3"])
        _ = await full.waitForError("subscribed")
        try await LoadPublisher(broker: trial.broker)
            .publish(trial.plan.order, of: trial.plan, perSecond: perSecond)
        let status = try await full.finish().status
        let kept = try await trial.contents().readings
        print("full disk                 ended with status \(status) and \(kept) readings kept")
        _ = try await trial.drain()
        print("  after space returned   ", try await verdict(trial))
        await broker.stopOnOwnThread()
    }

    private func trial(
        _ seed: UInt64,
        _ port: Int,
        sharedGroup: String? = nil
    ) throws -> DurabilityTrial {
        try DurabilityTrial(
            LoadPlan.Settings(seed: seed, messages: messages),
            broker: BrokerAddress(host: "127.0.0.1", port: Int32(port)),
            sharedGroup: sharedGroup
        )
    }

    private func verdict(_ trial: DurabilityTrial) async throws -> String {
        let contents = try await trial.contents()
        let plan = trial.plan
        return """
            \(contents.isWhole(plan) ? "whole" : "NOT WHOLE"): \(contents.readings) readings of \
            \(plan.validCount) valid, \
            \(contents.revisions) revisions, \(contents.deadLetters) dead letters \
            (\(contents.distinctDeadLetters) distinct) of \(plan.malformedCount) malformed, \
            receipts for \(plan.messages.count - plan.missing(from: contents.receipts).count) of \
            \(plan.messages.count)
            """
    }
}
