/// Receptors that are followed together, in weather that is in memory all at once.
public struct ReceptorBatch: Equatable, Sendable {
    /// Places in the list of all receptors, in the order they are followed in.
    public private(set) var receptors: [Int]
    /// Of the times of the weather.
    public private(set) var hours: Range<Int>

    /// Divides receptors by the time of what they need, such that hours which several batches need are those of the one
    /// before and the one after.
    ///
    /// Which hours are needed in all does not depend on the size of the batches: between receptors that have no hour in
    /// common no hour is read.
    /// - Parameters:
    ///   - needed: times of the weather that each receptor needs, see ``GriddedAtmosphere/hours(of:)``.
    ///   - mostHours: in memory at once; a receptor that needs more is a batch of its own.
    ///   - keepsOrder: whether receptors are followed in their own order, and not in that of time.
    public static func batches(of needed: [Range<Int>], mostHours: Int, keepsOrder: Bool = false)
        -> [ReceptorBatch]
    {
        var order = Array(needed.indices)
        if !keepsOrder {
            order.sort { (needed[$0].lowerBound, $0) < (needed[$1].lowerBound, $1) }
        }
        var batches: [ReceptorBatch] = []
        for receptor in order {
            let hours = needed[receptor]
            guard let last = batches.last?.hours, last.overlaps(hours), last.union(hours).count <= mostHours
            else {
                batches.append(ReceptorBatch(receptors: [receptor], hours: hours))
                continue
            }
            batches[batches.count - 1].receptors.append(receptor)
            batches[batches.count - 1].hours = last.union(hours)
        }
        return batches
    }
}

extension Range<Int> {
    fileprivate func union(_ other: Range) -> Range {
        Swift.min(lowerBound, other.lowerBound)..<Swift.max(upperBound, other.upperBound)
    }
}
