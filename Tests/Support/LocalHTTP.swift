import Concurrent
import Foundation

/// A client that speaks to a server on this machine without any library in between.
public enum LocalHTTP {
    /// Sends bytes to a port of this machine and returns all that comes back until the other side closes.
    public static func exchange(_ port: UInt16, _ request: String) async throws -> String {
        try await onOwnThread(named: "client") {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(descriptor) }
            var limit = timeval(tv_sec: 20, tv_usec: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
            let connected = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            guard connected == 0 else { return "" }
            _ = send(descriptor, request, request.utf8.count, Int32(MSG_NOSIGNAL))
            var received: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 4096)
            while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 {
                received += buffer.prefix(count)
            }
            return String(decoding: received, as: UTF8.self)
        }
    }

    /// The whole answer to one request, head and body.
    public static func get(_ port: UInt16, _ target: String, method: String = "GET") async throws -> String {
        try await exchange(port, "\(method) \(target) HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")
    }
}
