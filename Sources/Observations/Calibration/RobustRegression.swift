import LinearAlgebra

/// Linear regression by Huber's M-estimate (Huber 1964, Annals of Mathematical Statistics 35, 73), found by
/// iteratively reweighted least squares with the scale from the median absolute residual; or by least squares.
struct RobustRegression: Sendable {
    let coefficients: [Double]
    /// Row by row; Huber 1981, Robust Statistics, eq. 7.6.5, for independent residuals.
    let covariance: Matrix
    /// Standard deviation of the residuals' Gaussian core.
    let scale: Double
    let residuals: [Double]

    /// 95 % efficient where the residuals are Gaussian after all.
    private static let tuning = 1.345
    private static let maximumIterations = 100

    /// - Parameters:
    ///   - design: one row for each value, without collinear columns.
    ///   - isRobust: false for least squares.
    /// - Returns: nil when the normal equations have no solution, or there are not more values than columns.
    init?(_ design: Matrix, _ values: [Double], isRobust: Bool) {
        guard design.rows > design.columns, values.count == design.rows else { return nil }
        var weights = [Double](repeating: 1, count: values.count)
        guard var solution = Self.solve(design, values, weights) else { return nil }
        var residuals = Self.residuals(design, values, solution)
        var scale = isRobust ? Self.robustScale(residuals) : 0
        if isRobust {
            for _ in 0..<Self.maximumIterations where scale > 0 {
                for index in weights.indices {
                    let distance = abs(residuals[index]) / scale
                    weights[index] = distance <= Self.tuning ? 1 : Self.tuning / distance
                }
                guard let next = Self.solve(design, values, weights) else { return nil }
                let change = zip(next, solution).reduce(0) { max($0, abs($1.0 - $1.1)) }
                solution = next
                residuals = Self.residuals(design, values, solution)
                scale = Self.robustScale(residuals)
                if change <= 1e-9 * scale { break }
            }
        }
        let freedom = Double(design.rows - design.columns)
        if !isRobust { scale = (residuals.reduce(0) { $0 + $1 * $1 } / freedom).squareRoot() }
        guard let inverse = try? Cholesky(factoring: Matrix.transposedProduct(of: design)).inverse() else {
            return nil
        }
        coefficients = solution
        self.residuals = residuals
        self.scale = scale
        let variance =
            isRobust && scale > 0
            ? Self.variance(residuals, scale: scale, columns: design.columns) : scale * scale
        covariance = Matrix(
            rows: inverse.rows,
            columns: inverse.columns,
            storage: inverse.storage.map { $0 * variance }
        )
    }

    private static func solve(_ design: Matrix, _ values: [Double], _ weights: [Double]) -> [Double]? {
        var scaled = design
        let roots = weights.map { $0.squareRoot() }
        scaled.scaleRows(by: roots)
        let right = scaled.transposedTimes(zip(values, roots).map { $0 * $1 })
        return try? Cholesky(factoring: Matrix.transposedProduct(of: scaled)).solve(right)
    }

    private static func residuals(_ design: Matrix, _ values: [Double], _ solution: [Double]) -> [Double] {
        zip(values, design.times(solution)).map { $0 - $1 }
    }

    /// The median absolute residual over that of the standard normal.
    private static func robustScale(_ residuals: [Double]) -> Double {
        let sorted = residuals.map { abs($0) }.sorted()
        let middle = sorted.count / 2
        let median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
        return median / 0.6744897501960817
    }

    /// What multiplies the inverse of the normal matrix.
    private static func variance(_ residuals: [Double], scale: Double, columns: Int) -> Double {
        let count = Double(residuals.count)
        var (squares, inside) = (0.0, 0.0)
        for residual in residuals {
            let distance = min(abs(residual) / scale, tuning)
            squares += distance * distance
            if abs(residual) <= tuning * scale { inside += 1 }
        }
        let share = inside / count
        let correction = 1 + Double(columns) / count * (1 - share) / share
        let psi = squares / (count - Double(columns))
        return correction * correction * scale * scale * psi / (share * share)
    }
}
