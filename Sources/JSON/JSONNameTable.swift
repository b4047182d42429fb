import CSimdJSON

/// Finds a member's place in a list of names, so that one pass over an object finds all members that are wanted.
public struct JSONNameTable: Sendable {
    private struct Slot {
        var word: UInt64 = 0
        /// Bytes of the name; zero for a slot that is free.
        var count = 0
        var index = 0
    }

    /// Open addressing; at most a quarter of the slots are taken.
    private var slots: [Slot]

    /// - Precondition: each name is there once and has 1 to 8 bytes.
    public init(_ names: [String]) {
        var count = 16
        while count < 4 * names.count { count *= 2 }
        slots = Array(repeating: Slot(), count: count)
        for (index, text) in names.enumerated() {
            let name = JSONName(text)
            precondition((1...8).contains(name.bytes.count), "a name has 1 to 8 bytes")
            let place = slot(name.word, name.bytes.count)
            precondition(slots[place].count == 0, "a name is there once")
            slots[place] = Slot(word: name.word, count: name.bytes.count, index: index)
        }
    }

    /// The place of the name under which an object has the element; nil for one that is not in the list.
    public func index(of element: JSONElement) -> Int? {
        let found = slots[slot(element.node.pointee.key_word, Int(element.node.pointee.key_count))]
        return found.count == 0 ? nil : found.index
    }

    /// The slot of the name, or the free one where it would be. By Fibonacci hashing (Knuth, The Art of Computer
    /// Programming 3, 6.4).
    private func slot(_ word: UInt64, _ count: Int) -> Int {
        let mask = slots.count - 1
        var place = Int(truncatingIfNeeded: (word &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
        while slots[place].count != 0, slots[place].word != word || slots[place].count != count {
            place = (place + 1) & mask
        }
        return place
    }
}
