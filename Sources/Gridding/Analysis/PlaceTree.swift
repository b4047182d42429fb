/// Finds the nearest of many places: a k-d tree (Bentley 1975) over unit vectors and, as a fourth coordinate, time in
/// the unit in which a step of time counts as far as a step of the sphere's radius.
///
/// Places equally far are taken in the order of their index, so that the answer is a function of the places alone.
struct PlaceTree: Sendable {
    struct Neighbour: Comparable {
        let squaredDistance: Double
        let index: Int

        static func < (a: Self, b: Self) -> Bool {
            (a.squaredDistance, a.index) < (b.squaredDistance, b.index)
        }
    }

    /// What a search leaves out.
    struct Exclusion {
        var index = -1
        /// Places within that squared chord on the sphere, at any time.
        var squaredChord = -1.0
    }

    /// In the order of the tree: the middle of every range divides it.
    private var points: [SIMD4<Double>]
    private var order: [Int]
    private var axes: [UInt8]
    private static let leafSize = 8

    init(_ places: [SIMD4<Double>]) {
        order = Array(places.indices)
        axes = [UInt8](repeating: 0, count: places.count)
        points = places
        divide(0..<places.count, places)
        points = order.map { places[$0] }
    }

    private mutating func divide(_ range: Range<Int>, _ places: [SIMD4<Double>]) {
        guard range.count > Self.leafSize else { return }
        var low = places[order[range.lowerBound]]
        var high = low
        for position in range {
            low = pointwiseMin(low, places[order[position]])
            high = pointwiseMax(high, places[order[position]])
        }
        let spread = high - low
        let axis = (1..<4).reduce(0) { spread[$1] > spread[$0] ? $1 : $0 }
        order[range].sort { (places[$0][axis], $0) < (places[$1][axis], $1) }
        let middle = range.lowerBound + range.count / 2
        axes[middle] = UInt8(axis)
        divide(range.lowerBound..<middle, places)
        divide((middle + 1)..<range.upperBound, places)
    }

    /// Up to `count` places, the nearest first.
    func nearest(_ place: SIMD4<Double>, count: Int, without: Exclusion = Exclusion()) -> [Neighbour] {
        var found = NearestList(capacity: count)
        guard count > 0 else { return [] }
        search(0..<points.count, place, without, &found)
        return found.neighbours
    }

    /// Indices of the places within a squared distance, ascending.
    func within(
        _ place: SIMD4<Double>,
        squaredDistance: Double,
        without: Exclusion = Exclusion()
    ) -> [Int] {
        var found: [Int] = []
        collect(0..<points.count, place, squaredDistance, without, &found)
        return found.sorted()
    }

    private func squaredDistance(_ position: Int, _ place: SIMD4<Double>, _ without: Exclusion) -> Double? {
        let difference = points[position] - place
        let squares = difference * difference
        let chord = squares.x + squares.y + squares.z
        guard order[position] != without.index, chord > without.squaredChord else { return nil }
        return chord + squares.w
    }

    private func search(
        _ range: Range<Int>,
        _ place: SIMD4<Double>,
        _ without: Exclusion,
        _ found: inout NearestList
    ) {
        guard range.count > Self.leafSize else {
            for position in range {
                guard let distance = squaredDistance(position, place, without) else { continue }
                found.offer(Neighbour(squaredDistance: distance, index: order[position]))
            }
            return
        }
        let middle = range.lowerBound + range.count / 2
        let axis = Int(axes[middle])
        let offset = place[axis] - points[middle][axis]
        let (below, above) = (range.lowerBound..<middle, (middle + 1)..<range.upperBound)
        search(offset < 0 ? below : above, place, without, &found)
        if let distance = squaredDistance(middle, place, without) {
            found.offer(Neighbour(squaredDistance: distance, index: order[middle]))
        }
        if offset * offset <= found.bound { search(offset < 0 ? above : below, place, without, &found) }
    }

    private func collect(
        _ range: Range<Int>,
        _ place: SIMD4<Double>,
        _ bound: Double,
        _ without: Exclusion,
        _ found: inout [Int]
    ) {
        guard range.count > Self.leafSize else {
            for position in range {
                if let distance = squaredDistance(position, place, without), distance <= bound {
                    found.append(order[position])
                }
            }
            return
        }
        let middle = range.lowerBound + range.count / 2
        let axis = Int(axes[middle])
        let offset = place[axis] - points[middle][axis]
        if let distance = squaredDistance(middle, place, without), distance <= bound {
            found.append(order[middle])
        }
        let reaches = offset * offset <= bound
        if offset < 0 || reaches { collect(range.lowerBound..<middle, place, bound, without, &found) }
        if offset >= 0 || reaches { collect((middle + 1)..<range.upperBound, place, bound, without, &found) }
    }
}

/// The best so far, in order; for the few dozens that kriging takes, insertion beats a heap.
private struct NearestList {
    let capacity: Int
    var neighbours: [PlaceTree.Neighbour] = []

    init(capacity: Int) {
        self.capacity = capacity
        neighbours.reserveCapacity(capacity + 1)
    }

    var bound: Double {
        neighbours.count < capacity ? .infinity : neighbours[neighbours.count - 1].squaredDistance
    }

    mutating func offer(_ neighbour: PlaceTree.Neighbour) {
        if neighbours.count == capacity, !(neighbour < neighbours[capacity - 1]) { return }
        var position = neighbours.count
        while position > 0, neighbour < neighbours[position - 1] { position -= 1 }
        neighbours.insert(neighbour, at: position)
        if neighbours.count > capacity { neighbours.removeLast() }
    }
}
