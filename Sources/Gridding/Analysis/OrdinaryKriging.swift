import LinearAlgebra

/// Local ordinary kriging of noisy columns: the best linear unbiased estimate of the true column from its nearest
/// neighbours, the mean unknown (Cressie 1993, section 3.2; Chilès and Delfiner 2012, sections 3.4 and 3.7).
///
/// The variance of the noise of each value stands on the diagonal of its covariance alone, so that what is estimated
/// is the column without noise: a value of large error counts little, and one without is returned where it is
/// (as precision-weighted kriging does for XCO2: He et al. 2020, Remote Sensing 12, 576).
public struct OrdinaryKriging: Sendable {
    public let field: ColumnField
    public let model: VariogramModel
    /// Values that an estimate is made from, at most.
    public let neighbours: Int
    private let tree: PlaceTree
    private let vectors: [SIMD3<Double>]

    public init(_ field: ColumnField, model: VariogramModel, neighbours: Int = 24) {
        self.field = field
        self.model = model
        self.neighbours = max(1, neighbours)
        vectors = field.vectors
        let perDay = model.radiiPerDay
        tree = PlaceTree(zip(vectors, field.days).map { SIMD4($0, $1 * perDay) })
    }

    /// The column at a place and time; nil when no value is left to estimate it from.
    ///
    /// - Parameters:
    ///   - days: since 1970.
    ///   - leavingOut: index of a value that must not be used.
    ///   - coreKilometres: values nearer than that are not used either.
    public func estimate(
        longitude: Double,
        latitude: Double,
        days: Double = 0,
        leavingOut: Int? = nil,
        coreKilometres: Double = 0
    ) -> KrigingEstimate? {
        let vector = SpherePoint.vector(longitude: longitude, latitude: latitude)
        var without = PlaceTree.Exclusion(index: leavingOut ?? -1)
        if coreKilometres > 0 { without.squaredChord = SpherePoint.squaredChord(kilometres: coreKilometres) }
        let place = SIMD4(vector, days * model.radiiPerDay)
        let found = tree.nearest(place, count: neighbours, without: without).map(\.index)
        guard !found.isEmpty else { return nil }
        let toPlace = found.map { index in
            let chord = vectors[index].squaredDistance(to: vector)
            return covariance(chord, field.days[index] - days)
        }
        guard let factor = factored(found) else { return nil }
        let nearest = found.map { vectors[$0].squaredDistance(to: vector) }.min() ?? 0
        return solved(found, toPlace, factor, SpherePoint.kilometres(squaredChord: nearest))
    }

    /// Below a metre two places are one.
    private static let sameSquaredChord = 2.5e-14

    private func covariance(_ squaredChord: Double, _ days: Double) -> Double {
        squaredChord < Self.sameSquaredChord && days == 0
            ? model.sill : model.covariance(squaredChord: squaredChord, days: days)
    }

    /// Two values at one place without noise make the matrix singular: a trace of noise is added until it is not.
    private func factored(_ found: [Int]) -> Cholesky? {
        var matrix = Matrix(rows: found.count, columns: found.count)
        for (row, first) in found.enumerated() {
            for column in 0..<row {
                let second = found[column]
                let chord = vectors[first].squaredDistance(to: vectors[second])
                matrix[row, column] = covariance(chord, field.days[first] - field.days[second])
            }
            let error = field.standardErrors[first]
            matrix[row, row] = model.sill + error * error
        }
        let largest = matrix.diagonal.reduce(1e-12, max)
        for trace in [0, 1e-9, 1e-6] {
            var attempt = matrix
            for index in found.indices { attempt[index, index] += trace * largest }
            guard let factor = try? Cholesky(factoring: attempt) else { continue }
            // A pivot that rounding left of nothing would pass for a value of great weight.
            let smallest = factor.factor.diagonal.reduce(.infinity, min)
            if trace > 0 || smallest * smallest > 1e-11 * largest { return factor }
        }
        return nil
    }

    /// With `C = L Lᵀ`, `y = L⁻¹ c`, `o = L⁻¹ 1`: the weights are `L⁻ᵀ (y + m o)` with `m = (1 - o·y) / o·o`, and
    /// the variance is `C(0) - y·y + (1 - o·y)² / o·o`.
    private func solved(
        _ found: [Int],
        _ toPlace: [Double],
        _ factor: Cholesky,
        _ nearestKilometres: Double
    ) -> KrigingEstimate {
        let y = factor.forwardSolve(toPlace)
        let o = factor.forwardSolve([Double](repeating: 1, count: found.count))
        let (oy, oo) = (dot(o, y), dot(o, o))
        let multiplier = (1 - oy) / oo
        let weights = factor.backwardSolve(zip(y, o).map { $0 + multiplier * $1 })
        // About the first value, so that no digits are lost to the mean.
        let reference = field.values[found[0]]
        var value = 0.0
        for (weight, index) in zip(weights, found) { value += weight * (field.values[index] - reference) }
        let variance = model.sill - dot(y, y) + multiplier * (1 - oy)
        return KrigingEstimate(
            value: reference + value,
            standardDeviation: max(0, variance).squareRoot(),
            nearestKilometres: nearestKilometres,
            neighbours: found,
            weights: weights
        )
    }
}

private func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for index in a.indices { sum += a[index] * b[index] }
    return sum
}

/// What kriging gives for one place.
public struct KrigingEstimate: Sendable {
    /// ppm
    public let value: Double
    /// Of the true column without noise about the value, ppm; the error common to all values is not in it.
    public let standardDeviation: Double
    /// Distance of the nearest value used, km.
    public let nearestKilometres: Double
    /// Indices of the values used, and their weights, which sum to 1.
    public let neighbours: [Int]
    public let weights: [Double]
}
