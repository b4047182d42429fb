import LinearAlgebra

/// How many values pass on average before a chart signals, from a Markov chain over its state (Brook and Evans 1972,
/// Biometrika 59, 539), for independent Gaussian residuals of standard deviation 1.
public enum AverageRunLength {
    /// Longer runs are beyond the arithmetic: the chain leaves with a probability near its rounding.
    public static let longest = 1e12

    /// Of ``CumulativeSumChart`` started at zero.
    ///
    /// - Parameters:
    ///   - shift: mean of the residuals in their standard deviations; 0 gives the time to a false alarm.
    ///   - greatestScore: larger residuals count as this.
    /// - Returns: infinity where it is above ``longest``.
    public static func ofCumulativeSum(
        allowance: Double,
        limit: Double,
        shift: Double,
        greatestScore: Double = .infinity
    ) -> Double {
        let sides = [shift, -shift].map {
            oneSided(allowance, limit, ClippedNormal(mean: $0, greatest: greatestScore))
        }
        return 1 / (1 / sides[0] + 1 / sides[1])
    }

    /// Of ``MovingAverageChart`` started at zero.
    ///
    /// - Parameters:
    ///   - shift: mean of the residuals in their standard deviations; 0 gives the time to a false alarm.
    ///   - greatestScore: larger residuals count as this.
    ///   - opens: whether the limits open up as those of the chart do (Steiner 1999, J. Qual. Technol. 31, 75), or
    ///     are those of its end throughout, which most tables are of.
    /// - Returns: infinity where it is above ``longest``.
    public static func ofMovingAverage(
        weight: Double,
        width: Double,
        shift: Double,
        greatestScore: Double = .infinity,
        opens: Bool = true
    ) -> Double {
        let normal = ClippedNormal(mean: shift, greatest: greatestScore)
        let chain = AverageChain(weight: weight, width: width, normal: normal)
        let final = width * (weight / (2 - weight)).squareRoot()
        guard let steps = meanSteps(chain.matrix(limit: final)) else { return .infinity }
        guard opens else { return steps[chain.states / 2] }
        // The time is the sum of the probabilities of no signal yet; where the limits have opened to 5e-5 of their end
        // it goes on from there as with constant ones.
        var chart = MovingAverageChart(weight: weight, width: width)
        _ = chart.take(0)
        var limit = chart.limit
        var masses = (0..<chain.states).map { chain.probability(from: 0, to: $0, limit: limit) }
        var time = 1.0
        while limit < (1 - 5e-5) * final {
            time += masses.reduce(0, +)
            _ = chart.take(0)
            masses = chain.next(masses, from: limit, to: chart.limit)
            limit = chart.limit
        }
        time += zip(masses, steps).reduce(0) { $0 + $1.0 * $1.1 }
        return time < longest ? time : .infinity
    }

    /// State 0 is a sum of zero, state i one about i times the step.
    private static func oneSided(_ allowance: Double, _ limit: Double, _ normal: ClippedNormal) -> Double {
        let states = max(100, min(400, Int(4 * limit)))
        let step = 2 * limit / Double(2 * states - 1)
        let chain = Matrix(rows: states, columns: states) { from, to in
            let drift = Double(to - from) * step + allowance
            let upper = normal.probability(below: drift + step / 2)
            return to == 0 ? upper : upper - normal.probability(below: drift - step / 2)
        }
        return meanSteps(chain)?[0] ?? .infinity
    }

    /// The expected steps to leave from each state solve (1 - P) m = 1; nil where they are too many.
    private static func meanSteps(_ chain: consuming Matrix) -> [Double]? {
        let count = chain.rows
        for place in chain.storage.indices { chain.storage[place] = -chain.storage[place] }
        for state in 0..<count { chain[state, state] += 1 }
        guard let factor = try? LUFactor(factoring: chain) else { return nil }
        let steps = factor.solve([Double](repeating: 1, count: count))
        // Rounding may leave a hair less than one step where every value signals.
        return steps.allSatisfy { $0 > 1 - 1e-9 && $0 < longest } ? steps : nil
    }
}

/// A Gaussian value of standard deviation 1 that counts as at most `greatest`.
private struct ClippedNormal {
    let mean: Double
    let greatest: Double

    /// Not above an end counts as below it, as a chart signals only beyond its limit.
    func probability(below value: Double) -> Double {
        // The ends are where a chart just does not signal; a rounding must not move them.
        let rounding = 1e-9
        if value >= greatest - rounding { return 1 }
        return value < -greatest ? 0 : normalProbability(below: value - mean)
    }
}

/// A moving average between its limits in cells of equal width.
private struct AverageChain {
    let weight: Double
    let normal: ClippedNormal
    let states: Int

    /// Cells are narrower than half the standard deviation of a step.
    init(weight: Double, width: Double, normal: ClippedNormal) {
        let steps = width / (weight * (2 - weight)).squareRoot()
        self.weight = weight
        self.normal = normal
        states = 2 * max(50, min(150, Int(2 * steps))) + 1
    }

    func probability(from average: Double, to cell: Int, limit: Double) -> Double {
        edge(cell + 1, limit, average) - edge(cell, limit, average)
    }

    private func edge(_ cell: Int, _ limit: Double, _ average: Double) -> Double {
        let place = limit * (2 * Double(cell) / Double(states) - 1)
        return normal.probability(below: (place - (1 - weight) * average) / weight)
    }

    private func centre(_ cell: Int, _ limit: Double) -> Double {
        limit * ((2 * Double(cell) + 1) / Double(states) - 1)
    }

    func matrix(limit: Double) -> Matrix {
        Matrix(rows: states, columns: states) { from, to in
            probability(from: centre(from, limit), to: to, limit: limit)
        }
    }

    /// Each edge is asked for once.
    func next(_ masses: [Double], from limit: Double, to wider: Double) -> [Double] {
        var result = [Double](repeating: 0, count: states)
        for (from, mass) in masses.enumerated() {
            let average = centre(from, limit)
            var below = edge(0, wider, average)
            for to in 0..<states {
                let upper = edge(to + 1, wider, average)
                result[to] += mass * (upper - below)
                below = upper
            }
        }
        return result
    }
}

extension Matrix {
    fileprivate init(rows: Int, columns: Int, _ element: (Int, Int) -> Double) {
        self.init(rows: rows, columns: columns)
        for row in 0..<rows {
            for column in 0..<columns { self[row, column] = element(row, column) }
        }
    }
}
