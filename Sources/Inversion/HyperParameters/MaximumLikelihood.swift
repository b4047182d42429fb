import Foundation
import LinearAlgebra

/// Parameters of the error model from the data alone, by the largest marginal likelihood (Michalak et al. 2005, JGR
/// 110, D24107): what the state could be is integrated out.
public enum MaximumLikelihood {
    /// How intervals come about.
    public enum Intervals: Sendable {
        /// From the curvature at the maximum, on the logarithm: two solutions a parameter.
        case curvature
        /// From where the likelihood, maximised over all other parameters, has fallen by half the quantile of
        /// chi2 with one degree of freedom: honest where it is lopsided, at tens of solutions a parameter.
        case profile
    }

    /// - Throws: ``InversionError`` of the solver at the start; ``InversionError/notConverged(_:iterations:residual:)``
    ///   where the search ends early. A likelihood that is flat or largest at a limit is no error:
    ///   ``HyperParameterFit/warnings`` tell it.
    public static func fit(
        _ family: ErrorFamily,
        intervals: Intervals = .profile
    ) throws(InversionError) -> HyperParameterFit {
        let start = family.parameters.map { log($0.start) }
        // An error of the problem itself shows here, with its own name.
        let before = try Evidence(of: family, values: family.parameters.map(\.start)).posterior.logEvidence
        var search = LikelihoodSearch(family)
        let best = try search.maximum(from: start, fixed: [:])
        let curvature = try Curvature(family, at: best.point)
        var estimates: [HyperParameterEstimate] = []
        for index in start.indices {
            let one: PositiveInterval
            let two: PositiveInterval
            switch intervals {
            case .curvature:
                one = curvature.interval(index, .oneSigma, family)
                two = curvature.interval(index, .ninetyFive, family)
            case .profile:
                let step = curvature.sigma(index)
                one = try search.interval(index, .oneSigma, best, step)
                two = try search.interval(index, .ninetyFive, best, step)
            }
            let parameter = family.parameters[index]
            estimates.append(
                HyperParameterEstimate(
                    name: parameter.name,
                    value: min(max(exp(best.point[index]), parameter.lower), parameter.upper),
                    stated: parameter.start,
                    oneSigma: one,
                    ninetyFive: two,
                    isAtLimit: curvature.isAtLimit[index]
                )
            )
        }
        return HyperParameterFit(
            estimates: estimates,
            correlations: curvature.correlations,
            logEvidence: best.logEvidence,
            logEvidenceAtStart: before,
            problem: family.problem(at: estimates.map(\.adopted)),
            evaluations: search.evaluations + curvature.evaluations + 1
        )
    }
}

/// A point of largest likelihood, parameters on the logarithm.
struct LikelihoodMaximum {
    let point: [Double]
    let logEvidence: Double
}

/// Searches between the limits of the parameters, some of which may be held.
struct LikelihoodSearch {
    let family: ErrorFamily
    private(set) var evaluations = 0

    init(_ family: ErrorFamily) { self.family = family }

    /// ln p that may be left where rounding ends a search: a step of less than 1e-4 of the standard deviation of a
    /// parameter, of which the interval is told to 1e-4 of its logarithm.
    private static let leastGain = 1e-9

    mutating func maximum(
        from start: [Double],
        fixed: [Int: Double]
    ) throws(InversionError) -> LikelihoodMaximum {
        var lower = family.parameters.map { log($0.lower) }
        var upper = family.parameters.map { log($0.upper) }
        var point = start
        for (index, value) in fixed { (lower[index], upper[index], point[index]) = (value, value, value) }
        guard fixed.count < start.count else {
            evaluations += 1
            let posterior = try Evidence(of: family, values: point.map { exp($0) }).posterior
            return LikelihoodMaximum(point: point, logEvidence: posterior.logEvidence)
        }
        // The gradient sums over the observations, and so does its rounding.
        let tolerance = max(1e-7, 1e-10 * Double(family.problem.observationCount))
        let minimiser = BoundedMinimiser(
            maximumIterations: 300,
            tolerance: tolerance,
            leastDecrease: Self.leastGain
        )
        let minimum = try minimiser.minimise(
            LogEvidence(family: family),
            from: point,
            bounds: Bounds(lower: lower, upper: upper)
        )
        evaluations += minimum.evaluations
        return LikelihoodMaximum(point: minimum.point, logEvidence: -minimum.value)
    }
}

/// Second derivatives of ln p(y) by the logarithms of the parameters, from differences of its gradient.
struct Curvature {
    private let point: [Double]
    /// Of the parameters inside their limits; zero for the others.
    private let covariance: Matrix
    let isAtLimit: [Bool]
    let evaluations: Int

    init(_ family: ErrorFamily, at point: [Double]) throws(InversionError) {
        self.point = point
        let step = 1e-4
        isAtLimit = zip(family.parameters, point).map {
            $1 <= log($0.lower) + step || $1 >= log($0.upper) - step
        }
        let free = isAtLimit.indices.filter { [isAtLimit] in !isAtLimit[$0] }
        var hessian = Matrix(rows: free.count, columns: free.count)
        for (row, index) in free.enumerated() {
            let above = try Self.gradient(family, point, moving: index, by: step)
            let below = try Self.gradient(family, point, moving: index, by: -step)
            for (column, other) in free.enumerated() {
                let value = (below[other] - above[other]) / (2 * step)
                hessian[row, column] += value / 2
                hessian[column, row] += value / 2
            }
        }
        evaluations = 2 * free.count
        covariance = Self.inverse(hessian, free, count: point.count)
    }

    private static func gradient(
        _ family: ErrorFamily,
        _ point: [Double],
        moving index: Int,
        by step: Double
    ) throws(InversionError) -> [Double] {
        var moved = point
        moved[index] += step
        return try Evidence(of: family, values: moved.map { exp($0) }).gradient()
    }

    /// Directions without curvature get a variance that no interval between limits can hold.
    private static func inverse(_ hessian: Matrix, _ free: [Int], count: Int) -> Matrix {
        var result = Matrix(rows: count, columns: count)
        guard let eigen = try? SymmetricEigen(decomposing: hessian) else { return result }
        let smallest = max(1e-6, 1e-10 * (eigen.values.last ?? 0))
        let inverse = eigen.mapped { 1 / max($0, smallest) }
        for (row, index) in free.enumerated() {
            for (column, other) in free.enumerated() { result[index, other] = inverse[row, column] }
        }
        return result
    }

    /// Standard deviation of the logarithm; 0 at a limit.
    func sigma(_ index: Int) -> Double { covariance[index, index].squareRoot() }

    /// - Returns: open on both sides for a parameter at a limit, of which curvature tells nothing.
    func interval(_ index: Int, _ level: IntervalLevel, _ family: ErrorFamily) -> PositiveInterval {
        guard !isAtLimit[index] else { return PositiveInterval(lower: nil, upper: nil) }
        let parameter = family.parameters[index]
        let half = level.normalHalfWidth * sigma(index)
        let (lower, upper) = (exp(point[index] - half), exp(point[index] + half))
        return PositiveInterval(
            lower: lower > parameter.lower ? lower : nil,
            upper: upper < parameter.upper ? upper : nil
        )
    }

    var correlations: Matrix {
        let scale = covariance.diagonal.map { $0 > 0 ? 1 / $0.squareRoot() : 0 }
        var result = covariance
        result.scaleRows(by: scale)
        result.scaleColumns(by: scale)
        return result
    }
}
