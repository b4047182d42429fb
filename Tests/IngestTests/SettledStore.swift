import Archive
import Concurrent
import Foundation
import Ingest
import MQTT
import Observations
import Quantities
import TestSupport

/// A message of a device, as it travels.
struct SentMessage: Sendable {
    let topic: String
    let payload: [UInt8]
}

/// How messages come, and when what has come is settled.
struct Arrival: Sendable {
    /// Messages of a transaction.
    var batch = 500
    /// Nil settles once, after everything.
    var seed: UInt64?
    /// Between two batches.
    var settlingProbability = 0.0
    /// Whether two writers take turns, as two ingesters of one store do.
    var writers = 1
}

/// What settling made of a store, without what only tells of the order of arrival.
struct SettledContents: Equatable, Sendable {
    var readings: [Reading] = []
    /// By series; the means over minutes, hours and days.
    var means: [AggregateInterval: [String: [Aggregate]]] = [:]
    var calibrations: [String: [CalibrationRow]] = [:]

    /// Beginnings of the windows whose means differ, or that only one of the two has.
    func changedWindows(_ interval: AggregateInterval, since old: SettledContents) -> [Instant] {
        let new = (means[interval] ?? [:]).flatMap { path, means in means.map { (path, $0) } }
        let previous = (old.means[interval] ?? [:]).flatMap { path, means in means.map { (path, $0) } }
        let changed =
            new.filter { mean in !previous.contains { $0 == mean } }
            + previous.filter { mean in !new.contains { $0 == mean } }
        return Set(changed.map(\.1.period.start)).sorted()
    }

    /// The moments whose readings differ, or that only one of the two has.
    func changedMoments(since old: SettledContents) -> [Instant] {
        let previous = Dictionary(grouping: old.readings) { Moment($0) }
        let own = Dictionary(grouping: readings) { Moment($0) }
        return Set(previous.keys).union(own.keys).filter { previous[$0] != own[$0] }.map(\.time).sorted()
    }

    private struct Moment: Hashable {
        let station: String
        let time: Instant
        init(_ reading: Reading) { (station, time) = (reading.station, reading.time) }
    }
}

/// A store in a folder of its own.
final class SettledStore: Sendable {
    let knowledge: NetworkKnowledge
    private let folder: TemporaryFolder
    private var path: String { folder.file("store.sqlite").path }
    fileprivate static let received = Instant(CivilTime(year: 2026, month: 6, day: 1))

    init(_ knowledge: NetworkKnowledge, keepingAs other: SettledStore? = nil) throws {
        self.knowledge = knowledge
        folder = try other?.folder ?? TemporaryFolder()
    }

    /// Stores messages and, unless it is told not to, settles everything.
    func store(
        _ messages: [SentMessage],
        _ arrival: Arrival = Arrival(),
        draining: Bool = true
    ) async throws {
        try await onOwnThread(named: "store") { [self] in
            var stores = try Writers(path, knowledge)
            var random = SeededGenerator(seed: arrival.seed ?? 0)
            for start in stride(from: 0, to: messages.count, by: arrival.batch) {
                var batch = MessageBatch()
                for message in messages[start..<min(start + arrival.batch, messages.count)] {
                    batch.append(topic: message.topic.utf8, payload: message.payload)
                }
                try stores.store(batch, by: Int.random(in: 0..<arrival.writers, using: &random))
                guard random.uniform() < arrival.settlingProbability else { continue }
                for _ in 0..<Int.random(in: 1...6, using: &random) {
                    _ = try stores.settleNext(by: Int.random(in: 0..<arrival.writers, using: &random))
                }
            }
            guard draining else { return }
            while try stores.settleNext(by: Int.random(in: 0..<arrival.writers, using: &random)) {}
        }
    }

    /// Settles a part of what there is, as if the writer were stopped then.
    func settle(slices: Int) async throws {
        try await onOwnThread(named: "store") { [self] in
            var store = try MessageStore(path: path, knowledge: knowledge)
            for _ in 0..<slices { _ = try store.settleNext(at: Self.received) }
        }
    }

    /// Two writers in turn store and settle a part each.
    func takeTurns(_ parts: [[SentMessage]]) async throws {
        try await onOwnThread(named: "store") { [self] in
            var stores = try Writers(path, knowledge)
            for (index, part) in parts.enumerated() {
                var batch = MessageBatch()
                for message in part { batch.append(topic: message.topic.utf8, payload: message.payload) }
                try stores.store(batch, by: index % 2)
                while try stores.settleNext(by: index % 2) {}
            }
        }
    }

    /// Records the configuration and settles what that asks for.
    /// - Returns: the networks whose readings were settled anew.
    func reconfigure(reprocessing: Bool = false) async throws -> [String] {
        try await onOwnThread(named: "store") { [self] in
            var store = try MessageStore(path: path, knowledge: knowledge)
            let changed = try store.recordConfiguration(at: Self.received)
            if reprocessing { try store.markEverything(at: Self.received) }
            while try store.settleNext(at: Self.received) {}
            return changed
        }
    }

    /// Settles everything anew.
    /// - Returns: the number of transactions that took.
    func reprocess() async throws -> Int {
        try await onOwnThread(named: "store") { [self] in
            var store = try MessageStore(path: path, knowledge: knowledge)
            try store.markEverything(at: Self.received)
            var slices = 0
            while try store.settleNext(at: Self.received) { slices += 1 }
            return slices
        }
    }

    func contents() async throws -> SettledContents {
        try await readArchive(at: path) { reader in
            var contents = SettledContents()
            contents.readings = try reader.readings(ReadingQuery())
            for interval in [AggregateInterval.minute, .hour, .day] {
                let means = try reader.aggregates(ReadingQuery(), interval)
                contents.means[interval] = Dictionary(grouping: means) {
                    "\($0.series.station)/\($0.series.instrument)"
                }
                .mapValues { $0.map(\.aggregate) }
            }
            for series in try reader.allSeries() {
                contents.calibrations["\(series.station)/\(series.instrument)"] =
                    try reader.calibrations(series)
            }
            return contents
        }
    }

    /// Two that take turns; the second one may have nothing to do.
    private struct Writers: ~Copyable {
        private var first: MessageStore
        private var second: MessageStore

        init(_ path: String, _ knowledge: NetworkKnowledge) throws {
            let first = try MessageStore(path: path, knowledge: knowledge)
            let second = try MessageStore(path: path, knowledge: knowledge)
            self.first = first
            self.second = second
        }

        mutating func store(_ batch: MessageBatch, by writer: Int) throws {
            let outcome =
                writer == 0
                ? try first.store(batch, received: SettledStore.received)
                : try second.store(batch, received: SettledStore.received)
            guard case .durable = outcome else { throw Refused() }
        }

        mutating func settleNext(by writer: Int) throws -> Bool {
            writer == 0
                ? try first.settleNext(at: SettledStore.received)
                : try second.settleNext(at: SettledStore.received)
        }
    }

    private struct Refused: Error {}
}
