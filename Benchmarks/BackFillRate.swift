import CSV
import Formats
import Foundation
import Ingest
import Quantities
import TestSupport

/// A recorded file of a million rows of 12 columns and about 100 bytes: fields alone, fields with times and numbers,
/// rows of the network's layout, the whole way into a store, the same file
/// again, and settling.
struct BackFillRate: Race {
    let name = "back-fill-rate"
    private let count = 1_000_000

    func run() async throws {
        let folder = try TemporaryFolder()
        let record = folder.file("rows.csv")
        try writeRecord(to: record)
        let network = try writeNetwork(in: folder)
        let bytes = try Data(contentsOf: record)
        for _ in 0..<3 {
            print("fields            ", rate { splitFields(bytes) })
            print("fields and numbers", rate { convert(bytes) })
        }
        for _ in 0..<2 {
            var reader = try RecordReader(path: record.path, for: network)
            let start = ContinuousClock.now
            var rows = 0
            while let step = try reader.next() { if case .row = step { rows += 1 } }
            precondition(rows == count, "the race lost rows")
            print("rows              ", text(ContinuousClock.now - start))
        }
        let store = folder.file("store.sqlite").path
        for label in ["into a store      ", "the same again    "] {
            let settings = BackFillSettings(paths: [record.path], networkFile: network, storePath: store)
            let start = cpuSeconds()
            let summary = try await backFill(settings, until: StopRequest()) { _ in }
            precondition(
                summary.ingest.received == count && summary.ingest.isClosed,
                "the race lost readings"
            )
            let perCore = Double(count) / (cpuSeconds() - start)
            print(label, "\(Int(Double(count) / summary.seconds)) rows/s, per core \(Int(perCore))")
        }
        try await settle(store, network)
    }

    private func settle(_ store: String, _ network: NetworkFile) async throws {
        let start = (wall: ContinuousClock.now, cpu: cpuSeconds())
        let knowledge = NetworkKnowledge(networks: [network.network])
        let summary = try await maintain(storePath: store, knowledge, .settle, until: StopRequest()) { _ in }
        precondition(summary.isComplete && summary.settled > 0, "the race did not settle")
        let perCore = Double(count) / (cpuSeconds() - start.cpu)
        print("settled           ", text(ContinuousClock.now - start.wall) + ", per core \(Int(perCore))")
    }

    private func rate(_ body: () -> Int) -> String {
        let start = ContinuousClock.now
        precondition(body() == count + 1, "the race lost rows")
        return text(ContinuousClock.now - start)
    }

    private func text(_ duration: Duration) -> String {
        "\(Int(Double(count) / (duration / .seconds(1)))) rows/s"
    }

    /// Of all threads of this process.
    private func cpuSeconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

    private func splitFields(_ data: Data) -> Int {
        var rows = 0
        forEachRow(data) { _ in rows += 1 }
        return rows
    }

    private func convert(_ data: Data) -> Int {
        var rows = 0
        var sum = 0.0
        var last: Instant?
        forEachRow(data) { scanner in
            rows += 1
            last = RecordTimeFormat.iso8601.instant(scanner.bytes.span.extracting(scanner.field(0))) ?? last
            for column in 2..<scanner.fieldCount {
                sum += decimalNumber(scanner.bytes.span.extracting(scanner.field(column))) ?? 0
            }
        }
        precondition(sum > 0 && last != nil, "nothing was read")
        return rows
    }

    private func forEachRow(_ data: Data, _ body: (borrowing CSVScanner) -> Void) {
        var scanner = CSVScanner()
        var position = 0
        while true {
            switch scanner.next() {
            case .record: body(scanner)
            case .malformed: break
            case .end: return
            case .starved:
                let end = min(position + 1 << 18, data.count)
                if end == position {
                    scanner.finish()
                } else {
                    scanner.append(data.bytes.extracting(position..<end))
                }
                position = end
            }
        }
    }

    private func writeRecord(to file: URL) throws {
        var text = "time,station,co2,u,ch4,h2o,t,rh,p,ws,wd,alarm\n"
        text.reserveCapacity(count * 100)
        let start = Instant(CivilTime(year: 2025, month: 3, day: 1))
        for index in 0..<count {
            let phase = Double(index % 86_400) / 86_400
            let numbers = [
                428 + 20 * phase, 0.1234, 1.9876 + phase / 10, 0.8312, 12 + phase, 43.25, 1013.22, 3.25,
                181.5,
            ].map { "\(($0 * 1e4).rounded() / 1e4)" }
            text +=
                "\(start.advanced(bySeconds: Double(index / 4))),s\(index % 4),\(numbers.joined(separator: ",")),0\n"
        }
        try Data(text.utf8).write(to: file)
    }

    private func writeNetwork(in folder: TemporaryFolder) throws -> NetworkFile {
        let stations = (0..<4).map { index in
            """
            { "id": "s\(index)", "names": "S", "kind": "fixed", "position": { "longitude": 11, "latitude": 48 },
              "instruments": [{ "id": "i", "gas": "co2", "unit": "ppm", "scale": "unstated",
              "gross_range": { "fail": [300, 3000], "suspect": [370, 1000] } }] }
            """
        }
        let conditions = [
            ("h2o", "%"), ("t", "Cel"), ("rh", "%"), ("p", "hPa"), ("ws", "m/s"), ("wd", "deg"),
        ].map {
            #"{ "name": "\#($0.0)", "column": "\#($0.0)", "unit": "\#($0.1)" }"#
        }
        let text = """
            { "id": "net", "names": "Net", "credit": "none", "stations": [\(stations.joined(separator: ","))],
              "record": { "format": "csv", "time": "time", "station_column": "station",
                "values": [{ "gas": "co2", "column": "co2", "uncertainty": "u" }],
                "conditions": [\(conditions.joined(separator: ","))],
                "state": [{ "name": "alarm", "column": "alarm" }] } }
            """
        let file = folder.file("net.json")
        try Data(text.utf8).write(to: file)
        return try NetworkFile(path: file.path)
    }
}
