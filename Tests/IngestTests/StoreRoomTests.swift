import Archive
import Concurrent
import Digests
import Formats
import Foundation
import MQTT
import Observations
import Quantities
import TestSupport
import Testing

@testable import Ingest

private let limit: Int64 = 2_000_000
private let received = Instant(CivilTime(year: 2026, month: 3, day: 2))
private let car = "co2/v1/hamburg-vehicle/car/obs"

private func noise(_ count: Int, seed: UInt64) -> [UInt8] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
}

private func observation(_ second: Int) -> String {
    let time = Instant(CivilTime(year: 2026, month: 3, day: 1)).advanced(bySeconds: Double(second))
    return #"{"ts":"\#(time)","co2":420.5}"#
}

/// A useful message that takes much room.
private func manyObservations(_ count: Int) -> [UInt8] {
    Array("[\((0..<count).map(observation).joined(separator: ","))]".utf8)
}

private func batch(_ messages: (topic: String, payload: [UInt8])...) -> MessageBatch {
    var batch = MessageBatch()
    for message in messages { batch.append(topic: message.topic.utf8, payload: message.payload) }
    return batch
}

/// A useless message and a good one that come together.
private func strange(_ payload: [UInt8]) -> MessageBatch {
    batch(("strange/topic", payload), (car, Array(observation(0).utf8)))
}

private func hexDigest(_ bytes: [UInt8]) -> String {
    var hash = SHA256()
    hash.update(bytes)
    return hash.hexDigest()
}

/// A store that has room for so much.
@Suite struct StoreRoomTests {
    let folder: TemporaryFolder
    let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("store.sqlite").path
    }

    /// What becomes of batches, one after the other.
    private func store(_ batches: MessageBatch..., maximumBytes: Int64? = limit) async throws
        -> [BatchOutcome]
    {
        let file = Places.repository.appending(path: "stations/hamburg-vehicle.json").path
        let knowledge = try NetworkKnowledge(files: [NetworkFile(path: file)])
        return try await onOwnThread(named: "store") { [path] in
            var store = try MessageStore(path: path, knowledge: knowledge, maximumBytes: maximumBytes)
            var outcomes: [BatchOutcome] = []
            for batch in batches { outcomes.append(try store.store(batch, received: received)) }
            return outcomes
        }
    }

    private func letters() async throws -> [DeadLetter] {
        try await readArchive(at: path) { try $0.deadLetters() }
    }

    private func readingCount() async throws -> Int {
        try await readArchive(at: path) { try $0.readings(ReadingQuery()).count }
    }

    @Test func aUselessMessageThatDoesNotFitIsCutAndTheOthersGoOn() async throws {
        let payload = noise(3_000_000, seed: 1)
        let outcome = try #require(try await store(strange(payload)).first)
        guard case .durable = outcome else { throw Refused(outcome) }
        #expect(try await readingCount() == 1)
        let letter = try #require(try await letters().first)
        #expect(letter.isShortened && letter.payload == Array(payload.prefix(65_536)))
        #expect(letter.rejection.reason == "unknown_topic")
        let detail = letter.rejection.detail
        #expect(detail.contains("3000000 bytes") && detail.contains(hexDigest(payload)))
    }

    @Test func aUselessMessageThatFitsIsKeptWhole() async throws {
        let payload = noise(1_000_000, seed: 1)
        _ = try await store(strange(payload))
        let letter = try #require(try await letters().first)
        #expect(!letter.isShortened && letter.payload == payload)
    }

    /// Cut messages are the same only when the whole of them is.
    @Test func cutMessagesAreToldApartByAllOfThem() async throws {
        var payload = noise(3_000_000, seed: 1)
        let first = strange(payload)
        payload[2_999_999] ^= 1
        _ = try await store(first, first, strange(payload))
        #expect(try await letters().map(\.repeats) == [1, 0])
    }

    /// No format is read beyond 8 MiB, whatever room there is.
    @Test func aMessageBeyondAllFormatsIsCut() async throws {
        let payload = [UInt8](repeating: 0x20, count: (8 << 20) + 1)
        _ = try await store(batch((car, payload), ("strange/topic", payload)), maximumBytes: nil)
        let letters = try await letters()
        #expect(letters.map(\.rejection.reason) == ["too_large", "unknown_topic"])
        #expect(letters.allSatisfy { $0.isShortened && $0.payload.count == 65_536 })
    }

    /// A lost reading cannot be measured again: what can be used is refused as a whole, with the room it needs.
    @Test func aUsefulMessageThatDoesNotFitIsRefusedWithFigures() async throws {
        let useful = batch((car, manyObservations(60_000)))
        let outcomes = try await store(useful, strange(noise(10, seed: 1)), useful)
        guard case .refused(let error as ArchiveError) = outcomes[0],
            case .limitReached(_, let needed, limit) = error
        else { throw Refused(outcomes[0]) }
        #expect(error.exitStatus == .inputOutput && error.mayPass && error.isFull)
        for words in [
            "2.0 MB are allowed", "raise --max-store-megabytes to", "--keep-raw-days", "export", path,
        ] {
            #expect(error.line.contains(words), "\(error.line)")
        }
        // The limit holds as before, and what fits goes on.
        guard case .durable = outcomes[1] else { throw Refused(outcomes[1]) }
        guard case .refused = outcomes[2] else { throw Refused(outcomes[2]) }
        #expect(try await readingCount() == 1)
        // With as much as it said it needs there is room.
        let again = try await store(useful, maximumBytes: needed + 100_000)
        guard case .durable = again[0] else { throw Refused(again[0]) }
        #expect(try await readingCount() == 60_000)
    }

    /// Twenty letters of a batch must not hold twenty times a large message.
    @Test func badItemsOfALargeMessageShareALetter() async throws {
        let padding = String(repeating: "x", count: 200_000)
        let items = (0..<9).map { #"{"co2":\#($0),"note":"\#(padding)"}"# } + [observation(1)]
        let payload = Array("[\(items.joined(separator: ","))]".utf8)
        _ = try await store(batch((car, payload)), maximumBytes: nil)
        let letters = try await letters()
        #expect(letters.map(\.rejection.reason) == ["missing_time"])
        #expect(letters[0].rejection.detail.contains("9 items, the first is item 0"))
        #expect(letters[0].payload == payload)
    }
}

/// An outcome that was not the one expected.
private struct Refused: Error {
    let outcome: String
    init(_ outcome: BatchOutcome) { self.outcome = "\(outcome)" }
}
