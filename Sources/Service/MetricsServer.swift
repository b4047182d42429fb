public import HTTPServer
public import Ingest
import Quantities

/// Where a server listens: `127.0.0.1:9464`.
public struct ListenAddress: Equatable, Sendable, CustomStringConvertible {
    /// IPv4 in dotted form.
    public let host: String
    /// 0 lets the system choose.
    public let port: UInt16

    /// Nil for what is not `HOST:PORT` or a port alone, which means this machine only.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let last = parts.last, let port = UInt16(last) else {
            return nil
        }
        self.port = port
        host = parts.count == 2 ? String(parts[0]) : "127.0.0.1"
        guard !host.isEmpty else { return nil }
    }

    public var description: String { "\(host):\(port)" }
}

/// Serves `/metrics`, `/healthz` and `/readyz` of an ingest run until the server is stopped or let go.
/// - Throws: `HTTPServerError` when the address is taken or not of this machine.
public func startMetricsServer(
    _ address: ListenAddress,
    _ metrics: IngestMetrics
) throws(HTTPServerError) -> HTTPServer {
    let handler = ServiceHandler(
        metrics: { metrics.snapshot().page },
        obstacle: { metrics.snapshot().obstacle }
    )
    return try HTTPServer(host: address.host, port: address.port) { handler.response(to: $0) }
}

extension MetricsSnapshot {
    fileprivate var obstacle: String? {
        if !isConnected { return "not connected to the broker" }
        return isLastCommitRefused ? "the last batch could not be stored" : nil
    }
}
