import LinearAlgebra

/// What the factorisation of a symmetric positive definite matrix loses to rounding.
///
/// With a Cholesky factor, errors are those of elements in units of the diagonal (Higham 2002, Accuracy and Stability
/// of Numerical Algorithms, section 10.1): a matrix scaled to a unit diagonal is what counts, and with it how well a
/// row or a column is scaled does not.
enum RoundingBound {
    static let unit = 0x1p-53
    /// Largest bound with which a solution is given, in posterior standard deviations.
    static let most = 1e-8

    /// The largest eigenvalue of D M⁻¹ D, where D² is the diagonal of M, and its vector, by power iteration from a
    /// fixed start: within a factor of two wherever it is large.
    static func inverseNorm(
        diagonal: [Double],
        solve: ([Double]) -> [Double]
    ) -> (norm: Double, vector: [Double]) {
        let scales = diagonal.map { $0.squareRoot() }
        var vector = scales.indices.map { index in
            let share = Double(index) * 0.618_033_988_749_894_9
            return 0.25 + (share - share.rounded(.down))
        }
        var norm = 0.0
        for _ in 0..<5 {
            let length = squaredNorm(vector).squareRoot()
            guard length.isFinite, length > 0 else { return (.infinity, vector) }
            let image = zip(solve(zip(vector, scales).map { $0 / length * $1 }), scales).map { $0 * $1 }
            let reached = squaredNorm(image).squareRoot()
            guard reached.isFinite else { return (.infinity, vector) }
            vector = image
            defer { norm = reached }
            if reached < 1.2 * norm { break }
        }
        return (norm, vector)
    }

    /// Of a solution x of M x = b in units of its errors, which are those of a normal distribution of precision M:
    /// backward errors are of the size of the diagonal, so that M⁻¹ changes by their norm times that of its scaled
    /// inverse, and x by the root of that times the norm of D x.
    static func error(inverseNorm norm: Double, diagonal: [Double], solution: [Double]) -> Double {
        let size = zip(diagonal, solution).reduce(0) { $0 + $1.0 * $1.1 * $1.1 }
        // Values that overflow are told by their names later.
        return unit * (size.isFinite ? max(norm, (norm * size).squareRoot()) : norm)
    }

    /// Where a vector is largest.
    static func peak(_ vector: [Double]) -> Int {
        vector.indices.max { abs(vector[$0]) < abs(vector[$1]) } ?? 0
    }
}

/// Which observation stands out by how exact it is.
struct SignalPeak {
    /// Squares of what the prior foresees of observations, errors of the prior taken as independent, and of their ratio
    /// to the errors.
    private(set) var ratios: [Double] = []
    private var signals: [Double] = []

    /// Nil where none stands out by far.
    var cause: Inaccuracy.Cause? {
        guard let index = ratios.indices.max(by: { ratios[$0] < ratios[$1] }) else { return nil }
        let middle = ratios.sorted()[ratios.count / 2]
        guard ratios[index] > 1e4 * middle || ratios.count < 3 else { return nil }
        return .observation(
            index: index,
            excess: ratios[index].squareRoot(),
            // A thousandth of the signal leaves a condition of a million.
            sufficient: signals[index].squareRoot() / 1000
        )
    }

    init() {}

    init(_ problem: LinearProblem) {
        add(
            problem.jacobian,
            priorSigma: problem.priorError.sigma,
            sigma: problem.observationError.sigma[...]
        )
    }

    /// Adds rows of the Jacobian.
    mutating func add(_ rows: Matrix, priorSigma: [Double], sigma: ArraySlice<Double>) {
        for (row, sigma) in sigma.enumerated() {
            var signal = 0.0
            for column in priorSigma.indices {
                let value = rows[row, column] * priorSigma[column]
                signal += value * value
            }
            signals.append(signal)
            ratios.append(signal / (sigma * sigma))
        }
    }
}
