import Inversion
import LinearAlgebra
import Quantities
import Testing

@Suite struct ValidationTests {
    private func refusal(_ change: (inout LinearProblem) -> Void) -> InversionError? {
        var problem = Problems.pair
        change(&problem)
        do {
            _ = try GaussianSolver.solve(problem)
            return nil
        } catch { return error }
    }

    @Test func shapesThatDifferAreNamed() {
        #expect(
            refusal { $0.observations = [1] }
                == .wrongLength(of: "rows of the jacobian", expected: 1, actual: 2)
        )
        #expect(
            refusal { $0.priorMean = [1] }
                == .wrongLength(of: "columns of the jacobian", expected: 1, actual: 2)
        )
        #expect(
            refusal { $0.stateNames = [] } == .wrongLength(of: "state_name", expected: 2, actual: 0)
        )
        #expect(
            refusal { $0.observationError = .independent([1]) }
                == .wrongLength(of: "observation_sigma", expected: 2, actual: 1)
        )
        #expect(
            refusal { $0.priorError = .covariance(Matrix(rows: 2, columns: 1)) }
                == .wrongLength(of: "columns of prior_covariance", expected: 2, actual: 1)
        )
    }

    @Test func valuesThatAreNotFiniteAreNamed() {
        #expect(refusal { $0.observations[1] = .nan } == .notFinite("observation_value", index: 1))
        #expect(refusal { $0.jacobian[1, 0] = .infinity } == .notFiniteElement("jacobian", row: 1, column: 0))
        #expect(refusal { $0.priorMean[0] = .nan } == .notFinite("prior_mean", index: 0))
        #expect(
            refusal { $0.observationError = .independent([1, .nan]) }
                == .notFinite("observation_sigma", index: 1)
        )
    }

    @Test(arguments: [0.0, -1]) func deviationsMustBePositive(value: Double) {
        #expect(
            refusal { $0.observationError = .independent([1, value]) }
                == .notPositive("observation_sigma", index: 1, value: value)
        )
    }

    @Test func covariancesMustBeSymmetricAndPositiveDefinite() {
        let skew = Matrix(rows: 2, columns: 2, storage: [1, 0.2, 0.1, 1])
        #expect(
            refusal { $0.priorError = .covariance(skew) }
                == .notSymmetric("prior_covariance", row: 1, column: 0)
        )
        let indefinite = Matrix(rows: 2, columns: 2, storage: [1, 2, 2, 1])
        #expect(
            refusal { $0.priorError = .covariance(indefinite) }
                == .algebra("prior_covariance", .notPositiveDefinite(order: 2))
        )
    }

    @Test func nothingCannotBeSolved() {
        #expect(refusal { $0.observations = [] } == .empty("observations"))
    }

    @Test func anErrorIsOneLineWithItsPlace() {
        let error = InversionError.notPositive("observation_sigma", index: 3, value: 0)
        #expect(error.line.hasPrefix("observation_sigma must be positive and is 0.0: observation_sigma[3]"))
    }
}
