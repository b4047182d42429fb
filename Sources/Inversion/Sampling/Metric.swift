import Concurrent
import LinearAlgebra

/// How the sampler's momentum is scaled.
public enum MetricKind: String, Codable, Sendable {
    /// One variance for each parameter.
    case diagonal
    /// A full covariance, for up to a few hundred parameters that are strongly correlated.
    case dense
}

/// The estimated covariance of the parameters, which is the inverse of the mass matrix.
enum Metric: Sendable {
    case diagonal([Double])
    case dense(Matrix, Cholesky)

    /// M⁻¹·p.
    func velocity(_ momentum: [Double]) -> [Double] {
        switch self {
        case .diagonal(let variances):
            var result = momentum
            for index in result.indices { result[index] *= variances[index] }
            return result
        case .dense(let covariance, _): return covariance.times(momentum)
        }
    }

    /// A momentum from N(0, M).
    func momentum(_ random: inout RandomStream) -> [Double] {
        switch self {
        case .diagonal(let variances): return variances.map { random.normal() / $0.squareRoot() }
        case .dense(_, let factor):
            return factor.backwardSolve((0..<factor.order).map { _ in random.normal() })
        }
    }
}

/// Running mean and sums of squares (Welford 1962).
struct CovarianceEstimate {
    private let kind: MetricKind
    private var count = 0.0
    private var mean: [Double]
    private var squares: [Double]
    private var products: Matrix

    init(kind: MetricKind, dimension: Int) {
        self.kind = kind
        mean = [Double](repeating: 0, count: dimension)
        squares = mean
        products = kind == .dense ? Matrix(rows: dimension, columns: dimension) : Matrix(rows: 0, columns: 0)
    }

    mutating func add(_ point: [Double]) {
        count += 1
        var before = point
        for index in point.indices {
            before[index] = point[index] - mean[index]
            mean[index] += before[index] / count
            squares[index] += before[index] * (point[index] - mean[index])
        }
        guard kind == .dense else { return }
        for row in point.indices {
            let after = point[row] - mean[row]
            for column in 0...row { products[row, column] += after * before[column] }
        }
    }

    /// The estimate drawn towards 1e-3 of the identity as with five more draws (Stan Reference Manual, HMC
    /// algorithm parameters); nil before there are two draws.
    var metric: Metric? {
        guard count > 1 else { return nil }
        let weight = count / (count + 5)
        let floor = 1e-3 * 5 / (count + 5)
        let diagonal = Metric.diagonal(squares.map { weight * $0 / (count - 1) + floor })
        guard kind == .dense else { return diagonal }
        var covariance = products
        for index in covariance.storage.indices { covariance.storage[index] *= weight / (count - 1) }
        covariance.mirrorLowerTriangle()
        covariance.addToDiagonal([Double](repeating: floor, count: mean.count))
        guard let factor = try? Cholesky(factoring: covariance) else { return diagonal }
        return .dense(covariance, factor)
    }
}
