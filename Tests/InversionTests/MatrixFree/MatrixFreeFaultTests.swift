import Foundation
import Inversion
import LinearAlgebra
import TestSupport
import Testing

/// Answers NaN from a given product on.
private struct FailingMap: LinearMap {
    let rows = 3
    let columns = 2

    func apply(_ vector: [Double]) async -> [Double] { [vector[0], .nan, vector[1]] }
    func applyTransposed(_ vector: [Double]) async -> [Double] { [vector[0], vector[2]] }
}

@Suite struct MatrixFreeFaultTests {
    private func problem(
        _ jacobian: any LinearMap,
        observations: [Double] = [1, 2, 3],
        sigma: [Double] = [1, 1, 1],
        prior: [Double] = [0, 0]
    ) throws -> MatrixFreeProblem {
        try MatrixFreeProblem(
            jacobian: jacobian,
            observations: observations,
            observationError: FactoredErrors(.independent(sigma)),
            priorMean: prior,
            prior: ScaledCovariance(independent: [1, 1])
        )
    }

    private let jacobian = Matrix(rows: 3, columns: 2, storage: [1, 0, 0, 1, 1, 1])

    @Test func wrongLengthsAndValuesAreNamed() throws {
        func error(_ body: () throws -> Void) -> InversionError? {
            do { try body() } catch { return error as? InversionError }
            return nil
        }
        #expect(
            error { _ = try problem(jacobian, observations: [1, 2], sigma: [1, 1]) }
                == .wrongLength(of: "rows of the jacobian", expected: 2, actual: 3)
        )
        #expect(
            error { _ = try problem(jacobian, sigma: [1, 1]) }
                == .wrongLength(of: "observation error", expected: 3, actual: 2)
        )
        #expect(
            error { _ = try problem(jacobian, prior: [0, 0, 0]) }
                == .wrongLength(of: "columns of the jacobian", expected: 3, actual: 2)
        )
        #expect(
            error { _ = try problem(jacobian, observations: [1, .nan, 2]) }
                == .notFinite("observation_value", index: 1)
        )
        #expect(
            error { _ = try problem(jacobian, sigma: [1, 0, 1]) }
                == .notPositive("observation_sigma", index: 1, value: 0)
        )
        #expect(
            error { _ = try problem(jacobian, prior: [0, .infinity]) } == .notFinite("prior_mean", index: 1)
        )
        #expect(error { _ = try problem(Matrix(rows: 0, columns: 2), observations: []) } != nil)
    }

    @Test func aProductThatIsNotANumberIsSeen() async throws {
        let problem = try problem(FailingMap())
        await #expect(throws: InversionError.notFinite("innovation", index: 1)) {
            try await MatrixFreeSolver().solve(problem)
        }
    }

    @Test func tooFewIterationsAreAnErrorThatSaysHowFarTheyCame() async throws {
        let problem = try SparseScene(side: 8, observations: 60, seed: 1).matrixFree
        let solver = MatrixFreeSolver(gradientReduction: 1e-10, mostIterations: 3)
        await #expect {
            try await solver.solve(problem)
        } throws: { error in
            guard case .notConverged("posterior mean", 3, let left) = error as? InversionError else {
                return false
            }
            return left > 1e-10 && left < 100
        }
        await #expect {
            try await MatrixFreeSolver(gradientReduction: 1e-30).solve(problem)
        } throws: { error in
            guard case .notConverged(_, _, let left) = error as? InversionError else { return false }
            return left < 1e-10
        }
        await #expect(throws: InversionError.outOfRange("gradient reduction", index: 0)) {
            try await MatrixFreeSolver(gradientReduction: 0).solve(problem)
        }
        await #expect(throws: InversionError.outOfRange("number of probes", index: 0)) {
            try await MatrixFreeSolver().information(of: problem, probes: 1)
        }
        let posterior = try await MatrixFreeSolver().solve(problem)
        await #expect(throws: InversionError.wrongLength(of: "weights", expected: 64, actual: 2)) {
            try await posterior.covariance(times: [1, 2])
        }
    }

    @Test func observationsThatSayNothingNewLeaveThePrior() async throws {
        let problem = try problem(jacobian, observations: [0, 0, 0])
        let posterior = try await MatrixFreeSolver().solve(problem)
        #expect(posterior.mean == [0, 0])
        #expect(posterior.iterations == 0)
        #expect(posterior.spectrum.values.isEmpty)
        // The covariance does not depend on the values.
        let totals = try await posterior.totals(.sum(of: 2))
        #expect(abs(totals.covariance[0, 0] - 0.5) < 1e-6)
        #expect(totals.priorCovariance[0, 0] == 2)
    }

    @Test func errorsOfGroupsEqualTheirFullMatrix() async throws {
        var random = SeededGenerator(seed: 11)
        let groups = [0, 1, 0, 2, 1, 0, 2, 2]
        let times = (0..<8).map { _ in random.uniform() * 7200 }
        let budget = try ErrorBudget(
            parts: [
                ErrorPart(name: "instrument", sigma: (0..<8).map { _ in 0.1 + random.uniform() }),
                ErrorPart(
                    name: "transport",
                    sigma: (0..<8).map { _ in 0.5 + random.uniform() },
                    correlation: .exponential(scaleSeconds: 3600)
                ),
                ErrorPart(
                    name: "calibration",
                    sigma: [Double](repeating: 0.2, count: 8),
                    correlation: .shared
                ),
            ],
            times: times,
            groups: groups
        )
        let jacobian = Matrix(rows: 8, columns: 3, storage: (0..<24).map { _ in random.normal() })
        let dense = LinearProblem(
            jacobian: jacobian,
            observations: (0..<8).map { _ in random.normal() },
            observationError: budget.model,
            priorMean: [1, 2, 3],
            priorError: .independent([1, 0.5, 2]),
            stateNames: ["a", "b", "c"]
        )
        let exact = try GaussianSolver.solve(dense)
        let grouped = try GroupedErrors(budget)
        let problem = try MatrixFreeProblem(
            jacobian: jacobian,
            observations: dense.observations,
            observationError: grouped,
            priorMean: dense.priorMean,
            prior: DenseCovariance(dense.priorError)
        )
        let posterior = try await MatrixFreeSolver(gradientReduction: 1e-12).solve(problem)
        #expect(distance(posterior.mean, exact.mean) < 1e-9)
        let full = try FactoredErrors(budget.model)
        #expect(abs(grouped.logDeterminant - full.logDeterminant) < 1e-10)
        let vector = (0..<8).map { _ in random.normal() }
        #expect(distance(grouped.whiten(grouped.colour(vector)), vector) < 1e-12)
        let back = grouped.whitenTransposed(grouped.whiten(budget.model.matrix.times(vector)))
        #expect(distance(back, vector) < 1e-11)
    }
}
