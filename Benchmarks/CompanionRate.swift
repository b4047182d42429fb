import Formats
import Foundation
import Ingest
import MQTT
import Observations
import Quantities
import TestSupport

/// Settling of three stations by the minute, without companions and with two neighbours each: a month at once, then
/// days as they come, and readings that come three weeks late. Processor time of this process.
struct CompanionRate: Race {
    let name = "companion-rate"
    private let days = 40
    private let liveDays = 2
    private static let start = Instant(CivilTime(year: 2025, month: 3, day: 1))

    func run() async throws {
        for isCompared in [false, true] {
            let folder = try TemporaryFolder()
            let file = try NetworkFile(text: network(isCompared), path: "network.json")
            var store = try MessageStore(
                path: folder.file("store.sqlite").path,
                knowledge: NetworkKnowledge(networks: [file.network])
            )
            print(isCompared ? "with two neighbours each" : "without companions")
            let history = try rate(&store, minutes: 0..<days * 1440, atOnce: 500, settlesBetween: false)
            print("  \(days) days at once  ", history)
            let live = days * 1440..<(days + liveDays) * 1440
            print("  live, each minute", try rate(&store, minutes: live, atOnce: 1, settlesBetween: true))
            // In the afternoon, when it changes what lies near, and in the night, which a month of days looks back at.
            for (label, hour) in [("late, by day  ", 6), ("late, by night", 18)] {
                let late = (days - 20) * 1440 + hour * 60
                let text = try rate(&store, minutes: late..<late + 1, atOnce: 1, settlesBetween: true)
                print("  \(label)   ", text)
            }
        }
    }

    private func network(_ isCompared: Bool) -> String {
        let names = ["a", "b", "c"]
        let stations = names.map { id in
            let others = names.filter { $0 != id }.map { "\"\($0)\"" }.joined(separator: ", ")
            return """
                { "id": "\(id)", "names": "\(id)", "kind": "fixed", "position": { "longitude": 116, "latitude": 40 },
                  "instruments": [{ "id": "i", "gas": "co2", "unit": "ppm", "scale": "unstated",
                    \(isCompared ? "\"companions\": { \"buddies\": [\(others)] }," : "")
                    "nominal_step_s": 60, "standard_uncertainty": 1,
                    "gross_range": { "fail": [300, 3000], "suspect": [370, 1000] } }] }
                """
        }
        return """
            { "id": "net", "names": "n", "credit": "none", "stations": [\(stations.joined(separator: ","))] }
            """
    }

    /// - Parameter atOnce: minutes of a transaction.
    private func rate(
        _ store: inout MessageStore,
        minutes: Range<Int>,
        atOnce: Int,
        settlesBetween: Bool
    ) throws -> String {
        var random = SeededGenerator(seed: UInt64(minutes.lowerBound))
        var (seconds, slices) = (0.0, 0)
        func settle(_ store: inout MessageStore) throws {
            let start = processorSeconds()
            while try store.settleNext(at: .now()) { slices += 1 }
            seconds += processorSeconds() - start
        }
        for first in stride(from: minutes.lowerBound, to: minutes.upperBound, by: atOnce) {
            var batch = MessageBatch()
            for minute in first..<min(first + atOnce, minutes.upperBound) {
                let time = Self.start.advanced(bySeconds: 60 * Double(minute))
                // A late reading is a new value for its moment.
                let common = 425 + 5 * sin(Double(minute) / 100) + (settlesBetween ? 0.1 : 0)
                for station in ["a", "b", "c"] where atOnce > 1 || minutes.count > 1 || station == "b" {
                    let text = #"{"v":1,"ts":"\#(time)","co2":\#(common + random.normal())}"#
                    let topic = observationTopic(network: "net", station: station)
                    batch.append(topic: topic.utf8, payload: Array(text.utf8))
                }
            }
            _ = try store.store(batch, received: .now())
            if settlesBetween { try settle(&store) }
        }
        try settle(&store)
        let rows = minutes.count > 1 ? 3 * minutes.count : 1
        let each = String(format: "%.1f", seconds / Double(rows) * 1e6)
        return "\(each) us a reading (\(Int(Double(rows) / seconds)) rows/s), \(slices) slices"
    }
}

private func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
