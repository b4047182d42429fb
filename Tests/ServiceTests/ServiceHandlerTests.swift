import HTTPServer
import Service
import TestSupport
import Testing

@Suite struct ServiceHandlerTests {
    private let handler = ServiceHandler {
        [
            Metric(
                name: "crosswind_readings_total",
                help: "readings by flag",
                kind: .counter,
                samples: [
                    Metric.Sample(18_620, labels: ["station": "hamburg", "flag": "good"]),
                    Metric.Sample(0, labels: ["station": "a\"b\\c\nd"]),
                ]
            ),
            Metric(name: "crosswind_lag_seconds", help: "a\\b\nc", kind: .gauge, samples: [.init(0.25)]),
            Metric(name: "odd", help: "", kind: .gauge, samples: [.init(.nan), .init(-.infinity)]),
        ]
    }

    @Test func healthIsTwoLetters() {
        let response = handler.response(to: HTTPRequest(path: "/healthz"))
        #expect(response == .text("ok"))
        #expect(response.status == 200)
    }

    /// The exposition format of Prometheus, version 0.0.4, with its escapes.
    @Test func metricsAreWrittenAsPrometheusReadsThem() {
        let response = handler.response(to: HTTPRequest(path: "/metrics", query: ["x": "y"]))
        #expect(response.contentType == "text/plain; version=0.0.4; charset=utf-8")
        #expect(
            String(decoding: response.body, as: UTF8.self) == #"""
                # HELP crosswind_readings_total readings by flag
                # TYPE crosswind_readings_total counter
                crosswind_readings_total{flag="good",station="hamburg"} 18620
                crosswind_readings_total{station="a\"b\\c\nd"} 0
                # HELP crosswind_lag_seconds a\\b\nc
                # TYPE crosswind_lag_seconds gauge
                crosswind_lag_seconds 0.25
                # HELP odd \#n# TYPE odd gauge
                odd NaN
                odd -Inf

                """#
        )
    }

    @Test(arguments: ["/", "", "/metrics/", "/../healthz", "/HEALTHZ"]) func otherPathsAreNotThere(
        path: String
    ) {
        #expect(handler.response(to: HTTPRequest(path: path)).status == 404)
    }

    @Test func servesOverASocket() async throws {
        let handler = self.handler
        let server = try HTTPServer(port: 0) { handler.response(to: $0) }
        #expect(try await LocalHTTP.get(server.port, "/healthz").hasSuffix("\r\n\r\nok"))
        #expect(try await LocalHTTP.get(server.port, "/metrics").contains("\ncrosswind_lag_seconds 0.25\n"))
        #expect(try await LocalHTTP.get(server.port, "/nothing").hasPrefix("HTTP/1.1 404"))
        await server.stop()
    }
}
