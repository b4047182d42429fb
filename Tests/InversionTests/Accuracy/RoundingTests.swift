import Foundation
import Inversion
import LinearAlgebra
import TestSupport
import Testing

/// Observations so exact that one of the two spaces cannot give the solution.
@Suite struct RoundingTests {
    /// Twelve observations of four elements; one of them is `factor` times as uncertain as others.
    private func problem(_ factor: Double, seed: UInt64 = 3, scale: Double = 1) -> LinearProblem {
        var random = SeededGenerator(seed: seed)
        var jacobian = Matrix(rows: 12, columns: 4)
        for index in jacobian.storage.indices { jacobian.storage[index] = 3 * abs(random.normal()) }
        jacobian[3, 1] *= scale
        var sigma = (0..<12).map { _ in 0.5 + random.uniform() }
        sigma[3] *= factor
        let truth = [1.5, 0.7, 1.2, 2]
        let values = zip(jacobian.times(truth), sigma).map { $0 + $1 * random.normal() }
        return LinearProblem(
            jacobian: jacobian,
            observations: values,
            observationError: .independent(sigma),
            priorMean: [1, 1, 1, 0],
            priorError: .independent([0.5, 0.5, 0.5, 1]),
            stateNames: ["a", "b", "c", "d"]
        )
    }

    /// In posterior standard deviations.
    private func departure(_ one: Posterior, _ other: Posterior) -> Double {
        zip(zip(one.mean, other.mean), other.sigma).map { abs($0.0 - $0.1) / $1 }.max() ?? 0
    }

    @Test func normalProblemsAreSolvedInTheCheaperSpace() throws {
        let posterior = try GaussianSolver.solve(problem(1))
        #expect(posterior.space == .state && posterior.refused == nil && posterior.roundingError < 1e-13)
    }

