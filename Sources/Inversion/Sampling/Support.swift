import Foundation

/// Where a parameter may lie, and the smooth map from the whole line to it.
public enum Support: Equatable, Sendable {
    case line
    /// x = bound + exp(u).
    case above(Double)
    /// x = bound - exp(-u), so that x grows with u.
    case below(Double)
    /// x = lower + (upper - lower) / (1 + exp(-u)).
    case between(Double, Double)

    /// The support of a pair of bounds, infinite where there is none.
    public init(lower: Double, upper: Double) {
        switch (lower > -.infinity, upper < .infinity) {
        case (false, false): self = .line
        case (true, false): self = .above(lower)
        case (false, true): self = .below(upper)
        case (true, true): self = .between(lower, upper)
        }
    }

    public var lower: Double {
        switch self {
        case .line, .below: -.infinity
        case .above(let bound): bound
        case .between(let lower, _): lower
        }
    }

    public var upper: Double {
        switch self {
        case .line, .above: .infinity
        case .below(let bound): bound
        case .between(_, let upper): upper
        }
    }

    /// u of an x; nil where x is not strictly inside.
    func unbounded(_ value: Double) -> Double? {
        guard value > lower, value < upper, value.isFinite else { return nil }
        return switch self {
        case .line: value
        case .above(let bound): log(value - bound)
        case .below(let bound): -log(bound - value)
        case .between(let lower, let upper): log(value - lower) - log(upper - value)
        }
    }

    /// x of a u, with dx/du, ln |dx/du| and its derivative by u.
    func value(_ unbounded: Double) -> SupportedValue {
        switch self {
        case .line: return SupportedValue(value: unbounded, slope: 1, logSlope: 0, logSlopeChange: 0)
        case .above(let bound):
            let size = exp(unbounded)
            return SupportedValue(value: bound + size, slope: size, logSlope: unbounded, logSlopeChange: 1)
        case .below(let bound):
            let size = exp(-unbounded)
            return SupportedValue(value: bound - size, slope: size, logSlope: -unbounded, logSlopeChange: -1)
        case .between(let lower, let upper):
            // From the nearer end, so that neither share is rounded to zero early.
            let tail = exp(-abs(unbounded))
            let near = tail / (1 + tail)
            let far = 1 / (1 + tail)
            let width = upper - lower
            return SupportedValue(
                value: unbounded < 0 ? lower + width * near : upper - width * near,
                slope: width * near * far,
                logSlope: log(width) - abs(unbounded) - 2 * log1p(tail),
                logSlopeChange: unbounded < 0 ? far - near : near - far
            )
        }
    }
}

/// A parameter and what its map does to a density.
struct SupportedValue {
    let value: Double
    let slope: Double
    let logSlope: Double
    let logSlopeChange: Double
}

/// A density of parameters on the whole line and of size about one: that of the given one with the Jacobian of the
/// map. The factors of the sizes are constant and left out.
struct UnboundedDensity<Density: LogDensity>: LogDensity {
    let density: Density
    private let maps: [Support]
    private let sizes: [Double]

    init(_ density: Density, scales: [Double]) {
        self.density = density
        maps = density.supports
        sizes = scales
    }

    var dimension: Int { maps.count }

    func logDensity(at point: [Double], gradient: inout [Double]) -> Double {
        let mapped = point.indices.map { maps[$0].value(sizes[$0] * point[$0]) }
        let value = density.logDensity(at: mapped.map { $0.value }, gradient: &gradient)
        var sum = value
        for (index, map) in mapped.enumerated() {
            sum += map.logSlope
            gradient[index] = sizes[index] * (gradient[index] * map.slope + map.logSlopeChange)
        }
        return sum
    }

    func values(_ point: [Double]) -> [Double] {
        point.indices.map { maps[$0].value(sizes[$0] * point[$0]).value }
    }
}
