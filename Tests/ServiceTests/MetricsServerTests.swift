import Archive
import Foundation
import HTTPServer
import Ingest
import Observations
import Quantities
import Service
import TestSupport
import Testing

private let start = Instant(CivilTime(year: 2025, month: 3, day: 1))

@Suite struct MetricsServerTests {
    private func metrics() -> IngestMetrics {
        let station = Station(
            id: "a",
            names: LocalizedName(english: "a"),
            kind: .vehicle,
            position: nil,
            instruments: []
        )
        let network = Network(
            id: "net",
            names: LocalizedName(english: "n"),
            credit: "",
            stations: [station]
        )
        return IngestMetrics(networks: [network], started: start)
    }

    @Test func thePageTellsWhatWasCounted() async throws {
        let metrics = metrics()
        var batch = MetricsBatch(received: start.advanced(bySeconds: 2))
        batch.countMessage()
        batch.count(.stored, time: start, network: "net", station: "a")
        batch.countDeadLetter(reason: "not_json", network: "net", station: "a")
        metrics.committed(batch, commit: .milliseconds(4))
        let server = try startMetricsServer(try #require(ListenAddress("127.0.0.1:0")), metrics)
        let page = try await LocalHTTP.get(server.port, "/metrics")
        for line in [
            "crosswind_ingest_messages_total 1",
            #"crosswind_ingest_readings_total{network="net",outcome="stored",station="a"} 1"#,
            #"crosswind_ingest_dead_letters_total{reason="not_json"} 1"#,
            #"crosswind_ingest_lag_seconds{network="net",station="a"} 2"#,
            #"crosswind_ingest_commit_seconds_bucket{le="0.002"} 0"#,
            #"crosswind_ingest_commit_seconds_bucket{le="0.005"} 1"#,
            #"crosswind_ingest_commit_seconds_bucket{le="+Inf"} 1"#,
            "crosswind_ingest_commit_seconds_count 1",
            "# TYPE crosswind_ingest_commit_seconds histogram", "crosswind_ingest_ready 0",
        ] {
            #expect(page.contains("\n\(line)\n"), "\(line)")
        }
        #expect(!page.contains("capture_ratio{"))
        await server.stop()
    }

    @Test func readinessIsToldWithItsObstacle() async throws {
        let metrics = metrics()
        let server = try startMetricsServer(try #require(ListenAddress("0")), metrics)
        let before = try await LocalHTTP.get(server.port, "/readyz")
        #expect(before.hasPrefix("HTTP/1.1 503") && before.hasSuffix("not connected to the broker\n"))
        metrics.connected(again: false)
        #expect(try await LocalHTTP.get(server.port, "/readyz").hasSuffix("\r\n\r\nready"))
        metrics.refused()
        #expect(try await LocalHTTP.get(server.port, "/readyz").hasPrefix("HTTP/1.1 503"))
        #expect(try await LocalHTTP.get(server.port, "/healthz").hasSuffix("\r\n\r\nok"))
        await server.stop()
    }

    @Test(arguments: [
        ("9464", "127.0.0.1:9464"), ("0.0.0.0:80", "0.0.0.0:80"), ("", nil), (":80", nil), ("a:b:1", nil),
        ("host:", nil), ("127.0.0.1:65536", nil),
    ])
    func addressesAreReadOrRefused(text: String, expected: String?) {
        #expect(ListenAddress(text)?.description == expected)
    }
}
