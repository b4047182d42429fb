import LinearAlgebra

/// The exact most probable state of a linear Gaussian problem whose elements are bounded.
///
/// With x̂ and S of the problem without bounds, the cost is a constant plus (x - x̂)ᵀ S⁻¹ (x - x̂). Elements that are
/// held at bounds shift the free ones by the regression on them, x = x̂ + S μ with μ zero where free, so that
/// neither S nor the prior covariance is ever inverted: only the block of S of the bound elements is factored.
/// Which elements are bound is found by block principal pivoting with Murty's rule as safeguard, which ends for
/// every positive definite S (Júdice and Pires 1994, Computers Ops Res. 21, 587; Murty 1974).
public enum BoundedSolver {
    /// Solves without bounds first; where that solution is inside, it is the answer to the last bit.
    ///
    /// - Parameter bounds: one pair for each element of the state.
    /// - Throws: ``InversionError`` that names the part of the problem at fault.
    public static func solve(
        _ problem: LinearProblem,
        bounds: Bounds
    ) throws(InversionError) -> BoundedPosterior {
        try checkLength("bounds", bounds.count, problem.stateCount)
        let posterior = try GaussianSolver.solve(problem)
        return try constrain(posterior, of: problem, bounds: bounds)
    }

    /// The bounded solution from a solution that is already there.
    ///
    /// - Parameters:
    ///   - posterior: of `problem`, from any solver that gives the full covariance.
    ///   - bounds: one pair for each element of the state.
    /// - Throws: ``InversionError`` when lengths differ or the covariance is not positive definite.
    public static func constrain(
        _ posterior: Posterior,
        of problem: LinearProblem,
        bounds: Bounds
    ) throws(InversionError) -> BoundedPosterior {
        try checkLength("bounds", bounds.count, posterior.mean.count)
        try checkLength("posterior", posterior.mean.count, problem.stateCount)
        var search = PivotSearch(mean: posterior.mean, covariance: posterior.covariance, bounds: bounds)
        let face = try search.run()
        // Rounding may leave a free element beyond a bound by a last bit.
        let point = bounds.clamped(face.point)
        let shift = zip(point, posterior.mean).map { $0 - $1 }
        return BoundedPosterior(
            unconstrained: posterior,
            mean: point,
            covariance: face.conditionalCovariance(of: posterior.covariance),
            states: search.states,
            multipliers: face.multipliers,
            modelledPosterior: problem.jacobian.times(point),
            cost: posterior.cost + dotProduct(shift, face.multipliers),
            iterations: search.iterations
        )
    }
}

/// Which elements are bound, improved until no element is on the wrong side.
private struct PivotSearch {
    let mean: [Double]
    let covariance: Matrix
    let bounds: Bounds
    let sigma: [Double]
    var states: [BoundState]
    var iterations = 0

    init(mean: [Double], covariance: Matrix, bounds: Bounds) {
        self.mean = mean
        self.covariance = covariance
        self.bounds = bounds
        sigma = covariance.diagonal.map { max(0, $0).squareRoot() }
        states = mean.indices.map { bounds.lower[$0] == bounds.upper[$0] ? .atLower : .free }
    }

    mutating func run() throws(InversionError) -> Face {
        var fewest = Int.max
        var blockStepsLeft = 3
        let limit = 200 + 20 * mean.count
        while iterations < limit {
            iterations += 1
            let face = try Face(mean, covariance, bounds, states)
            let moves = wrongSides(face)
            guard let last = moves.last else { return face }
            if moves.count < fewest {
                fewest = moves.count
                blockStepsLeft = 3
            } else {
                blockStepsLeft -= 1
            }
            // Moving all is fast and may cycle; moving the one with the largest index cannot.
            for move in blockStepsLeft >= 0 ? moves : [last] { states[move.index] = move.state }
        }
        throw .notConverged("the set of bound elements", iterations: iterations, residual: Double(fewest))
    }

    /// Rounding in units of the standard deviation does not count.
    private func wrongSides(_ face: Face) -> [(index: Int, state: BoundState)] {
        let tolerance = 1e-12
        return mean.indices.compactMap { index in
            let margin = tolerance * max(sigma[index], abs(face.point[index]))
            let slope = face.multipliers[index] * sigma[index]
            switch states[index] {
            case .free where face.point[index] < bounds.lower[index] - margin: return (index, .atLower)
            case .free where face.point[index] > bounds.upper[index] + margin: return (index, .atUpper)
            case .atLower where slope < -tolerance && bounds.lower[index] < bounds.upper[index]:
                return (index, .free)
            case .atUpper where slope > tolerance: return (index, .free)
            default: return nil
            }
        }
    }
}

/// The best point with a given set of elements held at their bounds.
private struct Face {
    let held: [Int]
    let factor: Cholesky
    let point: [Double]
    let multipliers: [Double]

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
        self.held = held
        self.point = point
        self.multipliers = multipliers
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

extension Matrix {
    /// The elements at the given rows and columns.
    func block(rows: [Int], columns: [Int]) -> Matrix {
        var result = Matrix(rows: rows.count, columns: columns.count)
        for (row, from) in rows.enumerated() {
            for (column, at) in columns.enumerated() { result[row, column] = self[from, at] }
        }
        return result
    }
}
