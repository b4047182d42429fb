/// The messages of a transaction, as they are kept: one after the other, each with its topic, compressed together.
///
/// A message has the number of its batch plus its place in it. A batch takes so many messages that the next
/// begins at the next multiple of 65,536. The lines of a page have a number each.
///
/// An entry is the length of its topic plus one, or zero where it is that of the entry before; the number of lines;
/// for each line by how much its number in the file is greater than that of the line before, and its length, or for
/// a message by itself (no lines) its length; then topic and content.
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
    private var lastTopic: [UInt8]?

    /// The number that the next message will have.
    var nextMessage: Int64 { id + count }

    var isFull: Bool { count >= Self.messageLimit || bytes.count >= Self.byteLimit }

    func hasRoom(messages: Int64) -> Bool { count + messages <= Self.messageLimit }

    /// Begins a batch behind all messages up to the one with a number.
    mutating func begin(after last: Int64) {
        id = (last | (Self.messageLimit - 1)) + 1
        count = 0
        bytes.removeAll(keepingCapacity: true)
        lastTopic = nil
    }

    mutating func append(topic: RawSpan, payload: RawSpan) {
        let isNew = appendTopicLength(topic)
        bytes.append(0)
        bytes.appendVariable(UInt64(payload.byteCount))
        if isNew { topic.withUnsafeBytes { bytes.append(contentsOf: $0) } }
        payload.withUnsafeBytes { bytes.append(contentsOf: $0) }
        count += 1
    }

    /// - Precondition: there is room for its lines.
    mutating func append(topic: RawSpan, page: ReadingPage) {
        precondition(hasRoom(messages: Int64(page.lines.count)), "a page belongs to one batch")
        let isNew = appendTopicLength(topic)
        bytes.appendVariable(UInt64(page.lines.count))
        var before = 0
        for line in page.lines {
            bytes.appendVariable(UInt64(bitPattern: Int64(line.number - before)))
            bytes.appendVariable(UInt64(line.bytes.count))
            before = line.number
        }
        if isNew { topic.withUnsafeBytes { bytes.append(contentsOf: $0) } }
        bytes.append(contentsOf: page.bytes)
        count += Int64(page.lines.count)
    }

    /// True when the topic has to be written.
    private mutating func appendTopicLength(_ topic: RawSpan) -> Bool {
        let isKnown = topic.withUnsafeBytes { bytes in lastTopic?.elementsEqual(bytes) ?? false }
        if isKnown {
            bytes.append(0)
            return false
        }
        bytes.appendVariable(UInt64(topic.byteCount) + 1)
        if lastTopic == nil { lastTopic = [] }
        lastTopic?.removeAll(keepingCapacity: true)
        topic.withUnsafeBytes { lastTopic?.append(contentsOf: $0) }
        return true
    }

    /// A message as it was appended.
    struct Message {
        let topic: String
        /// In a file, from 1; nil for what is no line.
        let line: Int?
        let payload: [UInt8]
    }

    /// Topic and payload of one message; nil when the bytes end before.
    static func message(_ index: Int64, in bytes: [UInt8]) -> Message? {
        var cursor = ByteCursor(bytes)
        var topic: ArraySlice<UInt8> = []
        var first: Int64 = 0
        while first <= index {
            guard let topicHead = cursor.variable(), let lineCount = cursor.variable(),
                lineCount <= UInt64(messageLimit),
                let lines = lengths(lineCount, &cursor)
            else { return nil }
            if topicHead > 0 {
                guard let text = cursor.slice(topicHead - 1) else { return nil }
                topic = text
            }
            for line in lines {
                guard let content = cursor.slice(line.bytes) else { return nil }
                if first == index {
                    let text = String(decoding: topic, as: UTF8.self)
                    return Message(topic: text, line: line.number, payload: Array(content))
                }
                first += 1
            }
        }
        return nil
    }

    private static func lengths(
        _ count: UInt64,
        _ cursor: inout ByteCursor
    ) -> [(number: Int?, bytes: UInt64)]? {
        guard count > 0 else { return cursor.variable().map { [(nil, $0)] } }
        var number = 0
        var lines: [(number: Int?, bytes: UInt64)] = []
        for _ in 0..<count {
            guard let step = cursor.variable(), let bytes = cursor.variable() else { return nil }
            number &+= Int(truncatingIfNeeded: step)
            lines.append((number, bytes))
        }
        return lines
    }
}
