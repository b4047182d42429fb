import Archive
import Concurrent
import Formats
import Foundation
import MQTT
import Observations
import Quantities
import TestSupport
import Testing

@testable import Ingest

private let received = Instant(CivilTime(year: 2025, month: 3, day: 2))
private let gateway = "v1/gateway/telemetry"

/// What waits among the dead letters, after the network file has been mended or not.
@Suite struct ReplayLettersTests {
    let folder: TemporaryFolder
    let store: String

    init() throws {
        folder = try TemporaryFolder()
        store = folder.file("store.sqlite").path
    }

    /// A network file with stations that have these payloads.
    private func network(
        _ stations: [(id: String, payload: String)],
        named id: String = "net"
    ) throws -> NetworkFile {
        let instruments = """
            [{ id: 'co2', gas: 'co2', unit: 'ppm', scale: 'unstated', standard_uncertainty: 1,
               gross_range: { fail: [350, 3000], suspect: [380, 1500] } }]
            """
        let described = stations.map {
            "{ id: '\($0.id)', names: 'A', kind: 'vehicle', instruments: \(instruments), payload: \($0.payload) }"
        }
        let file = folder.file("\(id).json")
        let text = "{ id: '\(id)', names: 'N', credit: 'c', stations: [\(described.joined(separator: ","))] }"
        try Data(text.utf8).write(to: file)
        return try NetworkFile(path: file.path)
    }

    private func device(_ name: String) -> String {
        "{ format: 'thingsboard', topic: '\(gateway)', channels: { co2: 'co2' }, device_id: '\(name)' }"
    }

    private func take(_ file: NetworkFile, _ messages: (topic: String, payload: String)...) async throws
        -> IngestSummary
    {
        var batch = MessageBatch()
        for message in messages { batch.append(topic: message.topic.utf8, payload: message.payload.utf8) }
        let knowledge = try NetworkKnowledge(files: [file])
        return try await onOwnThread(named: "store") { [store, batch] in
            var writer = try MessageStore(path: store, knowledge: knowledge)
            _ = try writer.store(batch, received: received)
            return writer.summary
        }
    }

    private func maintain(_ file: NetworkFile, _ task: MaintenanceTask) async throws -> MaintenanceSummary {
        let knowledge = try NetworkKnowledge(files: [file])
        return try await Ingest.maintain(storePath: store, knowledge, task, until: StopRequest()) { _ in }
    }

    private let telemetry = #"""
        {"A":[{"ts":1740826807000,"values":{"co2":420}}],"B":[{"ts":1740826807000,"values":{"co2":430}}],
         "C":[{"ts":1740826807000,"values":{"co2":440}}]}
        """#

    /// Where an item stands in its batch is not where it stands among those of its station.
    @Test func anItemOfADeviceThatWasUnknownIsRecovered() async throws {
        let first = try await take(network([("a", device("A"))]), (gateway, telemetry))
        #expect(first.stored == 1 && first.rejected == 2)
        // The line of what belongs to no station closes the sum.
        #expect(first.strays.rejected == 2 && first.stations["net/a"]?.rejected == 0)
        let mended = try network([("a", device("A")), ("b", device("B"))])
        let summary = try await maintain(mended, .replayDeadLetters)
        #expect(summary.deadLetters?.tried == 2 && summary.deadLetters?.recovered == 1)
        #expect(summary.deadLetters?.stillRefused == ["unknown_device": 1])
        let values = try await readArchive(at: store) {
            try $0.readings(ReadingQuery()).map(\.valuePartsPerMillion)
        }
        #expect(values == [420, 430])
        #expect(try await maintain(mended, .replayDeadLetters).deadLetters?.tried == 1)
    }

    @Test func whatStaysRefusedIsCountedByReason() async throws {
        let file = try network([("a", "{ format: 'native' }")])
        let topic = observationTopic(network: "net", station: "a")
        _ = try await take(file, (topic, "{"), (topic, "[{}]"), (topic, "[{}, {}]"), ("elsewhere", "x"))
        let letters = try #require(try await maintain(file, .replayDeadLetters).deadLetters)
        #expect(letters.tried == 5 && letters.recovered == 0)
        #expect(letters.stillRefused == ["not_json": 1, "missing_time": 3, "unknown_topic": 1])
    }

    /// The beginning of a message could be read as one that says less, or something else.
    @Test func aLetterThatWasCutIsNotDecodedAgain() async throws {
        let file = try network([("a", "{ format: 'native' }")])
        let observation = #"{"ts":"2025-03-01T11:00:00Z","co2":420}"#
        let long = observation + String(repeating: " ", count: PayloadDecoder.payloadByteLimit)
        _ = try await take(file, (observationTopic(network: "net", station: "a"), long))
        let letters = try #require(try await maintain(file, .replayDeadLetters).deadLetters)
        #expect(letters.tried == 0 && letters.shortened == 1)
    }

    @Test func aNetworkThatIsNotInTheStoreIsNotSettledBySilence() async throws {
        let observation = #"{"ts":"2025-03-01T11:00:00Z","co2":420}"#
        let own = try network([("a", "{ format: 'native' }")])
        let other = try network([("a", "{ format: 'native' }")], named: "other")
        // Nothing is nobody's.
        _ = try await maintain(other, .reprocess)
        _ = try await take(own, (observationTopic(network: "net", station: "a"), observation))
        let error = await #expect(throws: WrongNetwork.self) { _ = try await maintain(other, .reprocess) }
        #expect(error?.given == ["other"] && error?.stored == ["net"] && error?.exitStatus == .usage)
        #expect(error?.line.contains("none of the stations of other is in the store") == true)
        let replay = try await maintain(other, .replayDeadLetters)
        #expect(replay.absentNetworks == ["other"] && replay.untouchedNetworks == ["net"])
        let good = try await maintain(own, .reprocess)
        #expect(good.absentNetworks.isEmpty && good.untouchedNetworks.isEmpty && good.settled == 1)
    }

    @Test(arguments: ["{}", "[{\"co2\":1}]"]) func theKeyThatIsMissingIsNamed(payload: String) async throws {
        let file = try network([("a", "{ format: 'native' }")])
        _ = try await take(file, (observationTopic(network: "net", station: "a"), payload))
        let letters = try await readArchive(at: store) { try $0.deadLetters() }
        #expect(letters.map(\.rejection.detail) == ["the key ts is missing"])
    }
}
