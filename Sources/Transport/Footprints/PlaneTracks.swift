import Geo

/// The usable rows of a particle table in the plane of a grid: degrees, with longitudes within half a turn of the
/// receptor, or metres of its projection.
struct PlaneTracks {
    /// Dense numbers from 0.
    var particle: [Int32] = []
    var minutes: [Double] = []
    var x: [Double] = []
    var y: [Double] = []
    var influence: [Double] = []
    private(set) var particleCount = 0

    /// Nineteen years; what is older is no run.
    private static let longestMinutes = 1e7

    var count: Int { particle.count }

    init(_ table: ParticleTable, grid: CellGrid, near longitude: Double) {
        (x, y) = (table.longitude, table.latitude)
        if let projected = grid.projected {
            projected.projection.project(&x, &y)
        } else {
            let y = self.y
            x = x.map { $0 - 360 * (($0 - longitude) / 360).rounded() }
            for index in x.indices where !(abs(y[index]) <= 90) { x[index] = .nan }
        }
        (minutes, influence) = (table.minutes, table.influence)
        (particle, particleCount) = Self.denseNumbers(table.particle)
        let usable = x.indices.filter { index in
            x[index].isFinite && y[index].isFinite && influence[index].isFinite
                && abs(minutes[index]) <= Self.longestMinutes
        }
        guard usable.count < x.count else { return }
        take(usable)
        (particle, particleCount) = Self.denseNumbers(particle)
    }

    private mutating func take(_ rows: [Int]) {
        x = rows.map { x[$0] }
        y = rows.map { y[$0] }
        minutes = rows.map { minutes[$0] }
        influence = rows.map { influence[$0] }
        particle = rows.map { particle[$0] }
    }

    mutating func append(_ number: Int32, _ time: Double, _ place: SIMD2<Double>, _ gained: Double) {
        particle.append(number)
        minutes.append(time)
        x.append(place.x)
        y.append(place.y)
        influence.append(gained)
    }

    mutating func removeRows() {
        particle.removeAll(keepingCapacity: true)
        minutes.removeAll(keepingCapacity: true)
        x.removeAll(keepingCapacity: true)
        y.removeAll(keepingCapacity: true)
        influence.removeAll(keepingCapacity: true)
    }

    /// Numbers from 0 in the order of the given ones.
    private static func denseNumbers(_ numbers: [Int32]) -> ([Int32], Int) {
        guard let least = numbers.min(), let most = numbers.max() else { return ([], 0) }
        let span = Int(most) - Int(least) + 1
        guard span <= 4 * numbers.count + 65_536 else {
            let distinct = Set(numbers).sorted()
            let places = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($1, Int32($0)) })
            return (numbers.map { places[$0] ?? 0 }, distinct.count)
        }
        var places = [Int32](repeating: -1, count: span)
        for number in numbers { places[Int(number) - Int(least)] = 0 }
        var count: Int32 = 0
        for index in places.indices where places[index] == 0 {
            places[index] = count
            count += 1
        }
        return (numbers.map { places[Int($0) - Int(least)] }, Int(count))
    }

    /// Rows of each particle, one after the other by the age of the row; the rows of particle `p` are
    /// `starts[p]..<starts[p + 1]` of the result.
    func rowsByParticle() -> (rows: [Int32], starts: [Int]) {
        var (rows, starts) = CountingSort.order(keys: particle, count: particleCount)
        for number in 0..<particleCount {
            let range = starts[number]..<starts[number + 1]
            let isSorted = range.dropFirst().allSatisfy {
                abs(minutes[Int(rows[$0 - 1])]) <= abs(minutes[Int(rows[$0])])
            }
            if isSorted { continue }
            rows[range].sort { (abs(minutes[Int($0)]), $0) < (abs(minutes[Int($1)]), $1) }
        }
        return (rows, starts)
    }
}

enum CountingSort {
    /// Indices in the order of their keys, equal ones as they come; those of key `k` are
    /// `starts[k]..<starts[k + 1]`.
    static func order(keys: [Int32], count: Int) -> (indices: [Int32], starts: [Int]) {
        var starts = [Int](repeating: 0, count: count + 1)
        for key in keys { starts[Int(key) + 1] += 1 }
        for key in 0..<count { starts[key + 1] += starts[key] }
        var next = starts
        var indices = [Int32](repeating: 0, count: keys.count)
        for (index, key) in keys.enumerated() {
            indices[next[Int(key)]] = Int32(truncatingIfNeeded: index)
            next[Int(key)] += 1
        }
        return (indices, starts)
    }
}
