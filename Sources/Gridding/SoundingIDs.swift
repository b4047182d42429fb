/// The identifiers of the soundings of one file, ascending, as a list of steps: 1 to 2 bytes each for numbers made of
/// date, time and footprint, at most 10.
public struct SoundingIDs: Equatable, Sendable {
    public private(set) var count: Int
    /// The smallest and the largest; 0 when there are none.
    public private(set) var first: UInt64
    public private(set) var last: UInt64
    /// Steps from each to the next, seven bits a byte, the lowest first, the eighth set when more follow.
    private(set) var steps: [UInt8]

    /// - Parameter ids: ascending, none twice.
    init(ascending ids: [UInt64]) {
        (count, first, last, steps) = (0, 0, 0, [])
        for id in ids { append(id) }
    }

    /// - Precondition: larger than the last one.
    mutating func append(_ id: UInt64) {
        if count > 0 {
            var step = id &- last
            while step >= 0x80 {
                steps.append(UInt8(truncatingIfNeeded: step) | 0x80)
                step >>= 7
            }
            steps.append(UInt8(truncatingIfNeeded: step))
        } else {
            first = id
        }
        last = id
        count += 1
    }

    /// Appends identifiers of a block for as long as they ascend.
    ///
    /// - Returns: how many of the soundings that is.
    mutating func appendAscending(_ ids: Span<UInt64>, of soundings: Span<Int32>) -> Int {
        var added = 0
        while added < soundings.count {
            let id = ids[Int(soundings[added])]
            guard id > last || count == 0 else { break }
            append(id)
            added += 1
        }
        return added
    }

    /// All of them, 8 bytes each.
    var unpacked: [UInt64] {
        var walk = Walk(self)
        var ids: [UInt64] = []
        ids.reserveCapacity(count)
        while let id = walk.next() { ids.append(id) }
        return ids
    }

    /// Nil when the steps do not lead through `count` ascending numbers from `first` to `last`.
    init?(count: Int, first: UInt64, last: UInt64, steps: [UInt8]) {
        guard count >= 0, count <= steps.count + 1 else { return nil }
        self.count = count
        self.first = first
        self.last = last
        self.steps = steps
        var walk = Walk(self)
        var (found, previous) = (0, first)
        while let id = walk.next() {
            if found > 0, id <= previous { return nil }
            previous = id
            found += 1
        }
        guard found == count, walk.isAtEnd, count > 0 ? previous == last : (first, last) == (0, 0) else {
            return nil
        }
    }

    /// Whether the ranges of two files overlap, so that their identifiers must be compared one by one.
    public func mayShare(with other: SoundingIDs) -> Bool {
        count > 0 && other.count > 0 && first <= other.last && other.first <= last
    }

    /// The identifiers that both have, ascending; linear in the number of both.
    public func shared(with other: SoundingIDs) -> [UInt64] {
        guard mayShare(with: other) else { return [] }
        var (mine, theirs) = (Walk(self), Walk(other))
        var (a, b) = (mine.next(), theirs.next())
        var shared: [UInt64] = []
        while let left = a, let right = b {
            if left == right { shared.append(left) }
            if left <= right { a = mine.next() }
            if right <= left { b = theirs.next() }
        }
        return shared
    }

    /// Goes through the identifiers.
    private struct Walk {
        private let ids: SoundingIDs
        private var given = 0
        private var place = 0
        private var current: UInt64

        init(_ ids: SoundingIDs) {
            self.ids = ids
            current = ids.first
        }

        var isAtEnd: Bool { place == ids.steps.count }

        mutating func next() -> UInt64? {
            guard given < ids.count else { return nil }
            if given > 0 {
                var (step, shift): (UInt64, UInt64) = (0, 0)
                while place < ids.steps.count {
                    let byte = ids.steps[place]
                    place += 1
                    step |= UInt64(byte & 0x7f) << shift
                    shift += 7
                    if byte < 0x80 { break }
                }
                current &+= step
            }
            given += 1
            return current
        }
    }
}

/// Gathers the identifiers of a file that is being read: packed while they ascend, as those of a file in order do.
/// From the first one that does not on, those that ascend take 8 bytes each, and those that come late are kept in a
/// set.
struct SoundingIDGatherer: Sendable {
    private var packed = SoundingIDs(ascending: [])
    /// In the place of `packed` once one came late.
    private var ascending: [UInt64] = []
    private var late: Set<UInt64> = []
    private let excluded: Set<UInt64>

    init(excluding excluded: Set<UInt64> = []) { self.excluded = excluded }

    /// False when the sounding came before or is excluded.
    mutating func insert(_ id: UInt64) -> Bool {
        if !excluded.isEmpty, excluded.contains(id) { return false }
        if ascending.isEmpty {
            if packed.count == 0 || id > packed.last {
                packed.append(id)
                return true
            }
            ascending = packed.unpacked
        }
        guard let last = ascending.last, id <= last else {
            ascending.append(id)
            return true
        }
        return !holds(id) && late.insert(id).inserted
    }

    /// Adds the identifiers of soundings of a block.
    ///
    /// - Returns: which of `places` hold a sounding that came before or is excluded, ascending.
    mutating func insert(_ ids: [UInt64], of soundings: [Int32], _ places: Range<Int>) -> [Int] {
        var start = places.lowerBound
        if excluded.isEmpty, ascending.isEmpty {
            start += packed.appendAscending(ids.span, of: soundings.span.extracting(places))
        }
        return (start..<places.upperBound).filter { !insert(ids[Int(soundings[$0])]) }
    }

    private func holds(_ id: UInt64) -> Bool {
        var (low, high) = (0, ascending.count)
        while low < high {
            let middle = (low + high) / 2
            if ascending[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low < ascending.count && ascending[low] == id
    }

    var ids: SoundingIDs {
        if ascending.isEmpty { return packed }
        return SoundingIDs(ascending: late.isEmpty ? ascending : (ascending + late).sorted())
    }
}
