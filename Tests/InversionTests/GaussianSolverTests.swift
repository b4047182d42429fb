import Foundation
import Inversion
import LinearAlgebra
import TestSupport
import Testing

@Suite struct GaussianSolverTests {
    @Test(arguments: [SolutionSpace.state, .observation]) func theScalarCaseIsTheOneByHand(
        space: SolutionSpace
    ) throws {
        let posterior = try GaussianSolver.solve(Problems.scalar, space: space)
        #expect(posterior.space == space)
        #expect(abs(posterior.mean[0] - 21.0 / 17) < 1e-15)
        #expect(abs(posterior.covariance[0, 0] - 1.0 / 17) < 1e-15)
        #expect(abs(posterior.degreesOfFreedomForSignal - 16.0 / 17) < 1e-15)
        #expect(abs(posterior.cost - 1.0 / 17) < 1e-15)
        #expect(abs(posterior.innovationChiSquare - 1.0 / 17) < 1e-15)
        // Innovation 1/2 with variance 4 + 1/4.
        let evidence = -0.5 * (0.25 / 4.25 + log(4.25) + log(2 * Double.pi))
        #expect(abs(posterior.logEvidence - evidence) < 1e-14)
    }

    @Test(arguments: [SolutionSpace.state, .observation]) func thePairHasItsClosedForm(
        space: SolutionSpace
    ) throws {
        let problem = Problems.pair
        let posterior = try GaussianSolver.solve(problem, space: space)
        #expect(distance(posterior.mean, [1.433863936260836, 0.8946867326997276]) < 1e-13)
        let covariance = [0.0446975897375938, -0.0270189914646979, -0.0270189914646979, 0.0615343499974945]
        #expect(distance(posterior.covariance.storage, covariance) < 1e-14)
        #expect(abs(posterior.degreesOfFreedomForSignal - 1.3912041290150161) < 1e-13)
        #expect(abs(posterior.cost - 2.188110708379963) < 1e-13)
        #expect(abs(posterior.innovationChiSquare - 2.188110708379963) < 1e-13)
        #expect(abs(posterior.logEvidence - -1.747277753393257) < 1e-13)
        let leverages = try Diagnostics.leverages(of: problem, posterior)
        #expect(distance(leverages, [0.8265546443067362, 0.56464948470828]) < 1e-13)
        let withheld = try Diagnostics.leaveOneOutResiduals(of: problem, posterior)
        #expect(distance(withheld, [0.6848998459168, -0.5814917127071827]) < 1e-12)
        let total = try LinearFunctionals(
            names: ["both"],
            weights: Matrix(rows: 1, columns: 2, storage: [1, 1])
        ).totals(of: posterior, priorError: problem.priorError)
        #expect(abs(total.covariance[0, 0] - 0.05219395680569236) < 1e-14)
    }

    @Test(arguments: 0..<60 as Range<UInt64>) func bothSpacesGiveTheSameAnswer(seed: UInt64) throws {
        let problem = Problems.random(seed: seed)
        let state = try GaussianSolver.solve(problem, space: .state)
        let observation = try GaussianSolver.solve(problem, space: .observation)
        #expect(distance(state.mean, observation.mean) < 1e-10)
        #expect(distance(state.covariance.storage, observation.covariance.storage) < 1e-10)
        #expect(distance(state.averagingKernel.storage, observation.averagingKernel.storage) < 1e-10)
        #expect(abs(state.cost - observation.cost) < 1e-9)
        #expect(abs(state.logEvidence - observation.logEvidence) < 1e-9)
    }

    @Test(arguments: 0..<60 as Range<UInt64>) func theIdentitiesHold(seed: UInt64) throws {
        let problem = Problems.random(seed: seed)
        let posterior = try GaussianSolver.solve(problem)
        let states = Double(problem.stateCount)
        let prior = try Cholesky(factoring: problem.priorError.matrix)
        let retained = prior.solve(posterior.covariance).diagonal.reduce(0, +)
        #expect(abs(posterior.degreesOfFreedomForSignal + retained - states) < 1e-10 * states)
        #expect(abs(posterior.cost - posterior.innovationChiSquare) < 1e-10 * max(1, posterior.cost))
        #expect(posterior.sigma.indices.allSatisfy { posterior.sigma[$0] <= posterior.priorSigma[$0] })
    }

