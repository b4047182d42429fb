import Concurrent
import Foundation
import Ingest
import Quantities

/// Messages of about 200 bytes from bytes to judged readings, on one thread: ours against `json.loads`, which only
/// parses. Both by processor time, as other work on the machine is no matter of theirs.
struct DecodeRate: Race {
    let name = "decode-rate"
    private let count = 300_000

    func run() async throws {
        let messages = BenchmarkMessages.make(count)
        let decoder = PayloadDecoder(networks: [BenchmarkMessages.network])
        for _ in 0..<3 {
            let seconds = try await onOwnThread(named: "decode") { decode(messages, with: decoder) }
            print("crosswind        ", rate(seconds))
        }
        let script = """
            import json, sys, time
            lines = sys.stdin.buffer.read().splitlines()
            for _ in range(3):
                start = time.process_time()
                for line in lines: json.loads(line)
                print(time.process_time() - start)
            """
        let input = messages.map { $0.payload + [UInt8(ascii: "\n")] }.joined()
        for seconds in try await Self.python(script, input: Data(input)) {
            print("json.loads alone ", rate(seconds))
        }
    }

    private func rate(_ seconds: Double) -> String {
        let nanoseconds = Int(seconds / Double(count) * 1e9)
        return "\(Int(Double(count) / seconds)) messages/s, \(nanoseconds) ns each"
    }

    private func decode(_ messages: [BenchmarkMessages.Message], with decoder: PayloadDecoder) -> Double {
        let received = Instant(CivilTime(year: 2025, month: 3, day: 2))
        // As batches hold them: one stretch of bytes for the topic and the payload.
        let packed = messages.map { (Array($0.topic.utf8) + $0.payload, $0.topic.utf8.count) }
        var readings = 0
        let start = processorSeconds()
        for (bytes, cut) in packed {
            let decoded = decoder.decode(
                bytes,
                topic: 0..<cut,
                payload: cut..<bytes.count,
                received: received
            )
            for case .readings(let some) in decoded.flatMap(\.items) { readings += some.count }
        }
        let seconds = processorSeconds() - start
        precondition(readings == count, "the race lost readings")
        return seconds
    }

    private static func python(_ script: String, input: Data) async throws -> [Double] {
        try await onOwnThread(named: "python") {
            let file = FileManager.default.temporaryDirectory.appending(
                path: "decode-rate-\(UUID().uuidString)"
            )
            defer { try? FileManager.default.removeItem(at: file) }
            try input.write(to: file)
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["python3", "-c", script]
            process.standardInput = try FileHandle(forReadingFrom: file)
            let output = Pipe()
            process.standardOutput = output
            try process.run()
            let data = try output.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            return String(decoding: data, as: UTF8.self).split(separator: "\n").compactMap { Double($0) }
        }
    }
}

/// Of the whole process.
private func processorSeconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }
