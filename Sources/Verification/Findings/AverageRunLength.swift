import LinearAlgebra

/// How many values pass on average before a chart signals, from a Markov chain over its state (Brook and Evans 1972,
/// Biometrika 59, 539), for independent Gaussian residuals of standard deviation 1.
public enum AverageRunLength {
    /// Of ``CumulativeSumChart`` started at zero.
    ///
    /// - Parameter shift: mean of the residuals in their standard deviations; 0 gives the time to a false alarm.
    /// - Returns: NaN where it is too long for the arithmetic (above about 1e12).
    public static func ofCumulativeSum(allowance: Double, limit: Double, shift: Double) -> Double {
        let sides = [shift, -shift].map { oneSided(allowance: allowance, limit: limit, shift: $0) }
        return 1 / (1 / sides[0] + 1 / sides[1])
    }

    /// Of a moving average with constant limits at `width` times its final standard deviation.
    public static func ofMovingAverage(weight: Double, width: Double, shift: Double) -> Double {
        let limit = width * (weight / (2 - weight)).squareRoot()
        let states = 201
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
        let states = 200
        let step = 2 * limit / Double(2 * states - 1)
        let chain = Matrix(rows: states, columns: states) { from, to in
            let drift = Double(to - from) * step + allowance - shift
            let upper = normalProbability(below: drift + step / 2)
            return to == 0 ? upper : upper - normalProbability(below: drift - step / 2)
        }
        return meanSteps(chain, from: 0)
    }

    /// The expected steps to leave solve (1 - P) m = 1.
    private static func meanSteps(_ chain: Matrix, from start: Int) -> Double {
        var system = chain
        for row in 0..<chain.rows {
            for column in 0..<chain.columns {
                system[row, column] = (row == column ? 1 : 0) - chain[row, column]
            }
        }
        guard let factor = try? LUFactor(factoring: system) else { return .nan }
        let steps = factor.solve([Double](repeating: 1, count: chain.rows))[start]
        return steps >= 1 ? steps : .nan
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