    @Test(arguments: 0..<24 as Range<UInt64>) func leavingOneOutEqualsSolvingWithoutIt(seed: UInt64) throws {
        let problem = Problems.random(seed: seed)
        let posterior = try GaussianSolver.solve(problem)
        let withheld = try Diagnostics.leaveOneOutResiduals(of: problem, posterior)
        guard case .independent(let sigma) = problem.observationError else {
            try expectConditionalMeans(withheld, problem)
            return
        }
        for left in 0..<min(5, problem.observationCount) {
            let kept = Array(0..<problem.observationCount).filter { $0 != left }
            var reduced = problem
            reduced.jacobian = Matrix(
                rows: kept.count,
                columns: problem.stateCount,
                storage: kept.flatMap { problem.jacobian.rows($0..<($0 + 1)).storage }
            )
            reduced.observations = kept.map { problem.observations[$0] }
            reduced.observationError = .independent(kept.map { sigma[$0] })
            let without = try GaussianSolver.solve(reduced)
            let prediction = problem.jacobian.rows(left..<(left + 1)).times(without.mean)[0]
            #expect(abs(problem.observations[left] - prediction - withheld[left]) < 1e-10)
        }
        let leverages = try Diagnostics.leverages(of: problem, posterior)
        #expect(abs(leverages.reduce(0, +) - posterior.degreesOfFreedomForSignal) < 1e-10)
    }

    /// With correlated errors the others also tell something of the error that is left out: the innovation is
    /// compared with its mean given the others under the covariance H B H' + R.
    private func expectConditionalMeans(_ withheld: [Double], _ problem: LinearProblem) throws {
        let jacobian = problem.jacobian
        let prior = jacobian.times(problem.priorError.matrix).timesTransposed(jacobian)
        let noise = problem.observationError.matrix
        for left in 0..<min(5, problem.observationCount) {
            let kept = Array(0..<problem.observationCount).filter { $0 != left }
            var covariance = Matrix(rows: kept.count, columns: kept.count)
            for (row, first) in kept.enumerated() {
                for (column, second) in kept.enumerated() {
                    covariance[row, column] = prior[first, second] + noise[first, second]
                }
            }
            let weights = try Cholesky(factoring: covariance).solve(kept.map { problem.innovations[$0] })
            let mean = zip(kept, weights).reduce(0) {
                $0 + (prior[left, $1.0] + noise[left, $1.0]) * $1.1
            }
            #expect(abs(problem.innovations[left] - mean - withheld[left]) < 1e-9)
        }
    }

    @Test func theCheaperSpaceFollowsTheSizes() {
        var wide = Problems.random(seed: 0)
        wide.jacobian = Matrix(rows: 3, columns: 500)
        wide.observations = [1, 2, 3]
        wide.priorMean = [Double](repeating: 0, count: 500)
        wide.priorError = .independent([Double](repeating: 1, count: 500))
        wide.observationError = .independent([1, 1, 1])
        #expect(GaussianSolver.cheaperSpace(for: wide) == .observation)
        #expect(GaussianSolver.cheaperSpace(for: Problems.scalar) == .state)
    }

    @Test func withoutInformationThePriorStays() throws {
        var problem = Problems.pair
        problem.jacobian = Matrix(rows: 2, columns: 2)
        let posterior = try GaussianSolver.solve(problem)
        #expect(posterior.mean == problem.priorMean)
        #expect(distance(posterior.covariance.storage, problem.priorError.matrix.storage) < 1e-15)
        #expect(abs(posterior.degreesOfFreedomForSignal) < 1e-15)
    }

    /// Sums that are a little asymmetric take elimination; the answer must lie as near as the asymmetry.
    @Test(arguments: 0..<8 as Range<UInt64>) func givenSumsSolveLikeTheProblem(seed: UInt64) throws {
        let problem = Problems.random(seed: seed)
        let posterior = try GaussianSolver.solve(problem, space: .state)
        let sums = try NormalEquations(problem)
        var information = sums.information
        let exact = try GaussianSolver.solve(
            NormalEquations(information: information, gradient: sums.gradient),
            priorError: problem.priorError
        )
        #expect(distance(exact.covariance.storage, posterior.covariance.storage) < 1e-13)
        guard problem.stateCount > 1 else { return }
        information[1, 0] += 1e-11
        let solution = try GaussianSolver.solve(
            NormalEquations(information: information, gradient: sums.gradient),
            priorError: problem.priorError
        )
        #expect(distance(solution.increment, exact.increment) < 1e-9)
        #expect(distance(solution.covariance.storage, exact.covariance.storage) < 1e-9)
        #expect(distance(solution.averagingKernel.storage, exact.averagingKernel.storage) < 1e-9)
        #expect(abs(solution.logDeterminantRatio - exact.logDeterminantRatio) < 1e-9)
    }

