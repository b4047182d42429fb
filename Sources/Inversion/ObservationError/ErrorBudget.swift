import Foundation
public import LinearAlgebra

/// One source of error of the observations: the instrument, the representation of a place by a grid cell, the
/// transport model.
public struct ErrorPart: Hashable, Sendable {
    /// How errors of two observations of one group depend on each other.
    public enum Correlation: Hashable, Sendable {
        case none
        /// exp(-|t1 - t2| / scale), scale in seconds.
        case exponential(scaleSeconds: Double)
        /// One error for all of a group, such as a common calibration.
        case shared
    }

    public let name: String
    /// Standard deviation for each observation, zero or more, in the unit of the observations.
    public let sigma: [Double]
    public let correlation: Correlation

    public init(name: String, sigma: [Double], correlation: Correlation = .none) {
        self.name = name
        self.sigma = sigma
        self.correlation = correlation
    }
}

extension ErrorPart {
    /// Covariance of two observations of one group.
    func covariance(_ one: Int, _ other: Int, _ times: [Double]) -> Double {
        let product = sigma[one] * sigma[other]
        switch correlation {
        case .none: return one == other ? product : 0
        case .shared: return product
        case .exponential(let scale): return product * exp(-abs(times[one] - times[other]) / scale)
        }
    }
}

/// R as a sum of parts. Observations of different groups (stations, vehicles, products) are independent.
public struct ErrorBudget: Sendable {
    public let parts: [ErrorPart]
    /// Seconds from any one origin.
    public let times: [Double]
    /// The group of each observation.
    public let groups: [Int]

    /// - Throws: ``InversionError`` that names the part and the observation: lengths that differ, a sigma that is
    ///   negative or not finite, an observation whose parts are all zero, a scale that is not positive.
    public init(parts: [ErrorPart], times: [Double], groups: [Int]) throws(InversionError) {
        guard !parts.isEmpty else { throw .empty("parts of the observation error") }
        try checkLength("groups", groups.count, times.count)
        try checkFinite("time", times)
        var total = [Double](repeating: 0, count: times.count)
        for part in parts {
            let name = "observation_sigma of \(part.name)"
            try checkLength(name, part.sigma.count, times.count)
            try checkFinite(name, part.sigma)
            for (index, value) in part.sigma.enumerated() {
                guard value >= 0 else { throw .notPositive(name, index: index, value: value) }
                total[index] += value * value
            }
            if case .exponential(let scale) = part.correlation, !(scale > 0) {
                throw .notPositive("correlation time of \(part.name)", index: 0, value: scale)
            }
        }
        if let index = total.firstIndex(of: 0) {
            throw .notPositive("observation_sigma", index: index, value: 0)
        }
        self.parts = parts
        self.times = times
        self.groups = groups
    }

    /// Standard deviation of the sum of all parts.
    public var sigma: [Double] {
        times.indices.map { index in
            parts.reduce(0) { $0 + $1.sigma[index] * $1.sigma[index] }.squareRoot()
        }
    }

    /// Of the variance of each observation, the share of each part.
    public var variancePartition: [(name: String, shares: [Double])] {
        let total = sigma.map { $0 * $0 }
        return parts.map { part in (part.name, zip(part.sigma, total).map { $0 * $0 / $1 }) }
    }

    public var isIndependent: Bool {
        parts.allSatisfy { $0.correlation == .none || $0.sigma.allSatisfy { $0 == 0 } }
    }

    /// Observations of each group, in the order of their numbers.
    public var blocks: [[Int]] {
        Dictionary(grouping: groups.indices, by: { groups[$0] }).sorted { $0.key < $1.key }.map(\.value)
    }

    /// Covariance of some observations of one group.
    public func covariance(of observations: [Int]) -> Matrix {
        var result = Matrix(rows: observations.count, columns: observations.count)
        for (row, one) in observations.enumerated() {
            for (column, other) in observations.enumerated().prefix(row + 1) {
                let value = covariance(one, other)
                result[row, column] = value
                result[column, row] = value
            }
        }
        return result
    }

    private func covariance(_ one: Int, _ other: Int) -> Double {
        parts.reduce(0) { $0 + $1.covariance(one, other, times) }
    }

    /// R as a problem takes it: standard deviations where no part is correlated, else the full matrix. For more
    /// observations than a matrix has room for, add the blocks to ``NormalEquations`` one by one.
    public var model: ErrorModel {
        guard !isIndependent else { return .independent(sigma) }
        var matrix = Matrix(rows: times.count, columns: times.count)
        for block in blocks {
            let covariance = covariance(of: block)
            for (row, one) in block.enumerated() {
                for (column, other) in block.enumerated() { matrix[one, other] = covariance[row, column] }
            }
        }
        return .covariance(matrix)
    }

    /// The normal equations of a problem with this R, block by block: memory is one block of rows.
    ///
    /// - Parameter problem: its own observation error is not used.
    /// - Throws: ``InversionError`` where lengths differ or a block is singular, as two observations of one time
    ///   with nothing but a correlated error are.
    public func normalEquations(of problem: LinearProblem) throws(InversionError) -> NormalEquations {
        try checkLength("times of the observation error", times.count, problem.observationCount)
        let innovations = problem.innovations
        var normal = NormalEquations(stateCount: problem.stateCount)
        for block in blocks {
            var rows = Matrix(rows: block.count, columns: problem.stateCount)
            for (row, observation) in block.enumerated() {
                let from = observation * problem.stateCount
                rows.storage.replaceSubrange(
                    (row * problem.stateCount)..<((row + 1) * problem.stateCount),
                    with: problem.jacobian.storage[from..<(from + problem.stateCount)]
                )
            }
            try normal.add(
                jacobian: rows,
                innovations: block.map { innovations[$0] },
                covariance: covariance(of: block)
            )
        }
        return normal
    }
}
