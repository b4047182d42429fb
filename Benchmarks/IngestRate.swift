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
        for _ in 0..<3 {
            let (durable, settled) = try await ours(messages)
            print("crosswind      ", rate(count, durable), "(\(rate(count, settled)) with all of it settled)")
        }
        for _ in 0..<3 {
            guard let seconds = try await delivery(messages) else {
                print("mosquitto_sub   absent: mosquitto-clients is not installed")
                break
            }
            print("mosquitto_sub  ", rate(count, seconds), "(delivery alone, nothing decoded or stored)")
        }
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

    /// Seconds to take in a backlog: from the subscription to the last commit, and until all readings have also been
    /// tested among their neighbours and averaged.
    private func ours(
        _ messages: [BenchmarkMessages.Message]
    ) async throws -> (durable: Double, settled: Double) {
        let broker = try await PrivateBroker.start()
        let address = BrokerAddress(host: "127.0.0.1", port: Int32(broker.port))
        let folder = try TemporaryFolder()
        var settings = IngestSettings(
            broker: address,
            networks: [BenchmarkMessages.network],
            storePath: folder.file("store.sqlite").path,
            clientID: "race"
        )
        // Opens the session, so that the broker keeps what comes.
        settings.idleLimit = .zero
        _ = try await ingest(settings, until: StopRequest()) { _ in }
        try await BenchmarkMessages.publish(messages, to: address)
        settings.idleLimit = nil
        settings.messageLimit = count
        let metrics = IngestMetrics(networks: [BenchmarkMessages.network])
        settings.metrics = metrics
        let start = ContinuousClock.now
        async let durable = onOwnThread(named: "watch") { () -> Double in
            while metrics.snapshot().messages < count { Thread.sleep(forTimeInterval: 0.002) }
            return (ContinuousClock.now - start) / .seconds(1)
        }
        let result = try await ingest(settings, until: StopRequest()) { _ in }
        let seconds = (durable: try await durable, settled: (ContinuousClock.now - start) / .seconds(1))
        precondition(result.stored == count && result.isClosed, "the race lost readings")
        broker.stop()
        return seconds
    }

    /// What the broker delivers to a client that does nothing with it; nil without the client.
    private func delivery(_ messages: [BenchmarkMessages.Message]) async throws -> Double? {
        let program = URL(filePath: "/usr/bin/mosquitto_sub")
        guard FileManager.default.isExecutableFile(atPath: program.path) else { return nil }
        let broker = try await PrivateBroker.start()
        let arguments = [
            "-h", "127.0.0.1", "-p", "\(broker.port)", "-V", "mqttv5", "-q", "1", "-i", "sink", "-c", "-x",
            "600",
            "-D", "connect", "receive-maximum", "2000", "-t", "co2/v1/#",
        ]
        _ = try await ProgramRun.run(program, arguments + ["-E"])
        let address = BrokerAddress(host: "127.0.0.1", port: Int32(broker.port))
        try await BenchmarkMessages.publish(messages, to: address)
        let start = ContinuousClock.now
        let run = try await ProgramRun.run(program, arguments + ["-C", "\(messages.count)"])
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        guard run.status == 0 else { throw PeerFailure(output: run.standardError) }
        broker.stop()
        return seconds
    }

    /// The same for the peer, by its own clock, which starts with its first message.
    private func peer(_ script: URL, _ messages: [BenchmarkMessages.Message]) async throws -> Double {
        let broker = try await PrivateBroker.start()
        let address = BrokerAddress(host: "127.0.0.1", port: Int32(broker.port))
        let folder = try TemporaryFolder()
        let arguments = ["batch", "--db", folder.file("paho.db").path, "--port", "\(broker.port)", "--n"]
        _ = try await Peers.run(script, arguments + ["\(count)"], endAfterLine: "READY")
        try await BenchmarkMessages.publish(messages, to: address)
        let output = try await Peers.run(script, arguments + ["\(count)"])
        broker.stop()
        // "... n=100000 in 3.861s = 25900 msg/s ..."
        guard let match = output.firstMatch(of: /in ([0-9.]+)s/), let seconds = Double(match.1) else {
            throw PeerFailure(output: output)
        }
        return seconds
    }
}

/// Messages that both sides understand: the peer wants the station and flat positions in the payload.
enum BenchmarkMessages {
    typealias Message = (topic: String, payload: [UInt8])

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
    static func make(_ count: Int) -> [Message] {
        let start = Instant(CivilTime(year: 2025, month: 3, day: 1))
        return (0..<count).map { index in
            let station = id(index % stations)
            let sequence = index / stations
            let value = 420 + Double(index * 7919 % 4000) / 100
            let time = start.advanced(bySeconds: Double(sequence))
            let payload = """
                {"v":1,"station":"\(station)","seq":\(sequence),"ts":"\(time)","lat":39.90000,\
                "lon":116.40000,"gps":{"lat":39.9,"lon":116.4},"co2":\(value),"t":12.10,"rh":40.0,\
                "p":1013.25,"bat":3.70,"fw":"1.4.2","unit":"ppm"}
                """
            return (observationTopic(network: "race", station: station), Array(payload.utf8))
        }
    }

    static func publish(
        _ messages: [Message],
        to broker: BrokerAddress
    ) async throws {
        try await onOwnThread(named: "publisher") {
            var session = try PublisherSession(to: broker, clientID: "race-publisher", window: 2000)
            for (topic, payload) in messages { try session.publish(topic: topic, payload: payload) }
            try session.finish()
        }
    }
}
