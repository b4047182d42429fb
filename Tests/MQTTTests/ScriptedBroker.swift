import Foundation
import TestSupport

/// A broker that does what a test wants of it, good manners or not: for each connection it runs a script on a
/// thread and hangs up.
final class ScriptedBroker: Sendable {
    let port: Int32
    private let listener: Int32

    /// - Parameter script: gets the number of the connection, from 0.
    init(_ script: @escaping @Sendable (Int, Peer) -> Void) throws {
        let (listener, port) = try listenAnywhere()
        self.port = Int32(port)
        self.listener = listener
        let thread = Thread { @Sendable in
            var count = 0
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else { return }
                script(count, Peer(descriptor: descriptor))
                close(descriptor)
                count += 1
            }
        }
        thread.start()
    }

    deinit { stop() }

    /// Ends the waiting for connections; may be called more than once.
    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    /// The other end of a connection.
    struct Peer {
        let descriptor: Int32

        /// The first byte and the body of the next packet; nil when the client has gone.
        func readPacket() -> (kind: UInt8, body: [UInt8])? {
            guard let kind = read(1)?.first else { return nil }
            var (length, shift) = (0, 0)
            while true {
                guard let byte = read(1)?.first else { return nil }
                length += Int(byte & 127) << shift
                shift += 7
                if byte < 128 { break }
            }
            return read(length).map { (kind, $0) }
        }

        func send(_ bytes: [UInt8]) {
            _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        }

        /// The protocol level of the CONNECT that the client begins with.
        func readConnect() -> UInt8? { readPacket().flatMap { $0.body.count > 6 ? $0.body[6] : nil } }

        /// Answers a SUBSCRIBE with one filter.
        func answerSubscribe(level: UInt8, reason: UInt8) {
            guard let packet = readPacket(), packet.kind == 0x82 else { return }
            let identifier = Array(packet.body.prefix(2))
            send(level == 5 ? [0x90, 4] + identifier + [0, reason] : [0x90, 3] + identifier + [reason])
        }

        /// CONNACK that lets the client in.
        func welcome(level: UInt8) { send(level == 5 ? [0x20, 3, 0, 0, 0] : [0x20, 2, 0, 0]) }

        private func read(_ count: Int) -> [UInt8]? {
            var bytes = [UInt8](repeating: 0, count: count)
            var filled = 0
            while filled < count {
                let step = recv(descriptor, &bytes[filled], count - filled, 0)
                guard step > 0 else { return nil }
                filled += step
            }
            return bytes
        }
    }
}

/// A port at which nobody answers, and that nobody else gets as long as this value lives.
final class DeafPort: Sendable {
    let port: Int32
    private let descriptor: Int32

    init() throws {
        let (descriptor, port) = try bindAnywhere()
        self.descriptor = descriptor
        self.port = Int32(port)
    }

    deinit { close(descriptor) }
}

private func listenAnywhere() throws -> (descriptor: Int32, port: Int) {
    let place = try bindAnywhere()
    guard Glibc.listen(place.descriptor, 8) == 0 else {
        throw BrokerFailure(reason: "cannot listen on port \(place.port)")
    }
    return place
}

/// A port that the system chooses is ours at once: one that was free a moment ago may be another's by now.
private func bindAnywhere() throws -> (descriptor: Int32, port: Int) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            Glibc.bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
        }
    }
    guard isBound else { throw BrokerFailure(reason: "cannot have a port") }
    return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
}
