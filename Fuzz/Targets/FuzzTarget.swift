import Formats
public import Foundation
import Ingest
import JSON
import Observations
import Quantities

/// A reader of foreign bytes that must survive whatever they are. New decoders are added to `Fuzz/stations.json`
/// with a station named like the target, or here when they are no payload of a message.
public struct FuzzTarget: Sendable {
    public let name: String
    /// Answers how many observations or problems came out, so that nothing is optimised away.
    public let run: @Sendable ([UInt8]) -> Int

    /// Where stations, corpora and this file are.
    public static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()

    /// - Throws: `ConfigurationError` when a network file of the targets cannot be read.
    public static func all() throws -> [FuzzTarget] {
        let file = try NetworkFile(path: folder.appending(path: "stations.json").path)
        let network = file.network
        let decoder = try PayloadDecoder(networks: [network], payloads: [network.id: file.payloads])
        let payloads = network.stations.map { station in
            let topic = Array(observationTopic(network: network.id, station: station.id).utf8)
            return FuzzTarget(name: station.id) { bytes in
                switch station.id {
                case "hj212": decode(framed(bytes), at: topic, with: decoder)
                case "hj212-stream": decode(scanned(bytes).stream, at: topic, with: decoder)
                default: decode(bytes, at: topic, with: decoder)
                }
            }
        }
        let topics = FuzzTarget(name: "topic") { bytes in
            decoder.decode(bytes, topic: 0..<bytes.count, payload: 0..<bytes.count, received: moment).flatMap(
                \.items
            )
            .count
        }
        return try payloads + [topics] + files() + texts()
    }

    private static func files() throws -> [FuzzTarget] {
        try ["csv", "picarro"].map { name in
            let target = try RecordTarget(network: folder.appending(path: "\(name).json").path)
            return FuzzTarget(name: name) { target.run($0) }
        }
    }

    private static func texts() -> [FuzzTarget] {
        let json = JSONParser()
        return [
            FuzzTarget(name: "time") { bytes in
                Instant(iso8601: String(decoding: bytes, as: UTF8.self)) == nil ? 0 : 1
            },
            FuzzTarget(name: "edits") { bytes in
                let text = String(decoding: bytes, as: UTF8.self)
                return (try? OperatorEditsFile(text: text, path: "edits"))?.edits.count ?? -1
            },
            FuzzTarget(name: "receipt") { receiptIsJSON($0, json) },
        ]
    }

    /// The small inputs that mutations start from, in the order of their names.
    public func corpus() throws -> [[UInt8]] {
        let folder = Self.folder.appending(path: "Corpus/\(name)")
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map {
            Array(try Data(contentsOf: folder.appending(path: $0)))
        }
    }

    /// Fixed, so that a finding can be repeated.
    private static let moment = Instant(CivilTime(year: 2025, month: 6, day: 1))

    private static func decode(_ payload: [UInt8], at topic: [UInt8], with decoder: PayloadDecoder) -> Int {
        let bytes = topic + payload
        let range = topic.count..<bytes.count
        return decoder.decode(bytes, topic: 0..<topic.count, payload: range, received: moment).flatMap(
            \.items
        ).count
    }
}
