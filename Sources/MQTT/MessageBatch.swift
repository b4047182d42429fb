/// Messages that have been read and not yet acknowledged, in the order of their arrival.
///
/// All bytes lie in one array, so that reading allocates nothing per message.
public struct MessageBatch: Sendable {
    private struct Entry {
        let topic: Range<Int>
        let payload: Range<Int>
    }

    /// Topics and payloads one after the other; cut with ``topic(_:)`` and ``payload(_:)``.
    public private(set) var bytes: [UInt8] = []
    private var entries: [Entry] = []

    public init() {}

    public var count: Int { entries.count }
    public var isEmpty: Bool { entries.isEmpty }

    /// Where in `bytes` the topic of a message lies (UTF-8).
    public func topic(_ index: Int) -> Range<Int> { entries[index].topic }
    /// Where in `bytes` the payload of a message lies.
    public func payload(_ index: Int) -> Range<Int> { entries[index].payload }

    /// Adds a message at the end.
    public mutating func append(topic: some Sequence<UInt8>, payload: some Sequence<UInt8>) {
        let start = bytes.count
        bytes.append(contentsOf: topic)
        let middle = bytes.count
        bytes.append(contentsOf: payload)
        entries.append(Entry(topic: start..<middle, payload: middle..<bytes.count))
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        entries.removeAll(keepingCapacity: true)
    }
}
