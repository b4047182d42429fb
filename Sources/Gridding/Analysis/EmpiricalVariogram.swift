import Concurrent
import Foundation

/// Half the mean squared differences of columns by distance and lag in time, their noise taken off.
///
/// In a bin with `N` pairs: `γ = Σ [(zᵢ - zⱼ)² - σᵢ² - σⱼ²] / 2N` (Matheron's estimator; the noise of each cell is
/// known and differs, Cressie 1993, section 3.2.1).
public struct EmpiricalVariogram: Codable, Hashable, Sendable {
    public struct Bin: Codable, Hashable, Sendable {
        /// Mean distance along the great circle, km.
        public let kilometres: Double
        /// Mean lag, days.
        public let days: Double
        /// Of the field without noise, ppm²; may be negative by chance.
        public let semivariance: Double
        /// Mean variance of the noise, ppm².
        public let noise: Double
        public let pairs: Int
    }

    /// By lag in time, then by distance; those with fewer than 30 pairs are left out.
    public let bins: [Bin]
    public var pairs: Int { bins.reduce(0) { $0 + $1.pairs } }

    static let fewestPairs = 30
    /// Distances are parted more finely near zero: edge `b` of `B` is at `longest (b / B)²`.
    static let distanceBins = 15
    static let timeBins = 8
    /// Places that are all paired with each other; beyond, a random part of that many is, and each of them with its
    /// nearest among all, so that short distances stay well seen.
    static let pairedPlaces = 2000
    static let pairedNeighbours = 32

    /// - Parameter longestKilometres: nil for half the extent of the data, at most 3,000 km.
    public init(_ field: ColumnField, longestKilometres: Double? = nil) {
        var sums = VariogramSums(field, longestKilometres)
        sums.addPairs()
        bins = sums.bins
    }
}

private struct VariogramSums {
    struct Sums {
        var kilometres = 0.0
        var days = 0.0
        var squares = 0.0
        var noise = 0.0
        var pairs = 0
    }

    let field: ColumnField
    let vectors: [SIMD3<Double>]
    let longest: Double
    let longestSquaredChord: Double
    let dayStep: Double
    var sums: [Sums]

    init(_ field: ColumnField, _ longestKilometres: Double?) {
        self.field = field
        vectors = field.vectors
        longest = longestKilometres ?? min(3000, max(1, field.radiusKilometres))
        longestSquaredChord = SpherePoint.squaredChord(kilometres: longest)
        let days = Set(field.days).sorted()
        dayStep = zip(days.dropFirst(), days).map { $0 - $1 }.min() ?? 0
        let classes = dayStep > 0 ? EmpiricalVariogram.timeBins : 1
        sums = [Sums](repeating: Sums(), count: classes * EmpiricalVariogram.distanceBins)
    }

    mutating func addPairs() {
        let chosen = chosenPlaces
        for (position, first) in chosen.enumerated() {
            for second in chosen[(position + 1)...] { add(first, second) }
        }
        guard chosen.count < field.count else { return }
        let isChosen = Set(chosen)
        let tree = PlaceTree(vectors.map { SIMD4($0, 0) })
        for first in chosen {
            let near = tree.nearest(
                SIMD4(vectors[first], 0),
                count: EmpiricalVariogram.pairedNeighbours,
                without: PlaceTree.Exclusion(index: first)
            )
            for neighbour in near where !isChosen.contains(neighbour.index) { add(first, neighbour.index) }
        }
    }

    /// Those with the smallest random numbers.
    private var chosenPlaces: [Int] {
        guard field.count > EmpiricalVariogram.pairedPlaces else { return Array(0..<field.count) }
        let random = CounterRandom(seed: 1993)
        let keys = (0..<field.count).map { random.uniform(stream: 0, index: UInt64($0)) }
        let order = (0..<field.count).sorted { (keys[$0], $0) < (keys[$1], $1) }
        return order.prefix(EmpiricalVariogram.pairedPlaces).sorted()
    }

    private mutating func add(_ first: Int, _ second: Int) {
        let chord = vectors[first].squaredDistance(to: vectors[second])
        guard chord <= longestSquaredChord else { return }
        let days = abs(field.days[first] - field.days[second])
        let time = dayStep > 0 ? (days / dayStep).rounded() : 0
        guard time < Double(EmpiricalVariogram.timeBins) else { return }
        let kilometres = SpherePoint.kilometres(squaredChord: chord)
        let count = EmpiricalVariogram.distanceBins
        let distance = min(count - 1, Int(Double(count) * (kilometres / longest).squareRoot()))
        let bin = Int(time) * count + distance
        let difference = field.values[first] - field.values[second]
        let (a, b) = (field.standardErrors[first], field.standardErrors[second])
        sums[bin].kilometres += kilometres
        sums[bin].days += days
        sums[bin].squares += difference * difference
        sums[bin].noise += a * a + b * b
        sums[bin].pairs += 1
    }

    var bins: [EmpiricalVariogram.Bin] {
        sums.filter { $0.pairs >= EmpiricalVariogram.fewestPairs }.map {
            let count = Double($0.pairs)
            return EmpiricalVariogram.Bin(
                kilometres: $0.kilometres / count,
                days: $0.days / count,
                semivariance: ($0.squares - $0.noise) / (2 * count),
                noise: $0.noise / (2 * count),
                pairs: $0.pairs
            )
        }
    }
}

extension ColumnField {
    var vectors: [SIMD3<Double>] {
        zip(longitudes, latitudes).map { SpherePoint.vector(longitude: $0, latitude: $1) }
    }

    /// The largest distance from the middle of the places, km.
    var radiusKilometres: Double {
        let vectors = vectors
        let sum = vectors.reduce(SIMD3<Double>.zero, +)
        let length = (sum * sum).sum().squareRoot()
        guard length > 0 else { return .pi * SpherePoint.radiusKilometres }
        let middle = sum / length
        let farthest = vectors.map { $0.squaredDistance(to: middle) }.max() ?? 0
        return SpherePoint.kilometres(squaredChord: farthest)
    }
}
