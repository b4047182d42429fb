import CInterop
import CMicroHTTPD
import Concurrent
import Foundation
import Synchronization

/// A small HTTP/1.1 server over libmicrohttpd. It answers GET and HEAD; other methods get 405.
///
/// Listens on the loopback address unless told otherwise: it has no access control of its own.
public final class HTTPServer: Sendable {
    /// The port listened on.
    public let port: UInt16
    // The library holds its address, so that it must live until the thread has ended.
    private let responder: Responder
    private let daemon: Mutex<OpaquePointer?>

    /// Starts listening.
    ///
    /// - Parameters:
    ///   - host: IPv4 address in dotted form.
    ///   - port: 0 lets the system choose a free one.
    ///   - handler: runs on the thread of the server and must return soon; others wait meanwhile.
    /// - Throws: ``HTTPServerError`` when the address is taken or not of this machine.
    public init(
        host: String = "127.0.0.1",
        port: UInt16,
        handler: @escaping @Sendable (HTTPRequest) -> HTTPResponse
    ) throws(HTTPServerError) {
        var address = in_addr()
        guard inet_pton(AF_INET, host, &address) == 1 else {
            throw HTTPServerError(host: host, port: port, reason: "not an IPv4 address")
        }
        responder = Responder(handler: handler)
        let context = Unmanaged.passUnretained(responder).toOpaque()
        guard
            let started = crosswind_http_start(address, port, 256, 30, answer, context)
        else {
            throw HTTPServerError(host: host, port: port, reason: String(cString: strerror(errno)))
        }
        self.port = crosswind_http_port(started)
        daemon = Mutex(started)
    }

    deinit { stopBlocking() }

    /// Stops listening, lets the request that is being answered finish, and ends the thread. Harmless when
    /// called again. Not to be called from the handler, which it waits for.
    public func stop() async {
        // The body throws nothing.
        try? await onOwnThread(named: "http stop") { [self] in stopBlocking() }
    }

    private func stopBlocking() {
        let running = daemon.withLock { daemon in
            let running = daemon
            daemon = nil
            return running
        }
        // No connection is ever suspended, which is what MHD_stop_daemon would abort the process for.
        if let running { MHD_stop_daemon(running) }
    }
}

/// What the C callback finds behind its context pointer.
private final class Responder: Sendable {
    let handler: @Sendable (HTTPRequest) -> HTTPResponse
    init(handler: @escaping @Sendable (HTTPRequest) -> HTTPResponse) { self.handler = handler }
}

/// Called by the library when the head of a request is there (`state` is empty) and again for its body. A
/// response to the first call would close the connection, so that GET is answered at the second.
private func answer(
    context: UnsafeMutableRawPointer?,
    connection: OpaquePointer?,
    url: UnsafePointer<CChar>?,
    method: UnsafePointer<CChar>?,
    version: UnsafePointer<CChar>?,
    upload: UnsafePointer<CChar>?,
    uploadSize: UnsafeMutablePointer<Int>?,
    state: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
    guard let context, let connection, let url, let method, let state else { return .NO }
    guard ["GET", "HEAD"].contains(String(cString: method)) else {
        return queue(.text("only GET is answered here\n", status: 405), on: connection)
    }
    if state.pointee == nil {
        state.pointee = context
        return .YES
    }
    if let uploadSize, uploadSize.pointee > 0 {
        uploadSize.pointee = 0
        return .YES
    }
    let responder = Unmanaged<Responder>.fromOpaque(context).takeUnretainedValue()
    let request = HTTPRequest(path: String(cString: url), query: arguments(of: connection))
    return queue(responder.handler(request), on: connection)
}

private func arguments(of connection: OpaquePointer) -> [String: String] {
    var arguments: [String: String] = [:]
    withUnsafeMutablePointer(to: &arguments) { pointer in
        _ = MHD_get_connection_values(
            connection,
            .GET_ARGUMENT_KIND,
            { context, _, name, value in
                guard let context, let name else { return .YES }
                context.assumingMemoryBound(to: [String: String].self)
                    .pointee[String(cString: name)] = value.map { String(cString: $0) } ?? ""
                return .YES
            },
            pointer
        )
    }
    return arguments
}

private func queue(_ response: HTTPResponse, on connection: OpaquePointer) -> MHD_Result {
    var body = response.body
    let made = MHD_create_response_from_buffer(body.count, &body, .RESPMEM_MUST_COPY)
    guard let made else { return .NO }
    defer { MHD_destroy_response(made) }
    MHD_add_response_header(made, "Content-Type", response.contentType)
    MHD_add_response_header(made, "X-Content-Type-Options", "nosniff")
    MHD_add_response_header(made, "Cache-Control", "no-store")
    if response.status == 405 { MHD_add_response_header(made, "Allow", "GET, HEAD") }
    return MHD_queue_response(connection, UInt32(clamping: response.status), made)
}
