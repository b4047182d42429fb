import Concurrent

extension LabelGroups {
    /// Observations parted at random into folds of equal size, to be withheld one after the other.
    ///
    /// - Parameters:
    ///   - count: number of observations.
    ///   - folds: at least two and at most `count`.
    ///   - seed: the same seed gives the same folds.
    public static func folds(count: Int, folds: Int, seed: UInt64) throws(InversionError) -> LabelGroups {
        try LabelGroups(labels: (0..<count).map { String($0) }).gathered(into: folds, seed: seed)
    }

    /// These groups parted at random into folds of about as many groups each, so that what one station measured
    /// is withheld together. Observations in no group stay in none.
    public func gathered(into folds: Int, seed: UInt64) throws(InversionError) -> LabelGroups {
        guard folds >= 2, folds <= names.count else { throw .outOfRange("number of folds", index: folds) }
        var random = RandomStream(seed: seed, stream: 0)
        var order = Array(names.indices)
        // Fisher and Yates by hand: the shuffle of the standard library may change with its version.
        for last in stride(from: order.count - 1, to: 0, by: -1) {
            order.swapAt(last, Int(random.next() % UInt64(last + 1)))
        }
        var foldOfGroup = [Int](repeating: 0, count: names.count)
        for (place, group) in order.enumerated() { foldOfGroup[group] = place % folds }
        return LabelGroups(labels: groupOfElement.map { $0.map { "fold \(foldOfGroup[$0] + 1)" } ?? "" })
    }
}
