import Quantities

/// One logger's connection: what it has sent and has not been stored, what it is to be told.
final class ListenerConnection {
    /// A frame to store, with the answer that leaves after it is durable.
    struct Message {
        let topic: String
        let payload: [UInt8]
        let reply: [UInt8]?
    }

    let socket: ListenerSocket
    private var scanner = HJ212FrameScanner()
    private var output: [UInt8] = []
    private var messages: [Message] = []
    /// The first frame of data that did not fit into one.
    private var firstPart: (requestNumber: String, frame: [UInt8])?
    private(set) var lastArrival: ContinuousClock.Instant
    /// When the frame began that is not complete; nil between frames.
    private(set) var frameStart: ContinuousClock.Instant?
    /// Bytes since the last good frame that belong to none.
    private(set) var uselessByteCount = 0
    private(set) var heartbeatCount = 0
    /// The other side has sent its last byte.
    private(set) var isAtEnd = false
    /// The connection is of no use any more.
    private(set) var isBroken = false
    /// Frames in the batch that are not durable yet.
    var unansweredCount = 0

    init(_ socket: ListenerSocket, now: ContinuousClock.Instant) {
        self.socket = socket
        lastArrival = now
    }

    var hasOutput: Bool { !output.isEmpty }
    var outputByteCount: Int { output.count }
    /// All is stored and told.
    var isFinished: Bool { isAtEnd && !hasOutput && unansweredCount == 0 }

    /// Reads what has come, as far as the buffer holds.
    /// - Returns: the frames found.
    func read(into buffer: inout [UInt8], now: ContinuousClock.Instant) -> [Message] {
        switch socket.receive(into: &buffer) {
        case .none: break
        case .failed: isBroken = true
        case .end:
            isAtEnd = true
            return giveUpFrame()
        case .bytes(let bytes):
            lastArrival = now
            let skippedBefore = scanner.skippedByteCount
            scanner.append(bytes)
            while let element = scanner.next() { take(element) }
            uselessByteCount += scanner.skippedByteCount - skippedBefore
            frameStart = scanner.pendingByteCount > 0 ? frameStart ?? now : nil
        }
        defer { messages.removeAll() }
        return messages
    }

    /// What has begun will not be completed. It is kept all the same.
    func giveUpFrame() -> [Message] {
        while let element = scanner.giveUp() { take(element) }
        frameStart = nil
        defer { messages.removeAll() }
        return messages
    }

    /// Queues what is to be sent.
    func tell(_ bytes: [UInt8]) { output += bytes }

    func write() {
        guard hasOutput else { return }
        guard let count = socket.send(output[...]) else {
            isBroken = true
            return
        }
        output.removeFirst(count)
    }

    private func take(_ element: HJ212FrameScanner.Element) {
        switch element {
        case .frame(let bytes):
            uselessByteCount = 0
            frameStart = nil
            take(frame: bytes)
        case .wrongChecksum(let bytes), .broken(let bytes):
            // No answer: the logger shall send it again.
            uselessByteCount += bytes.count
            frameStart = nil
            messages.append(Message(topic: hj212Topic(device: nil), payload: bytes, reply: nil))
        }
    }

    private func take(frame bytes: [UInt8]) {
        guard let frame = try? HJ212Frame(frame: bytes) else {
            messages.append(Message(topic: hj212Topic(device: nil), payload: bytes, reply: nil))
            return
        }
        let reply = HJ212Reply.bytes(to: frame)
        guard frame.command != HJ212Reply.heartbeat else {
            heartbeatCount += 1
            if let reply { tell(reply) }
            return
        }
        let payload = completed(frame, bytes)
        messages.append(Message(topic: hj212Topic(device: frame.device), payload: payload, reply: reply))
    }

    /// A part that does not state its moment comes with the one that does. Both are stored again; what is there
    /// already is counted as duplicated. So every frame can be answered at once, for loggers that wait for
    /// the answer before they send the next part.
    private func completed(_ frame: HJ212Frame, _ bytes: [UInt8]) -> [UInt8] {
        guard frame.isPart, let requestNumber = frame.requestNumber else { return bytes }
        if frame.statesTime {
            firstPart = (requestNumber, bytes)
            return bytes
        }
        guard let firstPart, firstPart.requestNumber == requestNumber else { return bytes }
        return firstPart.frame + bytes
    }
}

/// The topic under which frames of a logger are kept that came over TCP.
/// - Parameter device: its `MN`; what could be no level of a topic counts as none.
func hj212Topic(device: String?) -> String {
    let permitted = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_.".utf8
    guard let device, (1...64).contains(device.utf8.count),
        device.utf8.allSatisfy({ permitted.contains($0) })
    else { return "hj212/unreadable" }
    return "hj212/\(device)"
}
