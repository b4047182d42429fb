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

    /// The same over the turns of the wind that may hold for the whole event.
    func logLikelihood(rate: Double, _ column: TurnedColumn) -> Double {
        let values = column.turns.indices.map { turn in
            logLikelihood(rate: rate, column.turns[turn]) + column.logWeights[turn]
        }
        return logarithmOfSum(values)
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
    /// (2011), Statistical Methods in the Atmospheric Sciences, eq. 5.12, of all
    /// sensors or, where it is larger, of those in the plume, as what the model gets wrong there stays so.
    mutating func findIndependentShare(rate: Double, _ column: [Sensitivity]) {
        let residuals = residuals(rate: rate, column)
        let isInPlume = column.indices.map { rate * column[$0].mean > data.deviations[$0] }
        let all = share(residuals, isInPlume.map { _ in true }) ?? 1
        independentShare = min(all, share(residuals, isInPlume) ?? all)
    }

    /// Nil for fewer than three pairs of rows.
    private func share(_ residuals: [Double], _ chosen: [Bool]) -> Double? {
        var (products, squares, pairs) = (0.0, 0.0, 0.0)
        for (row, successor) in data.successors.enumerated() {
            guard let successor, chosen[row], chosen[successor] else { continue }
            products += residuals[row] * residuals[successor]
            squares += (residuals[row] * residuals[row] + residuals[successor] * residuals[successor]) / 2
            pairs += 1
        }
        guard pairs > 2, squares > 0 else { return nil }
        let correlation = products / squares
        let held = min(max(correlation, 0), 0.95)
        return (1 - held) / (1 + held)
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

/// What a source adds, row by row, under each turn of the wind that may hold for the whole event.
struct TurnedColumn: Sendable {
    /// At least one; the first is that of the wind as measured.
    let turns: [[Sensitivity]]
    /// See ``WindTurns``.
    let logWeights: [Double]
}

/// ln of the sum of exponentials; the values are not all minus infinity.
func logarithmOfSum(_ values: [Double]) -> Double {
    let peak = values.max() ?? 0
    return peak + log(values.reduce(0) { $0 + exp($1 - peak) })
}
