public import LinearAlgebra

/// Members that stand for a distribution of states: their mean, and what each differs from it.
public struct Ensemble: Equatable, Sendable {
    /// One value per state element.
    public var mean: [Double]
    /// States x members; each row sums to zero.
    public var deviations: Matrix

    /// - Precondition: one row of deviations per state element.
    public init(mean: [Double], deviations: Matrix) {
        precondition(deviations.rows == mean.count, "deviations do not fit the mean")
        self.mean = mean
        self.deviations = deviations
    }

    /// - Parameter members: states x members, at least one member.
    public init(members: Matrix) {
        precondition(members.columns > 0, "an ensemble without members")
        self.init(
            mean: [Double](repeating: 0, count: members.rows),
            deviations: members
        )
        centre()
    }

    public var memberCount: Int { deviations.columns }
    public var stateCount: Int { deviations.rows }

    /// States x members.
    public var members: Matrix {
        var result = deviations
        for row in 0..<stateCount {
            for column in 0..<memberCount { result[row, column] += mean[row] }
        }
        return result
    }

    /// Sample covariance, states x states, symmetric to the bit.
    public var covariance: Matrix {
        var result = Matrix.productTransposed(of: deviations)
        let factor = 1 / Double(memberCount - 1)
        for index in result.storage.indices { result.storage[index] *= factor }
        return result
    }

    /// Sample standard deviations, one per state element.
    public var sigma: [Double] { (0..<stateCount).map { standardDeviation(row: $0) } }

    func standardDeviation(row: Int) -> Double {
        var sum = 0.0
        for column in 0..<memberCount { sum += deviations[row, column] * deviations[row, column] }
        return (sum / Double(memberCount - 1)).squareRoot()
    }

    /// Moves what the deviations have as a mean into the mean.
    mutating func centre() {
        for row in 0..<stateCount {
            var sum = 0.0
            for column in 0..<memberCount { sum += deviations[row, column] }
            let shift = sum / Double(memberCount)
            mean[row] += shift
            for column in 0..<memberCount { deviations[row, column] -= shift }
        }
    }
}
