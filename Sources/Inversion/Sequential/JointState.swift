import LinearAlgebra

/// Mean and covariance of totals over time and of all open periods together.
///
/// Elements are the totals first, then the periods from the oldest to the newest. The covariance is carried as a root
/// S with P = S·Sᵀ, so that it stays symmetric and positive whatever rounding does, and elements that are known
/// exactly, or depend on others exactly, need no care (Bierman 1977, Factorization Methods, chapter 6).
struct JointState: Equatable, Sendable {
    var mean: [Double]
    /// Elements x (as many columns as it takes).
    var root: Matrix

    /// `known` elements that are zero for certain.
    init(known: Int) {
        mean = [Double](repeating: 0, count: known)
        root = Matrix(rows: known, columns: 0)
    }

    init(mean: [Double], root: Matrix) {
        self.mean = mean
        self.root = root
    }

    var covariance: Matrix { .productTransposed(of: root) }

    /// Adds elements x = offset + factors · (those in `source`) + innovation · e with e ~ N(0, I); without a source
    /// they are independent of all others.
    mutating func append(
        mean offset: [Double],
        factors: [Double],
        source: Range<Int>?,
        innovation: Matrix
    ) {
        let (rows, columns) = (root.rows, root.columns)
        var extended = Matrix(rows: rows + offset.count, columns: columns + innovation.columns)
        for row in 0..<rows {
            for column in 0..<columns { extended[row, column] = root[row, column] }
        }
        for row in offset.indices {
            if let source {
                for column in 0..<columns {
                    extended[rows + row, column] = factors[row] * root[source.lowerBound + row, column]
                }
            }
            for column in 0..<innovation.columns {
                extended[rows + row, columns + column] = innovation[row, column]
            }
        }
        mean += offset
        root = extended
    }

    /// Adds Σ weights[j] · x[source + j] to element `target`.
    mutating func accumulate(into target: Int, _ weights: [Double], from source: Range<Int>) {
        for (weight, row) in zip(weights, source) where weight != 0 {
            mean[target] += weight * mean[row]
            for column in 0..<root.columns { root[target, column] += weight * root[row, column] }
        }
    }

    mutating func remove(_ range: Range<Int>) {
        let columns = root.columns
        mean.removeSubrange(range)
        var storage = root.storage
        storage.removeSubrange((range.lowerBound * columns)..<(range.upperBound * columns))
        root = Matrix(rows: mean.count, columns: columns, storage: storage)
    }

    /// Brings the root back to as many columns as there are elements.
    mutating func compress() throws(LinearAlgebraError) {
        if root.columns > root.rows { root = try root.triangularRoot() }
    }

    /// Fixes an element at a value, as an observation without error does.
    mutating func fix(_ element: Int, at value: Double) {
        let columns = root.columns
        let row = root.rows(element..<(element + 1)).storage
        let variance = squaredNorm(row)
        guard variance > 0 else {
            mean[element] = value
            return
        }
        let gain = root.times(row).map { $0 / variance }
        let difference = value - mean[element]
        for other in mean.indices {
            mean[other] += gain[other] * difference
            for column in 0..<columns { root[other, column] -= gain[other] * row[column] }
        }
        mean[element] = value
        for column in 0..<columns { root[element, column] = 0 }
    }
}

/// Whitened observations of a joint state.
struct WhitenedObservations {
    /// R^(-1/2) H S, observations x columns of the root.
    let projectedRoot: Matrix
    /// R^(-1/2) (y - H x).
    let innovations: [Double]
    /// ln det R.
    let errorLogDeterminant: Double
}

extension JointState {
    /// Takes observations, and says how well they fitted what was expected.
    ///
    /// With A the projected root and I + AᵀA = C·Cᵀ, the new root is S·C⁻ᵀ: nothing is subtracted, and the matrix
    /// that is factored has no eigenvalue below one.
    mutating func update(_ observed: WhitenedObservations) throws(LinearAlgebraError) -> InnovationStatistics
    {
        var inner = Matrix.transposedProduct(of: observed.projectedRoot)
        inner.addToDiagonal([Double](repeating: 1, count: inner.rows))
        let factor = try Cholesky(factoring: inner)
        root = factor.solveFromRight(root, transposed: true)
        // Beyond the range of numbers an innovation would turn the whole state into NaN.
        if let row = observed.innovations.firstIndex(where: { !($0 * $0).isFinite }) {
            throw .notFinite(row: row, column: 0)
        }
        let reduced = factor.forwardSolve(observed.projectedRoot.transposedTimes(observed.innovations))
        let increment = root.times(reduced)
        for index in mean.indices { mean[index] += increment[index] }
        return InnovationStatistics(
            count: observed.innovations.count,
            chiSquare: squaredNorm(observed.innovations) - squaredNorm(reduced),
            logDeterminant: observed.errorLogDeterminant + factor.logDeterminant,
            informationNats: factor.logDeterminant / 2
        )
    }
}
