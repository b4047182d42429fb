public import HTTPServer

/// Answers what monitoring asks: `/healthz` while the process serves, `/metrics` in the text format of
/// Prometheus. Every other path is 404.
public struct ServiceHandler: Sendable {
    private let metrics: @Sendable () -> [Metric]

    /// - Parameter metrics: the quantities at the time of the request; must return soon.
    public init(metrics: @escaping @Sendable () -> [Metric]) { self.metrics = metrics }

    public func response(to request: HTTPRequest) -> HTTPResponse {
        switch request.path {
        case "/healthz":
            return .text("ok")
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
