import Foundation
import Inversion
import LinearAlgebra
import TestSupport
import Testing

@Suite struct LognormalSolverTests {
    /// One element with median 2 and logarithmic spread 0.8, seen with sensitivity 3 and error 0.7 so that the
    /// solution is `solution`: the observation follows from the vanishing slope.
    private func oneElement(solution: Double) -> LinearProblem {
        let pull = log(solution / 2) / (0.8 * 0.8)
        return LinearProblem(
            jacobian: Matrix(rows: 1, columns: 1, storage: [3]),
            observations: [3 * solution + 0.7 * 0.7 * pull / (3 * solution)],
            observationError: .independent([0.7]),
            priorMean: [2],
            priorError: .independent([0.8]),
            stateNames: ["x"]
        )
    }

    @Test(arguments: [0.05, 0.4, 2, 7, 300]) func oneElementHasItsClosedForm(solution: Double) throws {
        let posterior = try LognormalSolver().solve(oneElement(solution: solution))
        #expect(abs(posterior.median[0] / solution - 1) < 1e-8)
        let variance = 1 / (9 * solution * solution / 0.49 + 1 / 0.64)
        #expect(abs(posterior.transformedCovariance[0, 0] / variance - 1) < 1e-7)
        #expect(abs(posterior.mean[0] / (solution * exp(variance / 2)) - 1) < 1e-7)
        #expect(abs(posterior.mode[0] / (solution * exp(-variance)) - 1) < 1e-7)
        let spread = posterior.mean[0] * expm1(variance).squareRoot()
        #expect(abs(posterior.sigma[0] / spread - 1) < 1e-7)
        let interval = posterior.interval(probability: 0.95)[0]
        #expect(
            abs(interval.upperBound / (solution * exp(1.959963984540054 * variance.squareRoot())) - 1) < 1e-7
        )
        #expect(
            abs(interval.lowerBound / (solution * exp(-1.959963984540054 * variance.squareRoot())) - 1) < 1e-7
        )
        let narrow = posterior.interval(probability: 0.68)[0]
        #expect(abs(log(narrow.upperBound / solution) / variance.squareRoot() - 0.994457883209753) < 1e-6)
    }

    @Test(arguments: 0..<40 as Range<UInt64>) func theSlopeVanishesAndAllStaysPositive(seed: UInt64) throws {
        var problem = Problems.random(seed: seed)
        problem.priorMean = problem.priorMean.map { abs($0) + 0.1 }
        let isLognormal = problem.priorMean.indices.map { $0 % 3 != 2 }
        let posterior = try LognormalSolver().solve(problem, isLognormal: isLognormal)
        for index in isLognormal.indices where isLognormal[index] { #expect(posterior.median[index] > 0) }
        let misfit = zip(problem.jacobian.times(posterior.median), problem.observations).map { $0 - $1 }
        let weighted = try Cholesky(factoring: problem.observationError.matrix).solve(misfit)
        let byState = problem.jacobian.transposedTimes(weighted)
        let departure = zip(posterior.transformed, posterior.priorTransformed).map { $0 - $1 }
        let pull = try Cholesky(factoring: problem.priorError.matrix).solve(departure)
        for index in isLognormal.indices {
            let slope = byState[index] * (isLognormal[index] ? posterior.median[index] : 1) + pull[index]
            #expect(abs(slope) < 1e-6)
        }
    }

    @Test(arguments: 0..<10 as Range<UInt64>) func withoutLognormalElementsItIsTheGaussianSolution(
        seed: UInt64
    ) throws {
        let problem = Problems.random(seed: seed)
        let none = [Bool](repeating: false, count: problem.stateCount)
        let posterior = try LognormalSolver().solve(problem, isLognormal: none)
        let gaussian = try GaussianSolver.solve(problem)
        #expect(distance(posterior.mean, gaussian.mean) < 1e-9)
        #expect(distance(posterior.covariance.storage, gaussian.covariance.storage) < 1e-9)
        #expect(abs(posterior.cost - gaussian.cost) < 1e-9 * (1 + gaussian.cost))
    }

    @Test func theCovarianceOfMixedElementsIsThatOfDraws() throws {
        var problem = Problems.pair
        problem.observations = [1.5, 1.2]
        let posterior = try LognormalSolver().solve(problem, isLognormal: [true, false])
        let factor = try Cholesky(factoring: posterior.transformedCovariance)
        var random = SeededGenerator(seed: 5)
        var sums = (0.0, 0.0, 0.0, 0.0)
        let count = 40_000
        for _ in 0..<count {
            let noise = factor.multiply([random.normal(), random.normal()])
            let x = exp(posterior.transformed[0] + noise[0])
            let y = posterior.transformed[1] + noise[1]
            sums = (sums.0 + x, sums.1 + y, sums.2 + x * x, sums.3 + x * y)
        }
        let n = Double(count)
        #expect(abs(sums.0 / n - posterior.mean[0]) < 0.005)
        #expect(abs(sums.2 / n - sums.0 * sums.0 / n / n - posterior.covariance[0, 0]) < 0.002)
        #expect(abs(sums.3 / n - sums.0 * sums.1 / n / n - posterior.covariance[0, 1]) < 0.002)
        #expect(posterior.covariance[0, 1] == posterior.covariance[1, 0])
    }

    @Test func whatCannotBeSolvedIsNamed() {
        var problem = oneElement(solution: 1)
        problem.priorMean = [0]
        #expect(throws: InversionError.notPositive("prior_mean", index: 0, value: 0)) {
            try LognormalSolver().solve(problem)
        }
        #expect(throws: InversionError.wrongLength(of: "lognormal flags", expected: 1, actual: 2)) {
            try LognormalSolver().solve(oneElement(solution: 1), isLognormal: [true, true])
        }
        do {
            _ = try LognormalSolver(maximumIterations: 1).solve(oneElement(solution: 9))
            Issue.record("one step is not enough")
        } catch {
            guard case .notConverged = error else {
                Issue.record("unexpected \(error)")
                return
            }
        }
    }
}
