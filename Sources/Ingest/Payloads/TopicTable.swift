/// Finds what belongs to a topic by the topic's bytes, without a String for each message.
struct TopicTable: Sendable {
    private struct Entry {
        let topic: [UInt8]
        let value: Int
    }

    private struct Filter {
        let pattern: [UInt8]
        let value: Int
    }

    /// Open addressing; at most half of the slots are taken.
    private var slots: [Entry?]
    private var filters: [Filter] = []

    /// - Parameter filters: MQTT topic filters, each once. One without wildcards goes before those with, and of these
    ///   the first that matches counts.
    init(_ filters: [(filter: String, value: Int)]) {
        var count = 16
        while count < 2 * filters.count { count *= 2 }
        slots = Array(repeating: nil, count: count)
        for (filter, value) in filters {
            let bytes = Array(filter.utf8)
            if bytes.contains(where: { $0 == plus || $0 == hash }) {
                self.filters.append(Filter(pattern: bytes, value: value))
            } else {
                insert(Entry(topic: bytes, value: value))
            }
        }
    }

    func value(of topic: RawSpan) -> Int? {
        var index = firstSlot(topic)
        while let entry = slots[index] {
            if isEqual(entry.topic, topic) { return entry.value }
            index = (index + 1) & (slots.count - 1)
        }
        return filters.first { matches($0.pattern, topic) }?.value
    }

    private mutating func insert(_ entry: Entry) {
        var index = firstSlot(entry.topic.span.bytes)
        while slots[index] != nil { index = (index + 1) & (slots.count - 1) }
        slots[index] = entry
    }

    /// By the hash of Fowler, Noll and Vo (FNV-1a, 64 bits), folded.
    private func firstSlot(_ topic: RawSpan) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in topic.byteOffsets {
            hash = (hash ^ UInt64(topic.unsafeLoad(fromByteOffset: index, as: UInt8.self))) &* 0x100_0000_01B3
        }
        return Int(truncatingIfNeeded: (hash ^ (hash >> 32)) & UInt64(slots.count - 1))
    }
}

private let plus = UInt8(ascii: "+")
private let hash = UInt8(ascii: "#")
private let slash = UInt8(ascii: "/")

private func isEqual(_ bytes: [UInt8], _ topic: RawSpan) -> Bool {
    guard bytes.count == topic.byteCount else { return false }
    for index in bytes.indices where bytes[index] != topic.unsafeLoad(fromByteOffset: index, as: UInt8.self) {
        return false
    }
    return true
}

/// Whether a topic falls under a filter by MQTT 5.0 (4.7).
func matches(_ filter: [UInt8], _ topic: RawSpan) -> Bool {
    func byte(_ index: Int) -> UInt8 { topic.unsafeLoad(fromByteOffset: index, as: UInt8.self) }
    let isWild = filter.first == plus || filter.first == hash
    if isWild, topic.byteCount > 0, byte(0) == UInt8(ascii: "$") { return false }
    var place = 0
    for (index, letter) in filter.enumerated() {
        switch letter {
        case hash: return true
        case plus:
            while place < topic.byteCount, byte(place) != slash { place += 1 }
        default:
            guard place < topic.byteCount, byte(place) == letter else {
                // `a/#` includes `a` itself.
                return place == topic.byteCount && filter[index...].elementsEqual([slash, hash])
            }
            place += 1
        }
    }
    return place == topic.byteCount
}
