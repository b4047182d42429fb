import Archive
import Concurrent
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

/// Decodes, judges and stores batches of frames, as ingest does.
private struct FrameStore: ~Copyable {
    private var archive: ArchiveWriter
    private let format = HJ212Format(HJ212Samples.configuration)
    private(set) var stored = 0
    private(set) var duplicated = 0

    init(path: String) throws { archive = try ArchiveWriter(path: path) }

    mutating func store(_ batch: MessageBatch) throws -> BatchOutcome {
        try archive.begin(received: Instant(CivilTime(year: 2025, month: 3, day: 1, hour: 12)))
        for index in 0..<batch.count {
            try store(batch.bytes.span.bytes, batch.topic(index), batch.payload(index))
        }
        try archive.commit()
        return .durable()
    }

    private mutating func store(_ bytes: RawSpan, _ topic: Range<Int>, _ payload: Range<Int>) throws {
        let received = Instant(CivilTime(year: 2025, month: 3, day: 1, hour: 12))
        for item in try format.decode(bytes.extracting(payload)).items {
            do {
                let observation = try item.content.get()
                let readings = try ObservationJudge(station: station).readings(
                    of: observation,
                    received: received
                )
                let outcomes = try archive.store(
                    readings,
                    network: "net",
                    topic: bytes.extracting(topic),
                    payload: bytes.extracting(payload)
                )
                stored += outcomes.count { $0 == .stored }
                duplicated += outcomes.count { $0 == .duplicated }
            } catch let problem as ObservationProblem {
                try archive.reject(
                    Rejection(reason: problem.reason.rawValue, detail: problem.detail),
                    topic: bytes.extracting(topic),
                    payload: bytes.extracting(payload),
                    decoder: format.version
                )
            }
        }
    }
}

/// The store on the thread of the listener; the lock is never contended.
private final class SharedFrameStore: Sendable {
    private let store: Mutex<FrameStore>

    init(path: String) throws { store = Mutex(try FrameStore(path: path)) }

    func write(_ batch: MessageBatch) throws -> BatchOutcome {
        try store.withLock { store in try store.store(batch) }
    }

    var counts: (stored: Int, duplicated: Int) { store.withLock { ($0.stored, $0.duplicated) } }
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
        #expect(store.counts.stored == 60 && store.counts.duplicated == 6)
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
