extension Basis {
    /// Compact parts of about equal weight by k-means on the sphere: Lloyd's iteration from a start that spreads the
    /// centres one by one to where weight lies farthest from all others (as k-means++, Arthur and Vassilvitskii 2007,
    /// without chance), so that the result is a function of the input.
    ///
    /// - Parameters:
    ///   - longitudes: of the cell centres, degrees; `latitudes` likewise.
    ///   - weights: importance of each cell, finite and not negative; cells of weight 0 join the nearest centre.
    ///   - count: parts wanted, at most the number of cells.
    /// - Throws: ``InversionError`` that names the cell.
    public static func clusters(
        longitudes: [Double],
        latitudes: [Double],
        weights: [Double],
        count: Int
    ) throws(InversionError) -> Basis {
        try checkLength("latitudes", latitudes.count, longitudes.count)
        try checkLength("weights", weights.count, longitudes.count)
        for (name, values) in [("longitudes", longitudes), ("latitudes", latitudes), ("weights", weights)] {
            try checkFinite(name, values)
        }
        if let index = weights.firstIndex(where: { $0 < 0 }) {
            throw .notPositive("weights", index: index, value: weights[index])
        }
        guard count > 0, count <= longitudes.count else { throw .empty("cells for \(count) basis functions") }
        var clusters = Clusters(longitudes, latitudes, weights, count: count)
        clusters.settle()
        return try regions(labels: clusters.parts)
    }
}

private struct Clusters {
    private let places: [SIMD3<Double>]
    private let weights: [Double]
    private var centres: [SIMD3<Double>] = []
    private(set) var parts: [Int32]

    /// Lloyd's iteration converges in tens of steps; beyond this the gain is below any use.
    private static let mostSteps = 200

    init(_ longitudes: [Double], _ latitudes: [Double], _ weights: [Double], count: Int) {
        places = zip(longitudes, latitudes).map { unitVector(longitude: $0, latitude: $1) }
        self.weights = weights
        parts = [Int32](repeating: 0, count: places.count)
        var distances = [Double](repeating: .infinity, count: places.count)
        var next = weights.indices.max { weights[$0] < weights[$1] } ?? 0
        for _ in 0..<count {
            centres.append(places[next])
            var (best, farthest) = (-1.0, next)
            for cell in places.indices {
                distances[cell] = min(distances[cell], squaredChord(places[cell], places[next]))
                // A little weight for every cell keeps centres apart where weights are zero.
                let score = distances[cell] * (weights[cell] + 1e-12)
                if score > best { (best, farthest) = (score, cell) }
            }
            next = farthest
        }
    }

    mutating func settle() {
        for _ in 0..<Self.mostSteps {
            guard assign() else { return }
            moveCentres()
        }
    }

    /// - Returns: whether any cell changed its part.
    private mutating func assign() -> Bool {
        var changed = false
        for cell in places.indices {
            var (best, nearest) = (Double.infinity, Int32(0))
            for (number, centre) in centres.enumerated() {
                let distance = squaredChord(places[cell], centre)
                if distance < best { (best, nearest) = (distance, Int32(truncatingIfNeeded: number)) }
            }
            changed = changed || parts[cell] != nearest
            parts[cell] = nearest
        }
        return changed
    }

    private mutating func moveCentres() {
        var sums = [SIMD3<Double>](repeating: .zero, count: centres.count)
        for cell in places.indices { sums[Int(parts[cell])] += places[cell] * (weights[cell] + 1e-12) }
        for (number, sum) in sums.enumerated() {
            let length = (sum * sum).sum().squareRoot()
            if length > 0 { centres[number] = sum / length }
        }
    }
}

private func squaredChord(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double { ((a - b) * (a - b)).sum() }
