import Foundation
import LinearAlgebra

/// Rates of several sources at once: weighted least squares with rates that are not negative.
public struct JointRates: Sendable {
    /// kg h-1.
    public let rates: [Double]
    /// Of the rates above zero, kg2 h-2, row by row; zero for the others.
    public let covariance: [Double]
    /// Standard deviation of each source were it the only one that can change, kg h-1.
    public let lone: [Double]
    /// Largest over smallest eigenvalue of what sensors tell of the rates, each scaled by its own information, as a
    /// root: how much worse the worst mixture of sources is known than the best. Infinite where two look alike.
    public let condition: Double
    /// Degrees of freedom for signal: how many rates, or mixtures of them, the readings tell rather than what is
    /// assumed beforehand, a standard deviation of the sum of the rates found.
    public let degreesOfFreedom: Double
    /// Factor on the stated standard deviations that the residuals ask for.
    public let residualScale: Double

    /// - Parameters:
    ///   - columns: what each source adds, row by row.
    ///   - independentShare: of the rows; see ``RateLikelihood``.
    init(_ data: EventData, _ columns: [[Sensitivity]], scatter: Double, independentShare: Double) {
        var rates = [Double](repeating: 0, count: columns.count)
        var normal = NormalEquations(data, columns, rates, scatter: scatter)
        // Errors grow with what is predicted: weights and rates in turn, until they agree.
        for _ in 0..<30 {
            let next = nonNegativeSolution(normal.matrix, normal.right)
            let change = zip(next, rates).reduce(0) { max($0, abs($1.0 - $1.1)) }
            rates = next
            normal = NormalEquations(data, columns, rates, scatter: scatter)
            if change <= 1e-12 * (rates.max() ?? 0) { break }
        }
        let free = rates.indices.filter { rates[$0] > 0 }
        let chiSquared = normal.chiSquared(rates)
        let degrees = max(1, Double(data.count - free.count))
        residualScale = (chiSquared / degrees).squareRoot()
        let inflation = max(1, chiSquared / degrees) / independentShare
        (self.rates, lone) = (
            rates, rates.indices.map { (inflation / max(normal.matrix[$0, $0], 1e-300)).squareRoot() }
        )
        covariance = Self.covariance(normal.matrix, free, count: rates.count).map { $0 * inflation }
        (condition, degreesOfFreedom) = Self.information(
            normal.matrix,
            inflation: inflation,
            prior: rates.reduce(0, +)
        )
    }

    public func standardDeviation(_ source: Int) -> Double {
        rates[source] > 0 ? max(0, covariance[source * rates.count + source]).squareRoot() : lone[source]
    }

    private static func covariance(_ matrix: Matrix, _ free: [Int], count: Int) -> [Double] {
        var covariance = [Double](repeating: 0, count: count * count)
        guard !free.isEmpty, let factor = try? Cholesky(factoring: part(of: matrix, free)) else {
            return covariance
        }
        let inverse = factor.inverse()
        for (row, one) in free.enumerated() {
            for (column, other) in free.enumerated() {
                covariance[one * count + other] = inverse[row, column]
            }
        }
        return covariance
    }

    private static func information(_ matrix: Matrix, inflation: Double, prior: Double) -> (Double, Double) {
        let seen = (0..<matrix.rows).filter { matrix[$0, $0] > 0 }
        guard !seen.isEmpty else { return (.infinity, 0) }
        var scaled = part(of: matrix, seen)
        let roots = scaled.diagonal.map { $0.squareRoot() }
        for row in seen.indices {
            for column in seen.indices { scaled[row, column] /= roots[row] * roots[column] }
        }
        var told = part(of: matrix, seen)
        for place in told.storage.indices { told.storage[place] *= prior * prior / inflation }
        guard let shape = try? SymmetricEigen(decomposing: scaled).values,
            let signal = try? SymmetricEigen(decomposing: told).values,
            let least = shape.first, let most = shape.last
        else { return (.infinity, 0) }
        let condition = least > 1e-14 * most ? (most / least).squareRoot() : .infinity
        return (condition, signal.reduce(0) { $0 + max(0, $1) / (1 + max(0, $1)) })
    }
}

