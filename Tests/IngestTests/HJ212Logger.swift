import Concurrent
import Foundation
import MQTT
import Synchronization
import TestSupport

@testable import Ingest

/// A listener on a free port with what it was given.
final class ListenerHarness: Sendable {
    struct Stored: Equatable {
        let topic: String
        let payload: [UInt8]
    }

    private struct State {
        var port: UInt16?
        var stored: [Stored] = []
        var dropped: [String] = []
        var refused = 0
        var progress = HJ212Listener.Progress()
    }

    private let state = Mutex(State())
    private let request = StopRequest()
    private let outcome = Mutex<Result<HJ212Listener.Progress, any Error>?>(nil)

    /// - Parameter outcome: of a batch, before it counts as stored; may take its time.
    init(
        _ settings: HJ212Listener = HJ212Listener(port: 0),
        outcome: @escaping @Sendable (MessageBatch) throws -> BatchOutcome = { _ in .durable() }
    ) {
        // At once: a task might wait long for a turn while other tests compute.
        startThread(named: "listener") { [self] in
            let result = Result { try listen(settings, outcome) }
            self.outcome.withLock { $0 = result }
        }
    }

    private func listen(
        _ settings: HJ212Listener,
        _ outcome: (MessageBatch) throws -> BatchOutcome
    ) throws -> HJ212Listener.Progress {
        try settings.run(
            store: { batch in
                let outcome = try outcome(batch)
                if case .durable = outcome { keep(batch) }
                return outcome
            },
            shouldEnd: { now in
                state.withLock { $0.progress = now }
                return request.isStopped
            },
            note: note
        )
        return progress
    }

    private func keep(_ batch: MessageBatch) {
        let messages = (0..<batch.count).map { index in
            Stored(
                topic: String(decoding: batch.bytes[batch.topic(index)], as: UTF8.self),
                payload: Array(batch.bytes[batch.payload(index)])
            )
        }
        state.withLock { $0.stored += messages }
    }

    private func note(_ event: HJ212Listener.Event) {
        state.withLock { state in
            switch event {
            case .listening(let port): state.port = port
            case .dropped(let reason): state.dropped.append(reason)
            case .batchRefused: state.refused += 1
            case .exhausted: break
            }
        }
    }

    var stored: [Stored] { state.withLock { $0.stored } }
    var dropped: [String] { state.withLock { $0.dropped } }
    var refused: Int { state.withLock { $0.refused } }
    var progress: HJ212Listener.Progress { state.withLock { $0.progress } }

    /// Waits for the listener.
    func port() async -> UInt16 {
        _ = await becomes { state.withLock { $0.port != nil } }
        return state.withLock { $0.port } ?? 0
    }

    /// Ends the run in its own way, and tells how far it came.
    func stop() async throws -> HJ212Listener.Progress {
        request.stop()
        return try await result()
    }

    /// Waits until the run has ended.
    func result() async throws -> HJ212Listener.Progress {
        _ = await becomes { outcome.withLock { $0 != nil } }
        request.stop()
        return try outcome.withLock { $0 }?.get() ?? progress
    }
}

/// A logger's end of a connection. Calls block: use it on a thread of its own.
final class LoggerLink {
    private let descriptor: Int32
    /// Seen when reading.
    private(set) var isClosedByHost = false

    struct Failure: Error {}

    init(port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else { throw Failure() }
        // Ends a test that fails. Where all tests run at once, the other side may come to its turn after minutes.
        var patience = timeval(tv_sec: 600, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var isOn: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close(descriptor) }

    /// False when the other side is gone.
    @discardableResult func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// The answers until there are so many, or the other side closes.
    func answers(_ count: Int) -> [String] {
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 4096)
        while text.components(separatedBy: "\r\n").count <= count {
            let read = recv(descriptor, &buffer, buffer.count, 0)
            guard read > 0 else {
                isClosedByHost = read == 0 || errno == ECONNRESET
                break
            }
            text += String(decoding: buffer[..<read], as: UTF8.self)
        }
        return text.components(separatedBy: "\r\n").filter { !$0.isEmpty }
    }

    /// Whether an answer is there already.
    var hasAnswer: Bool {
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, Int32(MSG_DONTWAIT | MSG_PEEK)) > 0
    }

    /// Waits until the other side closes; false when it answers or lets us wait for too long.
    func isClosedWithoutAnswer() -> Bool { answers(1).isEmpty && isClosedByHost }

    func endOutput() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Goes away like a modem: the connection is reset.
    func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
    }
}

/// The request number that an answer repeats.
func requestNumber(of answer: String) -> String {
    answer.components(separatedBy: "QN=").dropFirst().first?.components(separatedBy: ";").first ?? ""
}
