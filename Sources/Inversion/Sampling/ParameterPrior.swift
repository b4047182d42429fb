import Foundation

/// What is known about one parameter before the data. Densities leave out constants.
public enum ParameterPrior: Equatable, Sendable {
    case normal(mean: Double, sigma: Double)
    /// A normal cut at its bounds; `mean` and `sigma` are those before the cut.
    case truncatedNormal(mean: Double, sigma: Double, lower: Double, upper: Double)
    /// ln x is normal around ln(median) with the given standard deviation.
    case lognormal(median: Double, logSigma: Double)
    case uniform(lower: Double, upper: Double)

    public var support: Support {
        switch self {
        case .normal: .line
        case .truncatedNormal(_, _, let lower, let upper): Support(lower: lower, upper: upper)
        case .lognormal: .above(0)
        case .uniform(let lower, let upper): .between(lower, upper)
        }
    }

    /// A value in the bulk, strictly inside the support.
    public var typicalValue: Double {
        switch self {
        case .normal(let mean, _): mean
        case .truncatedNormal(let mean, let sigma, let lower, let upper):
            mean > lower && mean < upper
                ? mean
                : mean <= lower
                    ? min(lower + sigma, (lower + upper) / 2) : max(upper - sigma, (lower + upper) / 2)
        case .lognormal(let median, _): median
        case .uniform(let lower, let upper): (lower + upper) / 2
        }
    }

    /// Standard deviation on the unbounded scale of the support, roughly.
    var unboundedScale: Double {
        switch self {
        case .normal(_, let sigma): return sigma
        case .lognormal(_, let sigma): return sigma
        case .uniform: return 1
        case .truncatedNormal(_, let sigma, _, _):
            if support == .line { return sigma }
            return min(1, sigma / support.value(support.unbounded(typicalValue) ?? 0).slope)
        }
    }

    /// ln p and its derivative.
    @inline(__always)
    func logDensity(_ value: Double) -> (value: Double, slope: Double) {
        switch self {
        case .normal(let mean, let sigma), .truncatedNormal(let mean, let sigma, _, _):
            let departure = (value - mean) / sigma
            return (-departure * departure / 2, -departure / sigma)
        case .lognormal(let median, let sigma):
            guard value > 0 else { return (-.infinity, 0) }
            let departure = log(value / median) / sigma
            return (-departure * departure / 2 - log(value), -(departure / sigma + 1) / value)
        case .uniform: return (0, 0)
        }
    }

    func validate(_ name: String, index: Int) throws(InversionError) {
        switch self {
        case .normal(let mean, let sigma), .truncatedNormal(let mean, let sigma, _, _):
            guard mean.isFinite else { throw .notFinite("\(name) mean", index: index) }
            try positive(sigma, "\(name) sigma", index)
        case .lognormal(let median, let sigma):
            try positive(median, "\(name) median", index)
            try positive(sigma, "\(name) sigma", index)
        case .uniform(let lower, let upper):
            guard lower.isFinite, upper.isFinite else { throw .notFinite("\(name) bounds", index: index) }
        }
        guard support.lower < support.upper, support.lower < .infinity, support.upper > -.infinity else {
            throw .boundsCross(index: index, lower: support.lower, upper: support.upper)
        }
    }

    private func positive(_ value: Double, _ name: String, _ index: Int) throws(InversionError) {
        guard value.isFinite else { throw .notFinite(name, index: index) }
        guard value > 0 else { throw .notPositive(name, index: index, value: value) }
    }
}