/// S'V^-1 S and S'V^-1 y with the covariance at some rates.
private struct NormalEquations {
    var matrix: Matrix
    var right: [Double]
    /// y'V^-1 y.
    private var square = 0.0

    init(_ data: EventData, _ columns: [[Sensitivity]], _ rates: [Double], scatter: Double) {
        matrix = Matrix(rows: columns.count, columns: columns.count)
        right = [Double](repeating: 0, count: columns.count)
        let means = columns.map { $0.map(\.mean) }
        let predicted = data.enhancements.indices.map { row in
            zip(columns, rates).reduce(Sensitivity()) { $0 + $1.0[row].scaled(by: $1.1) }
        }
        for rows in data.windows {
            let covariance = WindowCovariance(data, rows, predicted, scatter: scatter)
            let values = data.enhancements[rows]
            square += covariance.product(values, values)
            for one in columns.indices {
                right[one] += covariance.product(means[one][rows], values)
                for other in 0...one {
                    let value = covariance.product(means[one][rows], means[other][rows])
                    matrix[one, other] += value
                    if other < one { matrix[other, one] += value }
                }
            }
        }
    }

    func chiSquared(_ rates: [Double]) -> Double {
        let product = matrix.times(rates)
        let sum = rates.indices.reduce(square) { $0 + rates[$1] * (product[$1] - 2 * right[$1]) }
        return max(0, sum)
    }
}

private func part(of matrix: Matrix, _ chosen: [Int]) -> Matrix {
    var part = Matrix(rows: chosen.count, columns: chosen.count)
    for (row, one) in chosen.enumerated() {
        for (column, other) in chosen.enumerated() { part[row, column] = matrix[one, other] }
    }
    return part
}

/// The x >= 0 with the least x'Ax - 2 b'x: active sets as Lawson and Hanson (1974), Solving Least Squares Problems,
/// chapter 23. Unknowns of which A knows nothing, or that it cannot tell from those already free, stay zero.
func nonNegativeSolution(_ matrix: Matrix, _ right: [Double]) -> [Double] {
    var solution = [Double](repeating: 0, count: right.count)
    var free: Set<Int> = []
    var refused: Set<Int> = []
    for _ in 0..<(3 * right.count + 10) {
        let product = matrix.times(solution)
        let gradient = right.indices.map { right[$0] - product[$0] }
        let candidates = right.indices.filter { index in
            let scale = abs(right[index]) + abs(product[index])
            return !free.contains(index) && !refused.contains(index) && matrix[index, index] > 0
                && gradient[index] > 1e-12 * scale
        }
        func gain(_ index: Int) -> Double { gradient[index] / matrix[index, index].squareRoot() }
        guard let next = candidates.max(by: { gain($0) < gain($1) }) else { break }
        free.insert(next)
        while true {
            let order = free.sorted()
            guard let factor = try? Cholesky(factoring: part(of: matrix, order)) else {
                free.remove(next)
                refused.insert(next)
                break
            }
            let trial = factor.solve(order.map { right[$0] })
            guard zip(order, trial).contains(where: { $1 <= 0 }) else {
                for (index, value) in zip(order, trial) { solution[index] = value }
                break
            }
            var step = 1.0
            for (index, value) in zip(order, trial) where value <= 0 {
                step = min(step, solution[index] / max(solution[index] - value, .leastNormalMagnitude))
            }
            for (index, value) in zip(order, trial) {
                solution[index] += step * (value - solution[index])
                if value <= 0, solution[index] <= 1e-15 * abs(value) || solution[index] <= 0 {
                    solution[index] = 0
                    free.remove(index)
                }
            }
            if free.isEmpty { break }
        }
    }
    return solution
}
