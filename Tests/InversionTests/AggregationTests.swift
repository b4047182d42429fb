import Inversion
import LinearAlgebra
import TestSupport
import Testing

@Suite struct AggregationTests {
    /// The reduced problem knows of z = Γ x what the full one knows, to rounding.
    @Test(arguments: 0..<12 as Range<UInt64>) func theReducedProblemIsTheFullOneSeenThroughIt(
        seed: UInt64
    ) throws {
        let full = Problems.random(seed: seed)
        var random = SeededGenerator(seed: seed + 100)
        let parts = 1 + Int(random.next() % UInt64(full.stateCount))
        let basis = try Basis.regions(labels: (0..<full.stateCount).map { Int32($0 % parts) })
        let weights = (0..<full.stateCount).map { _ in 0.5 + random.uniform() }
        let restriction = try Aggregation.means(over: basis, weights: weights)
        let names = (0..<basis.count).map { "part \($0)" }
        let aggregation = try Aggregation(of: full, restriction: restriction, names: names)
        let whole = try GaussianSolver.solve(full)
        let reduced = try GaussianSolver.solve(aggregation.problem)
        #expect(distance(restriction.times(whole.mean), reduced.mean) < 1e-9)
        let covariance = restriction.times(whole.covariance).timesTransposed(restriction)
        #expect(distance(covariance.storage, reduced.covariance.storage) < 1e-9)
        let back = try Refinement(aggregation, of: full)
        #expect(distance(back.mean(reduced.mean), whole.mean) < 1e-9)
        #expect(distance(back.covariance(reduced.covariance).storage, whole.covariance.storage) < 1e-9)
        #expect(abs(whole.logEvidence - reduced.logEvidence) < 1e-8)
        #expect(parts < full.stateCount || aggregation.sigma.allSatisfy { $0 < 1e-6 })
        #expect(parts == full.stateCount || aggregation.sigma.contains { $0 > 1e-3 })
    }

    /// Two cells of independent prior 1 ± 1 and one observation 1 ± 0.5 of the first: seen through their mean z,
    /// H Γ* = 1, and the other half of the cell's variance, 1/2, is aggregation error.
    @Test func twoCellsHaveTheErrorOfTheirDifference() throws {
        let problem = LinearProblem(
            jacobian: Matrix(rows: 1, columns: 2, storage: [1, 0]),
            observations: [2],
            observationError: .independent([0.5]),
            priorMean: [1, 1],
            priorError: .independent([1, 1]),
            stateNames: ["a", "b"]
        )
        let restriction = try Aggregation.means(over: Basis(parts: [0, 0]), weights: [1, 1])
        let aggregation = try Aggregation(of: problem, restriction: restriction, names: ["z"])
        #expect(distance(aggregation.prolongation.storage, [1, 1]) < 1e-15)
        #expect(abs(aggregation.sigma[0] - 0.5.squareRoot()) < 1e-15)
        // Prior of z 1 ± sqrt(1/2), observation error sqrt(1/4 + 1/2): half of the way up.
        let posterior = try GaussianSolver.solve(aggregation.problem)
        #expect(abs(posterior.mean[0] - 1.4) < 1e-14)
        #expect(abs(posterior.covariance[0, 0] - 0.3) < 1e-14)
    }

    @Test func restrictionsThatRepeatThemselvesAreRefused() throws {
        let twice = Matrix(rows: 2, columns: 2, storage: [1, 0, 1, 0])
        #expect {
            try Aggregation(of: Problems.pair, restriction: twice, names: ["a", "b"])
        } throws: { error in
            if case .algebra("restriction", _)? = error as? InversionError { true } else { false }
        }
        #expect(throws: InversionError.notPositive("weight of basis function", index: 0, value: 0)) {
            try Aggregation.means(over: Basis(parts: [0, 0]), weights: [1, -1])
        }
    }
}
