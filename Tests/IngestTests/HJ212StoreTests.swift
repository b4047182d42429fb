import Archive
import Concurrent
import Formats
import Foundation
import MQTT
import Observations
import Quantities
import Synchronization
import TestSupport
import Testing

@testable import Ingest

private typealias Samples = HJ212Samples

/// A fixed station with one analyser.
private let station = Station(
    id: "tower",
    names: LocalizedName(english: "x"),
    kind: .fixed,
    position: nil,
    instruments: [
        Instrument(
            id: "co2-1",
            gas: .co2,
            unit: .partsPerMillion,
            scale: .co2X2019,
            inletHeightMetres: nil,
            grossRange: GrossRange(failBelow: 350, suspectBelow: 380, suspectAbove: 600, failAbove: 1000),
            standardUncertaintyPartsPerMillion: 0.2
        )
    ]
)

private let network = Network(id: "net", names: LocalizedName(english: "x"), credit: "", stations: [station])

/// The store on the thread of the listener; the lock is never contended.
private final class SharedFrameStore: Sendable {
    private let store: Mutex<MessageStore>

    init(path: String) throws {
        var knowledge = NetworkKnowledge(networks: [network])
        let payload = PayloadDescription(format: .hj212(Samples.configuration), deviceID: Samples.device)
        knowledge.payloads = [network.id: [station.id: payload]]
        store = Mutex(try MessageStore(path: path, knowledge: knowledge))
    }

    func write(_ batch: MessageBatch) throws -> BatchOutcome {
        let received = Instant(CivilTime(year: 2025, month: 3, day: 1, hour: 12))
        return try store.withLock { store in try store.store(batch, received: received) }
    }

    var summary: IngestSummary { store.withLock { $0.summary } }
}

@Suite struct HJ212StoreTests {
    /// A logger sends an hour of data with every tenth frame twice, and one of each kind that cannot be used.
    @Test func whatALoggerSendsIsInTheStoreOnce() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("store.sqlite").path
        let store = try SharedFrameStore(path: path)
        let listener = ListenerHarness { try store.write($0) }
        let port = await listener.port()
        let answered = try await onOwnThread(named: "logger") {
            let link = try LoggerLink(port: port)
            var frames = (0..<60).flatMap { minute -> [[UInt8]] in
                let time = "202503011\(minute / 30)\(10 + minute % 30)00"
                let flag = minute == 7 ? "C" : minute == 8 ? "D" : "N"
                let content = "DataTime=\(time);a05001-Rtd=\(420 + minute),a05001-Flag=\(flag);a01001-Rtd=12"
                let frame = Samples.frame(content, request: "\(minute)")
                return minute % 10 == 0 ? [frame, frame] : [frame]
            }
            frames.append(
                Samples.frame("DataTime=20250301120000;a05001-Avg=420", request: "90", command: 2051)
            )
            frames.append(Samples.frame("DataTime=20250301120000;a05001-Rtd=x", request: "91"))
            frames.append(Samples.frame("DataTime=20250399120000;a05001-Rtd=1", request: "92"))
            var wrong = Samples.frame(Samples.carbonDioxide("1"), request: "93")
            wrong[70] ^= 1
            link.send((frames + [wrong]).flatMap { $0 })
            return link.answers(frames.count).map(requestNumber)
        }
        _ = try await listener.stop()
        #expect(answered.count == 69 && Set(answered).count == 63 && !answered.contains("93"))
        #expect(store.summary.stored == 60 && store.summary.duplicated == 6)
        let letters = try await readArchive(at: path) { try $0.deadLetters() }
        #expect(
            letters.map(\.rejection.reason) == [
                "not_ingested", "not_a_number", "unreadable_time", "checksum",
            ]
        )
        let readings = try await readArchive(at: path) { try $0.readings(ReadingQuery()) }
        #expect(readings.map(\.flag) == (0..<60).map { $0 == 7 || $0 == 8 ? .fail : .good })
        #expect(readings[7].tests == .calibrationGas && readings[8].tests == .deviceFlag)
    }
}
