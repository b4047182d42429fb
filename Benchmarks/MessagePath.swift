import Foundation
import Ingest
import MQTT
import Quantities
import TestSupport

/// The message path without a broker: decode, judge and store batches of 500, then settle them. Processor time of
/// this process, so that what else runs on the machine hardly matters.
struct MessagePath: Race {
    let name = "message-path"
    private let count = 100_000
    private let batchSize = 500

    func run() async throws {
        let messages = BenchmarkMessages.make(count)
        let folder = try TemporaryFolder()
        var store = try MessageStore(
            path: folder.file("store.sqlite").path,
            networks: [BenchmarkMessages.network]
        )
        let stored = try measure {
            for start in stride(from: 0, to: count, by: batchSize) {
                var batch = MessageBatch()
                for message in messages[start..<min(count, start + batchSize)] {
                    batch.append(topic: message.topic.utf8, payload: message.payload)
                }
                _ = try store.store(batch, received: .now())
            }
        }
        var slices = 0
        let settled = try measure { while try store.settleNext(at: .now()) { slices += 1 } }
        print("taken in  \(text(stored)) us a message (processor time)")
        print("settled   \(text(settled)) us a message, in \(slices) slices")
    }

    private func text(_ seconds: Double) -> String {
        String(format: "%.2f", seconds / Double(count) * 1e6)
    }

    private func measure(_ body: () throws -> Void) rethrows -> Double {
        let start = processorSeconds()
        try body()
        return processorSeconds() - start
    }
}

private func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
