import Archive
import Concurrent
import Foundation
import Glibc
import Observations
import Quantities
import TestSupport

/// What the store alone costs, without decoding and without a broker: readings with their messages in batches that
/// are committed one by one, and readings of a back-fill in large transactions.
struct StoreRate: Race {
    let name = "store-rate"
    private let stations = 50

    func run() async throws {
        for batch in [500, 2000] {
            for _ in 0..<3 {
                try await measure(
                    "batches of \(batch) with messages",
                    count: 200_000,
                    batch: batch,
                    withMessages: true
                )
            }
        }
        for _ in 0..<3 {
            try await measure(
                "batches of 500 with messages and weather",
                count: 200_000,
                batch: 500,
                withMessages: true,
                Self.weather
            )
        }
        for _ in 0..<3 { try await measure("back-fill of 20,000", count: 1_000_000, batch: 20_000) }
    }

    private static let weather: Conditions = ["t": 12.1, "rh": 40, "p": 1013.25, "bat": 3.7]

    private func measure(
        _ title: String,
        count: Int,
        batch: Int,
        withMessages: Bool = false,
        _ conditions: Conditions = [:]
    ) async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("store.sqlite").path
        let messages = withMessages ? BenchmarkMessages.make(count) : []
        let time = try await onOwnThread(named: "store") {
            try fill(path, count, batch, conditions, messages)
        }
        let bytes = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
        let rate = Int(Double(count) / time.elapsed)
        let cost = (time.processor / Double(count) * 1e8).rounded() / 100
        print("\(title): \(rate) readings/s, \(cost) us of the processor and \(bytes / count) bytes each")
    }

    /// Seconds by the clock and of the processor from the first transaction to the end of the last.
    private func fill(
        _ path: String,
        _ count: Int,
        _ batch: Int,
        _ conditions: Conditions,
        _ messages: [BenchmarkMessages.Message]
    ) throws -> (elapsed: Double, processor: Double) {
        var writer = try ArchiveWriter(path: path)
        let names = (0..<stations).map { "CN-BJ-\(1000 + $0)" }
        let handles = names.map { writer.station($0, network: "race") }
        let topics = messages.map { Array($0.topic.utf8) }
        let clock = ContinuousClock.now
        let processor = processorSeconds()
        for start in stride(from: 0, to: count, by: batch) {
            try writer.begin(received: Instant(microseconds: Int64(start) + 1))
            for index in start..<min(count, start + batch) {
                let station = messages.isEmpty ? index / (count / stations + 1) : index % stations
                let sequence = messages.isEmpty ? index : index / stations
                let reading = Self.reading(names[station], sequence, index, conditions)
                _ = try writer.store(reading, of: handles[station])
                if !messages.isEmpty {
                    try writer.receive(Int64(sequence), boot: "7f3a", of: handles[station])
                    let (topic, payload) = (topics[index], messages[index].payload)
                    try writer.endMessage(topic: topic.span.bytes, payload: payload.span.bytes)
                }
            }
            try writer.commit()
        }
        return ((ContinuousClock.now - clock) / .seconds(1), processorSeconds() - processor)
    }

    /// What the calling thread has used of the processor.
    private func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    private static let start = Instant(CivilTime(year: 2025, month: 3, day: 1))

    private static func reading(
        _ station: String,
        _ sequence: Int,
        _ index: Int,
        _ conditions: Conditions
    ) -> Reading {
        Reading(
            station: station,
            instrument: "ndir",
            gas: .co2,
            time: Instant(microseconds: start.microseconds + Int64(sequence) * 1_000_000),
            valuePartsPerMillion: 420 + Double(index * 7919 % 4000) / 100,
            scale: .uncalibrated,
            position: nil,
            standardUncertaintyPartsPerMillion: 2,
            flag: .good,
            conditions: conditions
        )
    }
}
