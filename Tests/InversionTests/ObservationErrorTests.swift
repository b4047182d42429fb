import Foundation
import Inversion
import LinearAlgebra
import Quantities
import TestSupport
import Testing

@Suite struct ObservationErrorTests {
    private func budget() throws -> ErrorBudget {
        try ErrorBudget(
            parts: [
                ErrorPart(name: "instrument", sigma: [0.1, 0.1, 0.2, 0.1]),
                ErrorPart(
                    name: "transport",
                    sigma: [1, 2, 1, 3],
                    correlation: .exponential(scaleSeconds: 3600)
                ),
                ErrorPart(name: "calibration", sigma: [0.5, 0, 0.5, 0.5], correlation: .shared),
            ],
            times: [0, 0, 7200, 3600],
            groups: [5, 2, 5, 5]
        )
    }

    @Test func covariancesAreSumsOfTheParts() throws {
        let budget = try budget()
        guard case .covariance(let matrix) = budget.model else {
            Issue.record("not correlated")
            return
        }
        #expect(abs(matrix[0, 0] - (0.01 + 1 + 0.25)) < 1e-15)
        #expect(abs(matrix[0, 2] - (exp(-2) + 0.25)) < 1e-15 && matrix[0, 2] == matrix[2, 0])
        #expect(abs(matrix[0, 3] - (3 * exp(-1) + 0.25)) < 1e-15)
        // Another group.
        #expect(matrix[0, 1] == 0 && abs(matrix[1, 1] - 4.01) < 1e-15)
        #expect(budget.blocks == [[1], [0, 2, 3]])
        let shares = budget.variancePartition.map(\.shares)
        for observation in 0..<4 {
            #expect(abs(shares.reduce(0) { $0 + $1[observation] } - 1) < 1e-15)
        }
    }

    /// Blocks one by one give the solution of the full matrix.
    @Test func blocksEqualTheFullMatrix() throws {
        var random = SeededGenerator(seed: 4)
        var problem = LinearProblem(
            jacobian: Matrix(rows: 4, columns: 3, storage: (0..<12).map { _ in random.normal() }),
            observations: (0..<4).map { _ in random.normal() },
            observationError: .independent([1, 1, 1, 1]),
            priorMean: [1, 1, 1],
            priorError: .independent([1, 0.5, 2]),
            stateNames: ["a", "b", "c"]
        )
        let normal = try budget().normalEquations(of: problem)
        let solution = try GaussianSolver.solve(normal, priorError: problem.priorError)
        problem.observationError = try budget().model
        let whole = try GaussianSolver.solve(problem, space: .observation)
        #expect(distance(zip(problem.priorMean, solution.increment).map { $0 + $1 }, whole.mean) < 1e-12)
        #expect(distance(solution.covariance.storage, whole.covariance.storage) < 1e-12)
        #expect(normal.observationCount == 4)
    }

