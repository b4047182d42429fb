import Archive
import Foundation
import Ingest
import Observations
import Quantities
import TestSupport
import Testing

private let start = Instant(CivilTime(year: 2025, month: 3, day: 1))

@Suite struct MetricsTests {
    private let networks: [Network]

    init() throws {
        let stations = ["a", "b"].map {
            Station(id: $0, names: LocalizedName(english: $0), kind: .vehicle, position: nil, instruments: [])
        }
        networks = [
            Network(id: "net", names: LocalizedName(english: "net"), credit: "", stations: stations)
        ]
    }

    @Test func batchesAddUpByStation() throws {
        let metrics = IngestMetrics(networks: networks, started: start)
        var batch = MetricsBatch(received: start.advanced(bySeconds: 20))
        for second in [0.0, 10, 5] {
            batch.countMessage()
            let time = start.advanced(bySeconds: second)
            batch.count(second == 5 ? .duplicated : .stored, time: time, network: "net", station: "a")
        }
        batch.count(.revised, time: start, network: "net", station: "a")
        batch.countDeadLetter(reason: "not_json", network: "net", station: "b")
        batch.countDeadLetter(reason: "unknown_station")
        batch.count(.stored, time: start, network: "net", station: "not ours")
        metrics.committed(batch, commit: .milliseconds(3))
        let snapshot = metrics.snapshot(at: start.advanced(bySeconds: 30))
        #expect(snapshot.messages == 3 && snapshot.deadLetters == ["not_json": 1, "unknown_station": 1])
        #expect(abs(snapshot.messagesPerSecond - 0.1) < 1e-12)
        #expect(snapshot.stations.map(\.station) == ["a", "b"])
        let first = try #require(snapshot.stations.first)
        #expect(first.stored == 2 && first.duplicated == 1 && first.revised == 1)
        #expect(first.lagSeconds == 10 && first.lastObservation == start.advanced(bySeconds: 10))
        #expect(snapshot.stations[1].rejected == 1)
        #expect(snapshot.stations[1].lastReceived == start.advanced(bySeconds: 20))
        #expect(snapshot.commitSeconds.count == 1 && abs(snapshot.commitSeconds.sum - 0.003) < 1e-12)
        #expect(metrics.snapshot(at: start.advanced(bySeconds: 100)).messagesPerSecond == 0)
    }

    @Test func readinessFollowsTheConnectionAndTheLastCommit() {
        let metrics = IngestMetrics(networks: networks, started: start)
        #expect(!metrics.snapshot().isReady)
        metrics.connected(again: false)
        #expect(metrics.snapshot().isReady && metrics.snapshot().reconnects == 0)
        metrics.refused()
        #expect(!metrics.snapshot().isReady && metrics.snapshot().commitsRefused == 1)
        metrics.committed(MetricsBatch(received: start), commit: .zero)
        #expect(metrics.snapshot().isReady)
        metrics.disconnected()
        #expect(!metrics.snapshot().isReady)
        metrics.connected(again: true)
        #expect(metrics.snapshot().isReady && metrics.snapshot().reconnects == 1)
    }

    @Test func theCaptureRateIsOfNewReadings() throws {
        let metrics = IngestMetrics(networks: networks, started: start)
        let hours = 12.0
        for second in stride(from: 0.0, to: hours * 3600, by: 60) {
            var batch = MetricsBatch(received: start.advanced(bySeconds: second))
            let time = start.advanced(bySeconds: second)
            batch.count(.stored, time: time, network: "net", station: "a")
            batch.count(.duplicated, time: time, network: "net", station: "a")
            metrics.committed(batch, commit: .zero)
        }
        let full = metrics.snapshot(at: start.advanced(bySeconds: hours * 3600)).stations[0]
        #expect(try #require(full.captureRate) > 0.999)
        let half = metrics.snapshot(at: start.advanced(bySeconds: 2 * hours * 3600)).stations[0]
        #expect(abs(try #require(half.captureRate) - 0.5) < 0.01)
    }

    @Test func readersAndWritersDoNotDisturbEachOther() async throws {
        let metrics = IngestMetrics(networks: networks, started: start)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<500 {
                        var batch = MetricsBatch(received: start)
                        batch.countMessage()
                        metrics.committed(batch, commit: .microseconds(50))
                        #expect(metrics.snapshot().messages >= 1)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(metrics.snapshot().messages == 2000 && metrics.snapshot().batchMessages.count == 2000)
    }
}
