import Concurrent
import LinearAlgebra
public import Quantities

/// What totals become under every combination of the choices of some axes.
public struct SensitivityMatrix: Sendable {
    /// One combination.
    public struct Row: Sendable {
        /// The number of the choice on each axis.
        public let choices: [Int]
        /// nil where the problem has no solution: see `failure`.
        public let result: Result?
        public let failure: InversionError?
    }

    /// What one combination gives.
    public struct Result: Sendable {
        /// Posterior, one per total.
        public let totals: [Estimate]
        public let degreesOfFreedomForSignal: Double
        public let costPerObservation: Double
        public let logEvidence: Double
        public let observationCount: Int
    }

    public let axes: [VariationAxis]
    public let totals: [String]
    /// Every combination, the last axis fastest; the first row takes the first choice of each.
    public let rows: [Row]

    /// Names of the choices of a row.
    public func names(of row: Row) -> [String] { zip(axes, row.choices).map { $0.choices[$1].name } }
}

/// How far one total moves between the combinations.
public struct SensitivitySpread: Sendable {
    public let name: String
    public let least: Double
    public let median: Double
    public let greatest: Double
    /// Standard deviation of the means over all combinations.
    public let standardDeviation: Double
    /// Mean of the posterior standard deviations that the combinations state.
    public let meanSigma: Double
    /// Of the variance of the means, the share that each axis explains alone (main effects); the rest is how axes
    /// act together. Zeros where nothing moves.
    public let axisShares: [Double]

    /// Whether the choice of settings matters more than what one solution states.
    public var exceedsStatedUncertainty: Bool { standardDeviation > meanSigma }
}

extension SensitivityMatrix {
    /// More combinations than these are refused.
    public static let mostCombinations = 10_000

    /// Solves every combination, on as many threads as there are; results do not depend on how many.
    ///
    /// A combination that cannot be solved keeps its error in its row.
    ///
    /// - Throws: ``InversionError`` for an axis without choices, more than ``mostCombinations``, or totals that do
    ///   not fit the state.
    public init(
        of problem: LinearProblem,
        axes: [VariationAxis],
        totals: LinearFunctionals
    ) async throws {
        try problem.validate()
        try checkLength("columns of the weights", totals.weights.columns, problem.stateCount)
        var count = 1
        for axis in axes {
            guard !axis.choices.isEmpty else {
                throw InversionError.empty("choices on the axis \(axis.name)")
            }
            count *= axis.choices.count
            guard count <= Self.mostCombinations else {
                throw InversionError.outOfRange("number of combinations", index: Self.mostCombinations)
            }
        }
        self.axes = axes
        self.totals = totals.names
        rows = try await parallelMap(count: count, chunks: count) { range in
            range.map { Self.row(Self.choices(of: $0, axes), problem, axes, totals) }
        }.flatMap { $0 }
    }

    private static func choices(of number: Int, _ axes: [VariationAxis]) -> [Int] {
        var rest = number
        var choices: [Int] = []
        for axis in axes.reversed() {
            choices.append(rest % axis.choices.count)
            rest /= axis.choices.count
        }
        return choices.reversed()
    }

    private static func row(
        _ choices: [Int],
        _ problem: LinearProblem,
        _ axes: [VariationAxis],
        _ totals: LinearFunctionals
    ) -> Row {
        do throws(InversionError) {
            let varied = try problem.varied(by: zip(axes, choices).map { $0.choices[$1].variation })
            let posterior = try GaussianSolver.solve(varied)
            let sums = try totals.totals(of: posterior, priorError: varied.priorError)
            let result = Result(
                totals: sums.posterior,
                degreesOfFreedomForSignal: posterior.degreesOfFreedomForSignal,
                costPerObservation: posterior.costPerObservation,
                logEvidence: posterior.logEvidence,
                observationCount: varied.observationCount
            )
            return Row(choices: choices, result: result, failure: nil)
        } catch {
            return Row(choices: choices, result: nil, failure: error)
        }
    }

    /// How far each total moves; rows without a solution are left out. Empty where no row has one.
    public var spread: [SensitivitySpread] {
        let solved = rows.compactMap { row in row.result.map { (row.choices, $0) } }
        guard !solved.isEmpty else { return [] }
        return totals.indices.map { total in
            let means = solved.map { $0.1.totals[total].mean }
            let sorted = means.sorted()
            let centre = means.reduce(0, +) / Double(means.count)
            let variance = means.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / Double(means.count)
            let shares = axes.indices.map { axis in
                variance > 0 ? mainEffect(axis, solved.map(\.0), means, centre) / variance : 0
            }
            return SensitivitySpread(
                name: totals[total],
                least: sorted[0],
                median: (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2,
                greatest: sorted[sorted.count - 1],
                standardDeviation: variance.squareRoot(),
                meanSigma: solved.reduce(0) { $0 + $1.1.totals[total].standardDeviation }
                    / Double(solved.count),
                axisShares: shares
            )
        }
    }

    /// Variance between the means of the choices of one axis, weighted by how many rows each has.
    private func mainEffect(_ axis: Int, _ choices: [[Int]], _ means: [Double], _ centre: Double) -> Double {
        var sums = axes[axis].choices.map { _ in (total: 0.0, count: 0.0) }
        for (choice, mean) in zip(choices, means) {
            sums[choice[axis]].total += mean - centre
            sums[choice[axis]].count += 1
        }
        let between = sums.reduce(0) { $1.count > 0 ? $0 + $1.total * $1.total / $1.count : $0 }
        return between / Double(means.count)
    }
}
