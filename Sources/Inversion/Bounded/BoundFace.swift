import LinearAlgebra

/// The best point with a given set of elements held at their bounds.
struct BoundFace {
    let held: [Int]
    let factor: Cholesky
    let point: [Double]
    let multipliers: [Double]
    /// What rounding may have done to each element of the point.
    let rounding: [Double]

    init(
        _ mean: [Double],
        _ covariance: Matrix,
        _ bounds: Bounds,
        _ states: [BoundState]
    ) throws(InversionError) {
        let held = states.indices.filter { states[$0] != .free }
        let targets = held.map { states[$0] == .atLower ? bounds.lower[$0] : bounds.upper[$0] }
        do { factor = try Cholesky(factoring: covariance.block(rows: held, columns: held)) } catch {
            throw .algebra("covariance of the elements at bounds", error)
        }
        let weights = factor.solve(zip(held, targets).map { $1 - mean[$0] })
        var multipliers = [Double](repeating: 0, count: mean.count)
        for (index, weight) in zip(held, weights) { multipliers[index] = weight }
        var point = zip(mean, covariance.times(multipliers)).map { $0 + $1 }
        for (index, target) in zip(held, targets) { point[index] = target }
        rounding = mean.indices.map { row in
            let size = held.reduce(abs(mean[row])) { $0 + abs(covariance[row, $1] * multipliers[$1]) }
            return 1e-15 * size
        }
        self.held = held
        self.point = point
        self.multipliers = multipliers
    }

    /// What rounding may do to the multipliers, by the block of S that is factored.
    func roundingError(of covariance: Matrix) -> Double {
        guard !held.isEmpty else { return 0 }
        let diagonal = held.map { covariance[$0, $0] }
        return RoundingBound.unit * RoundingBound.inverseNorm(diagonal: diagonal) { factor.solve($0) }.norm
    }

    /// S - S_a S_aa⁻¹ S_aᵀ, with zeros where an element is held.
    func conditionalCovariance(of covariance: Matrix) -> Matrix {
        guard !held.isEmpty else { return covariance }
        let all = Array(0..<covariance.rows)
        let reduction = factor.forwardSolve(covariance.block(rows: held, columns: all))
        var result = covariance
        result.addTransposedProduct(of: reduction, scale: -1)
        result.mirrorLowerTriangle()
        for index in held {
            for other in all {
                result[index, other] = 0
                result[other, index] = 0
            }
        }
        return result
    }
}
