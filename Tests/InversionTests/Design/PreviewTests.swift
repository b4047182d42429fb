import Inversion
import LinearAlgebra
import TestSupport
import Testing

@Suite struct PreviewTests {
    private let rate = ArithmeticRate(products: 1e10, vectors: 1e9)

    @Test(arguments: 0..<30 as Range<UInt64>) func thePreviewIsWhatTheInversionGives(seed: UInt64) throws {
        let problem = Problems.random(seed: seed)
        let totals = try LinearFunctionals.elements(of: problem.stateNames)
        var ahead = problem
        ahead.observations = problem.observations.map { _ in .nan }
        let preview = try Preview(of: ahead, totals: totals, rate: rate)
        let posterior = try GaussianSolver.solve(problem)
        #expect(abs(preview.degreesOfFreedomForSignal - posterior.degreesOfFreedomForSignal) < 1e-10)
        #expect(distance(preview.degreesOfFreedom, posterior.averagingKernel.diagonal) < 1e-10)
        #expect(distance(preview.sigma, posterior.sigma) < 1e-10)
        #expect(distance(preview.totals.map(\.sigma), posterior.sigma) < 1e-10)
        #expect(abs(preview.information - (try Diagnostics.information(of: problem, posterior))) < 1e-9)
        #expect(preview.totals.allSatisfy { $0.uncertaintyReduction >= -1e-12 })
    }

    private func cost(_ solver: SolverCost.Solver, _ preview: Preview) throws -> SolverCost {
        try #require(preview.costs.first { $0.solver == solver })
    }

    @Test func costsFollowTheSizes() throws {
        let count = 400
        let problem = LinearProblem(
            jacobian: Matrix(rows: count, columns: 2, storage: (0..<2 * count).map { Double($0 % 5) }),
            observations: [Double](repeating: 0, count: count),
            observationError: .independent([Double](repeating: 1, count: count)),
            priorMean: [0, 0],
            priorError: .independent([1, 1]),
            stateNames: ["a", "b"]
        )
        let totals = try LinearFunctionals.elements(of: problem.stateNames)
        let preview = try Preview(of: problem, totals: totals, rate: rate)
        let state = try cost(.state, preview)
        #expect(state.operations == 400 * 4 + 8)
        #expect(abs(state.seconds - state.operations / 1e10) < 1e-18)
        #expect(try cost(.observation, preview).operations > 1e4 * state.operations / 2)
        #expect(preview.costs.first?.solver != .observation)
        #expect(preview.costs.map(\.seconds) == preview.costs.map(\.seconds).sorted())
        #expect(preview.costs.allSatisfy { $0.bytes >= 8 * 800 })
    }

    @Test func thisComputerHasARate() {
        let rate = ArithmeticRate.measured()
        #expect(rate.products.isFinite && rate.products > 0)
        #expect(rate.vectors.isFinite && rate.vectors > 0)
    }
}
