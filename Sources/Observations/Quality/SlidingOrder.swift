/// The values of a window that moves along a series, in ascending order.
///
/// Inserting and removing move at most the window, which for the windows of the tests is one or a few cache
/// lines; searching is logarithmic.
struct SlidingOrder {
    private var sorted: [Double]

    init(_ values: [Double] = []) { sorted = values.sorted() }

    var count: Int { sorted.count }

    mutating func insert(_ value: Double) { sorted.insert(value, at: lowerBound(value)) }

    /// - Precondition: the value was inserted.
    mutating func remove(_ value: Double) { sorted.remove(at: lowerBound(value)) }

    /// One value goes, another comes. Only what lies between them moves where that is little.
    mutating func replace(_ old: Double, by new: Double) {
        let place = lowerBound(old)
        guard new != old else { return sorted[place] = new }
        let target = new > old ? lowerBound(new) - 1 : upperBound(new)
        // The memory behind both is moved as a block, which is faster than one by one.
        guard abs(target - place) < Self.longestStepwise else {
            sorted.remove(at: place)
            sorted.insert(new, at: target)
            return
        }
        for index in stride(from: place, to: target, by: new > old ? 1 : -1) {
            sorted[index] = sorted[new > old ? index + 1 : index - 1]
        }
        sorted[target] = new
    }

    private static let longestStepwise = 64

    /// The mean of the middle two where their number is even. NaN of an empty window.
    var median: Double {
        guard let first = sorted.first else { return .nan }
        let middle = sorted.count / 2
        if sorted.count == 1 { return first }
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// The value at a share of the order, without interpolation. NaN of an empty window.
    func quantile(_ share: Double) -> Double {
        guard !sorted.isEmpty else { return .nan }
        let place = (share * Double(sorted.count - 1)).rounded(.down)
        return sorted[min(max(0, Int(exactly: place) ?? 0), sorted.count - 1)]
    }

    /// The median of the distances from a centre. The distances to either side ascend away from the centre, so
    /// the k smallest are a block of the order, found by bisection.
    func medianDistance(from centre: Double) -> Double {
        guard !sorted.isEmpty else { return .nan }
        let half = sorted.count / 2
        if sorted.count % 2 == 1 { return distance(rank: half, from: centre) }
        return (distance(rank: half - 1, from: centre) + distance(rank: half, from: centre)) / 2
    }

    /// The distance from the centre that so many distances are not larger than, counted from 0.
    private func distance(rank: Int, from centre: Double) -> Double {
        // The rank + 1 nearest values are sorted[start ... start + rank]; find the start.
        var low = 0
        var high = sorted.count - rank - 1
        while low < high {
            let start = (low + high) / 2
            // Whether the block should move up: its lowest is further away than the one above its highest.
            if centre - sorted[start] > sorted[start + rank + 1] - centre {
                low = start + 1
            } else {
                high = start
            }
        }
        return max(abs(centre - sorted[low]), abs(sorted[low + rank] - centre))
    }

    /// The first place whose value is above.
    private func upperBound(_ value: Double) -> Int {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] <= value { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The first place whose value is not below.
    private func lowerBound(_ value: Double) -> Int {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// Moves a centred window along a column and keeps its values in order.
struct CentredWindow {
    private(set) var order = SlidingOrder()
    private let halfWidthMicroseconds: Int64
    private var first = 0
    private var end = 0

    init(seconds: Double) {
        // Windows of more than a million years are the same to a series as one of a million years.
        halfWidthMicroseconds = Int64(exactly: (seconds * 5e5).rounded(.down)) ?? Int64.max / 4
    }

    /// Call with ascending places.
    mutating func centre(on place: Int, of air: borrowing QualitySeries.Column) {
        let (start, _) = air.times[place].subtractingReportingOverflow(halfWidthMicroseconds)
        let (stop, _) = air.times[place].addingReportingOverflow(halfWidthMicroseconds)
        while end < air.count, air.times[end] <= stop {
            if first < end, air.times[first] < start {
                order.replace(air.values[first], by: air.values[end])
                first += 1
            } else {
                order.insert(air.values[end])
            }
            end += 1
        }
        while first < end, air.times[first] < start {
            order.remove(air.values[first])
            first += 1
        }
    }
}
