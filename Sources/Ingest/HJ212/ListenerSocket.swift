import Glibc
public import Quantities

/// Why no loggers can be listened to.
public struct ListenerError: Fault, Equatable {
    public let address: String
    public let reason: String

    public var exitStatus: ExitStatus { .unavailable }
    public var what: String { "the address cannot be listened at (\(reason))" }
    public var place: String { address }
    public var remedy: String { "check the address, and that no other program has the port" }
}

/// A TCP socket that does not block; it is closed with the value.
final class ListenerSocket {
    let descriptor: Int32

    init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Listens at a numeric address.
    /// - Parameter port: 0 for a free one.
    static func listening(host: String, port: UInt16) throws(ListenerError) -> ListenerSocket {
        let name = "\(host):\(port)"
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE | AI_NUMERICHOST
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, String(port), &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        guard code == 0, let found = list?.pointee else {
            throw ListenerError(address: name, reason: String(cString: gai_strerror(code)))
        }
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(found.ai_family, kind, 0)
        guard descriptor >= 0 else { throw ListenerError(address: name, reason: systemErrorText()) }
        let result = ListenerSocket(descriptor: descriptor)
        // A restart must not wait until the connections of the last run have timed out.
        var isOn: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &isOn, socklen_t(MemoryLayout<Int32>.size))
        guard bind(descriptor, found.ai_addr, found.ai_addrlen) == 0, listen(descriptor, 128) == 0 else {
            throw ListenerError(address: name, reason: systemErrorText())
        }
        return result
    }

    /// The port that a listening socket has.
    var port: UInt16 {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &address) { storage in
            let isKnown = storage.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(descriptor, $0, &length) == 0
            }
            // The port lies at the same place for both families.
            return storage.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                isKnown ? UInt16(bigEndian: $0.pointee.sin_port) : 0
            }
        }
    }

    enum Acceptance {
        case connection(ListenerSocket)
        case none
        /// No more descriptors or memory.
        case exhausted(reason: String)
    }

    func acceptConnection() -> Acceptance {
        let accepted = accept(descriptor, nil, nil)
        guard accepted < 0 else {
            let result = ListenerSocket(descriptor: accepted)
            let isReady =
                fcntl(accepted, F_SETFL, fcntl(accepted, F_GETFL) | O_NONBLOCK) == 0
                && fcntl(accepted, F_SETFD, FD_CLOEXEC) == 0
            return isReady ? .connection(result) : .exhausted(reason: systemErrorText())
        }
        let isShort = [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(errno)
        return isShort ? .exhausted(reason: systemErrorText()) : .none
    }

    enum Reception {
        case bytes(ArraySlice<UInt8>)
        /// Nothing more for now.
        case none
        /// The other side sends nothing more; it may still read.
        case end
        case failed
    }

    /// Reads once into a buffer that is used again.
    func receive(into buffer: inout [UInt8]) -> Reception {
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count > 0 { return .bytes(buffer[..<count]) }
        if count == 0 { return .end }
        return [EAGAIN, EWOULDBLOCK, EINTR].contains(errno) ? .none : .failed
    }

    /// Sends what fits.
    /// - Returns: how many bytes; nil when the connection is gone.
    func send(_ bytes: ArraySlice<UInt8>) -> Int? {
        let count = bytes.withUnsafeBytes {
            Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        if count >= 0 { return count }
        return [EAGAIN, EWOULDBLOCK, EINTR].contains(errno) ? 0 : nil
    }
}

private func systemErrorText() -> String { String(cString: strerror(errno)) }