    @Test(arguments: [1e-4, 1e-6, 1e-8, 1e-12], [1, 2, 3, 4])
    func anExactObservationIsMetInObservationSpace(factor: Double, seed: UInt64) throws {
        let problem = problem(factor, seed: seed)
        let posterior = try GaussianSolver.solve(problem)
        #expect(posterior.space == .observation && posterior.roundingError < 1e-9)
        let loss = try #require(posterior.refused)
        #expect(loss.space == .state && loss.alternative == .good && loss.roundingError > 1e-8)
        guard case .observation(3, _, _) = loss.cause else {
            Issue.record("\(loss.cause)")
            return
        }
        // The limit of an exact observation: the row is met, and the cost is the innovation chi2.
        let misfit = problem.observations[3] - posterior.modelledPosterior[3]
        #expect(abs(misfit) < max(1e-13, 3 * problem.observationError.sigma[3]) * 10)
        #expect(
            abs(
                posterior.innovationChiSquare
                    - (try GaussianSolver.solve(self.problem(factor * 0.1, seed: seed)))
                    .innovationChiSquare
            ) < 0.5
        )
    }

    @Test(arguments: [1e-2, 1e-3], [1, 2, 3, 4, 5])
    func theBoundHoldsWhatRoundingDoes(factor: Double, seed: UInt64) throws {
        let problem = problem(factor, seed: seed)
        let state = try GaussianSolver.solve(problem, space: .state)
        let exact = try GaussianSolver.solve(problem, space: .observation)
        #expect(departure(state, exact) < 10 * state.roundingError)
        #expect(state.roundingError > 1e-14 && exact.roundingError < 1e-11)
    }

    @Test func theSpaceAskedForIsRefusedWithTheOther() {
        let error = #expect(throws: InversionError.self) {
            try GaussianSolver.solve(problem(1e-8), space: .state)
        }
        #expect(error?.place == "observation_sigma[3]")
        #expect(error?.remedy == "take observation space (--space observation)")
        let other = #expect(throws: InversionError.self) {
            try GaussianSolver.solve(problem(1, scale: 1e8), space: .observation)
        }
        #expect(other?.place == "state_name[1]" && other?.remedy == "take state space (--space state)")
        #expect(other?.what.contains("state element `b` is told") == true)
    }

    @Test func whatNoSpaceSolvesNamesTheObservation() {
        var correlated = problem(1, scale: 1e8)
        var prior = correlated.priorError.matrix
        (prior[0, 1], prior[1, 0]) = (0.1, 0.1)
        correlated.priorError = .covariance(prior)
        let error = #expect(throws: InversionError.self) { try GaussianSolver.solve(correlated) }
        #expect(error?.what.contains("in observation space also too much") == true)
        #expect(error?.what.contains("observation 3 is") == true && error?.place == "observation_sigma[3]")
        #expect(error?.remedy.contains("give observation 3 an error of") == true)
    }

    @Test func rowsThatStayInTheirFileHaveOneSpace() {
        let whole = problem(1e-8)
        let rows = StreamedProblem(
            jacobian: whole.jacobian,
            observations: whole.observations,
            sigma: whole.observationError.sigma,
            priorMean: whole.priorMean,
            priorError: whole.priorError,
            stateNames: whole.stateNames
        )
        let error = #expect(throws: InversionError.self) { try GaussianSolver.solve(rows) }
        #expect(error?.place == "observation_sigma[3]" && error?.remedy.contains("--memory") == true)
    }

    @Test func leftOutGroupsOfAnExactObservationAreThoseOfALessExactOne() throws {
        let groups = LabelGroups(labels: (0..<12).map { "g\($0 % 3)" })
        var results: [[WithheldGroup]] = []
        var leverages: [Double] = []
        for factor in [1e-3, 1e-9] {
            var problem = problem(factor)
            problem.observations[3] = 12
            let posterior = try GaussianSolver.solve(problem)
            results.append(try Diagnostics.withheldGroups(of: problem, posterior, groups: groups))
            leverages = try Diagnostics.leverages(of: problem, posterior)
            #expect(abs(leverages.reduce(0, +) - posterior.degreesOfFreedomForSignal) < 1e-8)
        }
        for (one, other) in zip(results[0], results[1]) {
            #expect(abs(one.chiSquare - other.chiSquare) < 1e-3 * one.chiSquare, "\(one.name)")
        }
        #expect(leverages[3] == 1)
    }

    @Test func boundsAgainstAnExactObservationAreRefused() {
        let bounds = Bounds.none(4)
        var lower = bounds.lower
        for index in lower.indices { lower[index] = 3 }
        let error = #expect(throws: InversionError.self) {
            try BoundedSolver.solve(problem(1e-9), bounds: Bounds(lower: lower, upper: bounds.upper))
        }
        #expect(error?.place == "observation_sigma[3]", "\(error?.what ?? "")")
    }

    @Test func normalEquationsAreCheckedByThemselves() throws {
        try GaussianSolver.checkStateSpace(problem(1))
        #expect(throws: InversionError.self) { try GaussianSolver.checkStateSpace(problem(1e-8)) }
        #expect(throws: InversionError.self) {
            try LognormalSolver().solve(
                problem(1e-8).withLognormalPrior([true, true, false, false]),
                isLognormal: [true, true, false, false]
            )
        }
    }

    @Test func valuesThatOverflowAreNamed() {
        var problem = problem(1)
        problem.priorMean[2] = -1e200
        #expect(throws: InversionError.tooLarge("prior_mean", index: 2, value: -1e200)) {
            try GaussianSolver.solve(problem)
        }
    }

    @Test func warningsHaveFewDigits() {
        let text = SamplingWarning.notMixed(parameter: "a", rHat: 1.023_456_789).text
        #expect(text == "a: chains do not agree, R-hat 1.023")
        let none = SamplingWarning.fewEffectiveDraws(parameter: "a", effectiveDraws: .nan).text
        #expect(none == "a: only 0 effective draws")
    }
}
