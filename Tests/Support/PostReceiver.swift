import Concurrent
import Foundation
import Synchronization

/// Takes HTTP requests with a body on a free loopback port and answers each with the next status of a list, the
/// last one again and again; 0 closes the connection without an answer.
public final class PostReceiver: Sendable {
    public let port: Int
    public var url: String { "http://127.0.0.1:\(port)/hook" }
    private let descriptor: Int32
    private let statuses: Mutex<[Int]>
    private let received = Mutex<[String]>([])

    public init(statuses: [Int] = [200]) throws {
        self.statuses = Mutex(statuses)
        port = try freePort()
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) == 0 }
        }
        guard isBound, listen(descriptor, 16) == 0 else { throw BrokerFailure(reason: "no free port") }
        startThread(named: "post receiver") { [weak self, descriptor] in
            while case let client = accept(descriptor, nil, nil), client >= 0 {
                self?.serve(client)
                close(client)
            }
        }
    }

    deinit {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }

    /// The bodies so far, those answered with a failure included.
    public var bodies: [String] { received.withLock { $0 } }

    private func serve(_ client: Int32) {
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 4096)
        while body(of: text) == nil {
            let count = recv(client, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            text += String(decoding: buffer.prefix(count), as: UTF8.self)
        }
        received.withLock { $0.append(body(of: text) ?? "") }
        let status = statuses.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
        guard status > 0 else { return }
        let answer = "HTTP/1.1 \(status) X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        _ = send(client, answer, answer.utf8.count, Int32(MSG_NOSIGNAL))
    }

    /// Nil while the request is incomplete.
    private func body(of request: String) -> String? {
        guard let head = request.range(of: "\r\n\r\n") else { return nil }
        let line = request[..<head.lowerBound].split(separator: "\r\n")
            .first { $0.lowercased().hasPrefix("content-length:") }
        let length = line.flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
        let body = request[head.upperBound...]
        return body.utf8.count >= length ? String(body) : nil
    }
}
