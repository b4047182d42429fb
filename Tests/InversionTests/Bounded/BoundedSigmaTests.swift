import LinearAlgebra
import Testing

@testable import Inversion

/// A deviation that is not known is not one of zero.
@Suite struct BoundedSigmaTests {
    @Test func aVarianceThatIsNotANumberStaysUnknown() throws {
        let problem = LinearProblem(
            jacobian: Matrix(rows: 1, columns: 2, storage: [1, 1]),
            observations: [2],
            observationError: .independent([0.1]),
            priorMean: [1, 1],
            priorError: .independent([0.3, 0.3]),
            stateNames: ["p", "q"]
        )
        let posterior = BoundedPosterior(
            unconstrained: try GaussianSolver.solve(problem),
            mean: [1, 1],
            covariance: Matrix(rows: 2, columns: 2, storage: [.nan, 0, 0, -1e-20]),
            states: [.free, .free],
            multipliers: [0, 0],
            modelledPosterior: [2],
            cost: 0,
            iterations: 1
        )
        #expect(posterior.sigma[0].isNaN && posterior.sigma[1] == 0)
    }
}
