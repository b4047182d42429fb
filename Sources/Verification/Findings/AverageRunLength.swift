import LinearAlgebra

/// How many values pass on average before a chart signals, from a Markov chain over its state (Brook and Evans 1972,
/// Biometrika 59, 539), for independent Gaussian residuals of standard deviation 1.
public enum AverageRunLength {
    /// Longer runs are beyond the arithmetic: the chain leaves with a probability near its rounding.
    public static let longest = 1e12

    /// Of ``CumulativeSumChart`` started at zero.
    ///
    /// - Parameter shift: mean of the residuals in their standard deviations; 0 gives the time to a false alarm.
    /// - Returns: infinity where it is above ``longest``.
    public static func ofCumulativeSum(allowance: Double, limit: Double, shift: Double) -> Double {
        let sides = [shift, -shift].map { oneSided(allowance: allowance, limit: limit, shift: $0) }
        return 1 / (1 / sides[0] + 1 / sides[1])
    }

    /// Of a moving average with constant limits at `width` times its final standard deviation.
    public static func ofMovingAverage(weight: Double, width: Double, shift: Double) -> Double {
        let limit = width * (weight / (2 - weight)).squareRoot()
        let states = 101
        let step = 2 * limit / Double(states)
        let chain = Matrix(rows: states, columns: states) { from, to in
            let average = -limit + (Double(from) + 0.5) * step
            let edge = -limit + Double(to) * step
            let kept = (1 - weight) * average
            return normalProbability(below: (edge + step - kept) / weight - shift)
                - normalProbability(below: (edge - kept) / weight - shift)
        }
        return meanSteps(chain, from: states / 2)
    }

    /// State 0 is a sum of zero, state i one about i times the step.
    private static func oneSided(allowance: Double, limit: Double, shift: Double) -> Double {
        let states = 100
        let step = 2 * limit / Double(2 * states - 1)
        let chain = Matrix(rows: states, columns: states) { from, to in
            let drift = Double(to - from) * step + allowance - shift
            let upper = normalProbability(below: drift + step / 2)
            return to == 0 ? upper : upper - normalProbability(below: drift - step / 2)
        }
        return meanSteps(chain, from: 0)
    }

    /// The expected steps to leave solve (1 - P) m = 1.
    private static func meanSteps(_ chain: consuming Matrix, from start: Int) -> Double {
        let count = chain.rows
        for place in chain.storage.indices { chain.storage[place] = -chain.storage[place] }
        for state in 0..<count { chain[state, state] += 1 }
        guard let factor = try? LUFactor(factoring: chain) else { return .infinity }
        let steps = factor.solve([Double](repeating: 1, count: count))[start]
        return steps >= 1 && steps < longest ? steps : .infinity
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
