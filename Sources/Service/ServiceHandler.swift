public import HTTPServer

/// Answers what monitoring asks: `/healthz` while the process serves, `/readyz` with 503 while it cannot do its
/// work, `/metrics` in the text format of Prometheus. Every other path is 404.
public struct ServiceHandler: Sendable {
    private let metrics: @Sendable () -> [Metric]

    private let obstacle: @Sendable () -> String?

    /// - Parameters:
    ///   - metrics: the quantities at the time of the request; must return soon.
    ///   - obstacle: why the process cannot do its work at the moment; nil when it can.
    public init(
        metrics: @escaping @Sendable () -> [Metric],
        obstacle: @escaping @Sendable () -> String? = { nil }
    ) {
        self.metrics = metrics
        self.obstacle = obstacle
    }

    public func response(to request: HTTPRequest) -> HTTPResponse {
        switch request.path {
        case "/healthz":
            return .text("ok")
        case "/readyz":
            return obstacle().map { .text($0 + "\n", status: 503) } ?? .text("ready")
        case "/metrics":
            return HTTPResponse(
                contentType: "text/plain; version=0.0.4; charset=utf-8",
                body: Array(metrics().map { $0.exposition }.joined().utf8)
            )
        default:
            return .text("not found\n", status: 404)
        }
    }
}
