import Inversion
import LinearAlgebra
import Quantities
import Testing

@Suite struct StreamedProblemTests {
    private func streamed(_ problem: LinearProblem, sigma: [Double]) -> StreamedProblem<Matrix> {
        StreamedProblem(
            jacobian: problem.jacobian,
            observations: problem.observations,
            sigma: sigma,
            priorMean: problem.priorMean,
            priorError: problem.priorError,
            stateNames: problem.stateNames
        )
    }

    @Test func blocksGiveThePosteriorOfTheWhole() throws {
        let problem = Problems.lattice(side: 17, observations: 700, seenTo: 0.1)
        let whole = try GaussianSolver.solve(problem, space: .state)
        let blocks = try GaussianSolver.solve(streamed(problem, sigma: problem.observationError.sigma))
        #expect(distance(blocks.mean, whole.mean) < 1e-12)
        #expect(distance(blocks.covariance.storage, whole.covariance.storage) < 1e-13)
        #expect(distance(blocks.averagingKernelDiagonal, whole.averagingKernelDiagonal) < 1e-12)
        #expect(distance(blocks.modelledPrior, whole.modelledPrior) < 1e-12)
        #expect(distance(blocks.modelledPosterior, whole.modelledPosterior) < 1e-11)
        #expect(abs(blocks.cost - whole.cost) < 1e-9)
        #expect(abs(blocks.innovationChiSquare - whole.innovationChiSquare) < 1e-9)
        #expect(abs(blocks.logEvidence - whole.logEvidence) < 1e-9)
    }

    private func refusal(_ change: (inout StreamedProblem<Matrix>) -> Void) -> InversionError? {
        var problem = streamed(Problems.pair, sigma: [0.2, 0.3])
        change(&problem)
        return #expect(throws: InversionError.self) { try GaussianSolver.solve(problem) }
    }

    @Test func theElementAtFaultIsNamed() {
        #expect(refusal { $0.jacobian[1, 0] = .nan } == .notFinite("jacobian", index: 2))
        #expect(refusal { $0.observations = [] } == .empty("observations"))
        #expect(
            refusal { $0.observations = [1] }
                == .wrongLength(of: "rows of the jacobian", expected: 1, actual: 2)
        )
        #expect(refusal { $0.sigma[1] = 0 } == .notPositive("observation_sigma", index: 1, value: 0))
        #expect(
            refusal { $0.priorError = .covariance(Matrix(rows: 2, columns: 2, storage: [1, 2, 2, 1])) }
                == .algebra("prior_covariance", .notPositiveDefinite(order: 2))
        )
    }
}
