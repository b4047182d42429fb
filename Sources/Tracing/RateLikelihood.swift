import Foundation

/// How well a single source explains an event, by its rate. The size of the noise is known to a factor alone, which
/// residuals tell: a Student distribution.
struct RateLikelihood: Sendable {
    let data: EventData
    /// Part of the rows that tell something of their own; the others follow the one before.
    var independentShare = 1.0
    let scatter: Double

    /// At a rate, kg h-1, up to a constant that all rates and sources share.
    func logLikelihood(rate: Double, _ column: [Sensitivity]) -> Double {
        let (chiSquared, logDeterminant) = misfit(rate: rate, column)
        // One degree of freedom for the noise being what it was estimated to be.
        let degrees = Double(data.count) + 1
        return independentShare * (-degrees / 2 * log(chiSquared + 1) - logDeterminant / 2)
    }

    /// The hot loop of scans: the sums of ``WindowCovariance`` without its arrays.
    func misfit(rate: Double, _ column: [Sensitivity]) -> (chiSquared: Double, logDeterminant: Double) {
        var (chiSquared, logDeterminant) = (0.0, 0.0)
        for rows in data.windows {
            var (uu, uv, vv, ur, vr, product) = (1.0, 0.0, 1.0, 0.0, 0.0, 1.0)
            for row in rows {
                let mean = rate * column[row].mean
                let model = scatter * mean
                let variance = data.deviations[row] * data.deviations[row] + model * model
                let (first, second) = column[row].parts
                let (u, v) = (first * rate, second * rate)
                let residual = data.enhancements[row] - mean
                uu += u * u / variance
                uv += u * v / variance
                vv += v * v / variance
                ur += u * residual / variance
                vr += v * residual / variance
                chiSquared += residual * residual / variance
                product *= variance
                if product < 1e-200 || product > 1e200 {
                    logDeterminant += log(product)
                    product = 1
                }
            }
            let determinant = uu * vv - uv * uv
            chiSquared -= (ur * ur * vv - 2 * ur * vr * uv + vr * vr * uu) / determinant
            logDeterminant += log(product * determinant)
        }
        return (max(0, chiSquared), logDeterminant)
    }

    /// Residuals in their standard deviations, but for the error of the wind direction.
    func residuals(rate: Double, _ column: [Sensitivity]) -> [Double] {
        data.enhancements.indices.map { row in
            let model = scatter * rate * column[row].mean
            let variance = data.deviations[row] * data.deviations[row] + model * model
            return (data.enhancements[row] - rate * column[row].mean) / variance.squareRoot()
        }
    }

    /// Sets ``independentShare`` from the correlation of residuals of successive windows r: (1 - r) / (1 + r), Wilks
    /// (2011), Statistical Methods in the Atmospheric Sciences, eq. 5.12.
    mutating func findIndependentShare(residuals: [Double]) {
        let successors = data.successors
        let mean = residuals.reduce(0, +) / Double(max(1, residuals.count))
        var (products, squares, pairs) = (0.0, 0.0, 0)
        for (row, successor) in successors.enumerated() {
            squares += (residuals[row] - mean) * (residuals[row] - mean)
            guard let successor else { continue }
            products += (residuals[row] - mean) * (residuals[successor] - mean)
            pairs += 1
        }
        guard pairs > 2, squares > 0 else { return }
        let correlation = products / Double(pairs) / (squares / Double(residuals.count))
        let held = min(max(correlation, 0), 0.95)
        independentShare = (1 - held) / (1 + held)
    }
}

/// Rates to look at, evenly in their logarithm.
struct RateGrid: Sendable {
    let logarithms: [Double]
    var rates: [Double] { logarithms.map { exp($0) } }

    /// About a rate, kg h-1, over some factors of e to either side.
    init(about rate: Double, reach: Double, step: Double) {
        let half = Int(exactly: (reach / step).rounded()) ?? 0
        logarithms = (-half...half).map { log(rate) + Double($0) * step }
    }
}