    @Test func badPartsAreNamed() throws {
        #expect(throws: InversionError.notPositive("observation_sigma", index: 1, value: 0)) {
            try ErrorBudget(parts: [ErrorPart(name: "a", sigma: [1, 0])], times: [0, 0], groups: [0, 0])
        }
        #expect(throws: InversionError.notPositive("observation_sigma of a", index: 0, value: -1)) {
            try ErrorBudget(parts: [ErrorPart(name: "a", sigma: [-1])], times: [0], groups: [0])
        }
        #expect(throws: InversionError.notPositive("correlation time of a", index: 0, value: 0)) {
            let part = ErrorPart(name: "a", sigma: [1], correlation: .exponential(scaleSeconds: 0))
            return try ErrorBudget(parts: [part], times: [0], groups: [0])
        }
        let alike = try ErrorBudget(
            parts: [ErrorPart(name: "a", sigma: [1, 1], correlation: .shared)],
            times: [0, 0],
            groups: [0, 0]
        )
        #expect {
            try alike.normalEquations(of: Problems.pair)
        } throws: { error in
            if case .algebra("observation_covariance", _)? = error as? InversionError { true } else { false }
        }
    }

    /// 30 observations of one number 2 ± 0.1, three of them at 100.
    private var spoilt: LinearProblem {
        var random = SeededGenerator(seed: 9)
        var values = (0..<30).map { _ in 2 + 0.1 * random.normal() }
        for index in [3, 17, 20] { values[index] = 100 }
        return LinearProblem(
            jacobian: Matrix(rows: 30, columns: 1, storage: [Double](repeating: 1, count: 30)),
            observations: values,
            observationError: .independent([Double](repeating: 0.1, count: 30)),
            priorMean: [0],
            priorError: .independent([1e4]),
            stateNames: ["x"]
        )
    }

    /// At Huber's solution the clipped residuals balance: sum of psi(r) is zero but for the prior's pull.
    @Test func huberSolvesItsEquation() throws {
        let solution = try GaussianSolver.solve(spoilt, loss: .huber(threshold: 1.345))
        #expect([3, 17, 20].allSatisfy { solution.weights[$0] < 0.01 } && solution.outliers.count < 6)
        let balance = solution.standardisedResiduals.reduce(0) { $0 + min(max($1, -1.345), 1.345) }
        #expect(abs(balance) < 1e-6)
        #expect(abs(solution.posterior.mean[0] - 2) < 0.1)
        #expect(try GaussianSolver.solve(spoilt).mean[0] > 11)
    }

    @Test func studentForgetsWhatIsFarAway() throws {
        let solution = try GaussianSolver.solve(spoilt, loss: .studentT(degrees: 4))
        #expect(solution.outliers == [3, 17, 20])
        #expect(solution.weights[3] < 1e-4 && abs(solution.posterior.mean[0] - 2) < 0.06)
        // The score of the t distribution vanishes.
        let score = solution.standardisedResiduals.reduce(0) { $0 + 5 * $1 / (2 + $1 * $1) }
        #expect(abs(score) < 1e-5)
    }

    @Test func mildLossesAreTheLeastSquares() throws {
        let problem = Problems.random(seed: 0)
        let plain = try GaussianSolver.solve(problem)
        let huber = try GaussianSolver.solve(problem, loss: .huber(threshold: 1e6))
        #expect(distance(plain.mean, huber.posterior.mean) < 1e-12 && huber.outliers.isEmpty)
        let student = try GaussianSolver.solve(problem, loss: .studentT(degrees: 1e9))
        #expect(distance(plain.mean, student.posterior.mean) < 1e-6)
        #expect(throws: InversionError.outOfRange("degrees of freedom", index: 0)) {
            try GaussianSolver.solve(problem, loss: .studentT(degrees: 2))
        }
    }

    /// A mild loss is the exact solution of correlated errors, with its evidence and what it makes of observations.
    @Test(arguments: 0..<6 as Range<UInt64>) func mildLossesOfCorrelatedErrorsAreTheExactSolution(
        seed: UInt64
    ) throws {
        var problem = Problems.random(seed: seed)
        let sigma = problem.observationError.sigma
        var matrix = Matrix(rows: sigma.count, columns: sigma.count)
        for row in sigma.indices {
            for column in sigma.indices {
                matrix[row, column] = sigma[row] * sigma[column] * pow(0.6, Double(abs(row - column)))
            }
        }
        problem.observationError = .covariance(matrix)
        let exact = try GaussianSolver.solve(problem)
        let robust = try GaussianSolver.solve(problem, loss: .huber(threshold: 1e6))
        #expect(distance(exact.mean, robust.posterior.mean) < 1e-10)
        #expect(distance(exact.covariance.storage, robust.posterior.covariance.storage) < 1e-10)
        #expect(distance(exact.modelledPosterior, robust.posterior.modelledPosterior) < 1e-9)
        #expect(abs(exact.logEvidence - robust.posterior.logEvidence) < 1e-8)
        #expect(abs(exact.cost - robust.posterior.cost) < 1e-8)
    }

    /// A diagonal matrix is no correlation, and the order of correlated observations means nothing.
    @Test func correlatedErrorsDoNotDependOnTheOrder() throws {
        var problem = spoilt
        let independent = try GaussianSolver.solve(problem, loss: .huber(threshold: 1.345))
        problem.observationError = .covariance(problem.observationError.matrix)
        let diagonal = try GaussianSolver.solve(problem, loss: .huber(threshold: 1.345))
        #expect(abs(diagonal.posterior.mean[0] - independent.posterior.mean[0]) < 1e-9)
        var matrix = Matrix(rows: 30, columns: 30)
        for row in 0..<30 {
            for column in 0..<30 { matrix[row, column] = 0.01 * pow(0.5, Double(abs(row - column))) }
        }
        problem.observationError = .covariance(matrix)
        let correlated = try GaussianSolver.solve(problem, loss: .huber(threshold: 1.345))
        // The worst three stand where the outliers are, also where neighbours share errors.
        let worst = correlated.weights.indices.sorted { correlated.weights[$0] < correlated.weights[$1] }
        #expect(Set(worst.prefix(3)) == [3, 17, 20])
        // Shared errors take neighbours of an outlier along, so that more of it is left than of independent ones.
        #expect(abs(correlated.posterior.mean[0] - 2) < 1)
        #expect(try GaussianSolver.solve(problem).mean[0] > 5)
        var reversed = problem
        reversed.observations.reverse()
        let other = try GaussianSolver.solve(reversed, loss: .huber(threshold: 1.345))
        #expect(abs(other.posterior.mean[0] - correlated.posterior.mean[0]) < 1e-9)
    }

    /// A total known as 4 ± 0.5, of two unknowns 1 ± 1 that nothing else is known of.
    @Test func aKnownTotalIsOneMoreObservation() throws {
        let totals = try LinearFunctionals(
            names: ["sum"],
            weights: Matrix(rows: 1, columns: 2, storage: [1, 1]),
            offsets: [1]
        )
        let blind = LinearProblem(
            jacobian: Matrix(rows: 1, columns: 2),
            observations: [0],
            observationError: .independent([1]),
            priorMean: [1, 1],
            priorError: .independent([1, 1]),
            stateNames: ["a", "b"]
        )
        let known = [Estimate(mean: 4, standardDeviation: 0.5)]
        // Prior of the sum without the offset 2 ± sqrt 2, the constraint 3 ± 0.5: 2 + 8/9.
        for error in [ErrorModel.independent([1]), .covariance(Matrix(diagonal: [1]))] {
            var problem = blind
            problem.observationError = error
            let posterior = try GaussianSolver.solve(problem.constraining(totals, to: known))
            #expect(abs(posterior.mean[0] + posterior.mean[1] - (2 + 8.0 / 9)) < 1e-13)
            #expect(posterior.covariance[0, 1] < 0)
        }
        #expect(throws: InversionError.notPositive("sigma of total sum", index: 0, value: 0)) {
            try blind.constraining(totals, to: [Estimate(mean: 1, standardDeviation: 0)])
        }
    }
}
