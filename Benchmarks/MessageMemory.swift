import Concurrent
import Foundation
import Ingest
import LoadSupport
import MQTT
import Quantities
import TestSupport

/// What an ingester keeps in memory while millions of messages pass through it: native messages of 50 stations through
/// a private broker into a store on disk, with receipts. The peak should not grow with their number.
struct MessageMemory: Race {
    let name = "message-memory"
    let count: Int

    private static let stations = 50
    /// How many are sent at once. Twice as many may be under way, so that the broker's own queue stays short.
    private static let step = 25_000
    private static let milestone = 1_000_000

    func run() async throws {
        guard PrivateBroker.program != nil else {
            print("skipped: mosquitto is not installed")
            return
        }
        let broker = try await PrivateBroker.start()
        let folder = try TemporaryFolder()
        let port = try freePort()
        let network = folder.file("load.json")
        let plan = LoadPlan(LoadPlan.Settings(seed: 1, messages: 1))
        try Data(plan.networkFile(stations: Self.stations).utf8).write(to: network)
        let program = try await RunningProgram.crosswind(
            "ingest",
            "--broker",
            broker.url,
            "--network",
            network.path,
            "--metrics",
            "\(port)",
            "--store",
            folder.file("store.sqlite").path
        )
        guard await program.waitForError("subscribed") else {
            throw PeerFailure(output: program.standardError)
        }
        try await publish(to: broker, Ingester(program: program, port: UInt16(port)))
        program.signal(SIGTERM)
        _ = try await program.finish()
        await broker.stopOnOwnThread()
    }

    private func publish(to broker: PrivateBroker, _ ingester: Ingester) async throws {
        let address = BrokerAddress(host: "127.0.0.1", port: Int32(broker.port))
        let start = ContinuousClock.now
        for first in stride(from: 0, to: count, by: Self.step) {
            let end = min(count, first + Self.step)
            try await onOwnThread(named: "publisher") {
                var session = try PublisherSession(to: address, clientID: "memory-publisher", window: 2000)
                for index in first..<end {
                    try session.publish(topic: Self.topic(index), payload: Self.payload(index))
                }
                try session.finish()
            }
            let isMilestone = end / Self.milestone > first / Self.milestone || end == count
            try await ingester.waitUntilStored(isMilestone ? end : first)
            guard isMilestone else { continue }
            let rate = Int(Double(end) / ((ContinuousClock.now - start) / .seconds(1)))
            print("after \(end) messages: peak \(try ingester.peakMegabytes()) MB, \(rate) messages/s so far")
            fflush(nil)
        }
    }

    private static func topic(_ index: Int) -> String {
        observationTopic(network: LoadPlan.network, station: "s\(index % stations)")
    }

    private static func payload(_ index: Int) -> [UInt8] {
        let sequence = index / stations
        let time = firstTime.advanced(bySeconds: Double(sequence))
        let value = 420 + Double(index * 7919 % 4000) / 100
        let text = """
            {"v":1,"boot":"\(LoadPlan.boot)","seq":\(sequence),"ts":"\(time)","co2":\(value),\
            "gps":{"lat":39.9,"lon":116.4},"t":12.1,"rh":40.0,"p":1013.25,"bat":3.7}
            """
        return Array(text.utf8)
    }

    private static let firstTime = Instant(CivilTime(year: 2025, month: 3, day: 1))
}

/// The program while it runs, as its operator sees it.
private struct Ingester {
    let program: RunningProgram
    let port: UInt16

    func waitUntilStored(_ count: Int) async throws {
        while try await stored() < count {
            guard program.isRunning else { throw PeerFailure(output: program.standardError) }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private func stored() async throws -> Int {
        let page = try await LocalHTTP.get(port, "/metrics")
        let line = page.split(whereSeparator: \.isNewline).first {
            $0.hasPrefix("crosswind_ingest_messages_total ")
        }
        return line?.split(separator: " ").last.flatMap { Double($0) }.flatMap { Int(exactly: $0) } ?? 0
    }

    /// The largest resident size so far, in units of 1024 x 1024 bytes.
    func peakMegabytes() throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(program.processIdentifier)/status", encoding: .utf8)
        guard let match = status.firstMatch(of: /VmHWM:\s+([0-9]+) kB/), let kilobytes = Int(match.1) else {
            throw PeerFailure(output: status)
        }
        return kilobytes / 1024
    }
}
