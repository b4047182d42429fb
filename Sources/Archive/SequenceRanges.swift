/// A set of sequence numbers as ranges, in ascending order and apart from each other.
struct SequenceRanges: Equatable {
    private(set) var ranges: [ClosedRange<Int64>] = []

    init() {}

    /// - Parameter ranges: in any order, overlapping or not.
    init(_ ranges: [ClosedRange<Int64>]) {
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = self.ranges.last, Self.touches(last.upperBound, range.lowerBound) {
                self.ranges[self.ranges.count - 1] =
                    last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                self.ranges.append(range)
            }
        }
    }

    /// - Returns: false when the number was there.
    @discardableResult
    mutating func insert(_ number: Int64) -> Bool {
        let index = firstRange(endingAtOrAfter: number)
        if index < ranges.count, ranges[index].contains(number) { return false }
        let joinsBefore = index > 0 && Self.touches(ranges[index - 1].upperBound, number)
        let joinsAfter = index < ranges.count && Self.touches(number, ranges[index].lowerBound)
        switch (joinsBefore, joinsAfter) {
        case (true, true):
            ranges[index - 1] = ranges[index - 1].lowerBound...ranges[index].upperBound
            ranges.remove(at: index)
        case (true, false): ranges[index - 1] = ranges[index - 1].lowerBound...number
        case (false, true): ranges[index] = number...ranges[index].upperBound
        case (false, false): ranges.insert(number...number, at: index)
        }
        return true
    }

    /// Nearly always the number lies behind all others.
    private func firstRange(endingAtOrAfter number: Int64) -> Int {
        guard let last = ranges.last, last.upperBound >= number else { return ranges.count }
        var low = 0
        var high = ranges.count - 1
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < number { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Whether no number lies between the end of one range and the beginning of the next.
    private static func touches(_ end: Int64, _ beginning: Int64) -> Bool {
        end == .max || end + 1 >= beginning
    }
}