    /// Several panels, a full prior covariance: against LAPACK on the explicit matrices.
    @Test(arguments: [0.0, 6]) func aLargeProblemIsThatOfThePlainFormula(exponent: Double) throws {
        let problem = Problems.lattice(side: 28, observations: 300, seenTo: pow(10, -exponent / 2))
        let posterior = try GaussianSolver.solve(problem, space: .state, threads: 2)
        let other = try GaussianSolver.solve(problem, space: .observation)
        #expect(distance(posterior.mean, other.mean) < 1e-9)
        #expect(distance(posterior.covariance.storage, other.covariance.storage) < 1e-10)
        #expect(distance(posterior.averagingKernelDiagonal, other.averagingKernelDiagonal) < 1e-9)
        #expect(distance(posterior.averagingKernel.diagonal, posterior.averagingKernelDiagonal) < 1e-9)
        #expect(abs(posterior.logEvidence - other.logEvidence) < 1e-9 * abs(other.logEvidence))
        #expect(abs(posterior.cost - posterior.innovationChiSquare) < 1e-9 * posterior.cost)
    }

    @Test(arguments: [SolutionSpace.state, .observation], [false, true])
    func theNumberOfThreadsChangesNoBit(space: SolutionSpace, hasFullError: Bool) throws {
        var problem = Problems.lattice(side: 28, observations: 600, seenTo: 1)
        if hasFullError {
            var random = SeededGenerator(seed: 4)
            let spread = Matrix(rows: 600, columns: 5, storage: (0..<3000).map { _ in random.normal() })
            var covariance = Matrix.productTransposed(of: spread)
            covariance.addToDiagonal([Double](repeating: 0.25, count: 600))
            problem.observationError = .covariance(covariance)
        }
        let alone = try GaussianSolver.solve(problem, space: space, threads: 1)
        for threads in [2, 4] {
            let shared = try GaussianSolver.solve(problem, space: space, threads: threads)
            #expect(shared.mean == alone.mean)
            #expect(shared.covariance == alone.covariance)
            #expect(shared.averagingKernelDiagonal == alone.averagingKernelDiagonal)
            #expect(shared.logEvidence == alone.logEvidence)
        }
        let other = try GaussianSolver.solve(problem, space: space == .state ? .observation : .state)
        #expect(distance(other.mean, alone.mean) < 1e-10)
        #expect(distance(other.covariance.storage, alone.covariance.storage) < 1e-11)
    }

    @Test func streamingInBlocksChangesNothing() throws {
        var random = SeededGenerator(seed: 3)
        let count = 2500
        let problem = LinearProblem(
            jacobian: Matrix(rows: count, columns: 3, storage: (0..<3 * count).map { _ in random.normal() }),
            observations: (0..<count).map { _ in random.normal() },
            observationError: .independent((0..<count).map { _ in 0.5 + random.uniform() }),
            priorMean: [0, 1, 2],
            priorError: .independent([1, 2, 3]),
            stateNames: ["a", "b", "c"]
        )
        let whole = try NormalEquations(problem)
        var single = NormalEquations(stateCount: 3)
        let innovations = problem.innovations
        let sigma = problem.observationError.sigma
        for row in 0..<count {
            single.add(
                jacobian: problem.jacobian.rows(row..<(row + 1)),
                innovations: [innovations[row]],
                sigma: [sigma[row]]
            )
        }
        #expect(single.observationCount == whole.observationCount)
        #expect(distance(single.information.storage, whole.information.storage) < 1e-8)
        #expect(distance(single.gradient, whole.gradient) < 1e-9)
        #expect(abs(single.innovationSquare - whole.innovationSquare) < 1e-8)
        #expect(abs(single.errorLogDeterminant - whole.errorLogDeterminant) < 1e-8)
    }
}
