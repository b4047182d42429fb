import LinearAlgebra
public import Quantities

extension LinearProblem {
    /// The same problem with totals that are known apart from the observations, such as a reported national sum: each
    /// becomes one more observation W x + offset = value ± sigma.
    ///
    /// - Parameter known: one for each total; a standard deviation of zero is refused, since nothing is known
    ///   exactly.
    /// - Throws: ``InversionError`` where lengths differ or a deviation is not positive.
    public func constraining(
        _ totals: LinearFunctionals,
        to known: [Estimate]
    ) throws(InversionError) -> LinearProblem {
        try checkLength("columns of the weights", totals.weights.columns, stateCount)
        try checkLength("known totals", known.count, totals.names.count)
        for (index, value) in known.enumerated() where !(value.standardDeviation > 0) {
            throw .notPositive(
                "sigma of total \(totals.names[index])",
                index: index,
                value: value.standardDeviation
            )
        }
        var problem = self
        problem.jacobian = Matrix(
            rows: observationCount + known.count,
            columns: stateCount,
            storage: jacobian.storage + totals.weights.storage
        )
        problem.observations += zip(known, totals.offsets).map { $0.mean - $1 }
        let added = known.map(\.standardDeviation)
        switch observationError {
        case .independent(let sigma): problem.observationError = .independent(sigma + added)
        case .covariance(let matrix):
            var whole = Matrix(rows: problem.observations.count, columns: problem.observations.count)
            for row in 0..<matrix.rows {
                for column in 0..<matrix.columns { whole[row, column] = matrix[row, column] }
            }
            for (index, sigma) in added.enumerated() {
                whole[matrix.rows + index, matrix.rows + index] = sigma * sigma
            }
            problem.observationError = .covariance(whole)
        }
        return problem
    }
}
