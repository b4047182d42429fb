import Observations
import Quantities

/// Differences between footprints of the same frame, summed by pair of footprints.
///
/// The air under a frame is nearly one, so that the difference `x_f - x_g` shows `b_f - b_g` however the frames lie.
/// The biases that fit all pairs by least squares, with a mean of zero, do not suffer from frames with gaps, as the
/// mean of "the others" would. Soundings along the track share errors, so standard errors are those of a jackknife
/// over groups of whole minutes (Kott 2001, J. Official Statistics 17, 521), not of independent soundings.
struct FootprintPairs: Equatable, Sendable {
    static let groups = 32
    static let groupMicroseconds: Int64 = 60_000_000
    static let mostFootprints = 1024

    struct Sums: Equatable, Sendable {
        var count = 0
        var difference = FixedPointSum()

        mutating func add(_ value: Double) {
            count += 1
            difference.add(value)
        }

        mutating func add(_ other: Sums) {
            count += other.count
            difference.add(other.difference)
        }
    }

    let reach: Int
    /// For each footprint, group and lag: `x_f - x_{f + lag}`, lags from 1.
    private(set) var pairs: [Sums] = []
    private(set) var soundings: [Int] = []
    var footprints: Int { soundings.count }

    init(reach: Int) { self.reach = max(1, reach) }

    private func place(_ footprint: Int, _ group: Int, _ lag: Int) -> Int {
        (footprint * Self.groups + group) * reach + lag - 1
    }

    /// Adds the soundings of a frame; footprints are counted from 0.
    mutating func add(frame: [(footprint: Int, value: Double)], at time: Instant) {
        guard frame.count > 1, let largest = frame.map(\.footprint).max() else { return }
        if largest >= footprints { grow(to: largest + 1) }
        let minute = time.microseconds / Self.groupMicroseconds
        let group = Int(((minute % Int64(Self.groups)) + Int64(Self.groups)) % Int64(Self.groups))
        for (index, first) in frame.enumerated() {
            soundings[first.footprint] += 1
            for second in frame[(index + 1)...] {
                let lag = abs(second.footprint - first.footprint)
                guard (1...reach).contains(lag) else { continue }
                let isAscending = second.footprint > first.footprint
                let (low, high) = isAscending ? (first, second) : (second, first)
                pairs[place(low.footprint, group, lag)].add(low.value - high.value)
            }
        }
    }

    private mutating func grow(to count: Int) {
        soundings += [Int](repeating: 0, count: count - footprints)
        let missing = count * Self.groups * reach - pairs.count
        pairs += [Sums](repeating: Sums(), count: missing)
    }

    mutating func merge(_ other: FootprintPairs) {
        if other.footprints > footprints { grow(to: other.footprints) }
        for index in other.pairs.indices { pairs[index].add(other.pairs[index]) }
        for index in other.soundings.indices { soundings[index] += other.soundings[index] }
    }

    /// The bias of each footprint against the mean of all; nil for those never seen beside another.
    func biases() -> [Estimate?] {
        let used = (0..<Self.groups).filter { group in isUsed(group) }
        let seen = connected(used)
        guard seen.contains(true), let whole = solve(used, seen) else {
            return [Estimate?](repeating: nil, count: footprints)
        }
        let without = used.compactMap { left in solve(used.filter { $0 != left }, seen) }
        return (0..<footprints).map { footprint in
            guard seen[footprint] else { return nil }
            let parts = without.map { $0[footprint] }
            return Estimate(mean: whole[footprint], standardDeviation: jackknife(parts))
        }
    }

    private func isUsed(_ group: Int) -> Bool {
        (0..<footprints).contains { footprint in
            (1...reach).contains { pairs[place(footprint, group, $0)].count > 0 }
        }
    }

    private func connected(_ groups: [Int]) -> [Bool] {
        var seen = [Bool](repeating: false, count: footprints)
        for footprint in 0..<footprints {
            for lag in 1...reach where footprint + lag < footprints {
                guard groups.contains(where: { pairs[place(footprint, $0, lag)].count > 0 }) else { continue }
                seen[footprint] = true
                seen[footprint + lag] = true
            }
        }
        return seen
    }

    private func solve(_ groups: [Int], _ seen: [Bool]) -> [Double]? {
        var differences: [FootprintDifference] = []
        for footprint in 0..<footprints {
            for lag in 1...reach where footprint + lag < footprints {
                var sums = Sums()
                for group in groups { sums.add(pairs[place(footprint, group, lag)]) }
                guard sums.count > 0 else { continue }
                let mean = sums.difference.value / Double(sums.count)
                differences.append(
                    FootprintDifference(
                        first: footprint,
                        second: footprint + lag,
                        mean: mean,
                        weight: Double(sums.count)
                    )
                )
            }
        }
        return fitted(differences, seen)
    }
}

/// Of the estimates with one group left out: `(G - 1) / G Σ (b₋ - b̄)²`; NaN below four groups.
func jackknife(_ parts: [Double]) -> Double {
    guard parts.count >= 4 else { return .nan }
    let count = Double(parts.count)
    let mean = parts.reduce(0, +) / count
    let squares = parts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return ((count - 1) / count * squares).squareRoot()
}
