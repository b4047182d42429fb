import Foundation
import Inversion
import LinearAlgebra
import TestSupport
import Testing

@Suite struct SignalTests {
    private func weights(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
        var random = SeededGenerator(seed: seed)
        return Matrix(
            rows: rows,
            columns: columns,
            storage: (0..<rows * columns).map { _ in random.normal() }
        )
    }

    @Test func degreesAreCountedWhereTheyBelong() throws {
        let posterior = try GaussianSolver.solve(Problems.random(seed: 9))
        let count = posterior.mean.count
        let groups = LabelGroups(labels: (0..<count).map { $0 % 2 == 0 ? "even" : "odd" })
        let signal = try Diagnostics.signalDegrees(of: posterior, groups: groups)
        #expect(abs(signal.total - posterior.degreesOfFreedomForSignal) < 1e-14)
        #expect(abs(signal.groups.reduce(0, +) - signal.total) < 1e-12)
        #expect(
            abs(signal.groups[0] - stride(from: 0, to: count, by: 2).reduce(0) { $0 + signal.elements[$1] })
                < 1e-14
        )
    }

    @Test(arguments: 0..<20 as Range<UInt64>) func theReducedKernelIsWTimesATimesItsInverse(seed: UInt64)
        throws
    {
        let problem = Problems.random(seed: seed)
        let posterior = try GaussianSolver.solve(problem)
        let w = weights(min(2, problem.stateCount), problem.stateCount, seed: seed + 50)
        let totals = try LinearFunctionals(names: (0..<w.rows).map { "t\($0)" }, weights: w)
            .totals(of: posterior, priorError: problem.priorError)
        let spread = problem.priorError.matrix.timesTransposed(w)
        let pseudoInverse = try Cholesky(factoring: w.times(spread)).solve(spread.transposed()).transposed()
        let expected = w.times(posterior.averagingKernel).times(pseudoInverse)
        let kernel = try totals.reducedKernel()
        #expect(distance(kernel.averagingKernel.storage, expected.storage) < 1e-10)
        #expect(kernel.degreesOfFreedomForSignal <= posterior.degreesOfFreedomForSignal + 1e-10)
    }

    /// Totals as many as states hold all that the state holds.
    @Test func nothingIsLostWhereTotalsDetermineTheState() throws {
        let problem = Problems.random(seed: 5)
        let posterior = try GaussianSolver.solve(problem)
        let w = weights(problem.stateCount, problem.stateCount, seed: 1)
        let kernel = try LinearFunctionals(names: problem.stateNames, weights: w)
            .totals(of: posterior, priorError: problem.priorError).reducedKernel()
        #expect(abs(kernel.degreesOfFreedomForSignal - posterior.degreesOfFreedomForSignal) < 1e-8)
    }

    @Test func aTotalThatRepeatsAnotherIsRefused() throws {
        let totals = try LinearFunctionals(
            names: ["a", "b"],
            weights: Matrix(rows: 2, columns: 2, storage: [1, 1, 2, 2])
        ).totals(of: GaussianSolver.solve(Problems.pair), priorError: Problems.pair.priorError)
        #expect(throws: InversionError.self) { try totals.reducedKernel() }
    }

    @Test(arguments: 0..<20 as Range<UInt64>) func varianceHasAnOrigin(seed: UInt64) throws {
        let problem = Problems.random(seed: seed)
        let posterior = try GaussianSolver.solve(problem)
        let shares = try Diagnostics.varianceShares(
            of: problem,
            posterior,
            totals: .elements(of: problem.stateNames)
        )
        let prior = problem.priorError.matrix
        for element in 0..<problem.stateCount {
            var kept = [Double](repeating: 0, count: problem.stateCount)
            for column in kept.indices { kept[column] = -posterior.averagingKernel[element, column] }
            kept[element] += 1
            let variance = zip(kept, prior.times(kept)).reduce(0) { $0 + $1.0 * $1.1 }
            #expect(abs(shares.shares[element, 0] - variance / posterior.covariance[element, element]) < 1e-9)
            #expect(abs(shares.shares[element, 0] + shares.shares[element, 1] - 1) < 1e-12)
        }
    }

    /// Transport errors correlated within stations: the parts of the budget sum up to the posterior variance.
    @Test(arguments: [true, false]) func partsOfABudgetHaveTheirShares(isCorrelated: Bool) throws {
        var problem = Problems.random(seed: 4)
        let count = problem.observationCount
        let transport = ErrorPart(
            name: "transport",
            sigma: (0..<count).map { 0.5 + 0.01 * Double($0) },
            correlation: isCorrelated ? .exponential(scaleSeconds: 3) : .none
        )
        let budget = try ErrorBudget(
            parts: [ErrorPart(name: "instrument", sigma: [Double](repeating: 0.3, count: count)), transport],
            times: (0..<count).map { Double($0) },
            groups: (0..<count).map { $0 % 2 }
        )
        problem.observationError = budget.model
        let posterior = try GaussianSolver.solve(problem)
        let total = try LinearFunctionals(
            names: ["sum"],
            weights: Matrix(rows: 1, columns: problem.stateCount, storage: problem.stateNames.map { _ in 1 })
        )
        let shares = try Diagnostics.varianceShares(of: problem, posterior, totals: total, budget: budget)
        #expect(shares.sources == ["prior", "instrument", "transport"])
        let plain = try Diagnostics.varianceShares(of: problem, posterior, totals: total)
        #expect(abs(shares.shares[0, 0] - plain.shares[0, 0]) < 1e-12)
        #expect(abs(shares.shares[0, 1] + shares.shares[0, 2] - plain.shares[0, 1]) < 1e-12)
        // Instrument errors are independent: 0.09 of the sum of the squared gains.
        let gain = try Cholesky(factoring: problem.observationError.matrix).solve(problem.jacobian)
            .times(posterior.covariance).times([Double](repeating: 1, count: problem.stateCount))
        let sum = try total.totals(of: posterior, priorError: problem.priorError).covariance[0, 0]
        let instrument = 0.09 * gain.reduce(0) { $0 + $1 * $1 } / sum
        #expect(abs(shares.shares[0, 1] - instrument) < 1e-11)
    }

    @Test func oneCallTellsEverything() throws {
        let problem = Problems.pair
        let posterior = try GaussianSolver.solve(problem)
        let report = try Diagnostics.report(
            of: problem,
            posterior,
            observationGroups: LabelGroups(labels: ["roof", "car"]),
            stateGroups: LabelGroups(labels: ["city", ""]),
            totals: .elements(of: problem.stateNames)
        )
        #expect(abs(report.signal.total - 1.3912041290150161) < 1e-13)
        #expect(abs(report.costPerObservation - 2.188110708379963 / 2) < 1e-13)
        #expect(abs(report.innovation.chiSquare - 2.188110708379963) < 1e-13)
        #expect(abs(report.innovation.upperTail - 0.33485577769777225) < 1e-12)
        #expect(report.innovation.verdict == .consistent)
        #expect(report.groups.map(\.name) == ["roof", "car"])
        let correlation = -0.0270189914646979 / (0.0446975897375938 * 0.0615343499974945).squareRoot()
        #expect(abs(report.correlations[0, 1] - correlation) < 1e-12)
        let kernel = try #require(report.kernel)
        #expect(distance(kernel.averagingKernel.storage, posterior.averagingKernel.storage) < 1e-13)
        #expect(report.coverage?.count == 2)
    }
}
