import Inversion
import LinearAlgebra
import Quantities
import TestSupport
import Testing

@Suite struct FunctionalsTests {
    @Test(arguments: 0..<20 as Range<UInt64>) func totalsAreSumsOverTheCovariance(seed: UInt64) throws {
        let problem = Problems.random(seed: seed)
        let posterior = try GaussianSolver.solve(problem)
        let states = problem.stateCount
        var random = SeededGenerator(seed: seed + 1000)
        let weights = Matrix(rows: 2, columns: states, storage: (0..<2 * states).map { _ in random.normal() })
        let totals = try LinearFunctionals(names: ["a", "b"], weights: weights, offsets: [0, 5])
            .totals(of: posterior, priorError: problem.priorError)
        var cross = 0.0
        for row in 0..<states {
            for column in 0..<states {
                cross += weights[0, row] * posterior.covariance[row, column] * weights[1, column]
            }
        }
        #expect(abs(totals.covariance[0, 1] - cross) < 1e-11)
        #expect(totals.covariance[0, 1] == totals.covariance[1, 0])
        #expect(abs(totals.correlations[0, 0] - 1) < 1e-12)
        #expect(abs(totals.correlations[0, 1]) <= 1 + 1e-12)
        #expect(totals.uncertaintyReductions.allSatisfy { (-1e-12...1).contains($0) })
        let mean = zip(posterior.mean.indices, posterior.mean).reduce(5.0) { $0 + weights[1, $1.0] * $1.1 }
        #expect(abs(totals.posterior[1].mean - mean) < 1e-12)
    }

    @Test func weightsOfAnotherStateAreRefused() throws {
        let posterior = try GaussianSolver.solve(Problems.pair)
        let functionals = try LinearFunctionals(names: ["a"], weights: Matrix(rows: 1, columns: 3))
        #expect(throws: InversionError.wrongLength(of: "columns of the weights", expected: 2, actual: 3)) {
            try functionals.totals(of: posterior, priorError: Problems.pair.priorError)
        }
    }
}

@Suite struct ModelErrorTests {
    @Test func theScalarRootIsTheOneByHand() throws {
        // chi2 = d^2 / (K^2 B + r^2 + s^2) = 1 at s^2 = 100 - 4 - 1/4 for d = 10.
        var problem = Problems.scalar
        problem.observations = [12]
        let estimate = try problem.estimateModelError()
        #expect(estimate.outcome == .balanced)
        #expect(abs(estimate.sigma - 95.75.squareRoot()) < 1e-10)
        #expect(abs(estimate.chiSquareRatioAfter - 1) < 1e-10)
        #expect(abs(estimate.chiSquareRatioBefore - 100 / 4.25) < 1e-12)
    }

    @Test(arguments: 0..<12 as Range<UInt64>) func theRootBalancesChiSquare(seed: UInt64) throws {
        var problem = Problems.random(seed: seed)
        problem.observations = problem.observations.map { $0 * 30 }
        let estimate = try problem.estimateModelError()
        #expect(estimate.outcome == .balanced)
        let posterior = try GaussianSolver.solve(problem.adding(modelError: estimate.sigma))
        #expect(abs(posterior.costPerObservation - 1) < 1e-8)
    }

    @Test func errorsThatAreLargeEnoughStay() throws {
        let estimate = try Problems.scalar.estimateModelError()
        #expect(estimate.outcome == .notNeeded)
        #expect(estimate.sigma == 0)
        #expect(estimate.chiSquareRatioAfter == estimate.chiSquareRatioBefore)
    }
}

@Suite struct DesroziersTests {
    @Test func theRatioOfAScalarIsTheOneByHand() throws {
        // d_b = 1/2, d_a = 5/2 - 42/17 = 1/34; over r^2 = 1/4.
        let posterior = try GaussianSolver.solve(Problems.scalar)
        let ratios = try Diagnostics.desroziersRatios(
            of: Problems.scalar,
            posterior,
            groups: [1],
            groupCount: 2
        )
        #expect(ratios[0] == nil)
        #expect(abs(try #require(ratios[1]) - 1.0 / 17) < 1e-14)
    }

    @Test func anHonestErrorModelHasARatioNearOne() throws {
        var random = SeededGenerator(seed: 11)
        let count = 4000
        let truth = [1.5, -0.5]
        let jacobian = Matrix(rows: count, columns: 2, storage: (0..<2 * count).map { _ in random.normal() })
        let problem = LinearProblem(
            jacobian: jacobian,
            observations: jacobian.times(truth).map { $0 + 2 * random.normal() },
            observationError: .independent([Double](repeating: 2, count: count)),
            priorMean: [1, 0],
            priorError: .independent([1, 1]),
            stateNames: ["a", "b"]
        )
        let ratios = try Diagnostics.desroziersRatios(
            of: problem,
            try GaussianSolver.solve(problem),
            groups: [Int](repeating: 0, count: count),
            groupCount: 1
        )
        #expect(abs(try #require(ratios[0]) - 1) < 0.1)
    }
}
