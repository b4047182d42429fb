import Concurrent
import Foundation
import Ingest
import MQTT
import Observations
import Quantities
import TestSupport

/// Messages of about 200 bytes through a private broker with QoS 1, each on disk before it is acknowledged:
/// ours against paho-mqtt with manual acknowledgement and batches in SQLite.
struct IngestRate: Race {
    let name = "ingest-rate"
    private let count = 100_000

    func run() async throws {
        guard PrivateBroker.program != nil else {
            print("skipped: mosquitto is not installed")
            return
        }
        let messages = BenchmarkMessages.make(count)
        for _ in 0..<3 { print("crosswind      ", rate(count, try await ours(messages))) }
        guard let script = Peers.script("ingest/ingest_paho_sqlite.py") else {
            print("paho + SQLite   absent: no peers folder beside the repository, or no CROSSWIND_PEERS")
            return
        }
        guard try await Peers.hasPython(module: "paho.mqtt.client") else {
            print("paho + SQLite   absent: python3 with paho-mqtt is not installed")
            return
        }
        for _ in 0..<3 { print("paho + SQLite  ", rate(count, try await peer(script, messages))) }
    }

    private func rate(_ count: Int, _ seconds: Double) -> String {
        "\(Int(Double(count) / seconds)) messages/s"
    }

    /// Seconds from the first message to the last commit.
    private func ours(_ messages: [(topic: String, payload: [UInt8])]) async throws -> Double {
        let broker = try await PrivateBroker.start()
        let address = BrokerAddress(host: "127.0.0.1", port: Int32(broker.port))
        let folder = try TemporaryFolder()
        var settings = IngestSettings(
            broker: address,
            networks: [BenchmarkMessages.network],
            storePath: folder.file("store.sqlite").path,
            clientID: "race"
        )
        settings.messageLimit = count
        let (subscribed, ready) = AsyncStream.makeStream(of: Void.self)
        async let summary = ingest(settings, until: StopRequest()) { _ in ready.yield(()) }
        for await _ in subscribed { break }
        let start = ContinuousClock.now
        async let sending: Void = BenchmarkMessages.publish(messages, to: address)
        let result = try await summary
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        try await sending
        precondition(result.stored == count && result.isClosed, "the race lost readings")
        broker.stop()
        return seconds
    }

    private func peer(
        _ script: URL,
        _ messages: [(topic: String, payload: [UInt8])]
    ) async throws -> Double {
        let broker = try await PrivateBroker.start()
        let address = BrokerAddress(host: "127.0.0.1", port: Int32(broker.port))
        let folder = try TemporaryFolder()
        let count = count
        let port = broker.port
        let (subscribed, ready) = AsyncStream.makeStream(of: Void.self)
        async let ending = onOwnThread(named: "peer") {
            let arguments = [
                "batch", "--db", folder.file("paho.db").path, "--n", "\(count)", "--port", "\(port)",
            ]
            return try Peers.run(script, arguments, onLine: "READY") { ready.yield(()) }
        }
        for await _ in subscribed { break }
        let start = ContinuousClock.now
        async let sending: Void = BenchmarkMessages.publish(messages, to: address)
        _ = try await ending
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        try await sending
        broker.stop()
        return seconds
    }
}

/// Messages that both sides understand: the peer wants the station and flat positions in the payload.
enum BenchmarkMessages {
    private static let stations = 50

    static var network: Network {
        let name = LocalizedName(english: "race")
        let instrument = Instrument(
            id: "ndir",
            gas: .co2,
            unit: .partsPerMillion,
            scale: .uncalibrated,
            inletHeightMetres: nil,
            grossRange: GrossRange(failBelow: 300, suspectBelow: 370, suspectAbove: 1000, failAbove: 2000),
            standardUncertaintyPartsPerMillion: 2
        )
        let stations = (0..<stations).map { index in
            Station(id: id(index), names: name, kind: .vehicle, position: nil, instruments: [instrument])
        }
        return Network(id: "race", names: name, credit: "", stations: stations)
    }

    private static func id(_ index: Int) -> String { "CN-BJ-\(1000 + index)" }

    /// Topics and payloads; made before the clock starts.
    static func make(_ count: Int) -> [(topic: String, payload: [UInt8])] {
        let start = Instant(CivilTime(year: 2025, month: 3, day: 1))
        return (0..<count).map { index in
            let station = id(index % stations)
            let sequence = index / stations
            let value = 420 + Double(index * 7919 % 4000) / 100
            let payload = """
                {"v":1,"station":"\(station)","seq":\(sequence),"ts":"\(start.advanced(bySeconds: Double(sequence)))",\
                "lat":39.90000,"lon":116.40000,"gps":{"lat":39.9,"lon":116.4},"co2":\(value),"t":12.10,"rh":40.0,\
                "p":1013.25,"bat":3.70,"fw":"1.4.2","unit":"ppm"}
                """
            return (observationTopic(network: "race", station: station), Array(payload.utf8))
        }
    }

    static func publish(
        _ messages: [(topic: String, payload: [UInt8])],
        to broker: BrokerAddress
    ) async throws {
        try await onOwnThread(named: "publisher") {
            var session = try PublisherSession(to: broker, clientID: "race-publisher", window: 2000)
            for (topic, payload) in messages { try session.publish(topic: topic, payload: payload) }
            try session.finish()
        }
    }
}
