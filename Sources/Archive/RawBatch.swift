import Compression
import Quantities

/// The messages of a transaction, as they are kept: one after the other, each with its topic, compressed together.
///
/// A message has the number of its batch plus its place in it. A batch takes so many messages that the next
/// begins at the next multiple of 65,536.
struct RawBatch {
    static let messageLimit: Int64 = 1 << 16
    /// A batch of so many bytes is closed, so that it can be read in a bounded piece of memory.
    static let byteLimit = 4 << 20
    /// What a batch can come to with one last message of any size that decoders accept.
    static let decodedByteLimit = 64 << 20
    /// The only way of keeping that there is: a Zstandard frame.
    static let codec: Int64 = 1

    /// Number of the batch, and of its first message.
    private(set) var id: Int64 = 0
    private(set) var count: Int64 = 0
    private(set) var bytes: [UInt8] = []

    /// The number that the next message will have.
    var nextMessage: Int64 { id + count }

    var isFull: Bool { count == Self.messageLimit || bytes.count >= Self.byteLimit }

    /// Begins a batch behind all messages up to the one with a number.
    mutating func begin(after last: Int64) {
        id = (last | (Self.messageLimit - 1)) + 1
        count = 0
        bytes.removeAll(keepingCapacity: true)
    }

    mutating func append(topic: RawSpan, payload: RawSpan) {
        for part in [topic.byteCount, payload.byteCount] { bytes.appendVariable(UInt64(part)) }
        topic.withUnsafeBytes { bytes.append(contentsOf: $0) }
        payload.withUnsafeBytes { bytes.append(contentsOf: $0) }
        count += 1
    }

    /// Topic and payload of one message; nil when the bytes end before.
    static func message(_ index: Int64, in bytes: [UInt8]) -> (topic: String, payload: [UInt8])? {
        var cursor = ByteCursor(bytes)
        for place in 0... {
            guard let topicBytes = cursor.variable(), let payloadBytes = cursor.variable(),
                let topic = cursor.slice(topicBytes), let payload = cursor.slice(payloadBytes)
            else { return nil }
            if place == index { return (String(decoding: topic, as: UTF8.self), Array(payload)) }
        }
        return nil
    }
}
