import LinearAlgebra

extension LinearProblem {
    /// The same problem with some of its observations.
    ///
    /// - Parameter indices: of the observations that stay, in the order wanted; none may be out of range.
    public func keeping(observations indices: [Int]) -> LinearProblem {
        var problem = self
        problem.jacobian = jacobian.rows(at: indices)
        problem.observations = indices.map { observations[$0] }
        problem.observationError = observationError.subset(indices)
        return problem
    }

    /// The same problem without some of its observations.
    public func leavingOut(observations indices: [Int]) -> LinearProblem {
        let left = Set(indices)
        return keeping(observations: observations.indices.filter { !left.contains($0) })
    }
}

extension ErrorModel {
    /// Errors of some of the elements, marginal over the others.
    public func subset(_ indices: [Int]) -> ErrorModel {
        switch self {
        case .independent(let sigma): .independent(indices.map { sigma[$0] })
        case .covariance(let matrix): .covariance(matrix.block(rows: indices, columns: indices))
        }
    }
}

extension Matrix {
    /// Some rows as a new matrix.
    func rows(at indices: [Int]) -> Matrix {
        var values: [Double] = []
        values.reserveCapacity(indices.count * columns)
        for index in indices {
            values.append(contentsOf: storage[(index * columns)..<((index + 1) * columns)])
        }
        return Matrix(rows: indices.count, columns: columns, storage: values)
    }

    /// Σ over each row of the squares.
    var squaredRowNorms: [Double] {
        (0..<rows).map { row in
            var sum = 0.0
            for index in (row * columns)..<((row + 1) * columns) { sum += storage[index] * storage[index] }
            return sum
        }
    }

    /// Σ over each column of the squares.
    var squaredColumnNorms: [Double] {
        var sums = [Double](repeating: 0, count: columns)
        for row in 0..<rows {
            for column in 0..<columns {
                let value = storage[row * columns + column]
                sums[column] += value * value
            }
        }
        return sums
    }
}

/// A Cholesky factor whose failure says which matrix it was.
func factored(_ matrix: consuming Matrix, _ name: String) throws(InversionError) -> Cholesky {
    do { return try Cholesky(factoring: matrix) } catch { throw .algebra(name, error) }
}

/// I - a·aᵀ, or I + a·aᵀ; only the lower triangle counts.
func identity(plus sign: Double, productTransposed a: Matrix) -> Matrix {
    var result = Matrix(diagonal: [Double](repeating: 1, count: a.rows))
    result.addProductTransposed(of: a, scale: sign)
    return result
}

/// I - aᵀ·a, or I + aᵀ·a; only the lower triangle counts.
func identity(plus sign: Double, transposedProduct a: Matrix) -> Matrix {
    var result = Matrix(diagonal: [Double](repeating: 1, count: a.columns))
    result.addTransposedProduct(of: a, scale: sign)
    return result
}
